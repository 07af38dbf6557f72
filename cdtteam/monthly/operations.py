"""Writes of reports: drafts are saved, reports closed, templates put up and taken down; the caller's transaction."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor, Permission
from cdtteam.access.policy import require
from cdtteam.core.problems import Problem
from cdtteam.monthly.facts import Facts
from cdtteam.monthly.models import ReportDraft, ReportEdition, ReportTemplate
from cdtteam.monthly.press.wire import Kind
from cdtteam.monthly.queries import check_number, draft_of
from cdtteam.monthly.texts import Texts


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes: on whose behalf, and the name that stands beside it."""

    actor: Actor
    name: str


@dataclass(frozen=True, slots=True)
class Closed:
    """All that an edition keeps."""

    facts: Facts
    versions: dict[str, int]
    texts: Texts
    word: bytes
    sheet: bytes


def save_draft(
    writer: Writer, session: Session, area_id: UUID, period: tuple[str, str], texts: Texts, seen: int, now: datetime
) -> ReportDraft:
    """Keeps the texts of an area's report of a period of a calendar; Problem `changed_meanwhile` if not as `seen`.

    Texts that are kept already, such as those of a second click, change nothing.
    """
    require(writer.actor, Permission.REPORT_CLOSE, area_id)
    draft, kept = draft_of(session, area_id, period, is_to_change=True), msgspec.to_builtins(texts)
    if draft is not None and draft.texts == kept:
        return draft
    if (draft.version if draft else 0) != seen:
        raise Problem("changed_meanwhile")
    if draft is None:
        draft = ReportDraft(area_id=area_id, period=period[0], calendar=period[1], version=0)
        session.add(draft)
    draft.version += 1
    draft.texts = kept
    draft.saved_by, draft.saved_by_name, draft.saved_at = writer.actor.user_id, writer.name, now
    session.flush()
    return draft


def close_report(
    writer: Writer, session: Session, edition_id: UUID, area_id: UUID, closed: Closed, number: int, now: datetime
) -> ReportEdition:
    """Keeps a report for ever as edition `number`; Problem `changed_meanwhile` when that is not the next."""
    require(writer.actor, Permission.REPORT_CLOSE, area_id)
    facts = closed.facts
    check_number(session, area_id, (facts.period, facts.calendar), number)
    edition = ReportEdition(
        id=edition_id, area_id=area_id, period=facts.period, calendar=facts.calendar,
        from_on=facts.from_on, to_on=facts.to_on, number=number,
        closed_by=writer.actor.user_id, closed_by_name=writer.name, closed_at=now,
        texts=msgspec.to_builtins(closed.texts), facts=msgspec.to_builtins(facts), versions=closed.versions,
        word=closed.word, sheet=closed.sheet,
    )  # fmt: skip
    session.add(edition)
    session.flush()
    return edition


def add_template(
    writer: Writer, session: Session, area_id: UUID, kind: Kind, name: str, content: bytes, now: datetime
) -> ReportTemplate:
    """Puts up a template that the press has taken; the same file once more changes nothing."""
    require(writer.actor, Permission.TEMPLATE_MANAGE, area_id)
    digest = hashlib.sha256(content).digest()
    same = (ReportTemplate.area_id == area_id, ReportTemplate.digest == digest, ReportTemplate.retired_at.is_(None))
    known = session.scalars(select(ReportTemplate).where(*same)).first()
    if known is not None:
        return known
    template = ReportTemplate(
        area_id=area_id, kind=kind, name=name, digest=digest, content=content,
        uploaded_by=writer.actor.user_id, uploaded_by_name=writer.name, uploaded_at=now,
    )  # fmt: skip
    session.add(template)
    session.flush()
    return template


def retire_template(writer: Writer, session: Session, template: ReportTemplate, now: datetime) -> None:
    """Takes a template down; editions that were written with it keep their files."""
    require(writer.actor, Permission.TEMPLATE_MANAGE, template.area_id, session=session, now=now)
    template.retired_at = template.retired_at or now
