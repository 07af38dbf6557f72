"""Rows of summaries: derived, made again whenever a day in them changes."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from cdtteam.core.db import Base


class VillageDay(Base):
    """What a village's visits of a civil day add up to; a day without visits has no row, one that is stale a false one.

    `households` are ids as the visits name them, `services` and `teams` as in a summary; all ids are 32 hexadecimal
    digits. Whoever writes visits marks their days as stale (`replica.work`), so that they are counted.
    """

    __tablename__ = "village_day"

    village_id: Mapped[UUID] = mapped_column(primary_key=True)
    on: Mapped[date] = mapped_column(primary_key=True)
    visits: Mapped[int]
    people: Mapped[int]
    households_unnamed: Mapped[int]
    households: Mapped[list[Any]]
    services: Mapped[dict[str, Any]]
    teams: Mapped[dict[str, Any]]


class VillageSummary(Base):
    """What a village's days of a range add up to.

    `services` is {code: [visits, people]}; `teams` is {team_id: [visits, [member_id, …]]} with ids as 32 hexadecimal
    digits; `series` is the visits of each step of the range (see `steps`), without zeros at the end. `stamp` is
    a number that no other summary has.
    """

    __tablename__ = "village_summary"
    __table_args__ = (Index(None, "village_id"),)

    from_on: Mapped[date] = mapped_column(primary_key=True)
    to_on: Mapped[date] = mapped_column(primary_key=True)
    village_id: Mapped[UUID] = mapped_column(primary_key=True)
    stamp: Mapped[int] = mapped_column(BigInteger)
    visits: Mapped[int]
    people: Mapped[int]
    households: Mapped[int]
    households_unnamed: Mapped[int]
    services: Mapped[dict[str, Any]]
    teams: Mapped[dict[str, Any]]
    series: Mapped[list[Any]]


class SummaryRange(Base):
    """A range of days whose summaries are kept; the one asked for first goes first when there are too many."""

    __tablename__ = "summary_range"

    from_on: Mapped[date] = mapped_column(primary_key=True)
    to_on: Mapped[date] = mapped_column(primary_key=True)
    made_at: Mapped[datetime]
