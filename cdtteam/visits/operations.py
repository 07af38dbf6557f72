"""Visits are recorded, amended and withdrawn; their earlier text stays in the history."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec.structs import asdict
from sqlalchemy import Select, select

from cdtteam.access.models import Actor, Permission, Place, Role
from cdtteam.access.policy import require
from cdtteam.core.clock import wire_instant
from cdtteam.core.problems import Problem
from cdtteam.replica.work import Work
from cdtteam.visits.forgetting import without_words
from cdtteam.visits.models import Act, NewVisit, Visit, VisitChange, was_withdrawn_at_desk
from cdtteam.visits.telling import tell_author
from cdtteam.visits.wire import bare_services

CORRECTION = timedelta(hours=72)  # after that a coordinator does it at the desk


@dataclass(frozen=True, slots=True)
class Correction:
    """Why a visit is changed, by whom, and when by the corrected clock."""

    author_id: UUID | None
    reason: str
    at: datetime


def record_visit(actor: Actor, work: Work, visit: NewVisit) -> None:
    """Adds a visit that is complete but for its version."""
    require(
        actor, Permission.VISIT_RECORD, Place(visit.village_id, visit.occurred_at), session=work.session, now=work.now
    )
    work.changed("visit", visit, visit.village_id)
    work.insert(Visit, asdict(visit))
    work.figures_changed(visit.village_id, visit.occurred_at)


def amend_visit(actor: Actor, work: Work, visit: Visit, correction: Correction, fields: dict[str, Any]) -> None:
    """Changes `fields` of a visit; Problem `not_author`, `too_late` or `withdrawn`."""
    require(
        actor, Permission.VISIT_CORRECT, Place(visit.village_id, visit.occurred_at), session=work.session, now=work.now
    )
    occurred_at = fields.get("occurred_at", visit.occurred_at)
    require(actor, Permission.VISIT_CORRECT, Place(visit.village_id, occurred_at), session=work.session, now=work.now)
    _check_correction(actor, visit, correction)
    if visit.withdrawn_at:
        raise Problem("withdrawn")
    work.figures_changed(visit.village_id, visit.occurred_at, occurred_at)
    _keep(actor, work, visit, correction, {name: getattr(visit, name) for name in fields})
    told = [name for name in fields if name != "services" or _topics(fields[name]) != _topics(visit.services)]
    was = {"participants": visit.participants} if "participants" in fields else {}
    for name, value in fields.items():
        setattr(visit, name, value)
    visit.amended_at = correction.at
    tell_author(actor, work, visit, correction.reason, Act.AMENDED, fields=sorted(told), was=was)
    work.changed("visit", visit, visit.village_id)


def withdraw_visit(actor: Actor, work: Work, visit: Visit, correction: Correction) -> None:
    """Takes a visit out of the figures; a tombstone stays. Problem `not_author` or `too_late`."""
    require(
        actor, Permission.VISIT_CORRECT, Place(visit.village_id, visit.occurred_at), session=work.session, now=work.now
    )
    _check_correction(actor, visit, correction)
    if visit.withdrawn_at:
        return
    visit.withdrawn_at = correction.at
    visit.withdrawn_reason = correction.reason
    _keep(actor, work, visit, correction, {})
    tell_author(actor, work, visit, correction.reason, Act.WITHDRAWN)
    work.changed("visit", visit, visit.village_id, gone="withdrawn")
    work.figures_changed(visit.village_id, visit.occurred_at)


def restore_visit(actor: Actor, work: Work, visit: Visit, correction: Correction) -> None:
    """Counts a visit again that the desk had withdrawn; Problem `not_found` for one that its author withdrew."""
    require(actor, Permission.VISIT_REVIEW, Place(visit.village_id, work.now), session=work.session, now=work.now)
    if not visit.withdrawn_at:
        return
    if not was_withdrawn_at_desk(visit):
        raise Problem("not_found")
    _keep(actor, work, visit, correction, {name: getattr(visit, name) for name in ("withdrawn_at", "withdrawn_reason")})
    visit.withdrawn_at = visit.withdrawn_reason = None
    tell_author(actor, work, visit, correction.reason, Act.RESTORED)
    work.changed("visit", visit, visit.village_id)
    work.figures_changed(visit.village_id, visit.occurred_at)


def leave_unnamed(actor: Actor, work: Work, household_ids: set[UUID], village_ids: set[UUID]) -> None:
    """Visits to households that refuse to be named become visits to homes not named, in the figures as well.

    `village_ids` are those to which the households ever belonged. Protocol, "Conflicts"; contracts, "Figures".
    """
    require(actor, _by_whom(actor))  # where is asked by the household's own operation
    work.write_rows()
    for visit in work.session.scalars(_visits_to(household_ids, village_ids)):
        visit.household_id = None
        work.changed("visit", visit, visit.village_id, gone="withdrawn" if visit.withdrawn_at else None)
        work.figures_changed(visit.village_id, visit.occurred_at)


def tell_again(actor: Actor, work: Work, household_ids: set[UUID], village_ids: set[UUID]) -> None:
    """Figures count the visits of households again that were made one, or are two again, and phones hear of them.

    `village_ids`, which must be locked, are those to which the households ever belonged.
    """
    require(actor, Permission.HOUSEHOLD_MANAGE)
    work.write_rows()
    for visit in work.session.scalars(_visits_to(household_ids, village_ids)):
        if not visit.withdrawn_at:
            work.changed("visit", visit, visit.village_id)
            work.figures_changed(visit.village_id, visit.occurred_at)


def forget_words(actor: Actor, work: Work, household_ids: set[UUID], village_ids: set[UUID]) -> None:
    """Takes out what people wrote about visits to households that are to be forgotten, earlier texts included."""
    require(actor, Permission.HOUSEHOLD_MANAGE)
    work.write_rows()
    ids = []
    for visit in work.session.scalars(_visits_to(household_ids, village_ids)):
        visit.note = visit.extra = None
        visit.services = bare_services(visit.services)
        visit.withdrawn_reason = visit.withdrawn_reason and ""
        visit.review = visit.review and visit.review | {"reason": ""}
        ids.append(visit.id)
    for change in work.session.scalars(select(VisitChange).where(VisitChange.visit_id.in_(ids))):
        change.reason = ""
        change.before = without_words(change.before)


def _by_whom(actor: Actor) -> Permission:
    """What lets a household's visits become unnamed: an officer's permission, or that of who heard the refusal."""
    is_officer = actor.may(Permission.HOUSEHOLD_MANAGE)
    return Permission.HOUSEHOLD_MANAGE if is_officer else Permission.HOUSEHOLD_WRITE


def _visits_to(household_ids: set[UUID], village_ids: set[UUID]) -> Select[Visit]:
    here = (Visit.village_id.in_(village_ids), Visit.household_id.in_(household_ids))
    return select(Visit).where(*here).order_by(Visit.village_id, Visit.version)


def _check_correction(actor: Actor, visit: Visit, correction: Correction) -> None:
    if actor.role is not Role.VOLUNTEER:
        return
    if visit.author_id != correction.author_id:
        raise Problem("not_author")
    if correction.at > visit.received_at + CORRECTION:
        raise Problem("too_late")


def _topics(services: Iterable[dict[str, Any]]) -> list[Any]:
    """What was helped with and what came of it: how many each helped goes with the number of people."""
    return [(given["code"], given["outcome"]) for given in services]


def _keep(actor: Actor, work: Work, visit: Visit, correction: Correction, before: dict[str, Any]) -> None:
    work.session.add(
        VisitChange(
            visit_id=visit.id,
            author_id=correction.author_id,
            entered_by=None if actor.role is Role.VOLUNTEER else actor.user_id,
            reason=correction.reason,
            at=correction.at,
            received_at=work.now,
            before={name: _plain(value) for name, value in before.items()},
        )
    )


def _plain(value: Any) -> Any:
    """A field's value as JSON can hold it."""
    if isinstance(value, datetime):
        return wire_instant(value)
    return str(value) if isinstance(value, UUID | date) else value
