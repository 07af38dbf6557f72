"""Rows of areas. An area's id is for ever; what it is called and where it belongs is true for a time."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cdtteam.core.db import Base
from cdtteam.core.ids import new_id

BEGINNING = date(1900, 1, 1)  # areas loaded without a date are in force from here


class Level(StrEnum):
    """How high an area stands; the kind (ward, thôn, …) is data of its term."""

    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"
    VILLAGE = "village"


class Area(Base):
    """An area's identity."""

    __tablename__ = "area"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    level: Mapped[str]
    terms: Mapped[list["AreaTerm"]] = relationship(back_populates="area", foreign_keys="AreaTerm.area_id")


class AreaTerm(Base):
    """What an area is called and where it belongs from `from_on` until before `until_on`.

    `successor_id` is the area that stands in its place where it ended with this term.
    """

    __tablename__ = "area_term"
    __table_args__ = (
        CheckConstraint("until_on IS NULL OR from_on < until_on", name="dates"),
        Index(None, "parent_id"),
        Index(None, "code"),
        Index(None, "successor_id"),
    )

    area_id: Mapped[UUID] = mapped_column(ForeignKey("area.id"), primary_key=True)
    from_on: Mapped[date] = mapped_column(primary_key=True)
    until_on: Mapped[date | None]
    code: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str]
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("area.id"))
    successor_id: Mapped[UUID | None] = mapped_column(ForeignKey("area.id"))
    area: Mapped[Area] = relationship(back_populates="terms", foreign_keys=[area_id])


class Reorganisation(Base):
    """A change of the map that was applied, with the decision that it rests on (number and sign, date, subject)."""

    __tablename__ = "reorganisation"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    effective_on: Mapped[date]
    decision: Mapped[str | None]
    decided_on: Mapped[date | None]
    subject: Mapped[str | None]
    digest: Mapped[bytes]  # SHA-256 of what was decided, so that the same is known again
    applied_at: Mapped[datetime]
    applied_by: Mapped[UUID | None]  # an account; nobody where it was done at the command line
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[UUID | None]


class ReorganisedTerm(Base):
    """A term that a reorganisation began, or one that it ended."""

    __tablename__ = "reorganised_term"
    __table_args__ = (Index(None, "area_id"),)

    reorganisation_id: Mapped[UUID] = mapped_column(ForeignKey("reorganisation.id"), primary_key=True)
    area_id: Mapped[UUID] = mapped_column(primary_key=True)
    from_on: Mapped[date] = mapped_column(primary_key=True)
    is_new: Mapped[bool]
