"""Summaries of villages: made from their visits by one function, kept until a day in them changes."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, String, and_, cast, delete, exists, func, insert, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from cdtteam.core.clock import day_start
from cdtteam.core.periods import Period
from cdtteam.households.models import Household
from cdtteam.participation.models import SummaryRange, VillageSummary
from cdtteam.participation.steps import step_starts
from cdtteam.replica.models import CATALOGUE, StaleDay, VillageCounter
from cdtteam.replica.work import Work
from cdtteam.visits.models import Visit

RANGES_KEPT = 60

Services = dict[str, list[int]]  # code -> visits, people
Teams = dict[str, tuple[int, list[str]]]  # team -> visits, members who took part


class Summary(msgspec.Struct, gc=False):
    """A village's figures of a range of days; all ids are 32 hexadecimal digits."""

    visits: int = 0
    people: int = 0
    households: int = 0
    households_unnamed: int = 0
    services: Services = {}
    teams: Teams = {}
    series: list[int] = []


class _Given(msgspec.Struct, gc=False):
    code: str
    people: int


_services_given = msgspec.json.Decoder(list[_Given])
_ids = msgspec.json.Decoder(list[str])
_services = msgspec.json.Decoder(Services)
_teams = msgspec.json.Decoder(Teams)
_series = msgspec.json.Decoder(list[int])


def hex_id(column: InstrumentedAttribute[UUID] | InstrumentedAttribute[UUID | None]) -> ColumnElement[str]:
    """An id as 32 hexadecimal digits on either database: thousands of UUID objects would cost more than the query."""
    return func.replace(cast(column, String), "-", "", type_=String)


def in_period(period: Period) -> ColumnElement[bool]:
    """The condition that a visit counts in a period."""
    return and_(Visit.withdrawn_at.is_(None), Visit.occurred_at >= period.start, Visit.occurred_at < period.end)


def summarise(session: Session, village_ids: Iterable[UUID], period: Period) -> dict[str, Summary]:
    """The figures of each village, from its visits alone: the one place where visits are counted."""
    villages = list(village_ids)
    counts = {village_id.hex: _Count() for village_id in villages}
    starts = [day_start(on) for on in step_starts(period)]
    columns = (
        hex_id(Visit.village_id), hex_id(Visit.team_id), hex_id(Visit.household_id), hex_id(Household.merged_into_id),
        Visit.kind, Visit.participants, Visit.occurred_at, cast(Visit.member_ids, String), cast(Visit.services, String),
    )  # fmt: skip
    statement = select(*columns).outerjoin(Household, Household.id == Visit.household_id)
    statement = statement.where(Visit.village_id.in_(villages), in_period(period))
    for village, *visit in session.execute(statement):
        counts[village].add(*visit, starts)
    merged = {household for count in counts.values() for household in count.merged}
    finally_ = _finally(session, merged) if merged else {}
    return {village: count.summary(len(starts), finally_) for village, count in counts.items()}


class _Count:
    """A village's visits while they are being counted."""

    def __init__(self) -> None:
        self.visits = self.people = self.unnamed = 0
        self.households: set[str] = set()
        self.merged: set[str] = set()
        self.services: Services = {}
        self.teams: dict[str, list[Any]] = {}
        self.series: dict[int, int] = {}

    def add(
        self, team: str, household: str | None, into: str | None, kind: str, people: int,
        at: datetime, members: str, services: str, starts: list[datetime],
    ) -> None:  # fmt: skip
        """Counts one visit."""
        self.visits += 1
        self.people += people
        if household is not None:
            (self.merged if into else self.households).add(into or household)
        elif kind == "home":
            self.unnamed += 1
        step = bisect_right(starts, at) - 1
        self.series[step] = self.series.get(step, 0) + 1
        self._add_services(services)
        entry = self.teams.setdefault(team, [0, set()])
        entry[0] += 1
        entry[1].add(members)

    def _add_services(self, text: str) -> None:
        given = _services_given.decode(text)
        for service in given:
            self.services.setdefault(service.code, [0, 0])[1] += service.people
        for code in {service.code for service in given} if len(given) > 1 else (given[0].code,) if given else ():
            self.services[code][0] += 1

    def summary(self, steps: int, finally_: dict[str, str]) -> Summary:
        """What was counted; `finally_` says into which households merged ones went."""
        households = self.households | {finally_.get(household, household) for household in self.merged}
        teams = {team: (visits, _members(texts)) for team, (visits, texts) in self.teams.items()}
        last = max(self.series, default=-1)
        series = [self.series.get(step, 0) for step in range(min(steps, last + 1))]
        return Summary(self.visits, self.people, len(households), self.unnamed, self.services, teams, series)


