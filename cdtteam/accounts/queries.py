"""From a cookie to a sign-in, from an account to an actor."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, contains_eager

from cdtteam.access.models import Actor, Role
from cdtteam.accounts.models import Device, SignIn, User
from cdtteam.core.db import UtcDateTime
from cdtteam.teams.queries import duties_of

_OPEN = (
    select(SignIn)
    .join(SignIn.user)
    .options(contains_eager(SignIn.user))
    .outerjoin(Device, Device.id == SignIn.device_id)
    .where(
        SignIn.id == bindparam("id"),
        SignIn.revoked_at.is_(None),
        SignIn.expires_at > bindparam("now", type_=UtcDateTime()),
        User.disabled_at.is_(None),
        Device.revoked_at.is_(None),
    )
)


def open_sign_in(session: Session, sign_in_id: UUID, now: datetime) -> SignIn | None:
    """A sign-in that is neither revoked nor expired, on a device that is not revoked, of an account that is open."""
    return session.scalar(_OPEN, {"id": sign_in_id, "now": now})


def actor_of(session: Session, user: User) -> Actor:
    """The actor that an account is now."""
    duties = duties_of(session, [user.member_id]).get(user.member_id, ()) if user.member_id else ()
    return Actor(Role(user.role), user.id, user.member_id, user.area_id, duties)


def member_actors(session: Session, member_ids: set[UUID]) -> dict[UUID, Actor]:
    """Members as the authors of entries, whether or not they have an account; unknown ones are absent."""
    duties = duties_of(session, member_ids)
    return {member_id: Actor(Role.VOLUNTEER, None, member_id, None, duties[member_id]) for member_id in duties}
