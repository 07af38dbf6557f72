"""A household's page: what is known of it, its visits, and what became of it, each with who did it and when."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor, Permission, Place
from cdtteam.access.policy import require, visible
from cdtteam.accounts.models import User
from cdtteam.households.fields import PLAIN
from cdtteam.households.group import standing, with_merged
from cdtteam.households.models import Decided, Household, HouseholdChange, HouseholdDecision, HouseholdMove
from cdtteam.register.words import field_name
from cdtteam.teams.models import Member, Team
from cdtteam.visits.models import Visit

LAST_VISITS = 30

NameVillage = Callable[[UUID], str]


@dataclass(frozen=True, slots=True)
class VisitLine:
    """A visit to the household; `services` are codes."""

    id: UUID
    occurred_at: datetime
    village_id: UUID
    kind: str
    participants: int
    services: list[str]
    team: str
    is_entered_for: bool


@dataclass(frozen=True, slots=True)
class Event:
    """Something that became of the household."""

    at: datetime
    text: str
    detail: str
    who: str


def known_to(
    actor: Actor, session: Session, household_ids: Iterable[UUID | None], now: datetime
) -> Sequence[Household]:
    """Those of some households that the actor may see: one that is the same may have moved to another commune."""
    require(actor, Permission.HOUSEHOLD_MANAGE)
    wanted = select(Household).where(Household.id.in_([id_ for id_ in household_ids if id_])).order_by(Household.id)
    return session.scalars(visible(wanted, actor, Household.village_id, now)).all()


def visits_to(actor: Actor, session: Session, household: Household, now: datetime) -> tuple[list[VisitLine], int]:
    """The latest visits to a household and those merged into it, and how many there are."""
    require(actor, Permission.HOUSEHOLD_MANAGE, Place(household.village_id, now), session=session, now=now)
    of = visits_condition(session, household)
    columns = (Visit.id, Visit.occurred_at, Visit.village_id, Visit.kind, Visit.participants, Visit.services, Team.name)
    statement = select(*columns, Visit.entered_by).join(Team, Team.id == Visit.team_id).where(*of)
    rows = session.execute(statement.order_by(Visit.occurred_at.desc(), Visit.id).limit(LAST_VISITS))
    lines = [
        VisitLine(id_, at, village_id, kind, people, [one["code"] for one in services], team, entered_by is not None)
        for id_, at, village_id, kind, people, services, team, entered_by in rows
    ]
    return lines, session.scalar(select(func.count()).where(*of)) or 0


def visits_condition(session: Session, household: Household) -> tuple[Any, ...]:
    """The conditions that a visit was to a household; its villages are named for the sake of the index."""
    ids = [one.id for one in with_merged(session, household)]
    moves = select(HouseholdMove.from_village_id).where(HouseholdMove.household_id.in_(ids))
    homes = select(Household.village_id).where(Household.id.in_(ids))
    villages = {*session.scalars(moves), *session.scalars(homes)}
    return Visit.village_id.in_(villages), Visit.household_id.in_(ids), Visit.withdrawn_at.is_(None)


def story_of(
    actor: Actor, session: Session, household: Household, name_village: NameVillage, now: datetime
) -> list[Event]:
    """What became of a household, the latest first, as far as its reader may know."""
    require(actor, Permission.HOUSEHOLD_MANAGE, Place(household.village_id, now), session=session, now=now)
    writers = _Names(actor, session, now)
    found = [
        Event(household.entered_at, _("Entered"), "", writers.name(Member, household.author_id)),
        *_changes(session, household, writers),
        *_moves(session, household, writers, name_village),
        *_decisions(session, household, writers),
    ]
    return sorted(found, key=lambda event: event.at, reverse=True)


class _Names:
    """Who did something, a member on a phone or an officer at the desk; and households that the reader may see."""

    def __init__(self, actor: Actor, session: Session, now: datetime) -> None:
        self._actor = actor
        self._session = session
        self._now = now

    def household(self, id_: UUID | None) -> str:
        """A household's name; nothing where it is another commune's."""
        return next((one.head_name for one in known_to(self._actor, self._session, [id_], self._now)), "")

    def name(self, model: type[Member] | type[User], id_: UUID | None) -> str:
        """The name, where it is known who it was."""
        row: Any = self._session.get(model, id_) if id_ else None
        return str(row.name) if row is not None else ""


def _changes(session: Session, household: Household, writers: _Names) -> Iterator[Event]:
    """What was changed, from what and to what; what lost against a later word was never so and is not told."""
    changes = select(HouseholdChange).where(HouseholdChange.household_id == household.id)
    for change in session.scalars(changes):
        told = {name: value for name, value in change.wanted.items() if name not in change.lost}
        if told:
            plain = [f"{field_name(name)}: {_way(change.before, told, name)}" for name in PLAIN if name in told]
            rest = sorted({field_name(name) for name in told if name not in PLAIN})
            who = writers.name(Member, change.author_id) or writers.name(User, change.officer_id)
            text = _("Corrected by the commune") if change.officer_id else _("Changed")
            yield Event(change.at, text, "; ".join([*plain, *rest]), who)


def _way(before: Mapping[str, Any], told: Mapping[str, Any], name: str) -> str:
    """What a field said and says now; a number that may not be kept is not in `before`."""
    return f"{_said(before[name])} → {_said(told[name])}" if name in before else _said(told[name])


def _said(value: Any) -> str:
    return "–" if value is None else str(value)


def _moves(session: Session, household: Household, writers: _Names, name_village: NameVillage) -> Iterator[Event]:
    for move in session.scalars(select(HouseholdMove).where(HouseholdMove.household_id == household.id)):
        way = f"{name_village(move.from_village_id)} → {name_village(move.to_village_id)}"
        yield Event(move.moved_at, _("Moved to another village"), way, writers.name(User, move.moved_by))


def _decisions(session: Session, household: Household, writers: _Names) -> Iterator[Event]:
    table = HouseholdDecision
    about = select(table).where(or_(table.household_id == household.id, table.into_id == household.id))
    known = set()
    for one in session.scalars(about):
        who = writers.name(User, one.decided_by)
        if one.kind == Decided.MERGED:
            yield from _merger(household, one, writers)
        elif one.kind == Decided.APART:
            other = writers.household(one.household_id if one.into_id == household.id else one.into_id)
            yield Event(one.decided_at, _("Is not one with another household"), other, who)
        else:
            known.add(one.decided_at)
            text = {
                Decided.WITHDRAWN: _("Withdrawn"), Decided.RESTORED: _("Brought back"),
                Decided.ERASED: _("Erased at a resident's request"),
            }[Decided(one.kind)]  # fmt: skip
            yield Event(one.decided_at, text, one.reason or "", who)
    if household.withdrawn_at and household.withdrawn_at not in known:
        yield Event(household.withdrawn_at, _("Withdrawn by the team"), household.withdrawn_reason or "", "")


def _merger(household: Household, one: HouseholdDecision, writers: _Names) -> Iterator[Event]:
    is_into = one.into_id == household.id
    name = writers.household(one.household_id if is_into else one.into_id)
    text = _("Another household was made one with it") if is_into else _("Made one with another household")
    yield Event(one.decided_at, text, name, writers.name(User, one.decided_by))
    if one.undone_at is not None:
        yield Event(one.undone_at, _("Made two again"), name, writers.name(User, one.undone_by))


def open_merger(session: Session, household: Household) -> HouseholdDecision | None:
    """The merger by which a household is one with another now."""
    table = HouseholdDecision
    mine = (table.household_id == household.id, table.kind == Decided.MERGED, table.undone_at.is_(None))
    return session.scalar(select(table).where(*mine).order_by(table.decided_at.desc()).limit(1))


def was_erased_on_request(session: Session, household: Household) -> bool:
    """Whether an officer erased a household, or the one that it is now, because a resident asked for it."""
    ids = {household.id, standing(session, household).id}
    asked = (HouseholdDecision.household_id.in_(ids), HouseholdDecision.kind == Decided.ERASED)
    return session.scalar(select(HouseholdDecision.id).where(*asked).limit(1)) is not None


def mergers_into(session: Session, household: Household) -> list[Household]:
    """The households that are one with it, each of which can be parted from it."""
    return list(session.scalars(select(Household).where(Household.merged_into_id == household.id)))


def visits_since(session: Session, household: Household, at: datetime) -> int:
    """How many visits to a household arrived after a moment."""
    moves = select(HouseholdMove.from_village_id).where(HouseholdMove.household_id == household.id)
    villages = {household.village_id, *session.scalars(moves)}
    of = (Visit.village_id.in_(villages), Visit.household_id == household.id, Visit.received_at > at)
    return session.scalar(select(func.count()).where(*of, Visit.withdrawn_at.is_(None))) or 0
