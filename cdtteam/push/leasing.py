"""Taking deliveries up and putting on record what became of them: a row belongs to one sender at a time.

A worker that is killed leaves its leases behind; when they run out somebody else sends again what may have been sent
already, once. What was lost twice is given up, so that no browser is rung three times (F44).
"""

import logging
import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, bindparam, func, or_, select, update
from sqlalchemy.orm import Session

from cdtteam.accounts.models import User
from cdtteam.core.clock import wire_instant
from cdtteam.core.db import UtcDateTime
from cdtteam.core.upsert import insert_or_add
from cdtteam.notify.models import Notification, Topic
from cdtteam.notify.queries import unread_by_account
from cdtteam.notify.wording import said_in
from cdtteam.push.channel import Address, Fate, Outcome, Parcel, Urgency
from cdtteam.push.keys import KeyPair, key_pairs
from cdtteam.push.models import Delivery, DeliveryState, Subscription, Tally
from cdtteam.push.payload import payload, topic_of
from cdtteam.push.queries import holds

log = logging.getLogger("cdtteam")

LEASE = timedelta(seconds=60)
TRIES = 8
LOST = 2  # ends that nobody knows, after which a delivery is given up
UNSAID = "no words"  # in the place of an answer
FIRST_WAIT, LONGEST_WAIT = 15, 3600  # seconds
LONGEST_TTL = timedelta(days=28)  # what push services hold a message for at most

Result = tuple[Parcel, Outcome]

_ENDED = {Fate.SENT: DeliveryState.SENT, Fate.GONE: DeliveryState.GONE, Fate.FAILED: DeliveryState.FAILED}
# Still ours: whoever takes a delivery up counts its tries up.
_MINE = (Delivery.id == bindparam("one"), Delivery.tries == bindparam("try"), Delivery.state == DeliveryState.DUE)
_RECORD = (
    update(Delivery)
    .where(*_MINE)
    .values(
        state=bindparam("to"), sent_at=bindparam("at", type_=UtcDateTime()),
        due_at=bindparam("due", type_=UtcDateTime()), answer=bindparam("said"), tries=bindparam("tried"),
        leased_until=None,
    )
)  # fmt: skip
_LEASE = (
    update(Delivery)
    .where(Delivery.id == bindparam("one"))
    .values(tries=Delivery.tries + 1, lost=bindparam("times"), leased_until=bindparam("until", type_=UtcDateTime()))
)


def due_by_host(session: Session, now: datetime) -> dict[str, int]:
    """How many deliveries may be taken up now, by push service."""
    numbers = select(Delivery.host, func.count()).where(*_free(now)).group_by(Delivery.host)
    return {host: number for host, number in session.execute(numbers)}  # noqa: C416 — rows are no pairs to mypy


def lease(session: Session, room: Mapping[str, int], now: datetime) -> list[Parcel]:
    """Takes up to so many deliveries for each push service; what need not be sent any more ends here."""
    ids: list[UUID] = []
    for host, number in room.items():
        order = (Delivery.urgent.desc(), Delivery.due_at)
        free = select(Delivery.id).where(Delivery.host == host, *_free(now)).order_by(*order).limit(number)
        ids += session.scalars(free.with_for_update(skip_locked=True)) if number > 0 else ()
    rows = _rows(session, ids, now)
    over = {row.id: answer for row in rows if (answer := _why_not(row, now))}
    bodies = _bodies(session, [row for row in rows if row.id not in over])
    over |= {row.id: UNSAID for row in rows if row.id not in over and row.id not in bodies}
    _end(session, rows, over, now)
    taken = [row for row in rows if row.id not in over]
    until = now + LEASE
    if taken:
        again = [{"one": row.id, "until": until, "times": row.lost + bool(row.leased_until)} for row in taken]
        session.connection().execute(_LEASE, again)
    return _parcels(session, taken, bodies, until, now)


def record(session: Session, results: Sequence[Result], now: datetime) -> None:
    """Puts on record what became of parcels; of those that somebody else has taken up meanwhile it is not known."""
    if not results:
        return
    moves = [_move(parcel, outcome, now) for parcel, outcome in results]
    session.connection().execute(_RECORD, moves)
    gone = {parcel.address.id for parcel, outcome in results if outcome.fate is Fate.GONE}
    if gone:
        living = (Subscription.id.in_(gone), Subscription.ended_at.is_(None))
        session.execute(update(Subscription).where(*living).values(ended_at=now))
    _count(session, [(parcel.address.host, str(move["to"])) for (parcel, _), move in zip(results, moves, strict=True)])


def hold(session: Session, host: str, until: datetime) -> None:
    """Leaves a push service alone until an instant."""
    waiting = (Delivery.host == host, Delivery.state == DeliveryState.DUE, Delivery.leased_until.is_(None))
    session.execute(update(Delivery).where(*waiting, Delivery.due_at < until).values(due_at=until))


def _free(now: datetime) -> tuple[Any, ...]:
    is_free = or_(Delivery.leased_until.is_(None), Delivery.leased_until <= now)
    return (Delivery.state == DeliveryState.DUE, Delivery.due_at <= now, is_free)


