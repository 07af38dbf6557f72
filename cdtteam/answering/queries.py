"""What the desk shows of requests."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor
from cdtteam.accounts.models import User
from cdtteam.areas.ground import name_on
from cdtteam.areas.models import Level
from cdtteam.areas.queries import AreaMap, AreaOnMap
from cdtteam.core.clock import civil_date
from cdtteam.core.phones import normalise_phone
from cdtteam.requests.models import WAITING, Request, RequestChange, RequestState
from cdtteam.requests.queries import requests_seen
from cdtteam.teams.models import Member, Team

SHOWN = ("waiting", "done")
MOST = 200  # of what was answered
REMEMBERED = timedelta(days=400)  # how long what was answered is listed


@dataclass(frozen=True, slots=True)
class Line:
    """A request with who asks, what its village is called today, in which commune."""

    request: Request
    team: str
    author: str
    village: str
    commune: AreaOnMap | None
    today: date

    @property
    def age(self) -> int:
        """For how many days it has waited, or waited until it was answered or closed."""
        one = self.request
        over = None if one.is_waiting else one.answered_at or one.closed_at
        return max(0, ((civil_date(over) if over else self.today) - civil_date(one.raised_at)).days)


def is_shown(shown: str, now: datetime) -> ColumnElement[bool]:
    """The condition that a request stands in the list of those that wait, or of those that were seen to."""
    waits = Request.state.in_(WAITING)
    return waits if shown == "waiting" else ~waits & (Request.received_at > now - REMEMBERED)


def lines_seen(
    actor: Actor,
    session: Session,
    areas: AreaMap,
    now: datetime,
    *where: ColumnElement[bool],
    newest: int | None = None,
) -> list[Line]:
    """The requests that an officer may see, with who asks, in the order of `requests_seen`."""
    found = requests_seen(actor, session, now, *where, newest=newest)
    teams = _names(session, Team, {one.team_id for one in found})
    people = _names(session, Member, {one.author_id for one in found})
    return [_line(areas, one, teams, people) for one in found]


def in_turn(lines: Sequence[Line], *, is_province: bool) -> list[Line]:
    """Those first that wait for the reader: of the province what was passed on, of a commune the rest; by age."""
    return sorted(lines, key=lambda line: (line.request.state == RequestState.PASSED_ON) is not is_province)


def names_in(session: Session, changes: Sequence[RequestChange]) -> dict[UUID, str]:
    """What the officers are called who did something about a request."""
    return _names(session, User, {one.user_id for one in changes if one.user_id})


def phone_of(session: Session, member_id: UUID) -> str | None:
    """The number under which a member can be called: their own, else the one by which they sign in."""
    numbers = select(Member.phone, User.handle).outerjoin(User, User.member_id == Member.id)
    phone, handle = session.execute(numbers.where(Member.id == member_id)).one()
    return phone or (handle if handle and normalise_phone(handle) == handle else None)


def _line(areas: AreaMap, request: Request, teams: dict[UUID, str], people: dict[UUID, str]) -> Line:
    commune = next((area for area in areas.above(request.village_id) if area.level is Level.COMMUNE), None)
    return Line(
        request, teams.get(request.team_id, ""), people.get(request.author_id, ""),
        name_on(areas, request.village_id) or "–", commune, areas.on,
    )  # fmt: skip


def _names(session: Session, model: type[Team] | type[Member] | type[User], ids: set[UUID]) -> dict[UUID, str]:
    rows = session.execute(select(model.id, model.name).where(model.id.in_(ids))) if ids else ()
    return {row[0]: row[1] for row in rows}
