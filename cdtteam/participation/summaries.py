"""Summaries of villages for a range of days: added up from their days, kept until one of these changes."""

import secrets
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Executable, delete, exists, func, insert, or_, select
from sqlalchemy.orm import Session

from cdtteam.areas.models import Area, Level
from cdtteam.core.periods import Period
from cdtteam.households.models import Household
from cdtteam.participation.columns import PERIODS, hex_id, json_text, pairs, plain_rows
from cdtteam.participation.days import Dates, Day, Services, Teams, count_days, kept_days, row_of, stale_dates
from cdtteam.participation.models import SummaryRange, VillageDay, VillageSummary
from cdtteam.participation.steps import step_starts
from cdtteam.replica.models import StaleDay, VillageCounter
from cdtteam.replica.work import Work

RANGES_KEPT = 60
VILLAGES, DAYS = 60, 1500  # villages, and days of them to be counted, that are worked on and kept together


class Summary(msgspec.Struct, gc=False):
    """A village's figures of a range of days; all ids are 32 hexadecimal digits."""

    visits: int = 0
    people: int = 0
    households: int = 0
    households_unnamed: int = 0
    services: Services = {}
    teams: Teams = {}
    series: list[int] = []


_services = msgspec.json.Decoder(Services)
_teams = msgspec.json.Decoder(Teams)
_series = msgspec.json.Decoder(list[int])


@dataclass(slots=True)
class Made:
    """Summaries of some villages, with the days that were counted for them because their `dates` were stale."""

    summaries: dict[str, Summary] = field(default_factory=dict)
    days: list[tuple[str, date, Day]] = field(default_factory=list)
    dates: Dates = field(default_factory=dict)
    counters: dict[str, int] = field(default_factory=dict)


def make_summaries(session: Session, village_ids: list[UUID], period: Period) -> Made:
    """Adds up the days of a period in some villages, stale ones counted anew, from one state of the database."""
    dates = stale_dates(session, village_ids, period)
    starts = step_starts(period)
    sums = {village_id.hex: Sum(starts) for village_id in village_ids}
    anew = list(count_days(session, dates))
    for village, on, day in anew:
        sums[village].add(on, day)
    for village, on, day in kept_days(session, village_ids, period):
        if on not in dates.get(village, ()):
            sums[village].add(on, day)
    merged = merged_households(session)
    summaries = {village: each.summary(merged) for village, each in sums.items()}
    return Made(summaries, anew, dates, _counters(session, village_ids))


class Sum:
    """Days of a village, or of a member, while they are being added up; `starts` are the steps of a series."""

    def __init__(self, starts: list[date]) -> None:
        self._starts = starts
        self._people = self._unnamed = 0
        self._households: set[str] = set()
        self._services: Services = {}
        self._visits_of: Counter[str] = Counter()
        self._members_of: dict[str, set[str]] = {}
        self._steps: Counter[int] = Counter()

    def add(self, on: date, day: Day) -> None:
        """Adds a day."""
        self._people += day.people
        self._unnamed += day.households_unnamed
        self._households.update(day.households)
        self._steps[bisect_right(self._starts, on) - 1] += day.visits
        for code, (visits, people) in day.services.items():
            sums = self._services.get(code)
            if sums is None:
                self._services[code] = [visits, people]
            else:
                sums[0] += visits
                sums[1] += people
        for team, (visits, members) in day.teams.items():
            self._visits_of[team] += visits
            self._members_of.setdefault(team, set()).update(members)

    def summary(self, merged: Mapping[str, str]) -> Summary:
        """What was added; `merged` says for households that were merged into which."""
        households = {_end(one, merged) for one in self._households} if merged else self._households
        series = [self._steps[step] for step in range(max(self._steps, default=-1) + 1)]
        teams = {team: (visits, sorted(self._members_of[team])) for team, visits in self._visits_of.items()}
        figures = (self._steps.total(), self._people, len(households), self._unnamed)
        return Summary(*figures, self._services, teams, series)


def merged_households(session: Session) -> dict[str, str]:
    """Of each household that was merged which it is now, or was until that was merged in turn."""
    columns = (hex_id(Household.id), hex_id(Household.merged_into_id))
    return pairs(session, select(*columns).where(Household.merged_into_id.is_not(None)))


def _end(household: str, merged: Mapping[str, str]) -> str:
    """Where a household is now, should the one that it was merged into have been merged in turn."""
    passed = {household}
    while (following := merged.get(household, household)) not in passed:
        passed.add(following)
        household = following
    return household


def _counters(session: Session, village_ids: list[UUID]) -> dict[str, int]:
    columns = (hex_id(VillageCounter.village_id), VillageCounter.version)
    return pairs(session, select(*columns).where(VillageCounter.village_id.in_(village_ids)))


def read_stamps(session: Session, period: Period) -> dict[str, int]:
    """The stamp of each village's summary of a period: another one whenever it was made again."""
    return pairs(session, _stamps(period))


@lru_cache(PERIODS)
def _stamps(period: Period) -> Executable:
    table = VillageSummary
    here = (table.from_on == period.from_on, table.to_on == period.to_on)
    return select(hex_id(table.village_id), table.stamp).where(*here)


def read_outdated(session: Session, period: Period, kept: Iterable[str]) -> dict[UUID, int]:
    """How many days are stale in each village whose summary of a period is missing among those `kept`, or untrue."""
    days = pairs(session, _stale(period))
    known = {village for (village,) in plain_rows(session, _VILLAGES)}
    outdated = known.difference(kept) | (known & days.keys())
    return {UUID(village): days.get(village, 0) for village in sorted(outdated)}


