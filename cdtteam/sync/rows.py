"""The rows that a batch names, read once and under lock, and what it makes."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from cdtteam.attendance.models import Attendance
from cdtteam.core.problems import Problem
from cdtteam.households.erasing import Forgotten
from cdtteam.households.models import Household
from cdtteam.households.queries import Home, is_forgotten, village_at, was_ever_in
from cdtteam.replica.work import Work
from cdtteam.requests.models import Request
from cdtteam.support.queries import indicator_types, is_service
from cdtteam.tasks.models import Task
from cdtteam.visits.models import NewVisit, Visit

# Made once: putting a statement together costs more than running it.
_IDS: Any = bindparam("ids", expanding=True)
_HOUSEHOLDS = select(Household).where(Household.id.in_(_IDS))
_VISITS = select(Visit).where(Visit.id.in_(_IDS))
_TASKS = select(Task).where(Task.id.in_(_IDS))
# A visit asks little of its household, and changes nothing of it: columns, which cost less than objects.
_HOMES = select(
    Household.id, Household.village_id, Household.has_moved, Household.merged_into_id, Household.erased_at
).where(Household.id.in_(_IDS))
_TAKEN = select(Visit.id).where(Visit.id.in_(_IDS))
_ATTENDED = select(Attendance.id).where(Attendance.id.in_(_IDS))
_RAISED = select(Request.id).where(Request.id.in_(_IDS))
_VILLAGES: dict[Any, Any] = {
    model: select(model.village_id).where(model.id.in_(_IDS)) for model in (Household, Visit, Task)
}


@dataclass(frozen=True, slots=True)
class Named:
    """The ids that a batch's args name; `homeless` are rows that are named without their village: those it changes."""

    villages: frozenset[UUID]
    households: frozenset[UUID]
    visits: frozenset[UUID]
    attendances: frozenset[UUID]
    tasks: frozenset[UUID]
    requests: frozenset[UUID]
    homeless: frozenset[UUID]


@dataclass
class Rows:
    """Households, visits and tasks by id, as they stand within this transaction.

    `households`, `visits` and `tasks` are those that the batch changes, `homes` all households that it names; `taken`
    are the ids of all visits, attendances and requests that there are among those that it names, `made` the visits that
    it has recorded. `forgotten` are the households that have refused to be named in this batch, `silent` the ids of
    those that have refused to be contacted.
    """

    work: Work
    households: dict[UUID, Household]
    homes: dict[UUID, Home]
    visits: dict[UUID, Visit]
    tasks: dict[UUID, Task]
    taken: set[UUID]
    made: dict[UUID, NewVisit] = field(default_factory=dict)
    forgotten: list[Forgotten] = field(default_factory=list)
    silent: set[UUID] = field(default_factory=set)

    @classmethod
    def under_lock(cls, work: Work, named: Named, extra_villages: frozenset[UUID]) -> "Rows":
        """Locks every village named or found behind a row that is named alone, then reads the rows.

        A visit names its household with its village, which is nearly always right. With `extra_villages`, those that
        an earlier try found missing, the village of each household is looked up too.
        """
        session = work.session
        villages = set(named.villages) | extra_villages
        behind = named.homeless | named.households if extra_villages else named.homeless
        for model, ids in ((Household, behind), (Visit, behind), (Task, named.tasks)):
            villages.update(session.scalars(_VILLAGES[model], {"ids": ids}) if ids else ())
        work.lock(villages)
        households = _objects(session, _HOUSEHOLDS, named.households & named.homeless)
        homes = {row.id: row for row in _columns(session, _HOMES, named.households - named.homeless)}
        visits = _objects(session, _VISITS, named.visits & named.homeless)
        tasks = _objects(session, _TASKS, named.tasks)
        taken = {row.id for row in _columns(session, _TAKEN, named.visits - named.homeless)}
        taken |= {row.id for row in _columns(session, _ATTENDED, named.attendances)}
        taken |= {row.id for row in _columns(session, _RAISED, named.requests)}
        return cls(work, households, homes | households, visits, tasks, taken | visits.keys())

    def has_service(self, code: str) -> bool:
        """Whether the catalogue has a service of this code."""
        return is_service(self.work.session, code)

    @cached_property
    def indicator_types(self) -> dict[str, str]:
        """The type of each indicator, by code."""
        return indicator_types(self.work.session)

    def household_made(self, household: Household) -> None:
        """Adds a household that the batch has created."""
        self.households[household.id] = self.homes[household.id] = household

    def forget(self, known: Forgotten) -> None:
        """Remembers that nothing of a household may stay, in the quarantine neither."""
        self.forgotten.append(known)

    def visit_made(self, visit: NewVisit) -> None:
        """Adds a visit that the batch has recorded."""
        self.made[visit.id] = visit
        self.taken.add(visit.id)

    def visit(self, visit_id: UUID) -> Visit | None:
        """The visit of this id, to be corrected; one that the batch itself has recorded is written first."""
        if self.made.pop(visit_id, None):
            self.work.write_rows()
            self.visits[visit_id] = self.work.session.get_one(Visit, visit_id)
        return self.visits.get(visit_id)

    def home_of(self, household_id: Any) -> Home | None:
        """The household that args name; Problem `unknown_household`."""
        if household_id is None:
            return None
        home = self.homes.get(household_id)
        if home is None:
            raise Problem("unknown_household")
        return home

    def village_at(self, home: Home, at: datetime) -> UUID:
        """The village to which a household belonged at an instant."""
        return village_at(self.work.session, home, at)

    def was_ever_in(self, home: Home, village_id: UUID) -> bool:
        """Whether a household belongs to a village or ever did."""
        return was_ever_in(self.work.session, home, village_id)

    def is_forgotten(self, home: Home | None) -> bool:
        """Whether nothing may be kept of what is written about a household: a resident asked for that."""
        return home is not None and is_forgotten(self.work.session, home)

    def standing(self, home: Home | None) -> UUID | None:
        """The id under which a household is visited now: a merged one's `into`, none for an erased one."""
        while home is not None and home.merged_into_id:
            home = self.work.session.get(Household, home.merged_into_id)
        return None if home is None or home.erased_at else home.id


def _objects(session: Session, statement: Any, ids: frozenset[UUID]) -> dict[UUID, Any]:
    return {row.id: row for row in session.scalars(statement, {"ids": ids})} if ids else {}


def _columns(session: Session, statement: Any, ids: frozenset[UUID]) -> Any:
    return session.connection().execute(statement, {"ids": ids}) if ids else ()
