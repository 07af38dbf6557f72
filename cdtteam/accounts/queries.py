"""From a cookie to a sign-in, from an account to an actor."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, exists, select
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor, Duty, Role
from cdtteam.accounts.models import Device, DeviceContact, SignIn, User
from cdtteam.areas.queries import area_in_place_of
from cdtteam.core.clock import civil_date
from cdtteam.core.db import UtcDateTime
from cdtteam.core.problems import Problem
from cdtteam.teams.queries import DUTY_WIDTH, duties_in, duties_of, with_duties


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A sign-in that holds, the account behind it, and the duties of its member."""

    id: UUID
    device_id: UUID | None
    user_id: UUID
    name: str
    locale: str
    role: str
    member_id: UUID | None
    area_id: UUID | None
    duties: tuple[Duty, ...]

    @property
    def actor(self) -> Actor:
        """On whose behalf its requests act."""
        return Actor(Role(self.role), self.user_id, self.member_id, self.area_id, self.duties)


# Columns and no rows of the mapper, and all in one statement: every request asks this.
_OPEN = with_duties(
    select(SignIn.id, SignIn.device_id, User.id, User.name, User.locale, User.role, User.member_id, User.area_id)
    .join(User, User.id == SignIn.user_id)
    .outerjoin(Device, Device.id == SignIn.device_id)
    .where(
        SignIn.id == bindparam("id"),
        SignIn.revoked_at.is_(None),
        SignIn.expires_at > bindparam("now", type_=UtcDateTime()),
        User.disabled_at.is_(None),
        Device.revoked_at.is_(None),
    ),
    User.member_id,
)


def open_sign_in(session: Session, sign_in_id: UUID, now: datetime) -> SignedIn | None:
    """A sign-in that is neither revoked nor expired, on a device that is not revoked, of an account that is open."""
    rows = session.connection().execute(_OPEN, {"id": sign_in_id, "now": now}).all()
    if not rows:
        return None
    columns: tuple[Any, ...] = (*rows[0][:-DUTY_WIDTH], duties_in(rows))
    found = SignedIn(*columns)
    if found.role != Role.COORDINATOR or found.area_id is None:
        return found
    # A coordinator follows the commune into the one that it became, on the day.
    return replace(found, area_id=area_in_place_of(session, found.area_id, civil_date(now)))


def account_actor(session: Session, user_id: UUID | None, now: datetime) -> Actor:
    """On whose behalf something is done that an account asked for earlier; Problem `forbidden` once it is closed."""
    user = session.get(User, user_id) if user_id else None
    if user is None or user.disabled_at is not None:
        raise Problem("forbidden")
    duties = duties_of(session, {user.member_id})[user.member_id] if user.member_id else ()
    area_id = user.area_id
    if user.role == Role.COORDINATOR and area_id is not None:
        area_id = area_in_place_of(session, area_id, civil_date(now))
    return Actor(Role(user.role), user.id, user.member_id, area_id, duties)


def has_sent_from(session: Session, user_id: UUID, browser: bytes) -> bool:
    """Whether a phone's app has reached us from this browser as this account: an empty phone has lost that."""
    contact = and_(DeviceContact.device_id == SignIn.device_id, DeviceContact.member_id == User.member_id)
    known = (
        select(SignIn.id)
        .join(User, User.id == SignIn.user_id)
        .join(DeviceContact, contact)
        .where(SignIn.user_id == user_id, SignIn.browser_digest == browser)
    )
    return bool(session.scalar(select(exists(known))))


def member_actors(session: Session, member_ids: set[UUID]) -> dict[UUID, Actor]:
    """Members as the authors of entries, whether or not they have an account; unknown ones are absent."""
    duties = duties_of(session, member_ids)
    return {member_id: Actor(Role.VOLUNTEER, None, member_id, None, duties[member_id]) for member_id in duties}
