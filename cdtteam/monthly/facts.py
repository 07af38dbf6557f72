"""The figures of a report, from participation's query alone; what nobody reported is None and never 0."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import force_locale
from msgspec import Struct
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor
from cdtteam.areas.ground import called, told_of
from cdtteam.areas.models import Level
from cdtteam.areas.queries import AreaOnMap
from cdtteam.core.clock import civil_date
from cdtteam.core.periods import Period, parse_period, parse_range
from cdtteam.core.problems import Problem
from cdtteam.core.text import natural_key
from cdtteam.participation.figures import Participation, Question, participation
from cdtteam.participation.standing import CAUSES
from cdtteam.participation.tally import Figures
from cdtteam.support.models import Service
from cdtteam.support.queries import services_in_order

Number = int | None  # None: nobody reported it

_PERIOD = re.compile(r"\d{4}(-\d{2}|-Q[1-4]|-H[12]|-9M|)", re.ASCII)


class Counts(Struct):
    """The figures of an area, as contracts.md has them; `has_movers` where members are counted in several teams."""

    in_force: int = 0
    active: int = 0
    reported_nothing: int = 0
    silent: int = 0
    members_in_force: int = 0
    members_active: int = 0
    visits: Number = None
    people: Number = None
    households: Number = None
    households_unnamed: Number = None
    has_movers: bool = False


class ServiceLine(Struct):
    """How often a service was given, in the period and from the year's beginning."""

    code: str
    name: str
    pillar: str
    national_item: str
    visits: Number
    people: Number
    visits_of_year: Number
    people_of_year: Number


class TeamLine(Struct):
    """A team and how it stood in the period."""

    name: str
    standing: str
    visits: int
    members_active: int
    members: int
    place: str = ""


class Row(Struct):
    """A village or commune of the area."""

    code: str
    name: str
    counts: Counts
    teams: list[TeamLine]


class Facts(Struct):
    """All that a report tells in figures."""

    area_code: str
    area_name: str
    level: Level
    period: str
    calendar: str
    from_on: date
    to_on: date
    map_on: date
    as_of: datetime
    year_from: date
    counts: Counts
    year: Counts
    services: list[ServiceLine]
    rows: list[Row]
    silent: list[TeamLine]


@dataclass(frozen=True, slots=True)
class Subject:
    """Of what a report is: an area by its code (None: the reader's own) on a map, and a period of a calendar."""

    area_code: str | None
    period: Period
    calendar: str
    report_day: int
    map_on: date

    @property
    def year(self) -> Period:
        """From the beginning of the period's year to its end."""
        whole = parse_period(self.period.name[:4], calendar=self.calendar, report_day=self.report_day)
        return parse_range(whole.from_on.isoformat(), self.period.to_on.isoformat())


def read_subject(area: str | None, period: str, calendar: str, report_day: int, now: datetime) -> Subject:
    """What a request names; Problem `invalid_field` for what is no month, quarter, half, nine months or year."""
    if not _PERIOD.fullmatch(period):
        raise Problem("invalid_field", field="period")
    parsed = parse_period(period, calendar=calendar, report_day=report_day)
    return Subject(area, parsed, calendar, report_day, civil_date(now))


def read_facts(actor: Actor, session: Session, subject: Subject, now: datetime) -> tuple[AreaOnMap, Facts]:
    """The area and its figures; Problem `not_found`, `out_of_scope`, or `invalid_field` for a district or village."""
    answer = _ask(actor, session, subject, subject.period, now)
    area = answer.area
    if area.level not in (Level.PROVINCE, Level.COMMUNE):
        raise Problem("invalid_field", field="area")
    of_year = _ask(actor, session, subject, subject.year, now)
    year = of_year.figures
    facts = Facts(
        area_code=area.code, area_name=area.name, level=area.level,
        period=subject.period.name, calendar=subject.calendar,
        from_on=subject.period.from_on, to_on=subject.period.to_on, map_on=subject.map_on, as_of=now,
        year_from=subject.year.from_on,
        counts=counts_of(answer.figures, answer.has_movers), year=counts_of(year, of_year.has_movers),
        services=_services(services_in_order(session), answer.figures, year),
        rows=_rows(answer), silent=_silent(answer),
    )  # fmt: skip
    return area, facts


def _ask(actor: Actor, session: Session, subject: Subject, period: Period, now: datetime) -> Participation:
    return participation(actor, session, Question(period, subject.map_on, "current", subject.area_code, None), now)


def counts_of(figures: Figures, has_movers: bool = False) -> Counts:
    """The figures of an area. Where there are no visits, 0 is said only if a team said so; else nobody reported."""
    is_reported = bool(figures.visits or figures.active or figures.reported_nothing)

    def told(number: int) -> Number:
        return number if is_reported else None

    return Counts(
        figures.in_force, figures.active, figures.reported_nothing, figures.silent,
        figures.members_in_force, figures.members_active,
        told(figures.visits), told(figures.people), told(figures.households), told(figures.households_unnamed),
        has_movers,
    )  # fmt: skip


def _services(services: Iterable[Service], figures: Figures, year: Figures) -> list[ServiceLine]:
    lines = []
    for service in services:
        if service.is_active or service.code in year.services or service.code in figures.services:
            named = (service.code, service.name_vi, service.pillar, service.national_item)
            lines.append(ServiceLine(*named, *_given(figures, service.code), *_given(year, service.code)))
    return lines


def _given(figures: Figures, code: str) -> tuple[Number, Number]:
    """Visits and people of a service; that it was nowhere given is known only when no team is silent."""
    if code in figures.services:
        visits, people = figures.services[code]
        return visits, people
    return (0, 0) if figures.in_force and not figures.silent else (None, None)


def _rows(answer: Participation) -> list[Row]:
    level = Level.COMMUNE if answer.area.level == Level.PROVINCE else Level.VILLAGE
    areas = sorted(answer.tally.areas.below(answer.area.id, level), key=lambda area: natural_key(area.name))
    return [
        Row(
            area.code,
            _called(area),
            counts_of(answer.tally.of(area)),
            _teams(answer, area) if level == Level.VILLAGE else [],
        )
        for area in areas
    ]


def _teams(answer: Participation, area: AreaOnMap) -> list[TeamLine]:
    lines = [
        TeamLine(_told(team.name, area), team.standing.value, team.visits, len(team.active_members), len(team.members))
        for team in answer.tally.teams_below(area)
    ]
    return sorted(lines, key=lambda line: natural_key(line.name))


def _silent(answer: Participation) -> list[TeamLine]:
    """The teams that neither recorded anything nor said that there was nothing, each with where it stands."""
    areas = answer.tally.areas
    villages = sorted(areas.below(answer.area.id, Level.VILLAGE), key=lambda area: natural_key(area.name))
    found = [
        TeamLine(team.name, team.standing, team.visits, team.members_active, team.members, _place(answer, village))
        for village in villages
        for team in _teams(answer, village)
        if team.standing in CAUSES
    ]
    return sorted(found, key=lambda team: team.place.partition(", ")[2])


def _called(village: AreaOnMap) -> str:
    """Reports are written in Vietnamese, whatever language their reader has chosen."""
    with force_locale("vi"):
        return called(village)


def _told(team: str, village: AreaOnMap) -> str:
    with force_locale("vi"):
        return told_of(team, village)


def _place(answer: Participation, village: AreaOnMap) -> str:
    """The village's name, and its commune's in a report of the province."""
    commune = answer.tally.areas.by_id.get(village.parent_id) if village.parent_id else None
    name = _called(village)
    return name if commune is None or commune.id == answer.area.id else f"{name}, {commune.name}"
