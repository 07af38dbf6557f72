"""Visits are recorded, amended and withdrawn; their earlier text stays in the history."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from cdtteam.access.models import Actor, Permission, Place, Role
from cdtteam.access.policy import require
from cdtteam.core.clock import wire_instant
from cdtteam.core.problems import Problem
from cdtteam.replica.work import Work
from cdtteam.visits.models import Visit, VisitChange

CORRECTION = timedelta(hours=72)  # after that a coordinator does it at the desk


@dataclass(frozen=True, slots=True)
class Correction:
    """Why a visit is changed, by whom, and when by the corrected clock."""

    author_id: UUID | None
    reason: str
    at: datetime


def record_visit(actor: Actor, work: Work, visit: Visit) -> Visit:
    """Adds a visit that is complete but for its version and the moment of arrival."""
    require(
        actor, Permission.VISIT_RECORD, Place(visit.village_id, visit.occurred_at), session=work.session, now=work.now
    )
    visit.received_at = work.now
    visit.version = 0
    work.session.add(visit)
    work.changed("visit", visit, visit.village_id)
    work.figures_changed(visit.village_id, visit.occurred_at)
    return visit


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
    _keep(work, visit, correction, {name: getattr(visit, name) for name in fields})
    for name, value in fields.items():
        setattr(visit, name, value)
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
    _keep(work, visit, correction, {})
    work.changed("visit", visit, visit.village_id, gone="withdrawn")
    work.figures_changed(visit.village_id, visit.occurred_at)


def _check_correction(actor: Actor, visit: Visit, correction: Correction) -> None:
    if actor.role is not Role.VOLUNTEER:
        return
    if visit.author_id != correction.author_id:
        raise Problem("not_author")
    if correction.at > visit.received_at + CORRECTION:
        raise Problem("too_late")


def _keep(work: Work, visit: Visit, correction: Correction, before: dict[str, Any]) -> None:
    work.session.add(
        VisitChange(
            visit_id=visit.id,
            author_id=correction.author_id,
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
