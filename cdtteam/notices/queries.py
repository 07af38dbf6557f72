"""Whom a notice is for and how a bell reaches them, which notices an officer sees, and how far one has come."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, distinct, exists, func, or_, select
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor, Permission, Role
from cdtteam.access.policy import require, visible
from cdtteam.accounts.models import User
from cdtteam.areas.models import Area, Level
from cdtteam.areas.queries import with_forerunners
from cdtteam.core.clock import civil_date
from cdtteam.core.phones import normalise_phone
from cdtteam.core.text import name_key
from cdtteam.notices.models import Notice, NoticeTeam
from cdtteam.notify.models import Notification, Topic
from cdtteam.notify.queries import Recipient, members_of, preferences_of
from cdtteam.push.models import Delivery
from cdtteam.push.queries import NOT_RUNG, rung_of, with_bell
from cdtteam.teams.models import Member, Membership, Team
from cdtteam.teams.queries import holds

AFTER = (10, 60, 240)  # minutes at which it is told how many were reached
MOST = 100  # of the newest, in a list
SOON, LONG = timedelta(minutes=60), timedelta(days=2)  # when a warning should have been seen, and is no news any more


class Way(StrEnum):
    """How somebody can be reached: by a phone that rings, in the app when it is opened, or not by us."""

    BELL = "bell"
    APP = "app"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Line:
    """A member for whom a notice was: where, how they can be reached, and what is known of its arrival."""

    member_id: UUID
    name: str
    phone: str | None
    team: str
    village_id: UUID
    way: Way
    rung_at: datetime | None
    shown_at: datetime | None
    opened_at: datetime | None

    @property
    def reached_at(self) -> datetime | None:
        """When it stood before their eyes, on a phone that showed it or in the app."""
        return _first(self.shown_at, self.opened_at)


@dataclass(slots=True)
class Reach:
    """How far a notice has come among some people."""

    rang_at: datetime
    lines: list[Line] = field(default_factory=list)

    @property
    def in_app(self) -> int:
        """How many have the app, so that it stands in their inbox there."""
        return sum(line.way is not Way.OUT or line.reached_at is not None for line in self.lines)

    @property
    def rung(self) -> int:
        """How many have a phone for which a push service took it."""
        return sum(line.rung_at is not None for line in self.lines)

    @property
    def reached(self) -> int:
        """How many have it before their eyes, or had."""
        return sum(line.reached_at is not None for line in self.lines)

    @property
    def opened(self) -> int:
        """How many opened it."""
        return sum(line.opened_at is not None for line in self.lines)

    @property
    def missed(self) -> list[Line]:
        """Whom it has not reached, by name."""
        return sorted((line for line in self.lines if not line.reached_at), key=lambda line: name_key(line.name))

    def within(self, minutes: int) -> int:
        """How many were reached so soon after the bells rang."""
        until = self.rang_at + timedelta(minutes=minutes)
        return sum(line.reached_at is not None and line.reached_at <= until for line in self.lines)


def people_of_teams(session: Session, team_ids: Collection[UUID], at: datetime) -> list[Recipient]:
    """Everybody in some teams, each once."""
    found = members_of(session, team_ids, at)
    return list(dict.fromkeys(one.recipient for members in found.values() for one in members))


def audience(session: Session, people: Sequence[Recipient], now: datetime, *, is_urgent: bool) -> dict[Way, int]:
    """How many of some people each way reaches."""
    accounts = [one.account_id for one in people if one.account_id]
    ways = _ways(session, accounts, now, is_urgent=is_urgent)
    found = [ways.get(one.account_id, Way.OUT) if one.account_id else Way.OUT for one in people]
    return {way: found.count(way) for way in Way}


def without_number(session: Session, people: Sequence[Recipient]) -> int:
    """How many members among some people cannot be called, since no number of theirs is known."""
    numbers = select(Member.phone, User.handle).outerjoin(User, User.member_id == Member.id)
    rows = session.execute(numbers.where(Member.id.in_([one.member_id for one in people])))
    return sum(not (phone or _number_in(handle)) for phone, handle in rows)


def notices_seen(actor: Actor, session: Session, now: datetime) -> list[Notice]:
    """The newest notices of an officer's area, and those that teams of it were sent by the province."""
    require(actor, Permission.NOTICE_SEND)
    return list(session.scalars(_seen(actor, now).order_by(Notice.made_at.desc(), Notice.id.desc()).limit(MOST)))


def notice_seen(actor: Actor, session: Session, notice_id: UUID, now: datetime) -> Notice | None:
    """One of them."""
    require(actor, Permission.NOTICE_SEND)
    found: Notice | None = session.scalar(_seen(actor, now).where(Notice.id == notice_id))
    return found


def reach_of(actor: Actor, session: Session, notice: Notice, now: datetime) -> Reach:
    """How far a notice has come among those of its people who were in an officer's teams when it was sent."""
    require(actor, Permission.NOTICE_SEND)
    rows = session.execute(_lines(actor, notice, now)).all()
    ways = _ways(session, [row.account_id for row in rows if row.account_id], now, is_urgent=notice.is_urgent)
    rung = rung_of(session, Notification.subject_id == notice.id)
    lines: dict[UUID, Line] = {}
    for row in rows:
        way = ways.get(row.account_id, Way.OUT)
        sent_at, shown_at, pressed_at = rung.get(row.notification_id, NOT_RUNG)
        line = Line(
            row.id, row.name, row.phone or _number_in(row.handle), row.team, row.home_village_id, way, sent_at,
            _first(shown_at, row.read_at), _first(pressed_at, row.opened_at),
        )  # fmt: skip
        lines.setdefault(line.member_id, line)
    return Reach(max((row.due_at for row in rows), default=notice.made_at), list(lines.values()))


