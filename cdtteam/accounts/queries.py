"""From a cookie to a sign-in, from an account to an actor."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor, Role
from cdtteam.accounts.models import Device, SignIn, User
from cdtteam.core.db import UtcDateTime
from cdtteam.teams.queries import duties_of


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A sign-in that holds, and the account behind it."""

    id: UUID
    device_id: UUID | None
    user_id: UUID
    name: str
    locale: str
    role: str
    member_id: UUID | None
    area_id: UUID | None


# Columns and no rows of the mapper: every request asks this.
_OPEN = (
    select(SignIn.id, SignIn.device_id, User.id, User.name, User.locale, User.role, User.member_id, User.area_id)
    .join(User, User.id == SignIn.user_id)
    .outerjoin(Device, Device.id == SignIn.device_id)
    .where(
        SignIn.id == bindparam("id"),
        SignIn.revoked_at.is_(None),
        SignIn.expires_at > bindparam("now", type_=UtcDateTime()),
        User.disabled_at.is_(None),
        Device.revoked_at.is_(None),
    )
)


def open_sign_in(session: Session, sign_in_id: UUID, now: datetime) -> SignedIn | None:
    """A sign-in that is neither revoked nor expired, on a device that is not revoked, of an account that is open."""
    found = session.execute(_OPEN, {"id": sign_in_id, "now": now}).one_or_none()
    return SignedIn(*found) if found else None


def actor_of(session: Session, account: SignedIn) -> Actor:
    """The actor that an account is now."""
    member_id = account.member_id
    duties = duties_of(session, [member_id]).get(member_id, ()) if member_id else ()
    return Actor(Role(account.role), account.user_id, member_id, account.area_id, duties)


def member_actors(session: Session, member_ids: set[UUID]) -> dict[UUID, Actor]:
    """Members as the authors of entries, whether or not they have an account; unknown ones are absent."""
    duties = duties_of(session, member_ids)
    return {member_id: Actor(Role.VOLUNTEER, None, member_id, None, duties[member_id]) for member_id in duties}
