"""The desk's pages of reports: writing, closing, reading what was closed."""

from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid5

import msgspec
from flask import Response, render_template, request, url_for
from sqlalchemy.exc import DBAPIError

from cdtteam.access.models import Permission, Role
from cdtteam.access.policy import require
from cdtteam.areas.models import Level
from cdtteam.areas.queries import area_map
from cdtteam.core import clock
from cdtteam.core.db import db, is_transient
from cdtteam.core.problems import Problem
from cdtteam.monthly.closing import Agreed, made_ready, queue_closing
from cdtteam.monthly.deadlines import left_to
from cdtteam.monthly.desk import Page, areas_to_choose, may_write, period_name, refusal
from cdtteam.monthly.doors import asked, blueprint, refuse_unbegun, report_day, subject_in, user_id_of, writer_of
from cdtteam.monthly.facts import Facts, Subject, read_facts
from cdtteam.monthly.files import report_closed
from cdtteam.monthly.late import changes_since, late_arrivals
from cdtteam.monthly.models import ReportDraft, ReportEdition
from cdtteam.monthly.operations import close_report, save_draft
from cdtteam.monthly.placeholders import filled
from cdtteam.monthly.press.wire import Kind
from cdtteam.monthly.printing import KINDS, Refused
from cdtteam.monthly.queries import (
    check_number,
    draft_of,
    drafts_before,
    edition_with,
    editions_before,
    editions_of,
    templates_for,
    texts_of,
)
from cdtteam.monthly.texts import Texts, read_texts, showable
from cdtteam.web.forms import form_id_of, lead_to, new_form_id, submit_once
from cdtteam.web.guards import current_actor, requires
from cdtteam.web.transactions import writing


@blueprint.get("/desk/reports")
@requires(Permission.REPORT_READ)
def report_page() -> str:
    """A report as it would stand now, and what is typed for it."""
    return render_template("monthly/report.html", page=_page(asked(request.args)), new_form_id=new_form_id)


@blueprint.post("/desk/reports/draft")
@requires(Permission.REPORT_CLOSE)
def keep_draft() -> Response | tuple[str, int]:
    """Keeps what was typed; what somebody else has saved meanwhile is shown beside it and stays."""
    return _submitted(_save)


@blueprint.post("/desk/reports/close")
@requires(Permission.REPORT_CLOSE)
def close() -> Response | tuple[str, int]:
    """Keeps what was typed and closes the report."""
    return _submitted(_close)


@blueprint.get("/desk/reports/editions/<uuid:edition_id>")
@requires(Permission.REPORT_READ)
def edition_page(edition_id: UUID) -> str:
    """A closed report, and what arrived later."""
    return _edition(edition_id)


@blueprint.errorhandler(Refused)
def say_refused(refused: Refused) -> tuple[str, int]:
    """A template that was taken, and yet cannot be filled with these figures: said on the page where it was chosen."""
    edition_id = (request.view_args or {}).get("edition_id")
    if edition_id is None:
        return _again(asked(request.values), None, refusal(refused), HTTPStatus.UNPROCESSABLE_ENTITY)
    return _edition(edition_id, refusal(refused)), HTTPStatus.UNPROCESSABLE_ENTITY


def _edition(edition_id: UUID, error: str | None = None) -> str:
    actor, session, now = current_actor(), db.session(), clock.now()
    edition = edition_with(actor, session, edition_id, now)
    report = report_closed(edition)
    facts, texts = report.facts, report.texts
    # First, since reading figures begins transactions of its own, after which rows are asked for again.
    late = late_arrivals(actor, session, edition, facts, report_day(), now)
    shown = {
        "edition": edition, "facts": facts, "texts": texts, "period_name": period_name(facts), "late": late,
        "data": filled(report), "error": error,
        "others": editions_of(actor, session, edition.area_id, (edition.period, edition.calendar), now),
        "templates": templates_for(actor, session, edition.area_id, now),
    }  # fmt: skip
    return render_template("monthly/edition.html", **shown, new_form_id=new_form_id)


def _submitted(act: Any) -> Response | tuple[str, int]:
    subject, now = subject_in(request.form), clock.now()
    texts: Texts | None = None
    try:
        texts = read_texts(request.form, now)
        return lead_to(act(subject, texts, now))
    except Refused as refused:
        return _again(subject, texts, refusal(refused), HTTPStatus.UNPROCESSABLE_ENTITY)
    except Problem as problem:
        if problem.code == "not_found" and texts is not None and current_actor().role is Role.COORDINATOR:
            # The page was opened before the commune ended: what was typed goes on in the report of what it became.
            return _again(replace(subject, area_code=None), texts, "area_ended", HTTPStatus.CONFLICT)
        if problem.code not in ("changed_meanwhile", "invalid_field"):
            raise
        return _again(subject, texts, problem.field or problem.code, problem.status)


