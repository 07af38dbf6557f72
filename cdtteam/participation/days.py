"""A village's days: counted from their visits by one function, kept until a visit of the day changes."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from cdtteam.core.clock import day_after, day_start
from cdtteam.core.periods import Period
from cdtteam.participation.columns import (
    hex_id,
    json_text,
    plain_rows,
    raw_instant,
    raw_instants,
    streamed_rows,
)
from cdtteam.participation.models import VillageDay
from cdtteam.replica.models import StaleDay
from cdtteam.visits.models import Visit

AT_ONCE = 2000  # rows that are held while they stream
TEXTS = 2000  # texts of services and of members, which repeat, whose contents are held

Services = dict[str, list[int]]  # code -> visits, people
Teams = dict[str, tuple[int, list[str]]]  # team -> visits, members who took part
Dates = dict[str, set[date]]  # village -> civil days


class Day(msgspec.Struct, gc=False):
    """What the visits of a village on a civil day add up to; all ids are 32 hexadecimal digits.

    `households` are as the visits name them: those that were merged since are for whoever adds days up.
    """

    visits: int
    people: int
    households_unnamed: int
    households: list[str]
    services: Services
    teams: Teams


class _Given(msgspec.Struct, gc=False):
    code: str
    people: int


_services_given = msgspec.json.Decoder(list[_Given])
_ids = msgspec.json.Decoder(list[str])
_services = msgspec.json.Decoder(Services)
_teams = msgspec.json.Decoder(Teams)


def in_period(period: Period) -> ColumnElement[bool]:
    """The condition that a visit counts in a period."""
    return and_(Visit.withdrawn_at.is_(None), Visit.occurred_at >= period.start, Visit.occurred_at < period.end)


def stale_dates(session: Session, village_ids: Iterable[UUID], period: Period) -> Dates:
    """The days of a period in some villages that must be counted again."""
    here = (StaleDay.village_id.in_(list(village_ids)), StaleDay.on.between(period.from_on, period.to_on))
    found: Dates = {}
    for village, on in plain_rows(session, select(hex_id(StaleDay.village_id), StaleDay.on).where(*here)):
        found.setdefault(village, set()).add(on)
    return found


def kept_days(session: Session, village_ids: Iterable[UUID], period: Period) -> Iterator[tuple[str, date, Day]]:
    """The days of a period in some villages as they were counted, village by village; days without visits are absent.

    What is stale among them is no longer true.
    """
    table = VillageDay
    columns = (hex_id(table.village_id), table.on, table.visits, table.people, table.households_unnamed,
               json_text(table.households), json_text(table.services), json_text(table.teams))  # fmt: skip
    here = (table.village_id.in_(list(village_ids)), table.on.between(period.from_on, period.to_on))
    statement = select(*columns).where(*here).order_by(table.village_id)
    for row in streamed_rows(session, statement, AT_ONCE):
        households, services, teams = _ids.decode(row[5]), _services.decode(row[6]), _teams.decode(row[7])
        yield row[0], row[1], Day(row[2], row[3], row[4], households, services, teams)


def count_days(session: Session, dates: Dates) -> Iterator[tuple[str, date, Day]]:
    """Counts days of villages anew, village by village; those without visits are absent."""
    if not dates:
        return
    all_dates = sorted(set[date]().union(*dates.values()))
    span = Period("", all_dates[0], all_dates[-1])
    here = (Visit.village_id.in_([UUID(village) for village in dates]), in_period(span))
    statement = select(*counted_columns()).where(*here).order_by(Visit.village_id, Visit.occurred_at)
    rows = streamed_rows(session, statement, AT_ONCE)
    date_of = _dates_of_instants(session, all_dates)
    for (village, on), visits in groupby(rows, key=lambda row: (row[0], date_of(row[1]))):
        if on in dates[village]:
            yield village, on, count_visits(visits)


def counted_columns() -> tuple[Any, ...]:
    """What of a visit is counted, and where and when it was."""
    return (
        hex_id(Visit.village_id), raw_instant(Visit.occurred_at), hex_id(Visit.team_id), hex_id(Visit.household_id),
        Visit.kind, Visit.participants, json_text(Visit.member_ids), json_text(Visit.services),
    )  # fmt: skip


def _dates_of_instants(session: Session, dates: Sequence[date]) -> Callable[[Any], date]:
    """Tells the civil day of an instant in the database's form, or one that is not among `dates` (in order)."""
    ends = {day_after(on) for on in dates}.difference(dates)
    days = sorted(ends.union(dates))
    starts = raw_instants(session, [day_start(on) for on in days])
    return lambda at: days[bisect_right(starts, at) - 1]


def count_visits(rows: Iterable[Sequence[Any]]) -> Day:
    """The one place where visits are counted: rows of `counted_columns`, one at least."""
    _, _, teams, households, kinds, people, members, services = zip(*rows, strict=True)
    unnamed = sum(kind == "home" and household is None for kind, household in zip(kinds, households, strict=True))
    named = sorted({household for household in households if household is not None})
    given = _sum_services(Counter(services))
    return Day(len(kinds), sum(people), unnamed, named, given, _sum_teams(Counter(zip(teams, members, strict=True))))


def _sum_services(texts: Mapping[str, int]) -> Services:
    sums: Services = {}
    for text, visits in texts.items():
        for code, people in _people_of(text).items():
            of_code = sums.setdefault(code, [0, 0])
            of_code[0] += visits
            of_code[1] += visits * people
    return sums


@lru_cache(TEXTS)
def _people_of(services: str) -> Mapping[str, int]:
    """How many people each service of a visit helped."""
    people: dict[str, int] = {}
    for given in _services_given.decode(services):
        people[given.code] = people.get(given.code, 0) + given.people
    return people


def _sum_teams(texts: Mapping[tuple[str, str], int]) -> Teams:
    visits: Counter[str] = Counter()
    members: dict[str, set[str]] = {}
    for (team, text), number in texts.items():
        visits[team] += number
        members.setdefault(team, set()).update(members_of(text))
    return {team: (number, sorted(members[team])) for team, number in visits.items()}


@lru_cache(TEXTS)
def members_of(text: str) -> Sequence[str]:
    """Who was along on a visit, of its `member_ids` as text: ids of 32 hexadecimal digits."""
    return [member.replace("-", "") for member in _ids.decode(text)]


def row_of(village: str, on: date, day: Day) -> dict[str, Any]:
    """A day as it is kept."""
    return {"village_id": UUID(village), "on": on, **msgspec.structs.asdict(day)}
