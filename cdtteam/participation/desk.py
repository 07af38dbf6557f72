"""What the desk's pages show, made ready for the templates."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlencode

from flask_babel import gettext

from cdtteam.areas.models import Level
from cdtteam.areas.queries import AreaOnMap
from cdtteam.core.text import sort_key
from cdtteam.participation import words
from cdtteam.participation.figures import Participation
from cdtteam.participation.standing import CAUSES, Standing, TeamStanding
from cdtteam.participation.steps import Step, step_of, step_starts
from cdtteam.participation.tally import Figures
from cdtteam.support.models import Service

PARAMETERS = ("period", "from", "to", "map", "by", "calendar", "sort")
DEFAULT_SORT = "participation"
MOST_SILENT = 12  # areas or teams named before "all of them"


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses of pages that keep what was chosen on this one."""

    code: str
    given: Mapping[str, str]

    def to(self, code: str | None = None, **changes: str | None) -> str:
        """The page of an area (this one by default) with some parameters changed; None takes one away."""
        chosen = {name: changes.get(name, self.given.get(name)) for name in PARAMETERS}
        query = urlencode({name: value for name, value in chosen.items() if value})
        path = f"/desk/area/{quote(code or self.code, safe='')}"
        return f"{path}?{query}" if query else path

    def below(self) -> tuple[str, str]:
        """What stands before and after the code in the addresses of the areas of the table."""
        before, _, after = self.to("\n", by=None).partition(quote("\n"))
        return before, after


@dataclass(frozen=True, slots=True)
class Choice:
    """A link among others of which one is in force."""

    name: str
    url: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """A named length of 0 to 100, with what it stands for."""

    name: str
    number: int
    length: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table."""

    name: str
    url: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class Pillar:
    """Services of a pillar that were given, and the names of those that were not."""

    name: str
    visits: int
    services: list[tuple[Bar, int]]
    unused: list[str]


@dataclass(frozen=True, slots=True)
class Series:
    """A time series: for each step its name, its visits and the column's top and height of 100."""

    columns: list[tuple[str, int, float, float]]
    labels: list[str]
    best: tuple[str, int] | None


@dataclass(frozen=True, slots=True)
class SilentTeam:
    """A team to be asked about."""

    name: str
    village: str
    url: str
    standing: Standing


@dataclass(slots=True)
class Report:
    """A page."""

    answer: Participation
    figures: Figures
    links: Links
    is_report: bool
    period_name: str
    periods: list[Choice]
    calendars: list[Choice]
    levels: list[Choice]
    crumbs: list[tuple[str, str]]
    rows: list[Row]
    columns: list[tuple[str, str, str, str]]
    causes: list[Bar]
    silent_areas: list[Row]
    silent_teams: list[SilentTeam]
    pillars: list[Pillar]
    series: Series
    details: dict[str, Any] = field(default_factory=dict)


def make_report(
    answer: Participation,
    services: list[Service],
    given: Mapping[str, str],
    today: date,
    own_area: AreaOnMap,
    report_day: int,
) -> Report:
    """The page of an answer; `given` are the request's parameters, `own_area` is as high as the reader may go."""
    links = Links(answer.area.code, {name: given[name] for name in PARAMETERS if given.get(name)})
    sort = given.get("sort") or DEFAULT_SORT
    is_report = given.get("calendar") == "report"
    is_small = answer.area.level in (Level.COMMUNE, Level.VILLAGE)
    return Report(
        answer=answer,
        figures=answer.figures,
        links=links,
        is_report=is_report,
        period_name=words.period_name(answer.period, is_report=is_report),
        periods=_periods(links, answer.period.name, today, report_day if is_report else 1),
        calendars=_calendars(links, is_report=is_report, report_day=report_day),
        levels=_levels(links, answer),
        crumbs=_crumbs(links, answer, own_area),
        rows=_rows(links, answer, sort),
        columns=_columns(links, sort),
        causes=_causes(answer.figures),
        silent_areas=[] if is_small else _silent_areas(links, answer),
        silent_teams=_silent_teams(links, answer) if is_small else [],
        pillars=_pillars(answer.figures, services),
        series=_series(answer),
    )


