"""Rows of the inbox: notifications, and what accounts prefer to be rung for."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from cdtteam.core.db import Base
from cdtteam.core.ids import new_id

_WAITING = "rung_at IS NULL AND withdrawn_at IS NULL"
_UNREAD = "collapse IS NOT NULL AND read_at IS NULL AND withdrawn_at IS NULL"


class Topic(StrEnum):
    """What a notification is about; an account may have topics not ring."""

    TASK = "task"
    REQUEST = "request"
    REVIEW = "review"
    REMINDER = "reminder"
    THANKS = "thanks"
    WARNING = "warning"
    REPORT = "report"


class Notification(Base):
    """What one person is told. `member_id` is there where the person is a member, with an account or without.

    `title` and `body` are as notify.wording keeps them, and never hold a resident's name. `link` is a path of the
    field app (`/task/<id>`) or of the desk (`/desk/…`). `collapse` is the key by which a newer one takes the place of
    one that is still unread; `bundle_id` is shared by those that one act wrote. `due_at` is when a channel may ring,
    `rung_at` when one took it up. `read_at` and `opened_at` are the corrected clock's. Withdrawn ones are in nobody's
    inbox.
    """

    __tablename__ = "notification"
    __table_args__ = (
        Index(None, "member_id", "made_at"),
        Index(None, "account_id", "made_at"),
        Index(None, "subject_id"),
        Index(None, "bundle_id"),
        Index(None, "made_at"),
        Index(None, "due_at", sqlite_where=text(_WAITING), postgresql_where=text(_WAITING)),
        Index(None, "collapse", sqlite_where=text(_UNREAD), postgresql_where=text(_UNREAD)),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    member_id: Mapped[UUID | None] = mapped_column(ForeignKey("member.id"))
    topic: Mapped[str]
    urgent: Mapped[bool] = mapped_column(default=False)
    title: Mapped[dict[str, Any]]
    body: Mapped[dict[str, Any]]
    link: Mapped[str]
    subject_kind: Mapped[str | None]
    subject_id: Mapped[UUID | None]
    collapse: Mapped[str | None]
    bundle_id: Mapped[UUID]
    made_at: Mapped[datetime]
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    rung_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class Preference(Base):
    """What an account chose, at `set_at` by the corrected clock; without a row all rings, and at DIGEST_HOUR."""

    __tablename__ = "notify_preference"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    topics_off: Mapped[list[Any]]
    digest_hour: Mapped[int]
    set_at: Mapped[datetime]

    def wants(self, topic: str, *, urgent: bool) -> bool:
        """Whether a notification may ring; an urgent warning always does."""
        return topic not in self.topics_off or (urgent and topic == Topic.WARNING)


DIGEST_HOUR = 7  # of the civil day, where nothing else was chosen
EARLIEST, LATEST = 5, 20
