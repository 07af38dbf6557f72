"""Who is to be told, what stands in an inbox, and what its owner wants to be rung for."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor, Permission, Role
from cdtteam.access.policy import require
from cdtteam.accounts.models import User
from cdtteam.areas.models import Area, Level
from cdtteam.areas.queries import with_forerunners
from cdtteam.core.clock import civil_date
from cdtteam.notify.models import DIGEST_HOUR, Notification, Preference
from cdtteam.teams.models import Membership, Position, Team
from cdtteam.teams.queries import holds


class Recipient(NamedTuple):
    """Who is told: by the account, and by the member where it is one; a member may be without an account."""

    account_id: UUID | None
    member_id: UUID | None


class TeamMember(NamedTuple):
    """A member of a team as somebody to tell."""

    recipient: Recipient
    position: str

    @property
    def leads(self) -> bool:
        """Whether it is the team's leader."""
        return self.position == Position.LEADER


def members_of(session: Session, team_ids: Iterable[UUID], at: datetime) -> dict[UUID, list[TeamMember]]:
    """The members of each team at an instant; a team without any is absent."""
    wanted = set(team_ids)
    found: dict[UUID, list[TeamMember]] = {}
    in_teams = select(Membership.team_id, Membership.position, User.id, Membership.member_id)
    for team_id, position, *who in _with_accounts(session, in_teams, Membership.team_id, wanted, at):
        found.setdefault(team_id, []).append(TeamMember(Recipient(*who), position))
    return found


def people(session: Session, member_ids: Collection[UUID], at: datetime) -> dict[UUID, Recipient]:
    """Those of some members who are in a team at an instant."""
    rows = _with_accounts(session, select(User.id, Membership.member_id), Membership.member_id, member_ids, at)
    return {member_id: Recipient(account_id, member_id) for account_id, member_id in rows}


def officers_of(session: Session, area_id: UUID, now: datetime) -> list[Recipient]:
    """A commune's coordinators, with those of communes of which it took the place; of the province its officers."""
    if session.scalar(select(Area.level).where(Area.id == area_id)) == Level.PROVINCE:
        return officers_of_province(session)
    here = User.area_id.in_(with_forerunners(area_id, civil_date(now)))
    return list(_open_accounts(session, and_(User.role == Role.COORDINATOR, here)))


def officers_of_province(session: Session) -> list[Recipient]:
    """The province's officers, each of whom is in charge of all of it."""
    return list(_open_accounts(session, User.role == Role.PROVINCE))


def officers_with(session: Session, account_ids: Iterable[UUID | None]) -> list[Recipient]:
    """Those of some accounts that are open."""
    return list(_open_accounts(session, User.id.in_({id_ for id_ in account_ids if id_})))


def inbox_of(actor: Actor, session: Session, *, newest: int, before: UUID | None = None) -> Sequence[Notification]:
    """The actor's own notifications, the newest first; a page goes on `before` the last one of the page before it."""
    require(actor, Permission.INBOX_READ)
    wanted = select(Notification).where(is_own(actor), Notification.withdrawn_at.is_(None))
    if before is not None:
        wanted = wanted.where(Notification.id < before)
    return session.scalars(wanted.order_by(Notification.id.desc()).limit(newest)).all()


def unread_of(actor: Actor, session: Session) -> int:
    """How many of the actor's own notifications are unread."""
    require(actor, Permission.INBOX_READ)
    return session.scalar(select(func.count()).where(is_own(actor), *IS_OPEN)) or 0


def unread_by_account(session: Session, account_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many are unread in the inbox of each account; those with none are absent."""
    own = select(Notification.account_id, func.count()).where(Notification.account_id.in_(account_ids), *IS_OPEN)
    rows = session.execute(own.group_by(Notification.account_id))
    return {account_id: number for account_id, number in rows if account_id}


def preferences_of(session: Session, account_ids: Collection[UUID]) -> dict[UUID, Preference]:
    """What each account prefers, whether or not it ever chose."""
    chosen = session.scalars(select(Preference).where(Preference.account_id.in_(account_ids)))
    found = {one.account_id: one for one in chosen}
    return {id_: found.get(id_) or Preference(account_id=id_, topics_off=[], digest_hour=DIGEST_HOUR)
            for id_ in account_ids}  # fmt: skip


IS_OPEN = (Notification.read_at.is_(None), Notification.withdrawn_at.is_(None))


def is_own(actor: Actor) -> ColumnElement[bool]:
    """The condition that a notification is the actor's: what came before a member had an account is theirs too."""
    if actor.member_id is not None:
        return Notification.member_id == actor.member_id
    return Notification.account_id == actor.user_id


def _with_accounts(session: Session, columns: Any, key: Any, ids: Collection[UUID], at: datetime) -> Any:
    """Rows of those who are in a team among `ids`, with their accounts where they are open."""
    account = and_(User.member_id == Membership.member_id, User.disabled_at.is_(None))
    wanted = columns.select_from(Membership).join(Team, Team.id == Membership.team_id).outerjoin(User, account)
    return session.execute(wanted.where(key.in_(ids), holds(Membership, at), holds(Team, at))) if ids else ()


def _open_accounts(session: Session, where: ColumnElement[bool]) -> Iterable[Recipient]:
    wanted = select(User.id, User.member_id).where(where, User.disabled_at.is_(None)).order_by(User.id)
    return (Recipient(*row) for row in session.execute(wanted))
