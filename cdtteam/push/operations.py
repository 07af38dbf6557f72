"""Who may be rung, and where: subscribing and ending it; and what a browser tells of it."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor, Permission
from cdtteam.access.policy import require
from cdtteam.core.problems import Problem
from cdtteam.notify.models import Notification
from cdtteam.push.models import Delivery, Subscription

MOST = 5  # living subscriptions of an account


@dataclass(frozen=True, slots=True)
class Browser:
    """What a browser says of itself, looked over; `host` is its push service, `vapid_key` the key it was told.

    `sign_in_id` is the sign-in by which it asks.
    """

    endpoint: str
    host: str
    p256dh: str
    auth: str
    vapid_key: str | None
    sign_in_id: UUID
    device_id: UUID | None
    replaces: str | None = None


def subscribe(
    actor: Actor, session: Session, browser: Browser, key: str, *, now: datetime
) -> tuple[Subscription, bool]:
    """The account's subscription of a browser, and whether it is new; `key` is the one that phones are given now.

    Whoever had the browser before is rung there no more. Of more than MOST the oldest ends.
    """
    require(actor, Permission.INBOX_READ)
    found = _living(session, browser.endpoint)
    if browser.replaces is not None and browser.replaces != browser.endpoint:
        unsubscribe(actor, session, browser.replaces, now=now)
    if found is not None and found.account_id != actor.user_id:
        found.ended_at = now
        session.flush()
        found = None
    is_new = found is None
    if found is None:
        found = Subscription(
            account_id=actor.user_id, endpoint=browser.endpoint, digest=_digest(browser.endpoint), host=browser.host,
            vapid_key=key, made_at=now,
        )  # fmt: skip
        session.add(found)
    found.p256dh, found.auth = browser.p256dh, browser.auth
    found.sign_in_id, found.device_id = browser.sign_in_id, browser.device_id
    found.vapid_key = browser.vapid_key or found.vapid_key
    session.flush()
    _end_oldest(session, found.account_id, now)
    return found, is_new


def unsubscribe(actor: Actor, session: Session, endpoint: str, *, now: datetime) -> None:
    """Rings a browser of the actor's no more; nothing happens where it was not rung."""
    require(actor, Permission.INBOX_READ)
    found = _living(session, endpoint)
    if found is not None and found.account_id == actor.user_id:
        found.ended_at = now
        session.flush()


def note_receipt(actor: Actor, session: Session, receipt: UUID, *, is_opened: bool, now: datetime) -> None:
    """A browser of the actor's showed a notification, or it was opened there; what was first stays.

    Problem `not_found` for what was sent to somebody else, or never.
    """
    require(actor, Permission.INBOX_READ)
    own = (Delivery.id == receipt, Notification.account_id == actor.user_id)
    wanted = select(Delivery).join(Notification, Notification.id == Delivery.notification_id).where(*own)
    found = session.scalar(wanted)
    if found is None:
        raise Problem("not_found")
    found.shown_at = found.shown_at or now
    if is_opened:
        found.opened_at = found.opened_at or now
    session.flush()


def _living(session: Session, endpoint: str) -> Subscription | None:
    wanted = (Subscription.digest == _digest(endpoint), Subscription.ended_at.is_(None))
    return session.scalar(select(Subscription).where(*wanted))


def _end_oldest(session: Session, account_id: UUID, now: datetime) -> None:
    living = (Subscription.account_id == account_id, Subscription.ended_at.is_(None))
    newest = select(Subscription.id).where(*living).order_by(Subscription.made_at.desc(), Subscription.id.desc())
    kept = list(session.scalars(newest.limit(MOST)))
    session.execute(update(Subscription).where(*living, Subscription.id.not_in(kept)).values(ended_at=now))


def _digest(endpoint: str) -> bytes:
    return hashlib.sha256(endpoint.encode(errors="replace")).digest()
