"""The files of reports at the desk: at once, or made by the worker where that may take long."""

from uuid import UUID

from flask import Response, request, url_for

from cdtteam.access.models import Permission
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.problems import Problem
from cdtteam.monthly.desk import file_name
from cdtteam.monthly.doors import asked, blueprint, file_answer, refuse_unbegun, user_id_of
from cdtteam.monthly.facts import Facts, Subject
from cdtteam.monthly.files import edition_seen, is_long, printed, report_now, template_named
from cdtteam.monthly.later import Wanted, queue_file
from cdtteam.monthly.press.wire import Kind
from cdtteam.monthly.printing import KINDS
from cdtteam.monthly.queries import edition_with, facts_of
from cdtteam.web.forms import form_id_of, lead_to, submit_once
from cdtteam.web.guards import current_actor, requires

NOW, EDITION = "/desk/reports/file", "/desk/reports/editions/<uuid:edition_id>/file"


@blueprint.get(NOW)
@requires(Permission.REPORT_READ)
def draft_file() -> Response:
    """The report as it stands, as Word or Excel; what may take long is asked for on its page."""
    actor, session, now = current_actor(), db.session(), clock.now()
    subject = asked(request.args)
    refuse_unbegun(subject, now)
    report = report_now(actor, session, subject, now)
    template = template_named(actor, session, request.args.get("template", ""), now)
    if is_long(report.facts, template):
        return lead_to(_page_of(report.facts))
    return _file(template.kind, report.facts, printed(session, template.kind, template.content, report, now))


@blueprint.post(NOW)
@requires(Permission.REPORT_READ)
def ask_for_draft_file() -> Response:
    """Has the worker make the report as it stands in a template that was put up."""
    actor, session, now = current_actor(), db.session(), clock.now()
    subject = asked(request.form)
    refuse_unbegun(subject, now)
    facts = report_now(actor, session, subject, now).facts
    return _queued(subject, facts, _page_of(facts))


@blueprint.get(EDITION)
@requires(Permission.REPORT_READ)
def edition_file(edition_id: UUID) -> Response:
    """A closed report's file as it was handed out, or its figures in another template."""
    actor, session, now = current_actor(), db.session(), clock.now()
    edition = edition_with(actor, session, edition_id, now)
    chosen = request.args.get("template", "")
    if chosen in KINDS:
        return _file(chosen, facts_of(edition), edition.word if chosen == "docx" else edition.sheet)
    template = template_named(actor, session, chosen, now)
    report, made = edition_seen(actor, session, edition_id, now)
    if is_long(report.facts, template):
        return lead_to(url_for(".edition_page", edition_id=edition_id))
    return _file(template.kind, report.facts, printed(session, template.kind, template.content, report, made))


@blueprint.post(EDITION)
@requires(Permission.REPORT_READ)
def ask_for_edition_file(edition_id: UUID) -> Response:
    """Has the worker fill another template with a closed report's figures."""
    report, _made = edition_seen(current_actor(), db.session(), edition_id, clock.now())
    return _queued(edition_id, report.facts, url_for(".edition_page", edition_id=edition_id))


def _queued(of: UUID | Subject, facts: Facts, place: str) -> Response:
    """Asks for a file once however often the form comes, and leads to where it is seen how far it is."""
    actor, session, now = current_actor(), db.session(), clock.now()
    template_id = template_named(actor, session, request.form.get("template", ""), now).id
    if template_id is None:
        raise Problem("invalid_field", field="template")

    def act() -> str:
        job = queue_file(actor, session, Wanted(template_id, of), facts, place=place, now=now)
        return url_for("jobs.job_page", job_id=job.id)

    return lead_to(submit_once(session, form_id_of(request.form.get("form_id")), user_id_of(actor), now, act))


def _page_of(facts: Facts) -> str:
    return url_for(".report_page", area=facts.area_code, period=facts.period, calendar=facts.calendar)


def _file(kind: Kind, facts: Facts, content: bytes) -> Response:
    return file_answer(kind, content, *file_name(facts, kind))