def _again(subject: Subject, typed: Texts | None, error: str, status: int) -> tuple[str, int]:
    """The page once more, with what was typed; a field that could not be taken is left as it was sent."""
    page = _page(subject)
    page.error = error
    if error == "changed_meanwhile" and typed is not None:
        page.stored, page.texts = page.texts, typed
    elif typed is not None:
        page.texts = typed
    typed_anyway = {} if typed else {name: showable(text) for name, text in request.form.items()}
    return render_template("monthly/report.html", page=page, typed=typed_anyway, new_form_id=new_form_id), status


def _save(subject: Subject, texts: Texts, now: datetime) -> str:
    actor, session = current_actor(), db.session()
    area, facts = read_facts(actor, session, subject, now)
    period, seen = (facts.period, facts.calendar), _number("version")
    # By its version and not by the form's id: who goes back and types on must not be told that it was saved already.
    for is_last in (False, True):
        try:
            with writing(session):
                save_draft(writer_of(actor), session, area.id, period, texts, seen, now)
            break
        except DBAPIError as error:  # another first draft came in between, perhaps by the same click
            if is_last or not is_transient(error):
                raise
    return url_for(".report_page", area=facts.area_code, period=facts.period, calendar=facts.calendar, saved=1)


def _close(subject: Subject, texts: Texts, now: datetime) -> str:
    refuse_unbegun(subject, now)
    actor = current_actor()
    area, facts = read_facts(actor, db.session(), subject, now)
    require(actor, Permission.REPORT_CLOSE, area.id)
    templates = {kind: chosen for kind in KINDS if (chosen := _chosen(kind))}
    form_id = form_id_of(request.form.get("form_id"))
    agreed = Agreed(form_id, writer_of(actor).name, subject, texts, _number("number"), templates)
    if templates and facts.level is Level.PROVINCE:
        return _close_later(agreed, area.id, facts, now)
    return _close_at_once(agreed, now)


def _close_at_once(agreed: Agreed, now: datetime) -> str:
    actor, session = current_actor(), db.session()
    known = session.get(ReportEdition, agreed.edition_id)
    if known is not None and known.texts != msgspec.to_builtins(agreed.texts):
        raise Problem("changed_meanwhile")  # closed, then gone back to and typed on
    if known is not None:
        return url_for(".edition_page", edition_id=known.id)
    seen = _number("version")
    area_id, closed = made_ready(actor, session, agreed, now)

    def act() -> str:
        period = (closed.facts.period, closed.facts.calendar)
        save_draft(writer_of(actor), session, area_id, period, agreed.texts, seen, now)
        edition = close_report(writer_of(actor), session, agreed.edition_id, area_id, closed, agreed.number, now)
        return url_for(".edition_page", edition_id=edition.id)

    return submit_once(session, agreed.edition_id, user_id_of(actor), now, act)


def _close_later(agreed: Agreed, area_id: UUID, facts: Facts, now: datetime) -> str:
    """Keeps what was typed, and has the worker close it: by the form with these texts and templates."""
    actor, session, period = current_actor(), db.session(), (facts.period, facts.calendar)
    seen = _number("version")
    agreed.edition_id = uuid5(agreed.edition_id, msgspec.json.encode((agreed.texts, agreed.templates)).decode())
    place = url_for(".report_page", area=facts.area_code, period=facts.period, calendar=facts.calendar)
    leads_to = url_for(".edition_page", edition_id=agreed.edition_id)

    def act() -> str:
        save_draft(writer_of(actor), session, area_id, period, agreed.texts, seen, now)
        check_number(session, area_id, period, agreed.number)
        job = queue_closing(actor, session, agreed, facts, place=place, leads_to=leads_to, now=now)
        return url_for("jobs.job_page", job_id=job.id)

    return submit_once(session, agreed.edition_id, user_id_of(actor), now, act)


def _page(subject: Subject) -> Page:
    actor, session, now = current_actor(), db.session(), clock.now()
    area, facts = read_facts(actor, session, subject, now)
    period = (facts.period, facts.calendar)
    draft: ReportDraft | None = draft_of(session, area.id, period)
    before = drafts_before(actor, session, area.id, period, now)
    editions = editions_of(actor, session, area.id, period, now)
    return Page(
        subject=subject, area=area, facts=facts, texts=texts_of(session, area, draft, before), draft=draft,
        editions=editions, late=changes_since(actor, session, editions[0], now) if editions else 0,
        typed_before=before, earlier=editions_before(actor, session, area.id, period, now),
        templates=templates_for(actor, session, area.id, now),
        areas=areas_to_choose(actor, area_map(session, subject.map_on)), may_write=may_write(actor, area),
        left_by=left_to(actor, session, area.id, subject.period, clock.civil_date(now)),
        today=clock.civil_date(now), form_id=new_form_id(),
    )  # fmt: skip


def _chosen(kind: Kind) -> UUID | None:
    """The template of a kind with which a report is closed, where it is not the one that comes with the system."""
    try:
        return UUID(request.form[kind]) if request.form.get(kind) else None
    except ValueError as error:
        raise Problem("invalid_field", field="template") from error


def _number(name: str) -> int:
    text = request.form.get(name, "")
    if not (text.isascii() and text.isdecimal() and len(text) < 9):
        raise Problem("malformed")
    return int(text)