_VILLAGES = select(hex_id(Area.id)).where(Area.level == Level.VILLAGE)


@lru_cache(PERIODS)
def _stale(period: Period) -> Executable:
    stale = select(hex_id(StaleDay.village_id), func.count()).where(StaleDay.on.between(period.from_on, period.to_on))
    return stale.group_by(StaleDay.village_id)


def chunks(outdated: Mapping[UUID, int]) -> Iterator[list[UUID]]:
    """Villages by the handful: nobody waits long for their locks, and what is held of them stays small."""
    chunk: list[UUID] = []
    days = 0
    for village_id, stale in outdated.items():
        if chunk and (len(chunk) == VILLAGES or days + stale > DAYS):
            yield chunk
            chunk, days = [], 0
        chunk.append(village_id)
        days += stale
    if chunk:
        yield chunk


def read_summaries(session: Session, period: Period, villages: set[str]) -> dict[str, Summary]:
    """The kept summaries of some villages."""
    table = VillageSummary
    columns = (hex_id(table.village_id), table.visits, table.people, table.households, table.households_unnamed,
               json_text(table.services), json_text(table.teams), json_text(table.series))  # fmt: skip
    statement = select(*columns).where(table.from_on == period.from_on, table.to_on == period.to_on)
    if len(villages) <= 300:  # more are cheaper to read with all others
        statement = statement.where(table.village_id.in_([UUID(village) for village in villages]))
    found = {}
    for row in plain_rows(session, statement):
        if row[0] in villages:
            decoded = _services.decode(row[5]), _teams.decode(row[6]), _series.decode(row[7])
            found[row[0]] = Summary(row[1], row[2], row[3], row[4], *decoded)
    return found


def keep_range(session: Session, period: Period, now: datetime) -> None:
    """Puts a period on the list of those whose summaries are kept, and takes the oldest off when they are too many."""
    if session.get(SummaryRange, (period.from_on, period.to_on)) is None:
        session.add(SummaryRange(from_on=period.from_on, to_on=period.to_on, made_at=now))
        session.flush()
        newest = select(SummaryRange).order_by(SummaryRange.made_at.desc(), SummaryRange.from_on).offset(RANGES_KEPT)
        for old in session.scalars(newest):
            session.delete(old)


def keep_summaries(work: Work, made: Made, village_ids: list[UUID], period: Period) -> None:
    """Keeps what was made of some villages; what changed meanwhile is made again, under the villages' locks."""
    session = work.session
    work.lock(village_ids)
    dates = stale_dates(session, village_ids, period)
    _make_again(session, made, dates, period)
    connection = session.connection()
    here, stale = VillageSummary.village_id.in_(village_ids), StaleDay.village_id.in_(village_ids)
    connection.execute(delete(VillageSummary).where(here, _is_untrue()))
    connection.execute(delete(VillageDay).where(VillageDay.village_id.in_(village_ids), _is_stale(period)))
    connection.execute(delete(StaleDay).where(stale, StaleDay.on.between(period.from_on, period.to_on)))
    # A day that is no longer stale was counted and kept by somebody else.
    days = [row_of(village, on, day) for village, on, day in made.days if on in dates.get(village, ())]
    if days:
        connection.execute(insert(VillageDay), days)
    same = (VillageSummary.from_on == period.from_on, VillageSummary.to_on == period.to_on)
    there = set(session.scalars(select(hex_id(VillageSummary.village_id)).where(here, *same)))
    rows = [
        {"from_on": period.from_on, "to_on": period.to_on, "village_id": UUID(village), **_columns(summary)}
        for village, summary in made.summaries.items()
        if village not in there
    ]
    if rows:
        connection.execute(insert(VillageSummary), rows)


def _make_again(session: Session, made: Made, dates: Dates, period: Period) -> None:
    """Makes again what changed since: every change moves its village's counter, and most make a day stale."""
    counters = _counters(session, [UUID(village) for village in made.summaries])
    moved = {
        village
        for village in made.summaries
        if counters.get(village) != made.counters.get(village)
        or dates.get(village, set()) - made.dates.get(village, set())
    }
    if moved:
        again = make_summaries(session, [UUID(village) for village in sorted(moved)], period)
        made.days = [day for day in made.days if day[0] not in moved] + again.days
        made.summaries |= again.summaries


def _is_stale(period: Period) -> ColumnElement[bool]:
    """The condition that a kept day of a period is to be counted again."""
    table = VillageDay
    mark = exists().where(StaleDay.village_id == table.village_id, StaleDay.on == table.on)
    return table.on.between(period.from_on, period.to_on) & mark


def _is_untrue() -> ColumnElement[bool]:
    """The condition that a summary holds a day that changed, or belongs to a range that is no longer kept."""
    table = VillageSummary
    changed = exists().where(StaleDay.village_id == table.village_id, StaleDay.on.between(table.from_on, table.to_on))
    kept = exists().where(SummaryRange.from_on == table.from_on, SummaryRange.to_on == table.to_on)
    return or_(changed, ~kept)


def _columns(summary: Summary) -> dict[str, Any]:
    figures = {name: getattr(summary, name) for name in summary.__struct_fields__}
    return {**figures, "stamp": secrets.randbits(62)}
