"""What the pages of paper share: the blueprint, whose commune, which month."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, current_app, request, url_for

from cdtteam.access.models import Permission
from cdtteam.access.policy import require
from cdtteam.admin.desk import commune_at_hand, todays_map
from cdtteam.areas.ground import pieces_below
from cdtteam.areas.queries import AreaOnMap
from cdtteam.core import clock
from cdtteam.core.clock import civil_date
from cdtteam.core.periods import Period, parse_period
from cdtteam.core.problems import Problem
from cdtteam.paper import words
from cdtteam.web.desk import send_to_sign_in
from cdtteam.web.guards import current_actor

blueprint = Blueprint("paper", __name__)
blueprint.register_error_handler(Problem, send_to_sign_in)

MANAGE = Permission.PAPER_MANAGE
MONTHS_OFFERED = 13


@blueprint.record_once
def _configure(state: Any) -> None:
    """Filters of the templates."""
    for name in ("money", "month_name", "weekday"):
        state.app.jinja_env.filters[name] = getattr(words, name)


@dataclass(frozen=True)
class Month:
    """A commune's month that the reader asks for; `villages` are the pieces of ground on which its teams stand."""

    commune: AreaOnMap
    villages: list[AreaOnMap]
    period: Period
    calendar: str
    today: date
    report_day: int

    @property
    def query(self) -> str:
        """The parameters that name it."""
        return urlencode({"month": self.period.name, "calendar": self.calendar})

    @property
    def place(self) -> str:
        """The address of its sheet."""
        return f"{url_for('paper.sheet_page')}?{self.query}"

    @property
    def choices(self) -> list[str]:
        """The months to choose from, the next one's report month included."""
        first = self.today.year * 12 + self.today.month
        found = [f"{(first - n) // 12}-{(first - n) % 12 + 1:02d}" for n in range(MONTHS_OFFERED)]
        return found if self.period.name in found else [self.period.name, *found]


def commune_of_reader() -> tuple[AreaOnMap, list[AreaOnMap]]:
    """The commune of the officer at the desk and its ground; another one's, asked for, is `out_of_scope`."""
    areas = todays_map()
    commune = commune_at_hand(areas, request.args.get("commune"))
    if commune is None:
        raise Problem("not_found")
    require(current_actor(), MANAGE, commune.id)
    return commune, pieces_below(areas, commune.id)


def month_at_hand() -> Month:
    """The month of `?month=…&calendar=…`, this one unasked; Problem `invalid_field` (period) for what is no month."""
    commune, villages = commune_of_reader()
    today, report_day = civil_date(clock.now()), int(current_app.config["CDT_REPORT_DAY"])
    calendar = request.args.get("calendar") or "civil"
    period = parse_period(request.args.get("month") or f"{today:%Y-%m}", calendar=calendar, report_day=report_day)
    if len(period.name) != 7 or not period.name[5:].isdigit():
        raise Problem("invalid_field", field="period")
    return Month(commune, villages, period, calendar, today, report_day)
