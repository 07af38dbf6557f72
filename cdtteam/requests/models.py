"""Rows of requests, how they move, and what was done about them."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from cdtteam.core.db import Base
from cdtteam.core.ids import new_id


class Topic(StrEnum):
    """What help is asked about, as our app words it; the protocol has no list, so other clients may have their own."""

    CONNECTION = "connection"
    DEVICE = "device"
    ACCOUNT = "account"
    SERVICE = "service"
    TRAINING = "training"
    OTHER = "other"


class RequestState(StrEnum):
    """How far a request has come."""

    OPEN = "open"
    PASSED_ON = "passed_on"
    ANSWERED = "answered"
    CLOSED = "closed"


WAITING = (RequestState.OPEN, RequestState.PASSED_ON)


class Request(Base):
    """A team's call for help in a village, seen by all who serve it and by the officers above it.

    `raised_at` is the corrected clock's, `answer` what the desk said last. `passed_on_at` stays when it is answered.
    """

    __tablename__ = "request"
    __table_args__ = (Index(None, "village_id", "state"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    village_id: Mapped[UUID] = mapped_column(ForeignKey("area.id"))
    version: Mapped[int] = mapped_column(BigInteger, default=0)
    team_id: Mapped[UUID] = mapped_column(ForeignKey("team.id"))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("member.id"))
    device_id: Mapped[UUID | None]
    topic: Mapped[str]
    text: Mapped[str]
    state: Mapped[str]
    answer: Mapped[str | None]
    raised_at: Mapped[datetime]
    received_at: Mapped[datetime]
    passed_on_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    extra: Mapped[dict[str, Any] | None]

    @property
    def is_waiting(self) -> bool:
        """Whether somebody at the desk still has to say something."""
        return self.state in WAITING


class RequestChange(Base):
    """What an officer did about a request, by the state that it came to; kept for good. `words` are what was said."""

    __tablename__ = "request_change"
    __table_args__ = (Index(None, "request_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    request_id: Mapped[UUID] = mapped_column(ForeignKey("request.id"))
    state: Mapped[str]
    words: Mapped[str | None]
    at: Mapped[datetime]
    user_id: Mapped[UUID | None]
