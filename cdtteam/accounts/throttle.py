"""Sign-in throttle in the database, so that all workers count together.

Tries are counted by handle and address, by address, and by handle from browsers in which the account never signed in.
Fifty people behind one address do not reach the address's limit; a stranger who keeps guessing reaches only the
limits of strangers, so the owner's own phone always gets in. A browser proves by a secret that it is the owner's.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from math import ceil
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from cdtteam.accounts.models import SignIn, SignInTry, User
from cdtteam.core.problems import Problem

WINDOW = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class _Limit:
    key: str
    tries: int


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a try comes from: an address, and a browser by the SHA-256 of its secret."""

    address: str
    browser: bytes


def begin_try(session: Session, handle: str, origin: Origin, *, now: datetime) -> list[UUID]:
    """Counts a try, under the ids that it answers; Problem `slow_down` (`retry_after`) when there were too many."""
    return _begin(session, _limits(session, handle, origin), now)


def begin_code_try(session: Session, origin: Origin, *, now: datetime) -> list[UUID]:
    """The same for a code that is typed in the place of an invitation's link, which names no account.

    A code has 40 bits and holds for days, so the limit of all addresses together leaves nothing to guess.
    """
    return _begin(session, [_Limit(_key("code", origin.address), 30), _Limit(_key("codes"), 1000)], now)


def _begin(session: Session, limits: list[_Limit], now: datetime) -> list[UUID]:
    _take_turns(session, limits)
    session.execute(delete(SignInTry).where(SignInTry.at < now - WINDOW))
    for limit in limits:
        _check(session, limit, now)
    tries = [SignInTry(key=limit.key, at=now) for limit in limits]
    session.add_all(tries)
    session.flush()
    return [one.id for one in tries]


def forgive(session: Session, tries: list[UUID]) -> None:
    """Takes back the tries of a sign-in that succeeded."""
    session.execute(delete(SignInTry).where(SignInTry.id.in_(tries)))


def _limits(session: Session, handle: str, origin: Origin) -> list[_Limit]:
    owner = select(SignIn.id).join(User, User.id == SignIn.user_id)
    if session.scalar(owner.where(User.handle == handle, SignIn.browser_digest == origin.browser).limit(1)):
        return [_Limit(_key("own", handle, origin.browser.hex()), 10)]
    # Guessing names takes nothing from what an address has for accounts that exist.
    is_known = session.scalar(select(User.id).where(User.handle == handle)) is not None
    return [
        _Limit(_key("pair", handle, origin.address), 10),
        _Limit(_key("handle", handle), 60),
        _Limit(_key("address" if is_known else "unknown", origin.address), 300),
    ]


def _take_turns(session: Session, limits: list[_Limit]) -> None:
    """Lets tries that count towards the same limits pass one after another until the commit, so that none is missed."""
    if session.get_bind().dialect.name == "postgresql":  # on SQLite there is one writer anyway
        for key in sorted(limit.key for limit in limits):
            session.execute(select(func.pg_advisory_xact_lock(int(key[:15], 16))))


def _check(session: Session, limit: _Limit, now: datetime) -> None:
    recent = (SignInTry.key == limit.key, SignInTry.at > now - WINDOW)
    count, oldest = session.execute(select(func.count(), func.min(SignInTry.at)).where(*recent)).one()
    if count >= limit.tries:
        raise Problem("slow_down", retry_after=max(1, ceil((oldest + WINDOW - now).total_seconds())))


def _key(*parts: str) -> str:
    # What people type as their handle is at times their password.
    return sha256("\0".join(parts).encode()).hexdigest()
