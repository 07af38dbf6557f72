"""Participation: the desk's pages and the API."""

import os
from contextlib import suppress
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask_babel import get_locale
from sqlalchemy.exc import SQLAlchemyError

from cdtteam.access.models import Actor, Permission
from cdtteam.areas.models import Level
from cdtteam.areas.queries import AreaOnMap
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.i18n import LOCALES
from cdtteam.core.periods import REPORT_DAY
from cdtteam.core.problems import Problem
from cdtteam.core.settings import is_synthetic
from cdtteam.participation import words
from cdtteam.participation.desk import Report, current_names, make_report
from cdtteam.participation.details import last_visits, member_activity
from cdtteam.participation.figures import Participation, participation
from cdtteam.participation.questions import read_question
from cdtteam.participation.wire import participation_json
from cdtteam.support.queries import services_in_order
from cdtteam.web.answers import json_answer, problem_answer
from cdtteam.web.guards import current_actor, public, requires

blueprint = Blueprint("participation", __name__)

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
LOCALE_LASTS = 365 * 86400  # seconds


@blueprint.record_once
def _configure(state: Any) -> None:
    """Filters of the templates; the operator may have report months cut on another day, 2 to 28."""
    given = os.environ.get("CDT_REPORT_DAY", "")
    day = int(given) if given.isascii() and given.isdigit() else REPORT_DAY
    state.app.config.setdefault("CDT_REPORT_DAY", min(28, max(2, day)))
    for name in ("count", "percent", "day", "moment", "standing_words", "position_name", "kind_name"):
        state.app.jinja_env.filters[name] = getattr(words, name)


@blueprint.app_context_processor
def _for_every_page() -> dict[str, Any]:
    return {"locale": str(get_locale()), "languages": LANGUAGES, "synthetic": _is_synthetic}


@blueprint.errorhandler(Problem)
def _send_to_sign_in(problem: Problem) -> Response:
    """A page asked for by nobody is asked for again after signing in."""
    if problem.code == "signed_out" and not request.path.startswith("/api/"):
        place = url_for("accounts.sign_in_page")
        if request.headers.get("HX-Request"):
            # The browser would follow a redirect by itself, and htmx look in vain for the report on that page.
            return Response(status=HTTPStatus.NO_CONTENT, headers={"HX-Redirect": place})
        return _redirect(place)
    return problem_answer(problem)


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
def area_page(code: str) -> str:
    """The page of an area."""
    return _page(code)


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
    answer.set_cookie("locale", chosen, max_age=LOCALE_LASTS, httponly=True, samesite="Lax")
    return answer


def _page(code: str | None) -> str:
    now, actor, session = clock.now(), current_actor(), db.session()
    today, given = clock.civil_date(now), request.args.to_dict()
    if not (given.get("period") or given.get("from") or given.get("to")):
        given["period"] = current_names(today, _report_day() if given.get("calendar") == "report" else 1)["month"]
    question = read_question(given, now, report_day=_report_day(), area=code)
    answer = participation(actor, session, question, now)
    services = services_in_order(session)
    report = make_report(answer, services, given, today, _own_area(actor, answer), _report_day())
    if answer.area.level == Level.VILLAGE:
        _add_details(report, actor, {service.code: service.short_vi for service in services})
    return render_template("desk/area.html", report=report, figures=report.figures, answer=answer)


def _add_details(report: Report, actor: Actor, names: dict[str, str]) -> None:
    answer, session, now = report.answer, db.session(), clock.now()
    teams = answer.tally.teams_below(answer.area)
    members = [(team, member_activity(session, answer.tally, team, answer.period)) for team in teams]
    report.details["teams"] = members
    report.details["names"] = names
    if actor.may(Permission.VISIT_READ):
        # The reader's commune may have had this village on the map asked for, and not on today's.
        with suppress(Problem):
            report.details["visits"] = last_visits(actor, session, answer.area.id, answer.period, now)


def _own_area(actor: Actor, answer: Participation) -> AreaOnMap:
    own = answer.tally.areas.by_id.get(actor.area_id) if actor.area_id else answer.tally.areas.province
    return own or answer.area


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
