"""What counts for a task: visits, never what anybody types. The phone counts by the same rule, with the same vectors.

A visit that is not withdrawn counts when it names the task and was made in its village or by its team, or when the team
made it in the village, for the task's service, on a day from `from_on` to the later of `due_on` and the day on which
the task ended; of a list of households only theirs. What others did elsewhere the team could not see.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Subquery, TextClause, and_, false, func, or_, select, text, union
from sqlalchemy.orm import Session

from cdtteam.campaigns.models import Unit
from cdtteam.core.clock import day_after, day_start
from cdtteam.households.models import Household
from cdtteam.tasks.models import Task
from cdtteam.visits.models import Visit

Found = tuple[UUID | None, bool, int]  # a household or none, whether at home, and how many such visits
Window = tuple[str | None, date, date | None]  # service, first day, last day: none while a task goes on

# The services of a visit are JSON in its row; each database opens it in its own words.
_GIVEN = {
    "sqlite": ("json_each(visit.services)", "json_extract(given.value, '$.code')"),
    "postgresql": ("json_array_elements(visit.services)", "given.value->>'code'"),
}


def progress_of(session: Session, tasks: Collection[Task]) -> dict[UUID, int]:
    """How much of each task is done, in its own unit."""
    merged = _merged(session)
    found: dict[UUID, list[Found]] = {}
    for window, alike in _by_window(tasks).items():
        for task_id, *visits in session.execute(_counted(session, window, alike)):
            found.setdefault(task_id, []).append((visits[0], bool(visits[1]), visits[2]))
    return {task.id: _add_up(task, found.get(task.id, ()), merged) for task in tasks}


def households_done(session: Session, task: Task) -> set[UUID]:
    """Those of a task's list that were helped, each also by what it was merged into."""
    merged = _merged(session)
    [window] = _by_window([task])
    visited = {row[1] for row in session.execute(_counted(session, window, [task.id])) if row[1]}
    helped = {_standing(household_id, merged) for household_id in visited}
    return {UUID(one) for one in task.household_ids or () if _standing(UUID(one), merged) in helped}


def is_counted_for(session: Session, tasks: Collection[Task]) -> ColumnElement[bool]:
    """The condition that a visit counts for one of some tasks."""
    merged = _merged(session)
    lists = {task.id: _listed(task, merged) or set() for task in tasks if task.household_ids is not None}
    found: list[ColumnElement[bool]] = [false()]
    for window, alike in _by_window(task for task in tasks if task.id not in lists).items():
        found.append(Visit.id.in_(select(_visits(session, window, alike).c.id)))
    for window, alike in _by_window(task for task in tasks if task.id in lists).items():
        some = _visits(session, window, alike).c
        rows = session.execute(select(some.task_id, some.id, some.household_id).where(some.household_id.is_not(None)))
        found.append(Visit.id.in_([id_ for task_id, id_, home in rows if _standing(home, merged) in lists[task_id]]))
    return or_(*found)


def last_day(task: Task) -> date | None:
    """The last day whose visits count for a task without naming it; none while it goes on."""
    return max(task.due_on, task.ended_on) if task.ended_on else None


def _by_window(tasks: Iterable[Task]) -> dict[Window, list[UUID]]:
    found: dict[Window, list[UUID]] = {}
    for task in tasks:
        found.setdefault((task.service, task.from_on, last_day(task)), []).append(task.id)
    return found


def _counted(session: Session, window: Window, task_ids: list[UUID]) -> Select[Any]:
    """Visits of tasks that count alike: by task, household and whether at home, how many."""
    both = _visits(session, window, task_ids)
    group = (both.c.task_id, both.c.household_id, both.c.at_home)
    return select(*group, func.count()).group_by(*group)


def _visits(session: Session, window: Window, task_ids: list[UUID]) -> Subquery:
    """The visits of tasks that count alike, whatever households a task lists."""
    columns = (Task.id.label("task_id"), Visit.id, Visit.household_id, (Visit.kind == "home").label("at_home"))
    stands = (Task.id.in_(task_ids), Visit.withdrawn_at.is_(None))
    fitting = select(*columns).join(Visit, _fits(session, window)).where(*stands)
    near = or_(Visit.village_id == Task.village_id, Visit.team_id == Task.team_id)
    naming = select(*columns).join(Visit, Visit.task_id == Task.id).where(*stands, near)
    return union(fitting, naming).subquery()


def _fits(session: Session, window: Window) -> ColumnElement[bool]:
    service, from_on, last_on = window
    if service is None:
        return false()
    theirs = (Visit.village_id == Task.village_id, Visit.team_id == Task.team_id)
    until = (Visit.occurred_at < day_start(day_after(last_on)),) if last_on else ()
    return and_(*theirs, Visit.occurred_at >= day_start(from_on), *until, _helps_with(session, service))


def _helps_with(session: Session, service: str) -> TextClause:
    each, code = _GIVEN[session.get_bind().dialect.name]
    return text(f"EXISTS (SELECT 1 FROM {each} AS given WHERE {code} = :code)").bindparams(code=service)  # noqa: S608


def _add_up(task: Task, visits: Iterable[Found], merged: Mapping[UUID, UUID]) -> int:
    listed = _listed(task, merged)
    households: set[UUID] = set()
    unnamed = all_ = 0
    for household_id, at_home, number in visits:
        home = household_id and _standing(household_id, merged)
        if listed is not None and home not in listed:
            continue
        all_ += number
        if home:
            households.add(home)
        elif at_home:
            unnamed += number
    return all_ if task.unit == Unit.VISITS else len(households) + unnamed


def _listed(task: Task, merged: Mapping[UUID, UUID]) -> set[UUID] | None:
    """The households of a task's list as they stand now; None for all of its village."""
    return None if task.household_ids is None else {_standing(UUID(one), merged) for one in task.household_ids}


def _merged(session: Session) -> dict[UUID, UUID]:
    columns = (Household.id, Household.merged_into_id)
    rows: Sequence[Any] = session.execute(select(*columns).where(Household.merged_into_id.is_not(None))).all()
    return {row[0]: row[1] for row in rows}


def _standing(household_id: UUID, merged: Mapping[UUID, UUID]) -> UUID:
    while household_id in merged:
        household_id = merged[household_id]
    return household_id
