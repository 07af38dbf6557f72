"""Rows of reports of nothing."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cdtteam.core.clock import civil_date
from cdtteam.core.db import Base
from cdtteam.core.ids import new_id
from cdtteam.core.periods import Period, parse_period
from cdtteam.core.problems import Problem


def period_to_report(text: str, now: datetime) -> Period:
    """The week or month that `text` names, which has begun at `now`; Problem `invalid_field` (period)."""
    days = parse_period(text)
    if days.from_on > civil_date(now):
        raise Problem("invalid_field", field="period")
    return days


class NothingReport(Base):
    """A team had nothing to report of a village in a week or month, both ends included."""

    __tablename__ = "nothing_report"
    __table_args__ = (UniqueConstraint("team_id", "village_id", "period"), Index(None, "from_on", "to_on"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    team_id: Mapped[UUID] = mapped_column(ForeignKey("team.id"))
    village_id: Mapped[UUID] = mapped_column(ForeignKey("area.id"))
    period: Mapped[str]
    from_on: Mapped[date]
    to_on: Mapped[date]
    author_id: Mapped[UUID]
    version: Mapped[int] = mapped_column(BigInteger, default=0)
    entered_by: Mapped[UUID | None]
    received_at: Mapped[datetime]
