"""Participation: the desk's pages and the API."""

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask import Blueprint, Response, current_app, redirect, render_template, request
from flask_babel import get_locale
from jinja2 import pass_context
from jinja2.runtime import Context
from sqlalchemy.exc import SQLAlchemyError

from cdtteam.access.models import Actor, Permission, Role
from cdtteam.areas.ground import called
from cdtteam.areas.models import Level
from cdtteam.areas.queries import area_map
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.i18n import LOCALES, keep_locale
from cdtteam.core.periods import REPORT_DAY
from cdtteam.core.problems import Problem
from cdtteam.core.settings import is_synthetic
from cdtteam.core.text import clean_text
from cdtteam.participation import words
from cdtteam.participation.choices import Links, current_names
from cdtteam.participation.comparing import read_against
from cdtteam.participation.desk import Report, Setting, make_report
from cdtteam.participation.details import last_visits, member_activity
from cdtteam.participation.figures import Participation, Question, own_areas, participation
from cdtteam.participation.maps import Gone, gone_area, map_choices, map_value
from cdtteam.participation.questions import read_period, read_question
from cdtteam.participation.rows import at_desk_level
from cdtteam.participation.standing import TeamStanding
from cdtteam.participation.todo import MOST, READER, Todo, in_order
from cdtteam.participation.wire import participation_json
from cdtteam.support.queries import services_in_order
from cdtteam.visits.queries import teams_entered_for
from cdtteam.web.answers import json_answer
from cdtteam.web.desk import send_to_sign_in
from cdtteam.web.guards import current_actor, public, requires

blueprint = Blueprint("participation", __name__)
blueprint.register_error_handler(Problem, send_to_sign_in)

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}


@blueprint.record_once
def _configure(state: Any) -> None:
    """Filters of the templates; the operator may have report months cut on another day, 2 to 28."""
    given = os.environ.get("CDT_REPORT_DAY", "")
    day = int(given) if given.isascii() and given.isdigit() else REPORT_DAY
    state.app.config.setdefault("CDT_REPORT_DAY", min(28, max(2, day)))
    filters = state.app.jinja_env.filters
    for name in ("day", "moment", "due_words", "standing_words", "position_name", "kind_name", "outcome_words"):
        filters[name] = getattr(words, name)
    filters["called"] = called
    filters["count"], filters["percent"] = _in_locale(words.count), _in_locale(words.percent)


def _in_locale(write: Callable[[Any, str | None], str]) -> Callable[[Context, Any], str]:
    """A filter that takes the locale from the page, instead of asking for it at each of hundreds of numbers."""
    return pass_context(lambda context, value: write(value, context.get("locale")))


@blueprint.app_context_processor
def _for_every_page() -> dict[str, Any]:
    return {"locale": str(get_locale()), "languages": LANGUAGES, "synthetic": _is_synthetic}


@blueprint.get("/api/v1/participation")
@requires(Permission.PARTICIPATION_READ)
def show_participation() -> Response:
    """The figures of an area and of the areas below it."""
    now = clock.now()
    question = read_question(request.args, now, report_day=_report_day())
    return json_answer(participation_json(participation(current_actor(), db.session(), question, now)))


@blueprint.get("/desk/")
@requires(Permission.PARTICIPATION_READ)
def home_page() -> str:
    """The reader's own area, this month."""
    return _page(None)


@blueprint.get("/desk/area/<code>")
@requires(Permission.PARTICIPATION_READ)
def area_page(code: str) -> str | Response:
    """The page of an area; a page that was opened before the area ended leads to what stands in its place."""
    try:
        return _page(code)
    except Problem as problem:
        if problem.code != "not_found" or request.args.get("map") not in (None, "", "current"):
            raise
        gone = gone_area(db.session(), code, clock.civil_date(clock.now()))
        if gone is None or gone.now.code == code:
            raise
        return _redirect(Links(gone.now.code, request.args.to_dict() | {"was": code}).to())


@blueprint.post("/desk/locale")
@public
def choose_locale() -> Response:
    """Keeps the reader's language in a cookie and goes back to where they were."""
    chosen = request.form.get("locale", "")
    if chosen not in LOCALES:
        raise Problem("invalid_field", field="locale")
    came_from = urlsplit(request.referrer or "")
    is_ours = came_from.netloc == request.host and came_from.path.startswith("/desk/")
    back = came_from.path + (f"?{came_from.query}" if came_from.query else "") if is_ours else "/desk/"
    answer = _redirect(back)
    keep_locale(answer, chosen)
    return answer


