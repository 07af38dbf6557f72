"""What the pages of reports share: the blueprint, who is at it, which report they name, and how files leave."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from urllib.parse import quote
from uuid import UUID

from flask import Blueprint, Response, current_app, redirect, url_for
from flask_login import current_user

from cdtteam.access.models import Actor
from cdtteam.areas.in_place import code_now
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.problems import Problem
from cdtteam.monthly.desk import default_period
from cdtteam.monthly.facts import Subject, read_subject
from cdtteam.monthly.operations import Writer
from cdtteam.monthly.press.wire import Kind
from cdtteam.monthly.printing import MIME
from cdtteam.web.answers import problem_answer

blueprint = Blueprint("monthly", __name__)


@blueprint.errorhandler(Problem)
def _send_to_sign_in(problem: Problem) -> Response:
    """A page asked for by nobody is asked for again after signing in."""
    if problem.code != "signed_out":
        return problem_answer(problem)
    answer = redirect(url_for("accounts.sign_in_page"), HTTPStatus.SEE_OTHER)
    assert isinstance(answer, Response)
    return answer


def file_answer(kind: Kind, content: bytes, plain: str, vietnamese: str) -> Response:
    """A file to be kept, under a name in ASCII and one in Vietnamese (RFC 6266, RFC 5987)."""
    answer = Response(content, content_type=MIME[kind])
    answer.headers["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(vietnamese)}"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def writer_of(actor: Actor) -> Writer:
    """Who is at the desk."""
    return Writer(actor, str(current_user.name))


def user_id_of(actor: Actor) -> UUID:
    """The account of who is at the desk."""
    assert actor.user_id is not None
    return actor.user_id


def report_day() -> int:
    """The day on which report months are cut."""
    return int(current_app.config["CDT_REPORT_DAY"])


def asked(given: Mapping[str, str]) -> Subject:
    """Which report an address names; one that was kept may hold the code of a commune that has ended."""
    subject = subject_in(given)
    code = subject.area_code and code_now(db.session(), subject.area_code, subject.map_on)
    return replace(subject, area_code=code)


def refuse_unbegun(subject: Subject, now: datetime) -> None:
    """Problem `invalid_field` (period) for a period that has not begun: of it there is nothing to report."""
    if subject.period.from_on > clock.civil_date(now):
        raise Problem("invalid_field", field="period")


def subject_in(given: Mapping[str, str]) -> Subject:
    """Which report the fields of a request name; Problem `invalid_field` for what is no period."""
    now = clock.now()
    period = given.get("period") or default_period(clock.civil_date(now))
    return read_subject(given.get("area") or None, period, given.get("calendar") or "civil", report_day(), now)
