"""Rows of what a commune pays for a day's work."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from cdtteam.core.db import Base


class AttendanceRates(Base):
    """A commune's rate for a day in a month, in đồng, and those of teams that have their own, by team id."""

    __tablename__ = "attendance_rates"

    area_id: Mapped[UUID] = mapped_column(ForeignKey("area.id"), primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    calendar: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=0)
    rate: Mapped[int | None]
    team_rates: Mapped[dict[str, Any]]
    changed_at: Mapped[datetime]
    changed_by: Mapped[UUID | None]
