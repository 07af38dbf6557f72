"""Periods of reports: days, ISO weeks, months, quarters, halves, nine months and years in Vietnam."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cdtteam.core.clock import day_after, day_start
from cdtteam.core.problems import Problem

FIRST, LAST = date(1900, 1, 1), date(9999, 1, 1)  # no period reaches either: their edges are instants everywhere
REPORT_DAY = 15  # a report month runs from the 15th of the month before to the 14th


@dataclass(frozen=True)
class Period:
    """A named range of civil days, both ends included."""

    name: str
    from_on: date
    to_on: date

    @property
    def start(self) -> datetime:
        """The first instant of the period, in UTC."""
        return day_start(self.from_on)

    @property
    def end(self) -> datetime:
        """The first instant after the period, in UTC."""
        return day_start(day_after(self.to_on))


_MONTHS = {  # suffix of a year -> (first month, last month)
    **{f"-{month:02d}": (month, month) for month in range(1, 13)},
    **{f"-Q{quarter}": (3 * quarter - 2, 3 * quarter) for quarter in range(1, 5)},
    "-H1": (1, 6),
    "-H2": (7, 12),
    "-9M": (1, 9),
    "": (1, 12),
}
_PERIOD = re.compile(r"(\d{4})(-W(\d{2})|-\d{2}-\d{2}|-\d{2}|-Q[1-4]|-H[12]|-9M|)", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def parse_period(text: str, *, calendar: str = "civil", report_day: int = REPORT_DAY) -> Period:
    """The period that `text` names: `2026-11-24`, `2026-W48`, `2026-11`, `2026-Q4`, `2026-H1`, `2026-9M`, `2026`.

    With `calendar="report"` months are cut on `report_day`. Raises Problem `invalid_field` (period).
    """
    match = _PERIOD.fullmatch(text)
    try:
        if not match or calendar not in ("civil", "report"):
            raise ValueError(text)
        from_on, to_on = _days(match, report_day if calendar == "report" else 1)
        if not FIRST < from_on <= to_on < LAST:
            raise ValueError(text)
    except (ValueError, KeyError, OverflowError) as error:
        raise Problem("invalid_field", field="period") from error
    return Period(text, from_on, to_on)


def parse_day(text: str) -> date:
    """The day that `text` names as YYYY-MM-DD, and in no other of ISO 8601's ways; ValueError."""
    if not _DAY.fullmatch(text):
        raise ValueError(text)
    return date.fromisoformat(text)


def parse_range(from_text: str, to_text: str) -> Period:
    """The period from one ISO date to another, both included; Problem `invalid_field` (from, to)."""
    bounds = []
    for field, text in (("from", from_text), ("to", to_text)):
        try:
            bounds.append(parse_day(text))
        except ValueError as error:
            raise Problem("invalid_field", field=field) from error
    if not FIRST < bounds[0] <= bounds[1] < LAST:
        raise Problem("invalid_field", field="to")
    return Period(f"{bounds[0]}..{bounds[1]}", bounds[0], bounds[1])


def period_before(period: Period, *, calendar: str = "civil", report_day: int = REPORT_DAY) -> Period:
    """The period of the same kind that ends where this one begins; Problem `invalid_field` where there is none.

    Before days of one's own lie as many days, or as many months where they are whole months.
    """
    match = _PERIOD.fullmatch(period.name)
    if match is None:
        try:
            return _days_before(period)
        except (ValueError, OverflowError) as error:
            raise Problem("invalid_field", field="period") from error
    return parse_period(_name_before(match, period.from_on), calendar=calendar, report_day=report_day)


def year_before(period: Period, *, calendar: str = "civil", report_day: int = REPORT_DAY) -> Period:
    """The same period of the year before: week 53 has week 52 there, 29 February has the 28th."""
    match = _PERIOD.fullmatch(period.name)
    if match is None:
        return _range(_in_year_before(period.from_on), _in_year_before(period.to_on))
    year, suffix = f"{int(match[1]) - 1:04d}", match[2]
    name = f"{_in_year_before(period.from_on)}" if _is_day(match) else f"{year}{suffix}"
    if suffix == "-W53" and date(int(year), 12, 28).isocalendar().week < 53:
        name = f"{year}-W52"
    return parse_period(name, calendar=calendar, report_day=report_day)


def month_of(on: date) -> Period:
    """The civil month in which the day `on` lies."""
    return parse_period(f"{on:%Y-%m}")


_KINDS = (
    tuple(suffix for suffix in _MONTHS if suffix[1:].isdecimal()), ("-Q1", "-Q2", "-Q3", "-Q4"), ("-H1", "-H2"),
    ("-9M",), ("",),
)  # fmt: skip


def _name_before(match: re.Match[str], from_on: date) -> str:
    if _is_day(match):
        return f"{from_on - timedelta(days=1)}"
    if match[3]:
        week = (from_on - timedelta(days=7)).isocalendar()
        return f"{week.year:04d}-W{week.week:02d}"
    kind = next(kind for kind in _KINDS if match[2] in kind)
    place = kind.index(match[2])
    return f"{int(match[1]) - (place == 0):04d}{kind[place - 1]}"


def _is_day(match: re.Match[str]) -> bool:
    return len(match[2]) == len("-12-31")


def _days_before(period: Period) -> Period:
    last, first = period.from_on - timedelta(days=1), period.from_on
    if first.day == 1 and day_after(period.to_on).day == 1:
        months = 12 * (period.to_on.year - first.year) + period.to_on.month - first.month + 1
        year, month = divmod(12 * first.year + first.month - 1 - months, 12)
        return _range(date(year, month + 1, 1), last)
    return _range(first - (period.to_on - first) - timedelta(days=1), last)


def _in_year_before(on: date) -> date:
    return on.replace(year=on.year - 1, day=28 if (on.month, on.day) == (2, 29) else on.day)


def _range(first: date, last: date) -> Period:
    return parse_range(first.isoformat(), last.isoformat())


def _days(match: re.Match[str], cut: int) -> tuple[date, date]:
    year, suffix, week = int(match[1]), match[2], match[3]
    if week:
        monday = date.fromisocalendar(year, int(week), 1)
        return monday, monday + timedelta(days=6)
    if len(suffix) == 6:
        on = date.fromisoformat(match[0])
        return on, on
    return _months(year, *_MONTHS[suffix], cut)


def _months(year: int, first: int, last: int, cut: int) -> tuple[date, date]:
    if cut == 1:
        return date(year, first, 1), date(year, last, monthrange(year, last)[1])
    start = date(year, first - 1, cut) if first > 1 else date(year - 1, 12, cut)
    return start, date(year, last, cut - 1)
