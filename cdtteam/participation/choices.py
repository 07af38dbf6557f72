"""What the reader chooses on a page: areas, periods and rows, by links that keep the rest."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import quote, urlencode

from flask_babel import gettext

from cdtteam.areas.models import Level
from cdtteam.participation.figures import Participation

PARAMETERS = ("period", "from", "to", "map", "by", "calendar", "sort", "against", "figure")


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses of pages that keep what was chosen on this one."""

    code: str
    given: Mapping[str, str]

    def to(self, code: str | None = None, **changes: str | None) -> str:
        """The page of an area (this one by default) with some parameters changed; None takes one away."""
        chosen = {name: changes.get(name, self.given.get(name)) for name in (*PARAMETERS, "was")}
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


def period_choices(links: Links, current: str, today: date, cut: int) -> list[Choice]:
    names = current_names(today, cut)
    offered = (
        (gettext("This week"), names["week"]),
        (gettext("This month"), names["month"]),
        (gettext("Last month"), names["month_before"]),
        (gettext("This quarter"), names["quarter"]),
        (gettext("This year"), names["year"]),
    )
    return [Choice(name, links.to(period=of, **{"from": None, "to": None}), of == current) for name, of in offered]


def calendar_choices(links: Links, *, is_report: bool, report_day: int) -> list[Choice]:
    # A month of the other calendar is another month: the choice starts again from the current one.
    fresh = {"period": None, "from": None, "to": None}
    report = gettext("Report months (day %(first)s to %(last)s)", first=report_day, last=report_day - 1)
    return [
        Choice(gettext("Calendar months"), links.to(calendar=None, **fresh), not is_report),
        Choice(report, links.to(calendar="report", **fresh), is_report),
    ]


def level_choices(links: Links, answer: Participation) -> list[Choice]:
    names = {Level.DISTRICT: gettext("By district"), Level.COMMUNE: gettext("By commune")}
    if answer.area.level == Level.DISTRICT:
        names = {Level.COMMUNE: gettext("By commune"), Level.VILLAGE: gettext("By village")}
    if answer.area.level in (Level.COMMUNE, Level.VILLAGE) or answer.by is None:
        return []
    there = {level: name for level, name in names.items() if answer.tally.areas.of_level(level)}
    if len(there) < 2:
        return []
    return [Choice(name, links.to(by=level.value), level == answer.by) for level, name in there.items()]
