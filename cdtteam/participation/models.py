"""Rows of summaries: derived, made again whenever a day in them changes."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from cdtteam.core.db import Base


class VillageSummary(Base):
    """What a village's visits of a range of days add up to.

    `services` is {code: [visits, people]}; `teams` is {team_id: [visits, [member_id, …]]}.
    """

    __tablename__ = "village_summary"

    from_on: Mapped[date] = mapped_column(primary_key=True)
    to_on: Mapped[date] = mapped_column(primary_key=True)
    village_id: Mapped[UUID] = mapped_column(primary_key=True)
    visits: Mapped[int]
    people: Mapped[int]
    households: Mapped[int]
    households_unnamed: Mapped[int]
    services: Mapped[dict[str, Any]]
    teams: Mapped[dict[str, Any]]