def current_names(today: date, cut: int) -> dict[str, str]:
    """The names of the week, month, quarter and year of a day, and of the month before, months being cut on a day."""
    month = today if cut == 1 or today.day < cut else (today.replace(day=1) + timedelta(days=31))
    before = month.replace(day=1) - timedelta(days=1)
    week = today.isocalendar()
    return {
        "week": f"{week.year}-W{week.week:02d}",
        "month": f"{month:%Y-%m}",
        "month_before": f"{before:%Y-%m}",
        "quarter": f"{month.year}-Q{(month.month + 2) // 3}",
        "year": f"{month.year}",
    }


def _periods(links: Links, current: str, today: date, cut: int) -> list[Choice]:
    names = current_names(today, cut)
    offered = (
        (gettext("This week"), names["week"]),
        (gettext("This month"), names["month"]),
        (gettext("Last month"), names["month_before"]),
        (gettext("This quarter"), names["quarter"]),
        (gettext("This year"), names["year"]),
    )
    return [Choice(name, links.to(period=of, **{"from": None, "to": None}), of == current) for name, of in offered]


def _calendars(links: Links, *, is_report: bool, report_day: int) -> list[Choice]:
    # A month of the other calendar is another month: the choice starts again from the current one.
    fresh = {"period": None, "from": None, "to": None}
    report = gettext("Report months (day %(first)s to %(last)s)", first=report_day, last=report_day - 1)
    return [
        Choice(gettext("Calendar months"), links.to(calendar=None, **fresh), not is_report),
        Choice(report, links.to(calendar="report", **fresh), is_report),
    ]


def _levels(links: Links, answer: Participation) -> list[Choice]:
    names = {Level.DISTRICT: gettext("By district"), Level.COMMUNE: gettext("By commune")}
    if answer.area.level == Level.DISTRICT:
        names = {Level.COMMUNE: gettext("By commune"), Level.VILLAGE: gettext("By village")}
    if answer.area.level in (Level.COMMUNE, Level.VILLAGE) or answer.by is None:
        return []
    there = {level: name for level, name in names.items() if answer.tally.areas.of_level(level)}
    if len(there) < 2:
        return []
    return [Choice(name, links.to(by=level.value), level == answer.by) for level, name in there.items()]


def _crumbs(links: Links, answer: Participation, own_area: AreaOnMap) -> list[tuple[str, str]]:
    above: list[tuple[str, str]] = []
    if answer.area.id != own_area.id:
        for area in list(answer.tally.areas.above(answer.area.id))[1:]:
            above.append((area.name, links.to(area.code, by=None)))
            if area.id == own_area.id:
                break
    return above[::-1]


@lru_cache(maxsize=4096)
def _natural(name: str) -> tuple[Any, ...]:
    """Key by which Thôn 2 stands before Thôn 10."""
    return tuple(
        (int(part), ("", "")) if part.isdecimal() else (-1, sort_key(part)) for part in re.split(r"(\d+)", name)
    )


_KEYS: dict[str, Callable[[Row], Any]] = {
    "name": lambda row: _natural(row.name),
    "participation": lambda row: (row.figures.participation is None, row.figures.participation),
    "nothing": lambda row: row.figures.reported_nothing,
    "silent": lambda row: row.figures.silent,
    "members": lambda row: row.figures.members_active,
    "visits": lambda row: row.figures.visits,
    "people": lambda row: row.figures.people,
    "households": lambda row: row.figures.households,
    "unnamed": lambda row: row.figures.households_unnamed,
}


def _rows(links: Links, answer: Participation, sort: str) -> list[Row]:
    before, after = links.below()
    rows = [Row(area.name, f"{before}{quote(area.code, safe='')}{after}", figures) for area, figures in answer.rows]
    key = _KEYS.get(sort.lstrip("-"), _KEYS[DEFAULT_SORT])
    # Areas without teams have no participation: they come last either way.
    rows.sort(key=lambda row: _natural(row.name))
    rows.sort(key=key, reverse=sort.startswith("-"))
    if sort.lstrip("-") == "participation":
        rows.sort(key=lambda row: row.figures.participation is None)
    return rows


