"""Which subscriptions hold, who can be rung, and what came of it."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from cdtteam.accounts.models import Device, SignIn, User
from cdtteam.notify.models import Notification
from cdtteam.push.models import Delivery, DeliveryState, Subscription, Tally
from cdtteam.web.metrics import Labelled


def holds(now: datetime) -> ColumnElement[bool]:
    """The condition that a subscription may be rung: it has not ended, and its account is signed in at that browser.

    That is by any sign-in on the subscription's phone, or, as a browser of the desk is no device, by the very sign-in
    through which it was asked for. So a phone whose sign-in was ended at the desk is silent, and rings again when its
    owner signs in on it; being signed in elsewhere does not count.
    """
    here = or_(SignIn.id == Subscription.sign_in_id, SignIn.device_id == Subscription.device_id)
    own = SignIn.user_id == Subscription.account_id
    return and_(
        Subscription.ended_at.is_(None),
        _any(own, SignIn.revoked_at.is_(None), SignIn.expires_at > now, here),
        _any(User.id == Subscription.account_id, User.disabled_at.is_(None)),
        ~_any(Device.id == Subscription.device_id, Device.revoked_at.is_not(None)),
    )


def with_bell(session: Session, account_ids: Collection[UUID], now: datetime) -> set[UUID]:
    """Those of some accounts that can be rung now."""
    wanted = select(Subscription.account_id).where(Subscription.account_id.in_(account_ids), holds(now))
    return set(session.scalars(wanted.distinct()))


class Rung(NamedTuple):
    """When a notification was first handed to a push service, shown and opened on any of its owner's browsers."""

    sent_at: datetime | None
    shown_at: datetime | None
    opened_at: datetime | None


NOT_RUNG = Rung(None, None, None)


def rung_of(session: Session, which: ColumnElement[bool]) -> dict[UUID, Rung]:
    """What came of some notifications, by notification; those that had nowhere to ring are absent."""
    first = (func.min(Delivery.sent_at), func.min(Delivery.shown_at), func.min(Delivery.opened_at))
    wanted = select(Delivery.notification_id, *first).join(Notification, Notification.id == Delivery.notification_id)
    rows = session.execute(wanted.where(which).group_by(Delivery.notification_id))
    return {row[0]: Rung(*row[1:]) for row in rows}


def results_by_host(session: Session, _now: datetime) -> Labelled:
    """How many deliveries ended, by push service and state."""
    rows = session.execute(select(Tally.host, Tally.state, Tally.number))
    return Labelled(("host", "state"), {(host, state): number for host, state, number in rows})


def number_due(session: Session, now: datetime) -> int:
    """Deliveries that are due and not sent yet."""
    return session.scalar(select(func.count()).where(*_overdue(now))) or 0


def oldest_due(session: Session, now: datetime) -> int:
    """Seconds for which the delivery that waits longest has been due."""
    since = session.scalar(select(func.min(Delivery.due_at)).where(*_overdue(now)))
    return int((now - since).total_seconds()) if since else 0


def _any(*where: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether there is such a row for a subscription, whatever else the statement is about."""
    return exists().where(*where).correlate(Subscription)


def _overdue(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (Delivery.state == DeliveryState.DUE, Delivery.due_at <= now)
