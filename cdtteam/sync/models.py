"""Rows of the ledger and the quarantine; both are kept for good."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from cdtteam.core.db import Base


class LedgerEntry(Base):
    """A mutation that was applied: the SHA-256 of its content, the result it had, and the member who was signed in.

    The result holds no names: what a conflict shows is read from the row.
    """

    __tablename__ = "ledger"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    device_id: Mapped[UUID]
    sent_by: Mapped[UUID | None]
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    result: Mapped[dict[str, Any] | None]  # None is the plain {"status": "applied"}
    received_at: Mapped[datetime]


class Quarantined(Base):
    """A refused mutation as it came, with the reason; `settled_at` when it was applied, corrected or given up.

    `mutation_id` is the text that was sent: it may be no UUID.
    """

    __tablename__ = "quarantine"
    __table_args__ = (Index(None, "member_id"),)

    mutation_id: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    device_id: Mapped[UUID]
    member_id: Mapped[UUID]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    code: Mapped[str]
    field: Mapped[str | None]
    received_at: Mapped[datetime]
    judged_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
