"""Where and when a mutation says that something was: the village and the time at which its author must have served."""

from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from msgspec import UNSET

from cdtteam.access.models import Actor
from cdtteam.attendance.models import check_day, moved_day
from cdtteam.core.clock import civil_date
from cdtteam.households.operations import Entry
from cdtteam.households.queries import Home
from cdtteam.sync.rows import Rows
from cdtteam.sync.times import Entered
from cdtteam.sync.wire import Mutation
from cdtteam.tasks.queries import assignment_at


class Case(NamedTuple):
    """A mutation before its judge: who made it, when, on what, and what its villages hold."""

    mutation: Mutation
    args: Any
    rows: Rows
    entered: Entered
    author_id: UUID
    author: Actor | None
    device_id: UUID

    @property
    def entry(self) -> Entry:
        """Who entered it, as households want to know."""
        return Entry(self.author_id, self.device_id, self.entered.at)


class Place(NamedTuple):
    """Where and when a mutation says that something was; None where its row is not known."""

    village_id: UUID | None
    at: Any


def named_village(case: Case) -> Place:
    """The village that args name."""
    return Place(case.args.village_id, case.entered.at)


def household_place(case: Case) -> Place:
    """Where the household of args belonged."""
    household = case.rows.households.get(case.args.id)
    return Place(case.rows.village_at(household, case.entered.at) if household else None, case.entered.at)


def visit_place(case: Case) -> Place:
    """Where the visit of args was, and when."""
    if getattr(case.args, "occurred_at", UNSET) is not UNSET:
        case.entered.moved(case.args.occurred_at)  # an implausible time is said before anything about the place
    visit = case.rows.visit(case.args.id)
    return Place(visit.village_id if visit else None, visit.occurred_at if visit else case.entered.at)


def new_visit_place(case: Case) -> Place:
    """Where and when a visit says that it was."""
    at, _ = occurred(case)
    home = case.rows.home_of(case.args.household_id)
    return Place(_village_of(case, home, at) if home else case.args.village_id, at)


def _village_of(case: Case, home: Home, at: Any) -> UUID:
    """Where the household belonged then; its former village as sent, if the author served only that one."""
    belonged, sent = case.rows.village_at(home, at), case.args.village_id
    if belonged == sent or case.author is None or case.author.team_at(belonged, at):
        return belonged
    knew = case.author.team_at(sent, at) is not None and case.rows.was_ever_in(home, sent)
    return sent if knew else belonged


def attendance_place(case: Case) -> Place:
    """The village of an attendance; its day is judged first."""
    check_day(attended_on(case), case.entered.arrival)
    return Place(case.args.village_id, case.entered.at)


def attended_on(case: Case) -> date:
    """The day of an attendance, moved as the clock was wrong."""
    return moved_day(case.args.on, case.entered.shift, civil_date(case.entered.at))


def task_place(case: Case) -> Place:
    """The village in which a task lay then."""
    task = case.rows.tasks.get(case.args.id)
    at = case.entered.at
    return Place(assignment_at(case.rows.work.session, task, at).village_id if task else None, at)


def anywhere(case: Case) -> Place:
    """Nowhere: what needs no village."""
    return Place(None, case.entered.at)


def occurred(case: Case) -> tuple[Any, bool]:
    """When a visit was by the right clock, and whether that is uncertain."""
    if case.args.occurred_at in (None, UNSET):
        return case.entered.at, case.entered.is_uncertain
    return case.entered.moved(case.args.occurred_at)
