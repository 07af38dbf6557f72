"""A visit that an officer entered from paper is put right as the line of the paper that it was."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from cdtteam.access.models import Actor, Permission
from cdtteam.access.policy import require
from cdtteam.core.problems import Problem
from cdtteam.replica.work import Work
from cdtteam.visits.correcting import Wanted, put_right, wanted_now
from cdtteam.visits.models import Visit


@dataclass(frozen=True, slots=True)
class Entered:
    """What the form of a visit says: all its services have the same people and outcome, as on a line of the paper."""

    on: date
    household_id: UUID | None
    kind: str
    services: list[str]
    people: int
    outcome: str
    note: str | None


def entered(session: Session, visit: Visit) -> Entered:
    """What a visit says now."""
    now = wanted_now(session, visit)
    codes, outcomes = zip(*now.services, strict=True)
    return Entered(now.on, now.household_id, now.kind, list(codes), now.people, outcomes[0], now.note)


def visit_entered_for(session: Session, visit_id: UUID) -> Visit:
    """A visit that an officer entered; Problem `not_found` for any other."""
    visit = session.get(Visit, visit_id, populate_existing=True)
    if visit is None or visit.entered_by is None:
        raise Problem("not_found")
    return visit


def amend_entry(actor: Actor, work: Work, visit: Visit, said: Entered, reason: str) -> None:
    """Changes what differs; Problem `invalid_field` (on, household), `withdrawn`, or what amending a visit may say."""
    require(actor, Permission.PAPER_MANAGE)
    services = [(code, said.outcome) for code in said.services]
    wanted = Wanted(said.on, said.household_id, said.kind, said.people, services, said.note)
    put_right(actor, work, visit, wanted, reason)
