"""A way by which notifications reach people outside of the app: what a channel is given, and what it answers.

Web Push is the one that we have (`webpush`); docs/architecture.md says how another is added.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from cdtteam.push.keys import KeyPair


class Urgency(StrEnum):
    """How much battery a message is worth (RFC 8030, 5.3)."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Address:
    """A subscription as a channel has to know it."""

    id: UUID
    host: str
    endpoint: str
    p256dh: str
    auth: str
    key: KeyPair | None


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message to one subscription, of which the sender has the lease until an instant.

    `topic` is shared with what it takes the place of while it waits (RFC 8030, 5.4), `ttl` is in seconds.
    """

    delivery_id: UUID
    tries: int
    leased_until: datetime
    expires_at: datetime
    address: Address
    body: bytes
    topic: str
    ttl: int
    urgency: Urgency


class Fate(StrEnum):
    """What became of a parcel. `unsent`: it was not begun, and waits as before."""

    SENT = "sent"
    GONE = "gone"
    LATER = "later"
    FAILED = "failed"
    UNSENT = "unsent"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a parcel, what was answered, and after how many seconds one may come again."""

    fate: Fate
    answer: str
    retry_after: float | None = None


class Channel(Protocol):
    """Sends parcels; asked by several threads at once."""

    def send(self, parcel: Parcel) -> Outcome:
        """Sends a parcel, within some seconds, and raises nothing that could be foreseen."""
        ...

    def close(self) -> None:
        """Gives up connections."""
        ...
