"""Reading reports: drafts, editions, templates; and figures together with the state of the logs that they count."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec
from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor, Permission, Role
from cdtteam.access.policy import require
from cdtteam.areas.models import Area, AreaTerm, Level
from cdtteam.areas.queries import AreaOnMap, area_map, last_names, with_forerunners
from cdtteam.core.clock import civil_date
from cdtteam.core.problems import Problem
from cdtteam.core.text import natural_key
from cdtteam.monthly.facts import Facts, Subject, read_facts
from cdtteam.monthly.models import ReportDraft, ReportEdition, ReportTemplate
from cdtteam.monthly.press.wire import Kind
from cdtteam.monthly.texts import Texts, at_its_place, first_texts, with_narratives
from cdtteam.replica.models import VillageCounter
from cdtteam.web.transactions import snapshot

TRIES = 5  # readings of the figures while visits keep coming in


def draft_of(
    session: Session, area_id: UUID, period: tuple[str, str], *, is_to_change: bool = False
) -> ReportDraft | None:
    """The draft of an area's report of a period of a calendar; locked when it is to change."""
    own = (ReportDraft.area_id == area_id, ReportDraft.period == period[0], ReportDraft.calendar == period[1])
    statement = select(ReportDraft).where(*own)
    return session.scalars(statement.with_for_update() if is_to_change else statement).one_or_none()


def last_number(session: Session, area_id: UUID, period: tuple[str, str]) -> int:
    """The number of the latest edition; 0 when the period was never closed."""
    own = (ReportEdition.area_id == area_id, ReportEdition.period == period[0], ReportEdition.calendar == period[1])
    return session.scalar(select(func.max(ReportEdition.number)).where(*own)) or 0


def check_number(session: Session, area_id: UUID, period: tuple[str, str], number: int) -> None:
    """Problem `changed_meanwhile` unless an edition of a period of a calendar would have this number."""
    if number != last_number(session, area_id, period) + 1:
        raise Problem("changed_meanwhile")


def drafts_before(
    actor: Actor, session: Session, area_id: UUID, period: tuple[str, str], now: datetime
) -> list[tuple[str, Texts]]:
    """What was typed for the period in the communes in whose place the area stands by now, with their names."""
    require(actor, Permission.REPORT_READ, area_id)
    ended = (ReportDraft.area_id.in_(with_forerunners(area_id, civil_date(now))), ReportDraft.area_id != area_id)
    own = (ReportDraft.period == period[0], ReportDraft.calendar == period[1])
    drafts = session.scalars(select(ReportDraft).where(*ended, *own)).all()
    names = last_names(session, {draft.area_id for draft in drafts})
    found = [(names[draft.area_id], msgspec.convert(draft.texts, Texts)) for draft in drafts]
    return sorted(found, key=lambda named: natural_key(named[0]))


def texts_of(
    session: Session, area: AreaOnMap, draft: ReportDraft | None, before: Sequence[tuple[str, Texts]] = ()
) -> Texts:
    """The draft's texts, else those with which a new report of the area begins, with what was typed `before` it.

    The place goes with the area's name, which may have changed since somebody saved a draft.
    """
    if draft is not None:
        return _at_its_place(session, area, msgspec.convert(draft.texts, Texts))
    latest = select(ReportDraft).where(ReportDraft.area_id == area.id).order_by(ReportDraft.saved_at.desc()).limit(1)
    earlier = session.scalars(latest).first()
    begun = first_texts(area.name, msgspec.convert(earlier.texts, Texts) if earlier else None)
    return with_narratives(_at_its_place(session, area, begun), before)


def _at_its_place(session: Session, area: AreaOnMap, texts: Texts) -> Texts:
    names = session.scalars(select(AreaTerm.name).where(AreaTerm.area_id == area.id))
    return at_its_place(texts, area.name, names)


def editions_of(
    actor: Actor, session: Session, area_id: UUID, period: tuple[str, str], now: datetime
) -> Sequence[ReportEdition]:
    """The closed reports of an area's period, the latest first."""
    require(actor, Permission.REPORT_READ, area_id, session=session, now=now)
    own = (ReportEdition.area_id == area_id, ReportEdition.period == period[0], ReportEdition.calendar == period[1])
    return session.scalars(select(ReportEdition).where(*own).order_by(ReportEdition.number.desc())).all()


