"""Rows of households, their history and their moves."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from cdtteam.core.db import Base
from cdtteam.core.ids import new_id
from cdtteam.core.problems import Problem


class Household(Base):
    """A household of a village. No ethnicity, no identity numbers, no positions, ever.

    `sources` says for a field who set it last, where that was not the creation: {field: [version, device, at]}.
    """

    __tablename__ = "household"
    __table_args__ = (Index(None, "village_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    village_id: Mapped[UUID] = mapped_column(ForeignKey("area.id"))
    version: Mapped[int] = mapped_column(BigInteger, default=0)
    code: Mapped[str | None]
    head_name: Mapped[str]
    hamlet: Mapped[str | None]
    phone: Mapped[str | None]
    people: Mapped[int | None]
    adults: Mapped[int | None]
    note: Mapped[str | None]
    indicators: Mapped[dict[str, Any]] = mapped_column(default=dict)
    consents: Mapped[dict[str, Any]] = mapped_column(default=dict)
    extra: Mapped[dict[str, Any] | None]
    sources: Mapped[dict[str, Any]] = mapped_column(default=dict)
    author_id: Mapped[UUID | None]
    device_id: Mapped[UUID | None]
    entered_at: Mapped[datetime]
    created_version: Mapped[int] = mapped_column(BigInteger, default=0)
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str | None]
    merged_into_id: Mapped[UUID | None]
    erased_at: Mapped[datetime | None]
    has_moved: Mapped[bool] = mapped_column(default=False)

    @property
    def gone(self) -> str | None:
        """Why phones drop the household, or None."""
        if self.erased_at:
            return "erased"
        if self.merged_into_id:
            return "merged"
        return "withdrawn" if self.withdrawn_at else None


def check_contact(fields: dict[str, Any], consents: dict[str, Any]) -> None:
    """Problem `invalid_field` (phone) when flat `fields` set a phone without consent to `contact`, now or earlier."""
    contact = fields.get("consents.contact", consents.get("contact")) or {}
    if fields.get("phone") is not None and contact.get("given") is not True:
        raise Problem("invalid_field", field="phone")


class HouseholdMove(Base):
    """A household's move from one village to another."""

    __tablename__ = "household_move"
    __table_args__ = (Index(None, "household_id", "moved_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    household_id: Mapped[UUID] = mapped_column(ForeignKey("household.id"))
    from_village_id: Mapped[UUID] = mapped_column(ForeignKey("area.id"))
    to_village_id: Mapped[UUID] = mapped_column(ForeignKey("area.id"))
    moved_at: Mapped[datetime]


class HouseholdChange(Base):
    """An update of a household: what was asked for, what it replaced, and which fields lost a conflict."""

    __tablename__ = "household_change"
    __table_args__ = (Index(None, "household_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    household_id: Mapped[UUID] = mapped_column(ForeignKey("household.id"))
    author_id: Mapped[UUID | None]
    device_id: Mapped[UUID | None]
    at: Mapped[datetime]
    received_at: Mapped[datetime]
    wanted: Mapped[dict[str, Any]]
    before: Mapped[dict[str, Any]]
    lost: Mapped[list[Any]]
