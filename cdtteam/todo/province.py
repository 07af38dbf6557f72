"""Of the province: what communes passed on, what its own campaigns wait for, whose report is missing."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from cdtteam.areas.lineage import read_stood, stood_terms
from cdtteam.areas.models import Area, Level
from cdtteam.areas.queries import AreaMap, area_map
from cdtteam.campaigns.models import Campaign
from cdtteam.core.clock import civil_date
from cdtteam.core.periods import Period, month_of
from cdtteam.core.text import natural_key
from cdtteam.monthly.deadlines import ALLOWED, closing_days
from cdtteam.monthly.left import is_own_report, left_open
from cdtteam.monthly.models import ReportEdition
from cdtteam.participation.todo import Todo
from cdtteam.participation.words import count
from cdtteam.requests.models import Request, RequestState
from cdtteam.requests.queries import requests_seen
from cdtteam.tasks.models import Task
from cdtteam.teams.models import Team
from cdtteam.todo.ground import Seen
from cdtteam.todo.work import ANSWER_WITHIN

NAMED = 20  # communes in a message


def requests_passed_on(at: Seen) -> Iterator[Todo]:
    """What communes handed on and the province has not answered."""
    waiting = requests_seen(at.actor, at.session, at.now, Request.state == RequestState.PASSED_ON)
    if waiting:
        text = ngettext(
            "%(requests)s request for help was passed on to you.",
            "%(requests)s requests for help were passed on to you.",
            len(waiting), requests=count(len(waiting)),
        )  # fmt: skip
        since = min(one.passed_on_at or one.raised_at for one in waiting)
        url = url_for("answering.request_page", request_id=waiting[0].id)
        url = url if len(waiting) == 1 else url_for("answering.home_page")
        yield Todo(text, url, _("Answer"), civil_date(since + ANSWER_WITHIN))


def tasks_late(at: Seen) -> Iterator[Todo]:
    """Tasks of the province's own campaigns whose last day has gone by."""
    own = select(Campaign.id).where(Campaign.area_id == at.area.id, Campaign.closed_at.is_(None))
    late: Any = (Task.campaign_id.in_(own), Task.ended_at.is_(None), Task.due_on < at.today)
    tasks, since = at.session.execute(select(func.count(), func.min(Task.due_on)).where(*late)).one()
    if tasks:
        text = ngettext(
            "%(tasks)s task of your campaigns is late.", "%(tasks)s tasks of your campaigns are late.", tasks,
            tasks=count(tasks),
        )  # fmt: skip
        yield Todo(text, url_for("assigning.home_page", show="overdue"), _("See which"), since)


def reports_not_closed(at: Seen) -> Iterator[Todo]:
    """Communes with teams whose report of the last month that should be closed by now is not."""
    month = _month_due(at.today)
    areas = area_map(at.session, at.today)
    missing = _without_report(at, areas, month)
    if not missing:
        return
    said = {"month": int(month.name[5:]), "year": month.name[:4]}
    text = ngettext(
        "%(communes)s commune has not closed its report of %(month)s/%(year)s.",
        "%(communes)s communes have not closed their reports of %(month)s/%(year)s.",
        len(missing), communes=count(len(missing)), **said,
    )  # fmt: skip
    names, more = ", ".join(missing[:NAMED]), len(missing) - NAMED
    if more > 0:
        names = _("%(names)s and %(areas)s others", names=names, areas=count(more))
    message = _("Please close the report of %(month)s/%(year)s: %(names)s.", names=names, **said)
    url = url_for("monthly.report_page", period=month.name, calendar="civil")
    yield Todo(text, url, _("Open the report"), month.to_on + ALLOWED, message)


def _month_due(today: date) -> Period:
    """The last month of which the day for closing has gone by."""
    month = month_of(today)
    while month.to_on + ALLOWED >= today:
        month = month_of(date.fromordinal(month.from_on.toordinal() - 1))
    return month


def _without_report(at: Seen, areas: AreaMap, month: Period) -> list[str]:
    """The names of communes that had teams in a month and closed no report of it, by civil or report month.

    With those whose report is to have a part that a commune left open.
    """
    editions = select(ReportEdition.area_id, ReportEdition.closed_at).where(ReportEdition.period == month.name)
    closed = closing_days((row[0], row[1]) for row in at.session.execute(editions))
    terms = stood_terms(select(Area.id).where(Area.level == Level.COMMUNE), at.today)
    communes = read_stood(at.session.execute(terms), at.today)
    left = left_open(at.session, communes, closed, month)
    begun = (Team.started_at < month.end, Team.ended_at.is_(None) | (Team.ended_at > at.now))
    homes = set(at.session.scalars(select(Team.home_village_id).where(*begun).distinct()))
    missing = []
    for commune in areas.of_level(Level.COMMUNE):
        is_own = commune.id not in closed and is_own_report(communes, commune.id, month)
        if is_own and homes.intersection(areas.ground_below(commune.id)):
            missing.append(commune.name)
        elif names := left.get(commune.id):
            parts = ", ".join(sorted(names, key=natural_key))
            missing.append(_("%(name)s (the part of %(communes)s)", name=commune.name, communes=parts))
    return sorted(missing, key=natural_key)