def _page(code: str | None) -> str:
    now, actor, session = clock.now(), current_actor(), db.session()
    today, given = clock.civil_date(now), _given(clock.civil_date(now))
    period = read_period(given, report_day=_report_day())
    asked = given | {"map": map_value(given.get("map", ""), period)}
    question = read_question(asked, now, report_day=_report_day(), area=code)
    if code is None and question.map_on != today:
        question = replace(question, area_code=_first_of_own(actor, question, now))
    against = read_against(given, period, report_day=_report_day())
    # The page's own period is asked for last, so that it is the one that is remembered best.
    other = participation(actor, session, replace(question, period=against), now) if against else None
    answer = participation(actor, session, question, now)
    answer = answer if question.by else at_desk_level(answer)
    services = services_in_order(session)
    own = own_areas(actor, session, answer.tally.areas, now) or [answer.area]
    report = make_report(answer, other, services, given, Setting(today, own, _report_day()))
    report.maps = map_choices(session, given.get("map", ""), period)
    report.gone = _gone(given.get("was"), answer, today)
    if answer.area.level in (Level.COMMUNE, Level.VILLAGE):
        report.entered_for = _entered_for(answer)
    if answer.area.level == Level.VILLAGE:
        _add_details(report, actor, {service.code: service.short_vi for service in services})
    todos = _todos(actor, answer)
    return render_template(
        "desk/area.html", report=report, figures=report.figures, answer=answer, todos=todos, most_todos=MOST
    )


def _given(today: date) -> dict[str, str]:
    """The page's parameters: this month where none says which period; days of one's own before what is chosen."""
    given = request.args.to_dict()
    if not (given.get("period") or given.get("from") or given.get("to")):
        given["period"] = current_names(today, _report_day() if given.get("calendar") == "report" else 1)["month"]
    if given.get("map_day"):
        given["map"] = given["map_day"]
    if given.get("against_from") or given.get("against_to"):
        given["against"] = f"{given.get('against_from', '')}..{given.get('against_to', '')}"
    return given


def _gone(code: str | None, answer: Participation, today: date) -> Gone | None:
    """What the reader had asked for, where the page's area stands in its place."""
    gone = gone_area(db.session(), clean_text(code, "was"), today) if code else None
    return gone if gone and gone.now.id == answer.area.id else None


def _first_of_own(actor: Actor, question: Question, now: datetime) -> str | None:
    """The code of the first of the reader's areas on a map of another day, on which their own may have been several."""
    own = own_areas(actor, db.session(), area_map(db.session(), question.map_on), now)
    return own[0].code if own else None


def _todos(actor: Actor, answer: Participation) -> list[Todo] | None:
    """What there is to do by its last day, on the page of an officer's own area as it is today; None on all others."""
    if actor.role not in (Role.COORDINATOR, Role.PROVINCE) or answer.map_name != "current":
        return None
    if answer.area.id != actor.area_id:
        return None
    return in_order(current_app.extensions[READER](actor, db.session(), answer, clock.now()))


def _add_details(report: Report, actor: Actor, names: dict[str, str]) -> None:
    answer, session, now = report.answer, db.session(), clock.now()
    teams = answer.tally.teams_below(answer.area)
    members = [(team, member_activity(session, answer.tally, team, answer.period)) for team in teams]
    report.details["teams"] = members
    report.details["names"] = names
    if actor.may(Permission.VISIT_READ):
        # The reader's commune may have had this village on the map asked for, and not on today's.
        with suppress(Problem):
            ground = answer.tally.areas.ground(answer.area.id)
            report.details["visits"] = last_visits(actor, session, ground, answer.period, now)


def _entered_for(answer: Participation) -> list[TeamStanding]:
    """The teams of an area whose visits were all entered by the commune."""
    teams = answer.tally.teams_below(answer.area)
    found = teams_entered_for(db.session(), [UUID(team.id) for team in teams], answer.period)
    return [team for team in teams if UUID(team.id) in found]


def _report_day() -> int:
    return int(current_app.config["CDT_REPORT_DAY"])


def _is_synthetic() -> bool:
    """Whether what is shown is the demonstration; an unreachable database is no reason for no page at all."""
    try:
        return is_synthetic(db.session())
    except SQLAlchemyError:
        return False


def _redirect(place: str) -> Response:
    answer = redirect(place, HTTPStatus.SEE_OTHER)
    assert isinstance(answer, Response)
    return answer
