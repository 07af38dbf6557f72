"""Rows of reorganisations that are being prepared."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from cdtteam.core.db import Base

KEPT = timedelta(days=30)  # how long what was put up waits


class Kind(StrEnum):
    """What a reorganisation changes."""

    COMMUNES = "communes"
    VILLAGES = "villages"


class MapDraft(Base):
    """A reorganisation while it is looked over: its file's rows, its day, what it rests on and what was chosen since.

    `rows` is [[line, [cell, …]], …], the header first. `choices` says by its code where each village of a commune that
    is split goes, {"2160101": "30001"}, or what becomes of the teams of each new village, {"3000101": "merge"}.
    `version` counts the changes, so that a form knows what it saw. `applied_as` is the reorganisation that it became.
    """

    __tablename__ = "map_draft"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    kind: Mapped[str]
    file_name: Mapped[str]
    rows: Mapped[list[Any]]
    choices: Mapped[dict[str, Any]]
    effective_on: Mapped[date]
    decision: Mapped[str | None]
    decided_on: Mapped[date | None]
    subject: Mapped[str | None]
    made_at: Mapped[datetime]
    made_by: Mapped[UUID]
    applied_as: Mapped[UUID | None] = mapped_column(ForeignKey("reorganisation.id"))