def how_far(actor: Actor, session: Session, notice_ids: Collection[UUID], now: datetime) -> dict[UUID, tuple[int, int]]:
    """For how many of an officer's people each of some notices was, and how many of them it reached, as `reach_of`.

    One that was for none of them, or whose notifications are forgotten, is absent.
    """
    require(actor, Permission.NOTICE_SEND)
    shown = exists().where(
        Delivery.notification_id == Notification.id,
        or_(Delivery.shown_at.is_not(None), Delivery.opened_at.is_not(None)),
    )
    reached = or_(Notification.read_at.is_not(None), Notification.opened_at.is_not(None), shown)
    numbers: Any = (
        Notice.id, func.count(distinct(Notification.member_id)),
        func.count(distinct(case((reached, Notification.member_id)))),
    )  # fmt: skip
    sent_at: Any = Notice.made_at
    statement = (
        select(*numbers)
        .select_from(Notice)
        .join(NoticeTeam, NoticeTeam.notice_id == Notice.id)
        .join(Team, Team.id == NoticeTeam.team_id)
        .join(Membership, Membership.team_id == Team.id)
        .join(Notification, and_(Notification.subject_id == Notice.id, Notification.member_id == Membership.member_id))
        .where(Notice.id.in_(notice_ids), Notification.topic == Topic.WARNING, holds(Membership, sent_at))
        .group_by(Notice.id)
    )
    rows = session.execute(visible(statement, actor, Team.home_village_id, now))
    return {notice_id: (people, got) for notice_id, people, got in rows}


def warnings_unseen(actor: Actor, session: Session, area_id: UUID, now: datetime) -> list[tuple[Notice, int, int]]:
    """The urgent warnings of an area that most have not seen in time: each with its people, and how many have.

    With them those of communes that ended and in whose place it stands, and those that communes sent to teams which
    are the reader's since: their people are to be called all the same.
    """
    require(actor, Permission.NOTICE_SEND, area_id, session=session, now=now)
    lately = (Notice.made_at > now - LONG, Notice.made_at <= now - SOON, Notice.withdrawn_at.is_(None))
    own: ColumnElement[bool] = Notice.area_id.in_(with_forerunners(area_id, civil_date(now)))
    if actor.role == Role.COORDINATOR:
        of_communes = Notice.area_id.in_(select(Area.id).where(Area.level == Level.COMMUNE))
        own = or_(own, and_(of_communes, _for_own(actor, now)))
    written = select(Notice).where(Notice.is_urgent, own, *lately).order_by(Notice.made_at)
    notices = list(session.scalars(written))
    far = how_far(actor, session, [one.id for one in notices], now) if notices else {}
    found = [(one, *far[one.id]) for one in notices if one.id in far]
    return [(one, people, reached) for one, people, reached in found if 2 * reached < people]


def _for_own(actor: Actor, now: datetime) -> Any:
    """What was sent to teams that are an officer's now."""
    sent: Any = select(NoticeTeam.notice_id).join(Team, Team.id == NoticeTeam.team_id)
    return Notice.id.in_(visible(sent, actor, Team.home_village_id, now))


def _seen(actor: Actor, now: datetime) -> Any:
    mine = _for_own(actor, now)
    if actor.area_id is None:
        return select(Notice).where(mine)
    return select(Notice).where(or_(mine, Notice.area_id.in_(with_forerunners(actor.area_id, civil_date(now)))))


def _lines(actor: Actor, notice: Notice, now: datetime) -> Any:
    """A row for each of its notifications and each team through which it came."""
    account = func.coalesce(Notification.account_id, User.id).label("account_id")
    columns = (
        Member.id, Notification.id.label("notification_id"), Member.name, Member.phone, User.handle,
        Team.name.label("team"), Team.home_village_id, account,
        Notification.due_at, Notification.read_at, Notification.opened_at,
    )  # fmt: skip
    statement: Any = (
        select(*columns)
        .select_from(Notification)
        .join(Member, Member.id == Notification.member_id)
        .join(Membership, Membership.member_id == Member.id)
        .join(NoticeTeam, NoticeTeam.team_id == Membership.team_id)
        .join(Team, Team.id == NoticeTeam.team_id)
        .outerjoin(User, User.member_id == Member.id)
        .where(Notification.subject_id == notice.id, Notification.topic == Topic.WARNING)
        .where(NoticeTeam.notice_id == notice.id, holds(Membership, notice.made_at))
        .order_by(Team.name, Member.id)
    )
    return visible(statement, actor, Team.home_village_id, now)


def _number_in(handle: str | None) -> str | None:
    """The number by which somebody signs in, where it is one: an account may have it where the person has none."""
    return handle if handle and normalise_phone(handle) == handle else None


def _first(*instants: datetime | None) -> datetime | None:
    return min((at for at in instants if at), default=None)


def _ways(session: Session, account_ids: Collection[UUID], now: datetime, *, is_urgent: bool) -> dict[UUID, Way]:
    """How each of some accounts can be reached; one that nobody has used yet is absent."""
    used = select(User.id).where(User.id.in_(account_ids), User.first_signed_in_at.is_not(None))
    found = dict.fromkeys(session.scalars(used.where(User.disabled_at.is_(None))), Way.APP)
    ringing = with_bell(session, found.keys(), now)
    wishes = preferences_of(session, ringing)
    for account_id in ringing:
        if wishes[account_id].wants(Topic.WARNING, urgent=is_urgent):
            found[account_id] = Way.BELL
    return found
