"""Rows of Web Push: our keys, the browsers that may be rung, and what is on its way to them."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cdtteam.core.db import Base
from cdtteam.core.ids import new_id


class VapidKey(Base):
    """A key by which push services know us (RFC 8292); of several the newest is given to phones.

    `public` is the uncompressed point, `private` the number of 32 octets, both as base64url without padding.
    """

    __tablename__ = "vapid_key"

    public: Mapped[str] = mapped_column(primary_key=True)
    private: Mapped[str]
    made_at: Mapped[datetime]


class Subscription(Base):
    """A browser of an account that may be rung, at an address that its push service gave it.

    `sign_in_id` is the sign-in through which it was asked for last, `device_id` the phone, where it is one.
    `vapid_key` is the public key with which it was made: it takes messages signed by no other. `digest` is the
    SHA-256 of the endpoint, of which one subscription at a time is living. `p256dh` and `auth` are those of RFC 8291.
    """

    __tablename__ = "push_subscription"
    __table_args__ = (
        Index(None, "account_id"),
        Index(
            "uq_push_subscription_living", "digest", unique=True,
            sqlite_where=text("ended_at IS NULL"), postgresql_where=text("ended_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    sign_in_id: Mapped[UUID | None]
    device_id: Mapped[UUID | None]
    endpoint: Mapped[str]
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    host: Mapped[str]
    p256dh: Mapped[str]
    auth: Mapped[str]
    vapid_key: Mapped[str]
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class DeliveryState(StrEnum):
    """How far a delivery has come. `gone`: there was nobody any more, or nothing, to be rung for."""

    DUE = "due"
    SENT = "sent"
    FAILED = "failed"
    GONE = "gone"


_DUE = text("state = 'due'")


class Delivery(Base):
    """A notification on its way to one subscription; its id is the receipt by which the browser tells what came of it.

    `tries` counts the times it was taken up, `lost` those of which nobody told the end: a worker was killed. While it
    is leased nobody else takes it up. `answer` is what came last: an HTTP status or a word of ours. `host` and `urgent`
    are those of subscription and notification, for the order in which due ones are taken up.
    """

    __tablename__ = "push_delivery"
    __table_args__ = (
        UniqueConstraint("notification_id", "subscription_id"),
        Index("ix_push_delivery_due", "host", "urgent", "due_at", sqlite_where=_DUE, postgresql_where=_DUE),
        Index(None, "subscription_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    notification_id: Mapped[UUID] = mapped_column(ForeignKey("notification.id", ondelete="CASCADE"))
    subscription_id: Mapped[UUID] = mapped_column(ForeignKey("push_subscription.id", ondelete="CASCADE"))
    host: Mapped[str]
    urgent: Mapped[bool]
    state: Mapped[str] = mapped_column(default=DeliveryState.DUE)
    tries: Mapped[int] = mapped_column(default=0)
    lost: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    answer: Mapped[str | None]
    sent_at: Mapped[datetime | None]
    shown_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]


class Tally(Base):
    """How many deliveries to a push service ended in which state, since the beginning."""

    __tablename__ = "push_tally"

    host: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)