def editions_before(
    actor: Actor, session: Session, area_id: UUID, period: tuple[str, str], now: datetime
) -> Sequence[ReportEdition]:
    """The closed reports of a period of the communes in whose place the area stands by now, the latest first."""
    require(actor, Permission.REPORT_READ, area_id)
    ended = (ReportEdition.area_id.in_(with_forerunners(area_id, civil_date(now))), ReportEdition.area_id != area_id)
    own = (*ended, ReportEdition.period == period[0], ReportEdition.calendar == period[1])
    return session.scalars(select(ReportEdition).where(*own).order_by(ReportEdition.closed_at.desc())).all()


def edition_over(
    actor: Actor, session: Session, area_id: UUID, days: Iterable[date], now: datetime
) -> ReportEdition | None:
    """The closed report of an area in whose period one of the days is: of the shortest such period the latest."""
    require(actor, Permission.REPORT_READ, area_id, session=session, now=now)
    holds = or_(*(and_(ReportEdition.from_on <= day, ReportEdition.to_on >= day) for day in set(days)))
    found = session.scalars(select(ReportEdition).where(ReportEdition.area_id == area_id, holds)).all()
    return min(found, key=lambda one: (one.to_on - one.from_on, -one.number), default=None)


def edition_with(actor: Actor, session: Session, edition_id: UUID, now: datetime) -> ReportEdition:
    """A closed report, also of a commune that became the reader's; Problem `not_found` or `out_of_scope`."""
    require(actor, Permission.REPORT_READ)
    edition = session.get(ReportEdition, edition_id)
    if edition is None:
        raise Problem("not_found")
    require(actor, Permission.REPORT_READ, edition.area_id, session=session, now=now)
    return edition


def facts_of(edition: ReportEdition) -> Facts:
    """The figures that a closed report keeps."""
    return msgspec.convert(edition.facts, Facts)


def templates_for(actor: Actor, session: Session, area_id: UUID | None, now: datetime) -> Sequence[ReportTemplate]:
    """The templates that an area may use: its own, those of communes that became it, and the province's.

    Without an area all that the reader may see.
    """
    require(actor, Permission.REPORT_READ, area_id, session=session, now=now)
    statement = select(ReportTemplate).join(Area, Area.id == ReportTemplate.area_id)
    statement = statement.where(ReportTemplate.retired_at.is_(None))
    own = area_id or (actor.area_id if actor.role is Role.COORDINATOR else None)
    if own:
        became = ReportTemplate.area_id.in_(with_forerunners(own, civil_date(now)))
        statement = statement.where(or_(ReportTemplate.area_id == own, became, Area.level == Level.PROVINCE))
    return session.scalars(statement.order_by(ReportTemplate.uploaded_at.desc())).all()


def template_with(actor: Actor, session: Session, template_id: UUID, now: datetime) -> ReportTemplate:
    """A template that the reader may use; Problem `not_found` or `out_of_scope`."""
    require(actor, Permission.REPORT_READ)
    template = session.get(ReportTemplate, template_id)
    if template is None or template.retired_at:
        raise Problem("not_found")
    area = session.get_one(Area, template.area_id)
    if area.level != Level.PROVINCE:
        require(actor, Permission.REPORT_READ, template.area_id, session=session, now=now)
    return template


def template_content(actor: Actor, session: Session, kind: Kind, template_id: UUID, now: datetime) -> bytes:
    """The file of a template of a kind; Problem `not_found` when it is of the other."""
    template = template_with(actor, session, template_id, now)
    if template.kind != kind:
        raise Problem("not_found")
    return template.content


def read_settled(
    actor: Actor, session: Session, subject: Subject, now: datetime
) -> tuple[AreaOnMap, Facts, dict[str, int]]:
    """An area's figures, and of each piece of its ground up to which version of its log they count.

    Read again while visits come in between. Should they never stop, the versions are those before the last reading,
    so that a visit of that moment may be named as late although it was counted; the other way round never happens.
    """
    area, facts = read_facts(actor, session, subject, now)
    before, tries = _versions(session, subject, area), 0
    while True:
        area, facts = read_facts(actor, session, subject, now)
        after, tries = _versions(session, subject, area), tries + 1
        if after == before or tries == TRIES:
            return area, facts, before
        before = after


def _versions(session: Session, subject: Subject, area: AreaOnMap) -> dict[str, int]:
    with snapshot(session):
        villages = set(area_map(session, subject.map_on).ground_below(area.id))
        own = VillageCounter.village_id.in_(villages)
        rows = session.execute(select(VillageCounter.village_id, VillageCounter.version).where(own))
        return {village_id.hex: version for village_id, version in rows}
