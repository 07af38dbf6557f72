"""Invitations: how a member comes into the app on a phone without a password.

A link with a secret, or a short code for typing; seven days; one phone. A preview consumes nothing. For a day after
the first redemption another browser of the same phone may redeem it again, for who tapped the link in the wrong one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor, Role
from cdtteam.accounts import throttle
from cdtteam.accounts.members import open_member_account, require_person, was_on
from cdtteam.accounts.models import Device, Invitation, Redemption, SignIn, User
from cdtteam.accounts.operations import LASTS
from cdtteam.accounts.secrets import code_digest, code_of, make_secret, secret_digest
from cdtteam.accounts.throttle import Origin
from cdtteam.core.problems import Problem
from cdtteam.teams.models import Member
from cdtteam.teams.queries import duties_of
from cdtteam.web.transactions import writing

HOLDS = timedelta(days=7)
AGAIN = timedelta(hours=24)
BROWSERS = 2


@dataclass(frozen=True, slots=True)
class Letter:
    """What a member is handed: the secret of the link and the short code; told only to who made it."""

    member_id: UUID
    secret: str
    code: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Key:
    """What a phone brings: a secret or a short code."""

    secret: str | None = None
    code: str | None = None

    @property
    def is_code(self) -> bool:
        """Whether it was typed."""
        return self.secret is None


def invite_member(actor: Actor, session: Session, member: Member, form_id: UUID, *, now: datetime) -> None:
    """A new invitation; earlier ones that nobody redeemed hold no more.

    Problem `invalid_field` (member_id) for who is in no team now, or whose account was closed.
    """
    require_person(actor, session, member.id, now)
    if not any(duty.holds(now) for duty in duties_of(session, [member.id]).get(member.id, ())):
        raise Problem("invalid_field", field="member_id")
    user = open_member_account(actor, session, member, now=now)
    redeemed = exists().where(Redemption.invitation_id == Invitation.id)
    earlier = select(Invitation).where(Invitation.user_id == user.id, Invitation.revoked_at.is_(None), ~redeemed)
    for invitation in session.scalars(earlier):
        invitation.revoked_at = now
    secret = make_secret(form_id, member.id)
    session.add(
        Invitation(
            user_id=user.id, digest=secret_digest(secret), code_digest=code_digest(code_of(secret)),
            made_by=actor.user_id, made_at=now, expires_at=now + HOLDS,
        )
    )  # fmt: skip
    session.flush()


def letters(session: Session, member_ids: Iterable[UUID], form_id: UUID, now: datetime) -> dict[UUID, Letter]:
    """What the invitations say that a form made for some members and that hold still, by member."""
    secrets = {secret_digest(secret := make_secret(form_id, one)): (one, secret) for one in member_ids}
    wanted = (Invitation.digest.in_(secrets), Invitation.revoked_at.is_(None), Invitation.expires_at > now)
    found = {}
    for digest, expires_at in session.execute(select(Invitation.digest, Invitation.expires_at).where(*wanted)):
        member_id, secret = secrets[digest]
        found[member_id] = Letter(member_id, secret, code_of(secret), expires_at)
    return found


def preview(session: Session, key: Key, came_from: Origin, now: datetime) -> tuple[Invitation, User]:
    """The invitation that a key opens, and whose it is, consuming nothing; a Problem says why it does not open."""
    tries = _begin_try(session, key, came_from, now)
    found = _find(session, key, came_from.browser, now)
    _forgive(session, tries)
    return found


def redeem(session: Session, key: Key, came_from: Origin, device_id: UUID | None, *, now: datetime) -> SignIn:
    """A new sign-in by an invitation; a Problem says why there is none."""
    tries = _begin_try(session, key, came_from, now)
    with writing(session):
        invitation, user = _find(session, key, came_from.browser, now, is_locked=True)
        _let_in_again(session, user, device_id)
        signed_in = SignIn(
            id=uuid4(), user=user, device_id=device_id, browser_digest=came_from.browser, created_at=now,
            expires_at=now + LASTS[Role.VOLUNTEER],
        )  # fmt: skip
        user.first_signed_in_at = user.first_signed_in_at or now
        session.add(signed_in)
        session.flush()
        session.add(
            Redemption(
                invitation_id=invitation.id, sign_in_id=signed_in.id, browser_digest=came_from.browser,
                device_id=device_id, at=now,
            )
        )  # fmt: skip
        throttle.forgive(session, tries)
    return signed_in


def _find(
    session: Session, key: Key, browser: bytes, now: datetime, *, is_locked: bool = False
) -> tuple[Invitation, User]:
    if key.secret is not None:
        wanted = Invitation.digest == secret_digest(key.secret)
    else:
        wanted = Invitation.code_digest == code_digest(key.code or "")
    statement = select(Invitation).where(wanted)
    invitation = session.scalar(statement.with_for_update() if is_locked else statement)
    user = session.get(User, invitation.user_id) if invitation else None
    if invitation is None or user is None or user.disabled_at is not None:
        raise Problem("unknown_invitation")
    _check(session, invitation, browser, now)
    return invitation, user


def _check(session: Session, invitation: Invitation, browser: bytes, now: datetime) -> None:
    if invitation.revoked_at is not None:
        raise Problem("invitation_revoked")
    columns = select(Redemption.browser_digest, Redemption.at)
    redemptions = session.execute(columns.where(Redemption.invitation_id == invitation.id)).all()
    if not redemptions:
        if invitation.expires_at <= now:
            raise Problem("invitation_expired")
        return
    browsers = {digest for digest, _ in redemptions} | {browser}
    if min(at for _, at in redemptions) + AGAIN <= now or len(browsers) > BROWSERS:
        raise Problem("invitation_used")


def _let_in_again(session: Session, user: User, device_id: UUID | None) -> None:
    """A phone that was signed out and has been found: its owner's new invitation opens it again, nobody else's."""
    device = session.get(Device, device_id) if device_id else None
    if device is None or device.revoked_at is None:
        return
    if not was_on(session, user, device.id):
        raise Problem("device_revoked")
    device.revoked_at = None


def _begin_try(session: Session, key: Key, came_from: Origin, now: datetime) -> list[UUID]:
    # A secret cannot be guessed; codes are counted as passwords are.
    if not key.is_code:
        return []
    with writing(session):
        return throttle.begin_code_try(session, came_from, now=now)


def _forgive(session: Session, tries: list[UUID]) -> None:
    if tries:
        with writing(session):
            throttle.forgive(session, tries)
