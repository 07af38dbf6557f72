"""Two periods beside each other on one map: what each figure was, what it is, and the difference in words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext

from cdtteam.core.periods import Period, parse_range, period_before, year_before
from cdtteam.core.problems import Problem
from cdtteam.core.text import natural_key
from cdtteam.participation import words
from cdtteam.participation.choices import Choice, Links
from cdtteam.participation.figures import Participation
from cdtteam.participation.rows import lines_of
from cdtteam.participation.tally import Figures

DEFAULT_FIGURE = "visits"
DEFAULT_SORT = "change"
Amount = float | None  # a number, or a share of 0 to 1; None where there is nothing to have a share of

_AMOUNTS: Mapping[str, Callable[[Figures], Amount]] = {
    "participation": lambda figures: figures.participation,
    "visits": lambda figures: figures.visits,
    "people": lambda figures: figures.people,
    "households": lambda figures: figures.households,
    "members": lambda figures: figures.members_active,
    "silent": lambda figures: figures.silent,
}


@dataclass(frozen=True, slots=True)
class Change:
    """A figure in both periods, as it is shown; `way` is more, less, same, or none where nothing can be compared."""

    now: str
    then: str
    way: str
    text: str


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A line of a comparison: an area with its address, or a figure without one."""

    name: str
    url: str
    change: Change


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that a page says of another period; `until` is the day up to which a period that is not over is counted."""

    period: Period
    period_name: str
    until: date | None
    totals: list[ChangeRow]
    figures: list[Choice]
    rows: list[ChangeRow]
    total: Change
    columns: list[tuple[str, str, str, str]]


def read_against(given: Mapping[str, str], period: Period, *, report_day: int) -> Period | None:
    """The period with which another is compared: `before`, `year`, or `YYYY-MM-DD..YYYY-MM-DD`; None for none."""
    name = given.get("against")
    if not name:
        return None
    calendar = given.get("calendar") or "civil"
    if name == "before":
        return period_before(period, calendar=calendar, report_day=report_day)
    if name == "year":
        return year_before(period, calendar=calendar, report_day=report_day)
    first, dots, last = name.partition("..")
    if not dots:
        raise Problem("invalid_field", field="against")
    return parse_range(first, last)


def compare(answer: Participation, other: Participation, links: Links, today: date, sort: str) -> Comparison:
    """The areas of an answer beside the same areas in another period."""
    figure = links.given.get("figure", "")
    figure = figure if figure in _AMOUNTS else DEFAULT_FIGURE
    is_report = links.given.get("calendar") == "report"
    return Comparison(
        period=other.period,
        period_name=words.period_name(other.period, is_report=is_report),
        until=today if answer.period.from_on <= today < answer.period.to_on else None,
        totals=_totals(answer.figures, other.figures),
        figures=[Choice(name, links.to(figure=key), key == figure) for key, name in _names().items()],
        rows=_rows(answer, other, links, figure, sort),
        total=_change(figure, answer.figures, other.figures),
        columns=_columns(links, sort),
    )


def _names() -> dict[str, str]:
    return {
        "participation": gettext("Teams active"),
        "visits": gettext("Support visits"),
        "people": gettext("People helped"),
        "households": gettext("Households supported"),
        "members": gettext("Members active"),
        "silent": gettext("Silent"),
    }


def _totals(now: Figures, then: Figures) -> list[ChangeRow]:
    return [ChangeRow(name, "", _change(figure, now, then)) for figure, name in _names().items()]


def _change(figure: str, now: Figures, then: Figures) -> Change:
    amounts = _AMOUNTS[figure](now), _AMOUNTS[figure](then)
    write: Callable[[Any], str] = words.percent if figure == "participation" else words.count
    way, text = words.difference(*amounts, is_share=figure == "participation")
    return Change(write(amounts[0]), write(amounts[1]), way, text)


def _rows(answer: Participation, other: Participation, links: Links, figure: str, sort: str) -> list[ChangeRow]:
    amount = _AMOUNTS[figure]
    areas = [
        (line, line.figures(answer.tally), line.figures(other.tally))
        for line in lines_of(links, answer)
        if all(area.id in other.tally.areas.by_id for area in line.areas)
    ]
    keys: dict[str, Callable[[Any], Any]] = {
        "name": lambda row: natural_key(row[0].name),
        "now": lambda row: amount(row[1]),
        "then": lambda row: amount(row[2]),
        "change": lambda row: _difference(amount(row[1]), amount(row[2])),
    }
    key = keys.get(sort.lstrip("-"), keys[DEFAULT_SORT])
    areas.sort(key=lambda row: natural_key(row[0].name))
    # What cannot be compared comes last either way.
    known = [row for row in areas if key(row) is not None]
    known.sort(key=key, reverse=sort.startswith("-"))
    ordered = known + [row for row in areas if key(row) is None]
    return [ChangeRow(line.name, line.url, _change(figure, now, then)) for line, now, then in ordered]


def _difference(now: Amount, then: Amount) -> Amount:
    return None if now is None or then is None else now - then


def _columns(links: Links, sort: str) -> list[tuple[str, str, str, str]]:
    """For each column its key, its name (of a period none), the address that sorts by it, and how it is sorted now."""
    names = {"name": gettext("Area"), "now": "", "then": "", "change": gettext("Difference")}
    sort = sort if sort.lstrip("-") in names else DEFAULT_SORT
    columns = []
    for key, name in names.items():
        state = {key: "ascending", f"-{key}": "descending"}.get(sort, "")
        first = f"-{key}" if key in ("now", "then") else key
        other = first.lstrip("-") if first.startswith("-") else f"-{key}"
        columns.append((key, name, links.to(sort=other if sort == first else first), state))
    return columns