def _members(texts: set[str]) -> list[str]:
    return sorted({member.replace("-", "") for text in texts for member in _ids.decode(text)})


def _finally(session: Session, merged: set[str]) -> dict[str, str]:
    """Where households that others were merged into are now, should they have been merged in turn."""
    into: dict[str, str] = {}
    asked: set[str] = set()
    while wanted := merged.union(into.values()) - asked:
        asked |= wanted
        columns = (hex_id(Household.id), hex_id(Household.merged_into_id))
        rows = select(*columns).where(
            Household.id.in_([UUID(one) for one in wanted]), Household.merged_into_id.is_not(None)
        )
        into.update((before, after) for before, after in session.execute(rows))
    return {household: _end(household, into) for household in merged}


def _end(household: str, into: dict[str, str]) -> str:
    passed = {household}
    while (following := into.get(household, household)) not in passed:
        passed.add(following)
        household = following
    return household


def read_summaries(session: Session, period: Period) -> tuple[dict[str, Summary], list[UUID]]:
    """The summaries of a period by village, and the villages whose summary is missing or no longer true."""
    table = VillageSummary
    columns = (hex_id(table.village_id), table.visits, table.people, table.households, table.households_unnamed,
               cast(table.services, String), cast(table.teams, String), cast(table.series, String))  # fmt: skip
    rows = session.execute(select(*columns).where(table.from_on == period.from_on, table.to_on == period.to_on))
    found = {
        village: Summary(*figures, _services.decode(services), _teams.decode(teams), _series.decode(series))
        for village, *figures, services, teams, series in rows
    }
    stale = select(hex_id(StaleDay.village_id)).distinct().where(StaleDay.on.between(period.from_on, period.to_on))
    known = set(session.scalars(select(hex_id(VillageCounter.village_id)))) - {CATALOGUE.hex}
    outdated = (known - found.keys()) | (set(session.scalars(stale)) & known)
    return found, [UUID(village) for village in sorted(outdated)]


def keep_range(session: Session, period: Period, now: datetime) -> None:
    """Puts a period on the list of those whose summaries are kept, and takes the oldest off when they are too many."""
    key = {"from_on": period.from_on, "to_on": period.to_on}
    if session.get(SummaryRange, (period.from_on, period.to_on)) is None:
        session.execute(insert(SummaryRange).values(**key, made_at=now))
        newest = select(SummaryRange).order_by(SummaryRange.made_at.desc(), SummaryRange.from_on).offset(RANGES_KEPT)
        for old in session.scalars(newest):
            session.delete(old)


def renew_summaries(work: Work, village_ids: list[UUID], period: Period) -> None:
    """Drops what is no longer true of some villages and makes their summaries of a period, under their locks."""
    session = work.session
    work.lock(village_ids)
    connection = session.connection()
    connection.execute(delete(VillageSummary).where(VillageSummary.village_id.in_(village_ids), _is_untrue()))
    connection.execute(delete(StaleDay).where(StaleDay.village_id.in_(village_ids)))
    table = VillageSummary
    same = (table.from_on == period.from_on, table.to_on == period.to_on, table.village_id.in_(village_ids))
    there = set(session.scalars(select(table.village_id).where(*same)))
    missing = [village_id for village_id in village_ids if village_id not in there]
    rows = [
        {"from_on": period.from_on, "to_on": period.to_on, "village_id": UUID(village), **_columns(summary)}
        for village, summary in summarise(session, missing, period).items()
    ]
    if rows:
        connection.execute(insert(VillageSummary), rows)


def _is_untrue() -> ColumnElement[bool]:
    """The condition that a summary holds a day that changed, or belongs to a range that is no longer kept."""
    table = VillageSummary
    changed = exists().where(StaleDay.village_id == table.village_id, StaleDay.on.between(table.from_on, table.to_on))
    kept = exists().where(SummaryRange.from_on == table.from_on, SummaryRange.to_on == table.to_on)
    return or_(changed, ~kept)


def _columns(summary: Summary) -> dict[str, Any]:
    return {name: getattr(summary, name) for name in summary.__struct_fields__}


def chunks(village_ids: list[UUID], size: int) -> Iterator[list[UUID]]:
    """Villages by the handful, so that nobody waits long for their locks."""
    return (village_ids[start : start + size] for start in range(0, len(village_ids), size))
