"""Visits from paper become visits like any other, by the same operations, marked with who entered them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor, Permission
from cdtteam.access.policy import require
from cdtteam.core.clock import CIVIL_ZONE, day_start, wire_instant
from cdtteam.core.text import fold
from cdtteam.households.consents import NOTICE
from cdtteam.households.erasing import Forgotten
from cdtteam.households.likeness import Known
from cdtteam.households.models import Household
from cdtteam.households.operations import Entry, create_household
from cdtteam.households.queries import households_by_name
from cdtteam.paper.entry import Line, Row
from cdtteam.replica.work import Work
from cdtteam.sync.quarantine import forget_refused
from cdtteam.teams.queries import all_served, duties_of
from cdtteam.visits.models import NewVisit, Visit
from cdtteam.visits.operations import record_visit

NOON = time(12)  # paper knows the day and not the hour


@dataclass(frozen=True, slots=True)
class Crew:
    """For whom an officer enters visits: the team in a village, who wrote the paper, who went along."""

    team_id: UUID
    village_id: UUID
    author_id: UUID
    companions: frozenset[UUID]


class NotEntered(Exception):
    """Something is wrong with a row, which says what."""


def households_known(session: Session, village_id: UUID) -> list[Known]:
    """What tells a village's households from others."""
    return [
        Known(row.id, row.village_id, row.head_name, row.hamlet, row.code, row.phone)
        for row in households_by_name(session, village_id).values()
    ]


def enter_visits(actor: Actor, work: Work, crew: Crew, lines: Sequence[tuple[Row, Line]]) -> int:
    """Records what is not there yet; answers how many. NotEntered: nothing may be kept."""
    require(actor, Permission.PAPER_MANAGE)
    work.lock([crew.village_id])
    members = {crew.author_id, *crew.companions}
    duties = duties_of(work.session, members)
    homes = {fold(label): home for label, home in households_by_name(work.session, crew.village_id).items()}
    known = {
        visit.id: visit
        for visit in work.session.scalars(select(Visit).where(Visit.id.in_([one.id for _row, one in lines])))
    }
    made = 0
    for row, line in lines:
        at = noon_of(line.on, work.now)
        if not all_served(duties, members, (crew.team_id, crew.village_id), at):
            row.blame("on", _("On this day not everybody who is ticked was in this team for this village."))
        if line.id in known:
            _check_same(row, line, known[line.id])
            continue
        home_id = _home(actor, work, crew, row, line, homes)
        if not row.error:
            record_visit(actor, work, _visit(actor, work, crew, line, at, home_id))
            made += 1
    if any(row.error for row, _line in lines):
        raise NotEntered
    return made


def noon_of(on: date, now: datetime) -> datetime:
    """The moment that stands for a day of the paper; today it is just now."""
    return max(day_start(on), min(datetime.combine(on, NOON, CIVIL_ZONE), now - timedelta(seconds=1)))


def _check_same(row: Row, line: Line, visit: Visit) -> None:
    """A row that was kept already and came back changed would be lost without a word."""
    if visit.participants != line.people or [one["code"] for one in visit.services] != line.services:
        row.blame("services", _("This row was saved before with other contents. Please withdraw that visit first."))


def _home(actor: Actor, work: Work, crew: Crew, row: Row, line: Line, homes: dict[str, Household]) -> UUID | None:
    if not line.household:
        return None
    found = homes.get(fold(line.household))
    if found is not None and not line.is_new_home:
        return found.id
    if not line.is_new_home:
        row.blame(
            "household",
            _("No household, or more than one, has this name. Choose from the list, or tick “new household”."),
        )
        return None
    made = _new_home(actor, work, crew, line)
    if made.erased_at:
        return None
    homes.setdefault(fold(line.household), made)
    return made.id


def _new_home(actor: Actor, work: Work, crew: Crew, line: Line) -> Household:
    """A household with what it said; of one that refused to be named nothing is kept, nor of earlier tries at it."""
    said = {"notice": NOTICE, "at": wire_instant(noon_of(line.on, work.now))}
    consents = {f"consents.{purpose}": {"given": given} | said for purpose, given in line.consents.items()}
    entry, fields = Entry(crew.author_id, None, work.now), {"head_name": line.household} | consents
    made = create_household(actor, work, entry, household_id=line.home_id, village_id=crew.village_id, fields=fields)
    if made.erased_at:
        forget_refused(work.session, Forgotten({made.id}, {line.household}, {crew.village_id}), work.now)
    return made


def _visit(actor: Actor, work: Work, crew: Crew, line: Line, at: datetime, home_id: UUID | None) -> NewVisit:
    return NewVisit(
        id=line.id,
        village_id=crew.village_id,
        team_id=crew.team_id,
        author_id=crew.author_id,
        device_id=None,
        household_id=home_id,
        task_id=None,
        kind=line.kind,
        occurred_at=at,
        occurred_raw_at=None,
        entered_at=work.now,
        entered_raw_at=None,
        time_uncertain=False,
        received_at=work.now,
        participants=line.people,
        member_ids=[str(crew.author_id), *sorted(str(one) for one in crew.companions - {crew.author_id})],
        services=[{"code": code, "people": line.people, "outcome": line.outcome} for code in line.services],
        follow_up_on=None,
        note=line.note,
        photo_ids=None,
        extra=None,
        entered_by=actor.user_id,
    )
