"""From a request's parameters to a question about figures."""

from collections.abc import Mapping
from datetime import date, datetime

from cdtteam.areas.models import Level
from cdtteam.core.clock import civil_date
from cdtteam.core.periods import Period, parse_day, parse_period, parse_range
from cdtteam.core.problems import Problem
from cdtteam.core.text import clean_text
from cdtteam.participation.figures import Question

CALENDARS = ("civil", "report")
ROWS_BY = (Level.DISTRICT, Level.COMMUNE, Level.VILLAGE)


def read_question(args: Mapping[str, str], now: datetime, *, report_day: int, area: str | None = None) -> Question:
    """The question in `args` (contracts, "JSON"); Problem `invalid_field` names the parameter at fault."""
    map_name = args.get("map") or "current"
    code = area if area is not None else args.get("area") or None
    return Question(
        read_period(args, report_day=report_day),
        _map_date(map_name, now),
        map_name,
        None if code is None else clean_text(code, "area"),
        _level(args.get("by") or None),
    )


def read_period(args: Mapping[str, str], *, report_day: int) -> Period:
    """The period in `args`: `period`, or `from` and `to`."""
    calendar = args.get("calendar") or CALENDARS[0]
    if calendar not in CALENDARS:
        raise Problem("invalid_field", field="calendar")
    name = args.get("period")
    if name:
        return parse_period(name, calendar=calendar, report_day=report_day)
    if not args.get("from") and not args.get("to"):
        raise Problem("invalid_field", field="period")
    return parse_range(args.get("from", ""), args.get("to", ""))


def _map_date(name: str, now: datetime) -> date:
    if name == "current":
        return civil_date(now)
    try:
        return parse_day(name)
    except ValueError as error:
        raise Problem("invalid_field", field="map") from error


def _level(name: str | None) -> Level | None:
    if name is None:
        return None
    if name not in ROWS_BY:
        raise Problem("invalid_field", field="by")
    return Level(name)
