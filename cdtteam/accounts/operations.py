"""Signing in and out, and making accounts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor, Permission, Role
from cdtteam.access.policy import require
from cdtteam.accounts import throttle
from cdtteam.accounts.models import Device, SignIn, User
from cdtteam.accounts.passwords import hash_password, is_password
from cdtteam.accounts.throttle import Origin
from cdtteam.core.problems import Problem
from cdtteam.core.text import fold
from cdtteam.web.transactions import writing

LASTS = {Role.VOLUNTEER: timedelta(days=180)}  # a phone signs in about once; a desk more often
DESK_LASTS = timedelta(days=14)


def sign_in(
    session: Session, handle: str, password: str, *, device_id: UUID | None, came_from: Origin, now: datetime
) -> SignIn:
    """A new sign-in; Problem `bad_credentials`, `slow_down`, or `device_revoked` on a phone that was signed out.

    Two short transactions stand around the slow hash: the try is counted before the password is looked at, so
    that many at once are counted too.
    """
    handle = fold(handle)
    with writing(session):
        tries = throttle.begin_try(session, handle, came_from, now=now)
        user = session.scalar(select(User).where(User.handle == handle, User.disabled_at.is_(None)))
        found = (user.id, user.password_hash) if user else (None, None)
    if not is_password(found[1], password) or found[0] is None:
        raise Problem("bad_credentials")
    with writing(session):
        throttle.forgive(session, tries)
        if device_id and session.scalar(select(Device.revoked_at).where(Device.id == device_id)):
            raise Problem("device_revoked")
        user = session.get_one(User, found[0])
        user.first_signed_in_at = user.first_signed_in_at or now
        lasts = LASTS.get(Role(user.role), DESK_LASTS)
        signed_in = SignIn(
            id=uuid4(), user=user, device_id=device_id, browser_digest=came_from.browser, created_at=now,
            expires_at=now + lasts,
        )  # fmt: skip
        session.add(signed_in)
    return signed_in


def sign_out(session: Session, sign_in_id: UUID, *, now: datetime) -> None:
    """Revokes a sign-in; it stays on record."""
    with writing(session):
        found = session.get(SignIn, sign_in_id)
        if found is not None:
            found.revoked_at = found.revoked_at or now


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to be opened: of a member, or of staff in `area_id` (their commune, or the province)."""

    handle: str
    name: str
    role: Role
    password: str | None = None
    member_id: UUID | None = None
    area_id: UUID | None = None
    locale: str = "vi"


def open_account(actor: Actor, session: Session, new: NewAccount, *, now: datetime) -> User:
    """A new account; Problem `invalid_field` (handle) when the handle is taken."""
    require(actor, Permission.ACCOUNT_MANAGE)
    handle = fold(new.handle)
    if session.scalar(select(User.id).where(User.handle == handle)):
        raise Problem("invalid_field", field="handle")
    user = User(
        handle=handle,
        name=new.name,
        role=new.role,
        password_hash=None if new.password is None else hash_password(new.password),
        member_id=new.member_id,
        area_id=new.area_id,
        locale=new.locale,
        created_at=now,
    )
    session.add(user)
    session.flush()
    return user


def revoke_sign_ins(actor: Actor, session: Session, user: User, *, now: datetime) -> None:
    """Signs an account out everywhere."""
    require(actor, Permission.ACCOUNT_MANAGE)
    for signed_in in session.scalars(select(SignIn).where(SignIn.user_id == user.id, SignIn.revoked_at.is_(None))):
        signed_in.revoked_at = now


def set_password(actor: Actor, session: Session, user: User, password: str, *, now: datetime) -> None:
    """Gives an account another password; whoever is signed in with the old one is signed out."""
    require(actor, Permission.ACCOUNT_MANAGE)
    user.password_hash = hash_password(password)
    revoke_sign_ins(actor, session, user, now=now)


def close_account(actor: Actor, session: Session, user: User, *, now: datetime) -> None:
    """Lets nobody in by this account any more; it stays on record."""
    require(actor, Permission.ACCOUNT_MANAGE)
    user.disabled_at = user.disabled_at or now
    revoke_sign_ins(actor, session, user, now=now)


def reopen_account(actor: Actor, user: User) -> None:
    """Lets people in again by an account that was closed, with its old password."""
    require(actor, Permission.ACCOUNT_MANAGE)
    user.disabled_at = None