def _rows(session: Session, ids: list[UUID], now: datetime) -> Sequence[Row[Any]]:
    if not ids:
        return ()
    told = [getattr(Notification, name) for name in (
        "account_id", "topic", "urgent", "title", "body", "link", "collapse", "made_at", "read_at", "withdrawn_at",
    )]  # fmt: skip
    browser = [getattr(Subscription, name) for name in ("endpoint", "p256dh", "auth", "vapid_key")]
    own = [getattr(Delivery, name) for name in (
        "id", "notification_id", "subscription_id", "host", "tries", "lost", "leased_until", "expires_at",
    )]  # fmt: skip
    is_right = (Subscription.account_id == Notification.account_id) & holds(now)
    wanted: Select[Any] = (
        select(*own, *told, *browser, User.locale, is_right.label("holds"))
        .join(Notification, Notification.id == Delivery.notification_id)
        .join(Subscription, Subscription.id == Delivery.subscription_id)
        .join(User, User.id == Subscription.account_id)
        .where(Delivery.id.in_(ids))
    )
    return session.execute(wanted).all()


def _why_not(row: Row[Any], now: datetime) -> str:
    """Why a delivery is not sent, in a word; empty where it is."""
    if row.leased_until and row.lost + 1 >= LOST:
        return "lost"
    if not row.holds:
        return "unsubscribed"
    if row.withdrawn_at or row.read_at:
        return "settled"
    return "expired" if row.expires_at <= now else ""


def _end(session: Session, rows: Sequence[Row[Any]], over: Mapping[UUID, str], now: datetime) -> None:
    ending = [row for row in rows if row.id in over]
    if not ending:
        return
    states = {True: DeliveryState.FAILED, False: DeliveryState.GONE}
    moves = [
        {"one": row.id, "try": row.tries, "tried": row.tries, "to": states[over[row.id] in ("lost", "expired", UNSAID)],
         "at": None, "due": now, "said": over[row.id]}
        for row in ending
    ]  # fmt: skip
    session.connection().execute(_RECORD, moves)
    _count(session, [(row.host, str(move["to"])) for row, move in zip(ending, moves, strict=True)])


def _bodies(session: Session, rows: Sequence[Row[Any]]) -> dict[UUID, bytes]:
    """What each delivery says; one whose words cannot be read is absent, so that it holds up no other."""
    unread = unread_by_account(session, {row.account_id for row in rows}) if rows else {}
    found = {}
    for row in rows:
        try:
            found[row.id] = _body(row, unread.get(row.account_id, 0))
        except (LookupError, TypeError, ValueError) as error:  # its message may hold what was said
            log.error("a notification cannot be said: %s", type(error).__name__)  # noqa: TRY400
    return found


def _body(row: Row[Any], unread: int) -> bytes:
    title, text = said_in(row.locale, row.title, row.body)
    return payload(
        {
            "id": row.notification_id, "title": title, "text": text, "link": row.link, "topic": row.topic,
            "urgent": row.urgent, "lang": row.locale, "receipt": row.id, "open": unread,
            "made_at": wire_instant(row.made_at),
        }
    )  # fmt: skip


def _parcels(
    session: Session, rows: Sequence[Row[Any]], bodies: Mapping[UUID, bytes], until: datetime, now: datetime
) -> list[Parcel]:
    keys = {pair.public: pair for pair in key_pairs(session)} if rows else {}
    return [_parcel(row, keys, bodies[row.id], until, now) for row in rows]


def _parcel(row: Row[Any], keys: Mapping[str, KeyPair], body: bytes, until: datetime, now: datetime) -> Parcel:
    address = Address(row.subscription_id, row.host, row.endpoint, row.p256dh, row.auth, keys.get(row.vapid_key))
    ttl = int(min(row.expires_at - now, LONGEST_TTL).total_seconds())
    # What may ring twice is one message to the push service while it waits there, and so is what was overtaken.
    topic = topic_of(row.collapse or str(row.notification_id))
    return Parcel(row.id, row.tries + 1, until, row.expires_at, address, body, topic, ttl, _urgency(row))


def _urgency(row: Row[Any]) -> Urgency:
    if row.urgent:
        return Urgency.HIGH
    return Urgency.LOW if row.topic == Topic.THANKS else Urgency.NORMAL


def _move(parcel: Parcel, outcome: Outcome, now: datetime) -> dict[str, Any]:
    """What the row becomes."""
    is_sent = outcome.fate is Fate.SENT
    move: dict[str, Any] = {
        "one": parcel.delivery_id, "try": parcel.tries, "tried": parcel.tries, "to": _ENDED.get(outcome.fate),
        "at": now if is_sent else None, "due": now, "said": outcome.answer,
    }  # fmt: skip
    if outcome.fate is Fate.UNSENT:
        return move | {"to": DeliveryState.DUE, "tried": parcel.tries - 1}
    if outcome.fate is Fate.LATER:
        due = now + timedelta(seconds=wait(parcel.tries, outcome.retry_after))
        is_over = parcel.tries >= TRIES or due >= parcel.expires_at
        return move | {"to": DeliveryState.FAILED if is_over else DeliveryState.DUE, "due": due}
    return move


def wait(tries: int, asked: float | None) -> float:
    """Seconds until the next try: longer each time, never sooner than asked, and never for all at the same moment."""
    most = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** (tries - 1))
    return (asked or 0) + random.uniform(most / 2, most)  # noqa: S311 — no secret


def _count(session: Session, ends: Iterable[tuple[str, str]]) -> None:
    numbers: dict[tuple[str, str], int] = {}
    for end in ends:
        if end[1] != DeliveryState.DUE:
            numbers[end] = numbers.get(end, 0) + 1
    if not numbers:
        return
    rows = [{"host": host, "state": state, "number": number} for (host, state), number in sorted(numbers.items())]
    insert_or_add(session.connection(), Tally, rows, "number")
