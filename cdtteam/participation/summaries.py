"""Summaries of villages: made from their visits by one function, kept until a day in them changes."""

import secrets
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, and_, delete, exists, insert, or_, select
from sqlalchemy.orm import Session

from cdtteam.core.clock import day_start
from cdtteam.core.periods import Period
from cdtteam.households.models import Household
from cdtteam.participation.columns import hex_id, json_text, raw_instant, raw_instants
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


def in_period(period: Period) -> ColumnElement[bool]:
    """The condition that a visit counts in a period."""
    return and_(Visit.withdrawn_at.is_(None), Visit.occurred_at >= period.start, Visit.occurred_at < period.end)


def summarise(session: Session, village_ids: Iterable[UUID], period: Period) -> dict[str, Summary]:
    """The figures of each village, from its visits alone: the one place where visits are counted."""
    villages = list(village_ids)
    counts = {village_id.hex: _Count() for village_id in villages}
    starts = raw_instants(session, [day_start(on) for on in step_starts(period)])
    columns = (
        hex_id(Visit.village_id), hex_id(Visit.team_id), hex_id(Visit.household_id), hex_id(Household.merged_into_id),
        Visit.kind, Visit.participants, raw_instant(Visit.occurred_at),
        json_text(Visit.member_ids), json_text(Visit.services),
    )  # fmt: skip
    statement = select(*columns).outerjoin(Household, Household.id == Visit.household_id)
    statement = statement.where(Visit.village_id.in_(villages), in_period(period))
    for visit in session.execute(statement):
        counts[visit[0]].add(visit, starts)
    merged = {household for count in counts.values() for household in count.merged}
    finally_ = _finally(session, merged) if merged else {}
    return {village: count.summary(finally_) for village, count in counts.items()}


class _Count:
    """A village's visits while they are being counted; equal texts are counted together and read once."""

    def __init__(self) -> None:
        self.people = self.unnamed = 0
        self.households: set[str] = set()
        self.merged: set[str] = set()
        self.services: Counter[str] = Counter()
        self.teams: Counter[tuple[str, str]] = Counter()
        self.steps: Counter[int] = Counter()

    def add(self, visit: Sequence[Any], starts: list[Any]) -> None:
        """Counts one visit: the columns that `summarise` reads."""
        _, team, household, into, kind, people, at, members, services = visit
        self.people += people
        if household is not None:
            (self.merged if into else self.households).add(into or household)
        elif kind == "home":
            self.unnamed += 1
        self.services[services] += 1
        self.teams[team, members] += 1
        self.steps[bisect_right(starts, at) - 1] += 1

    def summary(self, finally_: dict[str, str]) -> Summary:
        """What was counted; `finally_` says into which households merged ones went."""
        households = self.households | {finally_.get(household, household) for household in self.merged}
        series = [self.steps[step] for step in range(max(self.steps, default=-1) + 1)]
        figures = (self.steps.total(), self.people, len(households), self.unnamed)
        return Summary(*figures, _sum_services(self.services), _sum_teams(self.teams), series)


def _sum_services(texts: Counter[str]) -> Services:
    sums: Services = {}
    for text, visits in texts.items():
        given = _services_given.decode(text)
        for service in given:
            sums.setdefault(service.code, [0, 0])[1] += visits * service.people
        for code in {service.code for service in given}:
            sums[code][0] += visits
    return sums


def _sum_teams(texts: Counter[tuple[str, str]]) -> Teams:
    visits: Counter[str] = Counter()
    members: dict[str, set[str]] = {}
    for (team, text), number in texts.items():
        visits[team] += number
        members.setdefault(team, set()).update(member.replace("-", "") for member in _ids.decode(text))
    return {team: (number, sorted(members[team])) for team, number in visits.items()}


def _finally(session: Session, merged: set[str]) -> dict[str, str]:
    """Where households that others were merged into are now, should they have been merged in turn."""
    into: dict[str, str] = {}
    asked: set[str] = set()
    while wanted := merged.union(into.values()) - asked:
        asked |= wanted
        again = (Household.id.in_([UUID(one) for one in wanted]), Household.merged_into_id.is_not(None))
        rows = session.execute(select(hex_id(Household.id), hex_id(Household.merged_into_id)).where(*again))
        into.update((before, after) for before, after in rows)
    return {household: _end(household, into) for household in merged}


def _end(household: str, into: dict[str, str]) -> str:
    passed = {household}
    while (following := into.get(household, household)) not in passed:
        passed.add(following)
        household = following
    return household


def read_stamps(session: Session, period: Period) -> dict[str, int]:
    """The stamp of each village's summary of a period: another one whenever it was made again."""
    table = VillageSummary
    columns = (hex_id(table.village_id), table.stamp)
    rows = session.execute(select(*columns).where(table.from_on == period.from_on, table.to_on == period.to_on))
    return {village: stamp for village, stamp in rows}  # noqa: C416 — rows are no pairs to the type checker


def read_outdated(session: Session, period: Period, kept: Iterable[str]) -> list[UUID]:
    """The villages whose summary of a period is missing among those `kept`, or no longer true."""
    stale = select(hex_id(StaleDay.village_id)).distinct().where(StaleDay.on.between(period.from_on, period.to_on))
    known = set(session.scalars(select(hex_id(VillageCounter.village_id)))) - {CATALOGUE.hex}
    outdated = known.difference(kept) | (set(session.scalars(stale)) & known)
    return [UUID(village) for village in sorted(outdated)]


def read_summaries(session: Session, period: Period, villages: set[str]) -> dict[str, Summary]:
    """The kept summaries of some villages."""
    table = VillageSummary
    columns = (hex_id(table.village_id), table.visits, table.people, table.households, table.households_unnamed,
               json_text(table.services), json_text(table.teams), json_text(table.series))  # fmt: skip
    statement = select(*columns).where(table.from_on == period.from_on, table.to_on == period.to_on)
    if len(villages) <= 300:  # more are cheaper to read with all others
        statement = statement.where(table.village_id.in_([UUID(village) for village in villages]))
    return {
        row[0]: Summary(*row[1:5], _services.decode(row[5]), _teams.decode(row[6]), _series.decode(row[7]))
        for row in session.execute(statement)
        if row[0] in villages
    }


def keep_range(session: Session, period: Period, now: datetime) -> None:
    """Puts a period on the list of those whose summaries are kept, and takes the oldest off when they are too many."""
    if session.get(SummaryRange, (period.from_on, period.to_on)) is None:
        session.add(SummaryRange(from_on=period.from_on, to_on=period.to_on, made_at=now))
        session.flush()
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
    figures = {name: getattr(summary, name) for name in summary.__struct_fields__}
    return {**figures, "stamp": secrets.randbits(62)}


def chunks(village_ids: list[UUID], size: int) -> Iterator[list[UUID]]:
    """Villages by the handful, so that nobody waits long for their locks."""
    return (village_ids[start : start + size] for start in range(0, len(village_ids), size))
