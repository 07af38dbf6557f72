"""A visit is put right at the desk: what its form may say, and which fields of the visit that changes."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor, Permission
from cdtteam.access.policy import require
from cdtteam.core.clock import civil_date, day_start
from cdtteam.core.problems import Problem
from cdtteam.core.text import name_key
from cdtteam.households.models import Household
from cdtteam.households.queries import households_by_name, now_known_as, village_at
from cdtteam.replica.work import Work
from cdtteam.teams.queries import all_served, duties_of
from cdtteam.visits.models import Visit
from cdtteam.visits.operations import Correction, amend_visit


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a form says of a visit; `services` are codes with what came of each, in order."""

    on: date
    household_id: UUID | None
    kind: str
    people: int
    services: list[tuple[str, str]]
    note: str | None


def wanted_now(session: Session, visit: Visit) -> Wanted:
    """What a visit says now, of a merged household the one that it became."""
    services = [(given["code"], given["outcome"]) for given in visit.services]
    home = visit.household_id and now_known_as(session, [visit.household_id]).get(
        visit.household_id, visit.household_id
    )
    return Wanted(civil_date(visit.occurred_at), home, visit.kind, visit.participants, services, visit.note)


def homes_to_choose(session: Session, visit: Visit) -> list[tuple[str, str]]:
    """Id and label of the households that the visit may name: its village's, and the one that it names now."""
    homes = {str(home.id): label for label, home in households_by_name(session, visit.village_id).items()}
    named = wanted_now(session, visit).household_id
    if named and str(named) not in homes:
        homes[str(named)] = session.scalar(select(Household.head_name).where(Household.id == named)) or ""
    return sorted(homes.items(), key=lambda home: name_key(home[1]))


def put_right(actor: Actor, work: Work, visit: Visit, wanted: Wanted, reason: str) -> None:
    """Changes what differs; Problem `invalid_field` (on, household), `withdrawn`, or what amending a visit may say."""
    require(actor, Permission.VISIT_REVIEW)
    fields = _changes(work, visit, wanted)
    if fields:
        amend_visit(actor, work, visit, Correction(None, reason, work.now), fields)


def _changes(work: Work, visit: Visit, wanted: Wanted) -> dict[str, Any]:
    now = wanted_now(work.session, visit)
    fields: dict[str, Any] = {}
    if wanted.on != now.on:
        fields["occurred_at"] = _moment(work, visit, wanted.on)
    if wanted.household_id != now.household_id:
        fields["household_id"] = _home(work, visit, wanted.household_id, fields.get("occurred_at", visit.occurred_at))
    if (wanted.services, wanted.people) != (now.services, now.people):
        fields["services"] = _services(visit, wanted)
    if wanted.people != now.people:
        fields["participants"] = wanted.people
    plain = {"kind": wanted.kind, "note": wanted.note}
    return fields | {name: value for name, value in plain.items() if value != getattr(now, name)}


def _services(visit: Visit, wanted: Wanted) -> list[dict[str, Any]]:
    """What helped everybody who was there helps everybody now, the rest as many as before, if there are so many."""
    known = {given["code"]: given for given in visit.services}
    found = []
    for code, outcome in wanted.services:
        earlier = known.get(code, {"code": code, "people": visit.participants})
        helped = earlier["people"]
        people = wanted.people if helped == visit.participants else min(helped, wanted.people)
        found.append(earlier | {"people": people, "outcome": outcome})
    return found


def _moment(work: Work, visit: Visit, on: date) -> datetime:
    """The same hour of another day, on which everybody who went must have been in the team for the village."""
    at = min(visit.occurred_at + (on - civil_date(visit.occurred_at)), work.now - timedelta(seconds=1))
    at = max(day_start(on), at)
    members = {visit.author_id, *(UUID(member_id) for member_id in visit.member_ids)}
    if not all_served(duties_of(work.session, members), members, (visit.team_id, visit.village_id), at):
        raise Problem("invalid_field", field="on")
    return at


def _home(work: Work, visit: Visit, household_id: UUID | None, at: datetime) -> UUID | None:
    if household_id is None:
        return None
    home = work.session.get(Household, household_id)
    if home is None or home.gone or village_at(work.session, home, at) != visit.village_id:
        raise Problem("invalid_field", field="household")
    return home.id
