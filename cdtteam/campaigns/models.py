"""Rows of campaigns, and what campaigns and tasks say alike."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from cdtteam.core.db import Base
from cdtteam.core.ids import new_id


class Unit(StrEnum):
    """What a target counts."""

    HOUSEHOLDS = "households"
    VISITS = "visits"


@dataclass(frozen=True, slots=True)
class Brief:
    """What is asked and why, of whom ever it is asked.

    `service` is a code of the catalogue, `document` the number and sign of the paper that it rests on; both days count.
    """

    title: str
    text: str
    from_on: date
    due_on: date
    service: str | None = None
    unit: Unit = Unit.HOUSEHOLDS
    document: str | None = None
    is_focus: bool = False


class Asked:
    """The columns of a brief. A task keeps what its team was told, so it has them beside its campaign."""

    title: Mapped[str]
    text: Mapped[str]
    service: Mapped[str | None]
    unit: Mapped[str]
    from_on: Mapped[date]
    due_on: Mapped[date]
    document: Mapped[str | None]
    is_focus: Mapped[bool]


class Campaign(Asked, Base):
    """A dated drive, issued by a commune or the province (`area_id`).

    `target` is what most villages are asked for; what each is asked for stands in its task. `document_on` and
    `document_subject` are of the paper that `document` names. `version` counts the changes.
    """

    __tablename__ = "campaign"
    __table_args__ = (Index(None, "area_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    version: Mapped[int] = mapped_column(default=1)
    area_id: Mapped[UUID] = mapped_column(ForeignKey("area.id"))
    target: Mapped[int | None]
    document_on: Mapped[date | None]
    document_subject: Mapped[str | None]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None]
