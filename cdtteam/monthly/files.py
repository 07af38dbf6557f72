"""The files of reports: which template, filled with which report; at once or, for the province's own, by the worker."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor
from cdtteam.areas.models import Level
from cdtteam.core.problems import Problem
from cdtteam.monthly.desk import closing_of
from cdtteam.monthly.facts import Facts, Subject, read_facts
from cdtteam.monthly.models import ReportEdition
from cdtteam.monthly.placeholders import Report, filled
from cdtteam.monthly.press.wire import Kind
from cdtteam.monthly.printing import KINDS, print_file, shipped
from cdtteam.monthly.queries import draft_of, drafts_before, edition_with, facts_of, template_with, texts_of
from cdtteam.monthly.texts import Texts

TITLE = "Báo cáo kết quả hoạt động của Tổ công nghệ số cộng đồng"


class Template(NamedTuple):
    """What is filled; `id` of one that was put up."""

    kind: Kind
    content: bytes
    id: UUID | None = None


def report_now(actor: Actor, session: Session, subject: Subject, now: datetime) -> Report:
    """A report with the figures of now and the texts that are saved."""
    area, facts = read_facts(actor, session, subject, now)
    period = (facts.period, facts.calendar)
    before = drafts_before(actor, session, area.id, period, now)
    return Report(facts, texts_of(session, area, draft_of(session, area.id, period), before))


def report_closed(edition: ReportEdition) -> Report:
    """A report as it was closed."""
    return Report(facts_of(edition), msgspec.convert(edition.texts, Texts), closing_of(edition))


def template_named(actor: Actor, session: Session, chosen: str, now: datetime) -> Template:
    """The shipped template of a kind, or one that was put up by its id; Problem `invalid_field`, `not_found`."""
    for kind in KINDS:
        if chosen == kind:
            return Template(kind, shipped(kind))
    try:
        template = template_with(actor, session, UUID(chosen), now)
    except ValueError as error:
        raise Problem("invalid_field", field="template") from error
    return Template("docx" if template.kind == "docx" else "xlsx", template.content, template.id)


def printed(session: Session, kind: Kind, template: bytes, report: Report, made: datetime) -> bytes:
    """The file of a report, as made at a moment; Refused, or Problem `busy`, as by the press."""
    title, data = f"{TITLE} {report.facts.period}", filled(report)
    session.rollback()  # no transaction stays open while the press is at work
    return print_file(kind, template, data, title=title, author=f"UBND {report.facts.area_name}", made=made)


def is_long(facts: Facts, template: Template) -> bool:
    """Whether a file is for the worker: a province's rows in somebody's template may keep the press for long."""
    return facts.level is Level.PROVINCE and template.id is not None


def edition_seen(actor: Actor, session: Session, edition_id: UUID, now: datetime) -> tuple[Report, datetime]:
    """A closed report that the actor may read, and when it was closed; Problem `not_found`, `out_of_scope`."""
    edition = edition_with(actor, session, edition_id, now)
    return report_closed(edition), edition.closed_at
