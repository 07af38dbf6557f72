"""Rows of visits and of their earlier texts."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from cdtteam.core.db import Base
from cdtteam.core.ids import new_id


class Visit(Base):
    """Support given in a village by a team, at home, at a public place, by phone or to a group.

    `services` is [{code, people, outcome}] and `member_ids` a list: read and written whole with the visit, never
    alone, so they are no tables. `*_raw_at` hold the device's own times where they were corrected.
    """

    __tablename__ = "visit"
    __table_args__ = (Index(None, "village_id", "occurred_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    village_id: Mapped[UUID] = mapped_column(ForeignKey("area.id"))
    version: Mapped[int] = mapped_column(BigInteger, default=0)
    team_id: Mapped[UUID] = mapped_column(ForeignKey("team.id"))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("member.id"))
    device_id: Mapped[UUID | None]
    household_id: Mapped[UUID | None] = mapped_column(ForeignKey("household.id"))
    task_id: Mapped[UUID | None]
    kind: Mapped[str]
    occurred_at: Mapped[datetime]
    occurred_raw_at: Mapped[datetime | None]
    entered_at: Mapped[datetime]
    entered_raw_at: Mapped[datetime | None]
    time_uncertain: Mapped[bool] = mapped_column(default=False)
    received_at: Mapped[datetime]
    participants: Mapped[int]
    member_ids: Mapped[list[Any]]
    services: Mapped[list[Any]]
    follow_up_on: Mapped[date | None]
    note: Mapped[str | None]
    photo_ids: Mapped[list[Any] | None]
    extra: Mapped[dict[str, Any] | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str | None]


class VisitChange(Base):
    """An amendment or withdrawal: its reason, and the fields as they were before."""

    __tablename__ = "visit_change"
    __table_args__ = (Index(None, "visit_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visit.id"))
    author_id: Mapped[UUID | None]
    reason: Mapped[str]
    at: Mapped[datetime]
    received_at: Mapped[datetime]
    before: Mapped[dict[str, Any]]
