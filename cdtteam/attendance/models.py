"""Rows of attendance, and the days that it may be about."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from cdtteam.core.clock import civil_date
from cdtteam.core.db import Base
from cdtteam.core.problems import Problem

OLDEST = timedelta(days=400)


class Activity(StrEnum):
    """What a team did on a day."""

    VISITS = "visits"
    MEETING = "meeting"
    TRAINING = "training"
    CAMPAIGN = "campaign"
    OTHER = "other"


class Attendance(Base):
    """A day's work of some of a team's members in a village; a day may have several, one for each activity.

    `member_ids` is a list: read and written whole, as a visit's. `on_raw` is the day by a device's clock that was
    wrong; `entered_by` is the account of the officer who entered it for the team.
    """

    __tablename__ = "attendance"
    __table_args__ = (Index(None, "team_id", "on"), Index(None, "village_id", "on"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    village_id: Mapped[UUID] = mapped_column(ForeignKey("area.id"))
    version: Mapped[int] = mapped_column(BigInteger, default=0)
    team_id: Mapped[UUID] = mapped_column(ForeignKey("team.id"))
    on: Mapped[date]
    on_raw: Mapped[date | None]
    member_ids: Mapped[list[Any]]
    activity: Mapped[str]
    note: Mapped[str | None]
    author_id: Mapped[UUID] = mapped_column(ForeignKey("member.id"))
    device_id: Mapped[UUID | None]
    entered_by: Mapped[UUID | None]
    entered_at: Mapped[datetime]
    received_at: Mapped[datetime]
    extra: Mapped[dict[str, Any] | None]


def check_day(on: date, now: datetime) -> None:
    """Problem `implausible_time` for a day that has not begun, or is over 400 days past."""
    today = civil_date(now)
    if not today - OLDEST <= on <= today:
        raise Problem("implausible_time")


def moved_day(on: date, shift: timedelta, latest: date) -> date:
    """A day by a device's clock, moved by the whole days by which that clock was wrong, and not past `latest`.

    A clock that is wrong by hours moves nothing: the day was chosen, and most of it was right.
    """
    days = round(shift / timedelta(days=1))
    try:
        return min(on + timedelta(days=days), latest) if days else on
    except OverflowError as error:
        raise Problem("implausible_time") from error
