"""The accounts of members: opened with an invitation, without a password, under the phone number where it is free."""

import re
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor, Permission, Role
from cdtteam.access.policy import require
from cdtteam.accounts.models import Device, Invitation, SignIn, User
from cdtteam.core.problems import Problem
from cdtteam.core.text import fold
from cdtteam.teams.models import Member
from cdtteam.teams.reach import place_of_person


def require_person(actor: Actor, session: Session, member_id: UUID, now: datetime) -> None:
    """Lets `actor` go on with a member's account: where one may answer for the person."""
    place = place_of_person(session, actor, member_id, now)
    require(actor, Permission.MEMBER_INVITE, place, session=session, now=now)


def account_of(session: Session, member_id: UUID) -> User | None:
    """A member's account, if there is one."""
    return session.scalar(select(User).where(User.member_id == member_id))


def open_member_account(actor: Actor, session: Session, member: Member, *, now: datetime) -> User:
    """A member's account, opened when there was none. Problem `invalid_field` (member_id) when it was closed."""
    require_person(actor, session, member.id, now)
    user = account_of(session, member.id)
    if user is None:
        user = User(
            handle=_free_handle(session, _base(member.name, member.phone)), name=member.name, role=Role.VOLUNTEER,
            member_id=member.id, created_at=now,
        )  # fmt: skip
        session.add(user)
        session.flush()
    if user.disabled_at is not None:
        raise Problem("invalid_field", field="member_id")
    return user


def follow_member(
    actor: Actor, session: Session, member: Member, before: tuple[str, str | None], now: datetime
) -> None:
    """Gives the account the person's new name, and a handle that came from the old name or number a new one."""
    require_person(actor, session, member.id, now)
    user = account_of(session, member.id)
    if user is None:
        return
    user.name = member.name
    old, new = _base(*before), _base(member.name, member.phone)
    if old != new and re.fullmatch(rf"{re.escape(old)}(-\d+)?", user.handle):
        user.handle = _free_handle(session, new)
    session.flush()


def sign_out_device(actor: Actor, session: Session, member_id: UUID, device_id: UUID, *, now: datetime) -> None:
    """Signs out whoever is signed in on a member's device, and lets nobody in there before a new invitation.

    The member's invitations end with it: whoever found the phone may have found a link on it.
    """
    require_person(actor, session, member_id, now)
    user = account_of(session, member_id)
    if user is None or not was_on(session, user, device_id):
        raise Problem("not_found")
    device = session.get(Device, device_id) or Device(id=device_id, first_seen_at=now)
    device.revoked_at = device.revoked_at or now
    session.add(device)
    here = select(SignIn).where(SignIn.device_id == device_id, SignIn.revoked_at.is_(None))
    for row in [*session.scalars(here), *_open_invitations(session, user.id)]:
        row.revoked_at = now
    session.flush()


def sign_out_everywhere(actor: Actor, session: Session, member_id: UUID, *, now: datetime) -> None:
    """Signs a member out on every phone and browser, and ends their invitations."""
    require_person(actor, session, member_id, now)
    user = account_of(session, member_id)
    if user is None:
        return
    signed_in = select(SignIn).where(SignIn.user_id == user.id, SignIn.revoked_at.is_(None))
    for row in [*session.scalars(signed_in), *_open_invitations(session, user.id)]:
        row.revoked_at = now
    session.flush()


def was_on(session: Session, user: User, device_id: UUID) -> bool:
    """Whether an account ever signed in on a device."""
    here = select(SignIn.id).where(SignIn.user_id == user.id, SignIn.device_id == device_id).limit(1)
    return session.scalar(here) is not None


def _open_invitations(session: Session, user_id: UUID) -> list[Invitation]:
    wanted = (Invitation.user_id == user_id, Invitation.revoked_at.is_(None))
    return list(session.scalars(select(Invitation).where(*wanted)))


def _base(name: str, phone: str | None) -> str:
    return phone or "".join(letter for letter in fold(name) if letter.isalnum()) or "tv"


def _free_handle(session: Session, base: str) -> str:
    taken = set(session.scalars(select(User.handle).where(User.handle.startswith(base, autoescape=True))))
    number = next(number for number in range(1, len(taken) + 2) if _numbered(base, number) not in taken)
    return _numbered(base, number)


def _numbered(base: str, number: int) -> str:
    return base if number == 1 else f"{base}-{number}"
