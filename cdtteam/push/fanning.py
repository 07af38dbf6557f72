"""From notifications to deliveries: one for each browser that may be rung."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.orm import Session

from cdtteam.core.ids import new_id
from cdtteam.notify.models import Notification
from cdtteam.notify.queries import preferences_of
from cdtteam.push.models import Delivery, DeliveryState, Subscription
from cdtteam.push.queries import holds

AT_ONCE = 500  # notifications in one transaction, so that nobody waits long for SQLite's writer
KEPT = timedelta(days=3)  # for which a push service holds a message that says nothing of its end


def waits(session: Session, now: datetime) -> bool:
    """Whether any notification is to be rung that no channel has taken up."""
    return session.scalar(select(Notification.id).where(*_waiting(now)).limit(1)) is not None


def fan_out(session: Session, now: datetime) -> int:
    """Takes up notifications that are due, urgent ones first; answers how many, at most AT_ONCE.

    What was read meanwhile, is over, or is of a topic that its owner switched off rings nowhere.
    """
    order = (Notification.urgent.desc(), Notification.due_at)
    taken = select(Notification.id).where(*_waiting(now)).order_by(*order).limit(AT_ONCE)
    ids = list(session.scalars(taken.with_for_update(skip_locked=True)))
    if not ids:
        return 0
    rows = _deliveries(session, ids, now)
    if rows:
        session.execute(insert(Delivery), rows)
    session.execute(update(Notification).where(Notification.id.in_(ids)).values(rung_at=now))
    return len(ids)


def _waiting(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (Notification.due_at <= now, Notification.rung_at.is_(None), Notification.withdrawn_at.is_(None))


def _deliveries(session: Session, ids: list[UUID], now: datetime) -> list[dict[str, Any]]:
    told = (Notification.id, Notification.account_id, Notification.topic, Notification.urgent, Notification.expires_at)
    browsers = (
        select(*told, Subscription.id.label("subscription_id"), Subscription.host)
        .join(Subscription, Subscription.account_id == Notification.account_id)
        .where(Notification.id.in_(ids), Notification.read_at.is_(None), holds(now))
    )
    found = [row for row in session.execute(browsers) if row.expires_at is None or row.expires_at > now]
    wishes = preferences_of(session, {row.account_id for row in found})
    return [
        {
            "id": new_id(), "notification_id": row.id, "subscription_id": row.subscription_id, "host": row.host,
            "urgent": row.urgent, "state": DeliveryState.DUE, "tries": 0, "lost": 0, "due_at": now,
            "expires_at": row.expires_at or now + KEPT,
        }
        for row in found
        if wishes[row.account_id].wants(row.topic, urgent=row.urgent)
    ]  # fmt: skip
