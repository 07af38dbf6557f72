"""The mutation types: what each names, and the act that it comes to (sync protocol, "Mutation types")."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from msgspec import UNSET, Struct

from cdtteam.access.models import Actor
from cdtteam.attendance.wire import RecordAttendance
from cdtteam.core.problems import Problem
from cdtteam.households.group import standing
from cdtteam.households.models import check_contact
from cdtteam.households.wire import CreateHousehold, UpdateHousehold, WithdrawHousehold, household_fields
from cdtteam.notify.wire import PreferNotifications, ReadNotifications
from cdtteam.reports.models import period_to_report
from cdtteam.reports.wire import ReportNothing
from cdtteam.requests.wire import RaiseRequest, check_words
from cdtteam.sync import acts, inbox, places
from cdtteam.sync.places import Case, Place
from cdtteam.sync.rows import Rows
from cdtteam.sync.wire import Mutation
from cdtteam.tasks.wire import TaskProgress, check_reason
from cdtteam.visits.wire import AmendVisit, RecordVisit, ServiceGiven, WithdrawVisit


class Discard(Struct):
    """Args of mutation.discard."""

    id: UUID


@dataclass(frozen=True, slots=True)
class Type:
    """A mutation type.

    `place` finds the village and time at which the author must have served; `apply` calls the operation and
    answers None, or the result of a conflict. `makes` and `needs` say of which kind `args.id` is.
    `check` finds what is wrong with fields beyond their types.
    """

    args: type[Any]
    place: Callable[[Case], Place]
    apply: Callable[[Case, Actor], dict[str, Any] | None]
    makes: str | None = None
    needs: str | None = None
    check: Callable[[Mutation, Rows], None] | None = None

    @property
    def of(self) -> str | None:
        """The kind of row that `args.id` names, if it names one."""
        return self.makes or self.needs


def services_named(args: Any) -> Iterable[tuple[str, str]]:
    """The path and the code of each service that args name."""
    services: list[ServiceGiven] = getattr(args, "services", None) or []
    return [(f"services[{index}].code", given.code) for index, given in enumerate(services)]


def _check_household(mutation: Mutation, rows: Rows) -> None:
    args: CreateHousehold | UpdateHousehold = mutation.parsed
    fields = household_fields(args, mutation.args, rows.indicator_types)
    household = rows.households.get(args.id)
    if household is not None:
        check_contact(fields, standing(rows.work.session, household).consents)
    elif isinstance(args, CreateHousehold):
        check_contact(fields, {})


def _check_amended(mutation: Mutation, rows: Rows) -> None:
    args: AmendVisit = mutation.parsed
    visit = rows.visits.get(args.id)
    if visit is not None and args.village_id not in (UNSET, None, visit.village_id):
        raise Problem("invalid_field", field="village_id")


def _check_report(mutation: Mutation, rows: Rows) -> None:
    period_to_report(mutation.parsed.period, rows.work.now)


def _check_task(mutation: Mutation, _rows: Rows) -> None:
    check_reason(mutation.parsed)


def _check_request(mutation: Mutation, _rows: Rows) -> None:
    check_words(mutation.parsed)


def settles(case: Case) -> set[UUID]:
    """The refused mutations that need no more care once this one is applied: itself, what it corrects or gives up."""
    settled = {case.mutation.id, case.mutation.header.replaces if case.mutation.header else None}
    settled |= {case.args.id} if isinstance(case.args, Discard) else set()
    return {mutation_id for mutation_id in settled if mutation_id is not None}


TYPES: dict[str, Type] = {
    "household.create": Type(
        CreateHousehold, places.named_village, acts.household_create, "household", check=_check_household
    ),
    "household.update": Type(
        UpdateHousehold, places.household_place, acts.household_update, None, "household", _check_household
    ),
    "household.withdraw": Type(WithdrawHousehold, places.household_place, acts.household_withdraw, needs="household"),
    "visit.record": Type(RecordVisit, places.new_visit_place, acts.visit_record, makes="visit"),
    "visit.amend": Type(AmendVisit, places.visit_place, acts.visit_amend, None, "visit", _check_amended),
    "visit.withdraw": Type(WithdrawVisit, places.visit_place, acts.visit_withdraw, needs="visit"),
    "attendance.record": Type(RecordAttendance, places.attendance_place, acts.attendance_record, makes="attendance"),
    "report.nothing": Type(ReportNothing, places.named_village, acts.nothing_reported, check=_check_report),
    "task.progress": Type(TaskProgress, places.task_place, acts.task_progress, needs="task", check=_check_task),
    "request.raise": Type(
        RaiseRequest, places.named_village, acts.request_raise, makes="request", check=_check_request
    ),
    "notification.read": Type(ReadNotifications, places.anywhere, inbox.notification_read),
    "notification.prefer": Type(PreferNotifications, places.anywhere, inbox.notification_prefer),
    "mutation.discard": Type(Discard, places.anywhere, acts.mutation_discard),
}
