"""What the desk's pages show, made ready for the templates."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext

from cdtteam.areas.ground import called
from cdtteam.areas.models import Level
from cdtteam.areas.queries import AreaOnMap
from cdtteam.core.text import natural_key
from cdtteam.participation import words
from cdtteam.participation.choices import PARAMETERS, Choice, Links, calendar_choices, level_choices, period_choices
from cdtteam.participation.comparing import Comparison, compare
from cdtteam.participation.figures import Participation
from cdtteam.participation.maps import Gone, MapChoice
from cdtteam.participation.parts import Bar, Row
from cdtteam.participation.rows import lines_of
from cdtteam.participation.silent import SilentTeam, causes_of, silent_areas, silent_teams, silent_text
from cdtteam.participation.standing import TeamStanding
from cdtteam.participation.steps import Step, step_of, step_starts
from cdtteam.participation.tally import Figures
from cdtteam.support.models import Service

DEFAULT_SORT = "participation"


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


@dataclass(slots=True)
class Report:
    """A page; `entered_for` are the teams of a commune or village whose visits were all entered by the commune."""

    answer: Participation
    figures: Figures
    links: Links
    is_report: bool
    period_name: str
    periods: list[Choice]
    calendars: list[Choice]
    levels: list[Choice]
    crumbs: list[tuple[str, str]]
    own: list[Choice]
    rows: list[Row]
    columns: list[tuple[str, str, str, str]]
    causes: list[Bar]
    silent_areas: list[Row]
    silent_teams: list[SilentTeam]
    silent_text: str
    pillars: list[Pillar]
    series: Series
    comparison: Comparison | None = None
    maps: list[MapChoice] = field(default_factory=list)
    gone: Gone | None = None
    entered_for: list[TeamStanding] = field(default_factory=list)
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Setting:
    """What a page stands in: the day, the reader's own areas on its map, and the day on which months are cut."""

    today: date
    own_areas: list[AreaOnMap]
    report_day: int


def make_report(
    answer: Participation,
    other: Participation | None,
    services: list[Service],
    given: Mapping[str, str],
    setting: Setting,
) -> Report:
    """The page of an answer, beside that of the `other` period; `given` are the request's parameters."""
    links = Links(answer.area.code, {name: given[name] for name in PARAMETERS if given.get(name)})
    sort = given.get("sort") or DEFAULT_SORT
    is_report = given.get("calendar") == "report"
    is_small = answer.area.level in (Level.COMMUNE, Level.VILLAGE)
    today, report_day = setting.today, setting.report_day
    return Report(
        answer=answer,
        figures=answer.figures,
        links=links,
        is_report=is_report,
        period_name=words.period_name(answer.period, is_report=is_report),
        periods=period_choices(links, answer.period.name, today, report_day if is_report else 1),
        calendars=calendar_choices(links, is_report=is_report, report_day=report_day),
        levels=level_choices(links, answer),
        crumbs=_crumbs(links, answer, setting.own_areas),
        own=_own(links, answer, setting.own_areas),
        rows=_rows(links, answer, sort),
        columns=_columns(links, sort),
        causes=causes_of(answer.figures),
        silent_areas=[] if is_small else silent_areas(links, answer),
        silent_teams=silent_teams(links, answer) if is_small else [],
        silent_text=silent_text(links, answer, today, report_day) if answer.area.level == Level.COMMUNE else "",
        pillars=_pillars(answer.figures, services),
        series=_series(answer),
        comparison=compare(answer, other, links, today, sort) if other else None,
    )


def _crumbs(links: Links, answer: Participation, own_areas: list[AreaOnMap]) -> list[tuple[str, str]]:
    """The areas above, up to one of the reader's own."""
    above: list[tuple[str, str]] = []
    own = {area.id for area in own_areas}
    if answer.area.id not in own:
        for area in list(answer.tally.areas.above(answer.area.id))[1:]:
            above.append((called(area), links.to(area.code, by=None)))
            if area.id in own:
                break
    return above[::-1]


def _own(links: Links, answer: Participation, own_areas: list[AreaOnMap]) -> list[Choice]:
    """The reader's areas where their own was several on this map."""
    if len(own_areas) < 2:
        return []
    return [Choice(called(area), links.to(area.code, by=None), area.id == answer.area.id) for area in own_areas]


_KEYS: dict[str, Callable[[Row], Any]] = {
    "name": lambda row: natural_key(row.name),
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
    rows = [Row(line.id, line.name, line.url, line.figures(answer.tally)) for line in lines_of(links, answer)]
    key = _KEYS.get(sort.lstrip("-"), _KEYS[DEFAULT_SORT])
    # Areas without teams have no participation: they come last either way.
    rows.sort(key=lambda row: natural_key(row.name))
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
        "people": gettext("People helped"),
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
