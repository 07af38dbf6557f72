"""Rows of households, their history and their moves."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from cdtteam.core.db import Base
from cdtteam.core.ids import new_id
from cdtteam.core.problems import Problem

_MERGED = "merged_into_id IS NOT NULL"


class Household(Base):
    """A household of a village. No ethnicity, no identity numbers, no positions, ever.

    `consents` is as phones say it, {purpose: {given, notice, at}}, with `by`, the member who recorded it.
    `sources` says for a field who set it last, where that was not the creation: {field: [version, device, at]}.
    """

    __tablename__ = "household"
    __table_args__ = (
        Index(None, "village_id"),
        Index(None, "merged_into_id", sqlite_where=text(_MERGED), postgresql_where=text(_MERGED)),
    )

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


def without_recorder(consent: dict[str, Any] | None) -> dict[str, Any]:
    """A kept consent as phones say it: who recorded it is ours alone."""
    return {key: value for key, value in (consent or {}).items() if key != "by"}


class HouseholdMove(Base):
    """A household's move from one village to another."""

    __tablename__ = "household_move"
    __table_args__ = (Index(None, "household_id", "moved_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    household_id: Mapped[UUID] = mapped_column(ForeignKey("household.id"))
    from_village_id: Mapped[UUID] = mapped_column(ForeignKey("area.id"))
    to_village_id: Mapped[UUID] = mapped_column(ForeignKey("area.id"))
    moved_at: Mapped[datetime]
    moved_by: Mapped[UUID | None]


class Decided(StrEnum):
    """What an officer decides about a household at the desk; moves have rows of their own."""

    MERGED = "merged"
    WITHDRAWN = "withdrawn"
    RESTORED = "restored"
    ERASED = "erased"
    APART = "apart"


class HouseholdDecision(Base):
    """What an officer decided about a household at the desk, on which account, and what taking it back needs.

    Of a merger: `into_id` took the fields `taken`, which it lacked or on which it had the earlier word (`earlier`),
    as its version `into_version`. Of two that are not one (`apart`): `into_id` is the other.
    """

    __tablename__ = "household_decision"
    __table_args__ = (Index(None, "household_id"), Index(None, "into_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    household_id: Mapped[UUID] = mapped_column(ForeignKey("household.id"))
    kind: Mapped[str]
    decided_at: Mapped[datetime]
    decided_by: Mapped[UUID | None]
    reason: Mapped[str | None]
    into_id: Mapped[UUID | None] = mapped_column(ForeignKey("household.id"))
    into_version: Mapped[int | None] = mapped_column(BigInteger)
    taken: Mapped[list[Any]] = mapped_column(default=list)
    earlier: Mapped[dict[str, Any]] = mapped_column(default=dict)
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[UUID | None]


class HouseholdChange(Base):
    """An update of a household: what was asked for, what it replaced, and which fields lost a conflict.

    By a member (`author_id`) or, at the desk, by an officer.
    """

    __tablename__ = "household_change"
    __table_args__ = (Index(None, "household_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    household_id: Mapped[UUID] = mapped_column(ForeignKey("household.id"))
    author_id: Mapped[UUID | None]
    device_id: Mapped[UUID | None]
    officer_id: Mapped[UUID | None]
    at: Mapped[datetime]
    received_at: Mapped[datetime]
    wanted: Mapped[dict[str, Any]]
    before: Mapped[dict[str, Any]]
    lost: Mapped[list[Any]]


class RefusedName(Base):
    """A digest of the name of a household that refused to be named, in its village: see `refusals`."""

    __tablename__ = "refused_name"

    village_id: Mapped[UUID] = mapped_column(ForeignKey("area.id"), primary_key=True)
    mark: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
