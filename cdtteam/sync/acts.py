"""What each mutation type does: args and case become the call of an operation.

Each answers None, or the result of a conflict.
"""

from typing import Any
from uuid import UUID

from msgspec import UNSET

from cdtteam.access.models import Actor
from cdtteam.attendance.models import Attendance
from cdtteam.attendance.operations import record_attendance
from cdtteam.attendance.wire import RecordAttendance
from cdtteam.core.problems import Problem
from cdtteam.core.wire import unknown_fields
from cdtteam.households.erasing import Forgotten, ids_of, known_as, refuses_contact, refuses_name
from cdtteam.households.group import standing
from cdtteam.households.operations import create_household, update_household, withdraw_household
from cdtteam.households.wire import CreateHousehold, UpdateHousehold, household_fields
from cdtteam.reports.operations import report_nothing
from cdtteam.reports.wire import ReportNothing
from cdtteam.requests.models import Request, RequestState
from cdtteam.requests.operations import raise_request
from cdtteam.requests.wire import RaiseRequest
from cdtteam.sync.places import Case, attended_on, new_visit_place, occurred
from cdtteam.tasks.models import State
from cdtteam.tasks.operations import Word, progress_task
from cdtteam.tasks.wire import TaskProgress
from cdtteam.visits.models import NewVisit, Visit
from cdtteam.visits.operations import Correction, amend_visit, leave_unnamed, record_visit, withdraw_visit
from cdtteam.visits.wire import AmendVisit, RecordVisit, bare_services, services_json


def household_create(case: Case, actor: Actor) -> None:
    """Makes a household."""
    args: CreateHousehold = case.args
    fields = household_fields(args, case.mutation.args, case.rows.indicator_types)
    made = create_household(
        actor, case.rows.work, case.entry, household_id=args.id, village_id=args.village_id, fields=fields
    )
    case.rows.household_made(made)
    if made.erased_at:
        # Earlier tries at it may have been refused, and kept with the name.
        case.rows.forget(Forgotten({made.id}, {fields["head_name"]}, {made.village_id}))
    elif refuses_contact(fields):
        case.rows.silent.add(made.id)


def household_update(case: Case, actor: Actor) -> dict[str, Any] | None:
    """Changes fields of a household; answers whether it was a conflict."""
    args: UpdateHousehold = case.args
    named = case.rows.households[args.id]
    household = standing(case.rows.work.session, named)
    fields = household_fields(args, case.mutation.args, case.rows.indicator_types)
    known = known_as(case.rows.work, household) if refuses_name(fields) else None
    conflicts = update_household(
        actor, case.rows.work, case.entry, named, base_version=args.base_version, fields=fields
    )
    if known and household.erased_at:
        case.rows.forget(known)
        leave_unnamed(actor, case.rows.work, known.ids, known.village_ids)
    elif refuses_contact(fields):
        case.rows.silent.update(ids_of(case.rows.work, household))
    return {"status": "conflict"} if conflicts else None


def household_withdraw(case: Case, actor: Actor) -> None:
    """Withdraws a household."""
    withdraw_household(actor, case.rows.work, case.entry, case.rows.households[case.args.id], reason=case.args.reason)


def visit_record(case: Case, actor: Actor) -> None:
    """Records a visit."""
    args: RecordVisit = case.args
    village_id, times = new_visit_place(case).village_id, _times(case)
    assert village_id is not None
    home = case.rows.home_of(args.household_id)
    is_forgotten, sent = case.rows.is_forgotten(home), case.mutation.args["services"]
    visit = NewVisit(
        id=args.id,
        village_id=village_id,
        team_id=actor.team_at(village_id, times["occurred_at"]),
        author_id=case.author_id,
        device_id=case.device_id,
        household_id=case.rows.standing(home),
        task_id=args.task_id,
        kind=args.kind,
        participants=args.participants,
        member_ids=_members(args.member_ids) or [str(case.author_id)],
        services=services_json(args.services, bare_services(sent) if is_forgotten else sent),
        follow_up_on=args.follow_up_on,
        note=None if is_forgotten else args.note,
        photo_ids=[str(photo) for photo in args.photo_ids] if args.photo_ids else None,
        extra=None if is_forgotten else unknown_fields(case.mutation.args, RecordVisit.__struct_fields__),
        **times,
    )
    record_visit(actor, case.rows.work, visit)
    case.rows.visit_made(visit)


def _times(case: Case) -> dict[str, Any]:
    """When a visit was, was entered and arrived; the device's own words stand beside what was corrected in them."""
    header = case.mutation.header
    assert header is not None
    occurred_at, uncertain = occurred(case)
    raw = case.args.occurred_at or header.at
    return {
        "occurred_at": occurred_at,
        "occurred_raw_at": raw if raw != occurred_at else None,
        "entered_at": case.entered.at,
        "entered_raw_at": header.at if header.at != case.entered.at else None,
        "time_uncertain": uncertain,
        "received_at": case.rows.work.now,
    }