def _columns(links: Links, sort: str) -> list[tuple[str, str, str, str]]:
    """For each column its key, its name, the address that sorts by it, and how it is sorted now."""
    names = {
        "name": gettext("Area"),
        "participation": gettext("Teams active"),
        "nothing": gettext("Nothing to report"),
        "silent": gettext("Silent"),
        "members": gettext("Members active"),
        "visits": gettext("Support visits"),
        "people": gettext("People"),
        "households": gettext("Households supported"),
        "unnamed": gettext("Not named"),
    }
    columns = []
    for key, name in names.items():
        state = {key: "ascending", f"-{key}": "descending"}.get(sort, "")
        first = key if key in ("name", "participation") else f"-{key}"
        other = f"-{key}" if first == key else key
        columns.append((key, name, links.to(sort=other if sort == first else first), state))
    return columns


def _causes(figures: Figures) -> list[Bar]:
    silent = figures.silent or 1
    bars = ((cause, figures.causes.get(cause, 0)) for cause in CAUSES)
    return [
        Bar(words.standing_words(cause), teams, 100 * teams / silent, words.standing_hint(cause))
        for cause, teams in bars
    ]


def _silent_areas(links: Links, answer: Participation) -> list[Row]:
    communes = answer.tally.areas.below(answer.area.id, Level.COMMUNE)
    rows = [Row(area.name, links.to(area.code, by=None), answer.tally.of(area)) for area in communes]
    rows.sort(key=lambda row: (-row.figures.silent, _natural(row.name)))
    return [row for row in rows[:MOST_SILENT] if row.figures.silent]


def _silent_teams(links: Links, answer: Participation) -> list[SilentTeam]:
    found = [
        _silent_team(team, village, links)
        for village in answer.tally.areas.below(answer.area.id, Level.VILLAGE)
        for team in answer.tally.teams.get(village.id.hex, ())
        if team.standing in CAUSES
    ]
    return sorted(found, key=lambda team: (CAUSES.index(team.standing), _natural(team.village)))


def _silent_team(team: TeamStanding, village: AreaOnMap, links: Links) -> SilentTeam:
    return SilentTeam(team.name, village.name, links.to(village.code, by=None), team.standing)


def _pillars(figures: Figures, services: list[Service]) -> list[Pillar]:
    most = max((visits for visits, _ in figures.services.values()), default=0) or 1
    pillars = []
    for pillar in dict.fromkeys(service.pillar for service in services):
        own = [service for service in services if service.pillar == pillar]
        given = [(service, figures.services[service.code]) for service in own if service.code in figures.services]
        given.sort(key=lambda pair: -pair[1][0])
        bars = [(Bar(_service_name(service), n, 100 * n / most), people) for service, (n, people) in given]
        unused = [_service_name(one) for one in own if one.code not in figures.services and one.is_active]
        pillars.append(Pillar(words.pillar_name(pillar), sum(bar.number for bar, _ in bars), bars, unused))
    return pillars


def _service_name(service: Service) -> str:
    return service.name_en if words.is_english() else service.short_vi


def _series(answer: Participation) -> Series:
    step = step_of(answer.period)
    if step is Step.WHOLE:
        return Series([], [], None)
    starts = step_starts(answer.period)
    visits = answer.figures.series + [0] * (len(starts) - len(answer.figures.series))
    most = max(visits, default=0) or 1
    columns = [
        (words.step_name(on, step), number, round(100 - 100 * number / most, 2), round(100 * number / most, 2))
        for on, number in zip(starts, visits, strict=True)
    ]
    best = max(columns, key=lambda column: column[1], default=None)
    shown = dict.fromkeys((0, len(starts) // 2, len(starts) - 1))
    short = [f"{starts[at]:%m/%Y}" if step is Step.MONTH else f"{starts[at]:%d/%m}" for at in shown]
    return Series(columns, short, (best[0], best[1]) if best and best[1] else None)
