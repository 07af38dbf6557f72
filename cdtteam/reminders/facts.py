"""What is due for members on a day: numbers alone, each read once for many members."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cdtteam.access.models import Duty
from cdtteam.accounts.models import DeviceContact
from cdtteam.core.clock import civil_date, day_after
from cdtteam.households.models import Household
from cdtteam.households.queries import now_known_as
from cdtteam.tasks.models import WITH_REASON, Task
from cdtteam.teams.queries import duties_of
from cdtteam.visits.models import Visit

LATE = timedelta(days=14)  # a task is called late so long, and then left to those who look at lists
MISSED = timedelta(days=7)  # so long a household that was promised a visit is called to mind
UNSENT_ON = (3, 7, 14, 30)  # days without a word from a phone on which that alone is worth a digest

Place = tuple[UUID, UUID]  # a team in a village


@dataclass(slots=True)
class Due:
    """What a member hears of: open tasks by their ids, how many households wait, for how many days nothing came."""

    late: set[UUID] = field(default_factory=set)
    soon: set[UUID] = field(default_factory=set)
    households: set[UUID] = field(default_factory=set)
    unsent_days: int = 0


def due_for(session: Session, member_ids: Collection[UUID], now: datetime) -> dict[UUID, Due]:
    """What is due for each of some members; those with nothing are absent."""
    duties = duties_of(session, member_ids)
    places = {member_id: _places(duties.get(member_id, ()), now) for member_id in member_ids}
    found: dict[UUID, Due] = {}
    _add_tasks(session, places, found, civil_date(now))
    _add_promises(session, places, found, civil_date(now))
    _add_unsent(session, [member_id for member_id in member_ids if places[member_id]], found, civil_date(now))
    return found


def _places(duties: Iterable[Duty], now: datetime) -> set[Place]:
    return {(duty.team_id, duty.village_id) for duty in duties if duty.holds(now)}


def _add_tasks(session: Session, places: Mapping[UUID, set[Place]], found: dict[UUID, Due], today: date) -> None:
    """Tasks that are due by tomorrow or late; what waits for the desk's word is not the member's to do."""
    teams = {team_id for own in places.values() for team_id, _ in own}
    columns = (Task.id, Task.team_id, Task.village_id, Task.member_id, Task.due_on)
    near = (Task.due_on <= day_after(today), Task.due_on >= today - LATE, Task.state.not_in(WITH_REASON))
    tasks: dict[Place, list[Any]] = {}
    for row in session.execute(select(*columns).where(Task.team_id.in_(teams), Task.ended_at.is_(None), *near)):
        tasks.setdefault((row.team_id, row.village_id), []).append(row)
    for member_id, own in places.items():
        for row in (row for place in own for row in tasks.get(place, ())):
            if row.member_id in (None, member_id):
                due = found.setdefault(member_id, Due())
                (due.late if row.due_on < today else due.soon).add(row.id)


def _add_promises(session: Session, places: Mapping[UUID, set[Place]], found: dict[UUID, Due], today: date) -> None:
    """Households to which a member's team said that it comes back by today, and to which nobody came since."""
    waiting = _promises(session, {place for own in places.values() for place in own}, today)
    for member_id, own in places.items():
        households = {household_id for place in own for household_id in waiting.get(place, ())}
        if households:
            found.setdefault(member_id, Due()).households = households


def _promises(session: Session, places: set[Place], today: date) -> dict[Place, set[UUID]]:
    named = (Visit.household_id.is_not(None), Visit.withdrawn_at.is_(None))
    here = (Visit.team_id.in_({team for team, _ in places}), Visit.village_id.in_({place for _, place in places}))
    promised = (Visit.follow_up_on <= today, Visit.follow_up_on >= today - MISSED)
    columns = (Visit.team_id, Visit.village_id, Visit.household_id, Visit.occurred_at)
    rows = session.execute(select(*columns).where(*promised, *named, *here)).all()
    merged = now_known_as(session, {row.household_id for row in rows})
    last = _last_visits(session, {merged.get(row.household_id, row.household_id) for row in rows})
    found: dict[Place, set[UUID]] = {}
    for row in rows:
        household_id = merged.get(row.household_id, row.household_id)
        if household_id in last and row.occurred_at >= last[household_id]:
            found.setdefault((row.team_id, row.village_id), set()).add(household_id)
    return found


def _last_visits(session: Session, household_ids: set[UUID]) -> dict[UUID, datetime]:
    """When each of some households that still stand was visited last, by whomever, also under an earlier id."""
    standing = (Household.withdrawn_at.is_(None), Household.erased_at.is_(None), Household.id.in_(household_ids))
    known = {household_id: household_id for household_id in session.scalars(select(Household.id).where(*standing))}
    step = set(known)
    while step:
        earlier = select(Household.id, Household.merged_into_id).where(Household.merged_into_id.in_(step))
        merged = {id_: known[into] for id_, into in session.execute(earlier) if into and id_ not in known}
        known |= merged
        step = set(merged)
    latest = select(Visit.household_id, func.max(Visit.occurred_at)).where(Visit.household_id.in_(known))
    found: dict[UUID, datetime] = {}
    for household_id, at in session.execute(latest.where(Visit.withdrawn_at.is_(None)).group_by(Visit.household_id)):
        now = known[household_id or UUID(int=0)]
        found[now] = max(at, found.get(now, at))
    return found


def _add_unsent(session: Session, member_ids: Collection[UUID], found: dict[UUID, Due], today: date) -> None:
    """Who recorded something before, and whose phones have not reached us for days."""
    contact = select(DeviceContact.member_id, func.max(DeviceContact.on)).where(DeviceContact.member_id.in_(member_ids))
    silent = {
        member_id: (today - on).days
        for member_id, on in session.execute(contact.group_by(DeviceContact.member_id))
        if (today - on).days >= UNSENT_ON[0]
    }
    wrote = select(Visit.author_id).where(Visit.author_id.in_(silent), Visit.entered_by.is_(None)).distinct()
    for member_id in session.scalars(wrote):
        if silent[member_id] in UNSENT_ON or member_id in found:
            found.setdefault(member_id, Due()).unsent_days = silent[member_id]