def visit_amend(case: Case, actor: Actor) -> None:
    """Corrects a visit."""
    args: AmendVisit = case.args
    visit = case.rows.visits[args.id]
    named = ("kind", "participants", "task_id", "follow_up_on", "note")
    fields: dict[str, Any] = {name: getattr(args, name) for name in named if getattr(args, name) is not UNSET}
    if args.services is not UNSET:
        fields["services"] = services_json(args.services, case.mutation.args["services"])
    if args.member_ids is not UNSET:
        fields["member_ids"] = _members(args.member_ids) or [str(case.author_id)]
    if args.photo_ids is not UNSET:
        fields["photo_ids"] = [str(photo) for photo in args.photo_ids or []] or None
    fields |= _unknown(case, visit)
    if args.occurred_at is not UNSET:
        fields["occurred_at"], fields["time_uncertain"] = case.entered.moved(args.occurred_at)
        fields["occurred_raw_at"] = args.occurred_at if args.occurred_at != fields["occurred_at"] else None
    if args.household_id is not UNSET:
        home = case.rows.home_of(args.household_id)
        if home and case.rows.village_at(home, fields.get("occurred_at", visit.occurred_at)) != visit.village_id:
            raise Problem("out_of_scope")
        fields["household_id"] = case.rows.standing(home)
    amend_visit(actor, case.rows.work, visit, _correction(case), fields)


def _unknown(case: Case, visit: Visit) -> dict[str, Any]:
    extra = unknown_fields(case.mutation.args, AmendVisit.__struct_fields__)
    return {"extra": (visit.extra or {}) | extra} if extra else {}


def visit_withdraw(case: Case, actor: Actor) -> None:
    """Withdraws a visit."""
    withdraw_visit(actor, case.rows.work, case.rows.visits[case.args.id], _correction(case))


def nothing_reported(case: Case, actor: Actor) -> None:
    """Reports that there was nothing."""
    args: ReportNothing = case.args
    report_nothing(
        actor,
        case.rows.work,
        village_id=args.village_id,
        period=args.period,
        author_id=case.author_id,
        team_id=_team_in(case, actor, args.village_id),
        at=case.entered.at,
    )


def attendance_record(case: Case, actor: Actor) -> None:
    """Records a day's attendance."""
    args: RecordAttendance = case.args
    on = attended_on(case)
    attendance = Attendance(
        id=args.id,
        village_id=args.village_id,
        version=0,
        team_id=_team_in(case, actor, args.village_id),
        on=on,
        on_raw=args.on if args.on != on else None,
        member_ids=_members(args.member_ids),
        activity=args.activity,
        note=args.note,
        author_id=case.author_id,
        device_id=case.device_id,
        entered_at=case.entered.at,
        received_at=case.rows.work.now,
        extra=unknown_fields(case.mutation.args, RecordAttendance.__struct_fields__),
    )
    record_attendance(actor, case.rows.work, attendance)
    case.rows.taken.add(attendance.id)


def task_progress(case: Case, actor: Actor) -> None:
    """Takes what a team says about its task."""
    args: TaskProgress = case.args
    extra = unknown_fields(case.mutation.args, TaskProgress.__struct_fields__)
    word = Word(case.author_id, State(args.state), args.words, case.entered.at, extra)
    progress_task(actor, case.rows.work, case.rows.tasks[args.id], word)


def request_raise(case: Case, actor: Actor) -> None:
    """Raises a request."""
    args: RaiseRequest = case.args
    request = Request(
        id=args.id,
        village_id=args.village_id,
        version=0,
        team_id=_team_in(case, actor, args.village_id),
        author_id=case.author_id,
        device_id=case.device_id,
        topic=args.topic,
        text=args.text.strip(),
        state=RequestState.OPEN,
        raised_at=case.entered.at,
        received_at=case.rows.work.now,
        extra=unknown_fields(case.mutation.args, RaiseRequest.__struct_fields__),
    )
    raise_request(actor, case.rows.work, request)
    case.rows.taken.add(request.id)


def mutation_discard(_case: Case, _actor: Actor) -> None:
    """Applying it is settling what it names, as with `replaces`: see `settles`."""


def _team_in(case: Case, actor: Actor, village_id: UUID) -> UUID:
    """The member's team in a village when it was entered; Problem `out_of_scope` where there was none."""
    team_id = actor.team_at(village_id, case.entered.at)
    if team_id is None:
        raise Problem("out_of_scope")
    return team_id


def _correction(case: Case) -> Correction:
    return Correction(case.author_id, case.args.reason, case.entered.at)


def _members(member_ids: list[UUID] | None) -> list[str]:
    return [str(member_id) for member_id in dict.fromkeys(member_ids or [])]
