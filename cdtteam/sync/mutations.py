"""The mutation types: what each names, and the operation that it calls (sync protocol, "Mutation types")."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from msgspec import UNSET, Struct

from cdtteam.access.models import Actor
from cdtteam.core.problems import Problem
from cdtteam.core.wire import unknown_fields
from cdtteam.households.models import Household, check_contact
from cdtteam.households.operations import Entry, create_household, update_household, withdraw_household
from cdtteam.households.wire import (
    CreateHousehold,
    UpdateHousehold,
    WithdrawHousehold,
    household_fields,
)
from cdtteam.reports.models import period_to_report
from cdtteam.reports.operations import report_nothing
from cdtteam.reports.wire import ReportNothing
from cdtteam.sync.rows import Rows
from cdtteam.sync.times import Entered
from cdtteam.sync.wire import Mutation
from cdtteam.visits.models import Visit
from cdtteam.visits.operations import Correction, amend_visit, record_visit, withdraw_visit
from cdtteam.visits.wire import AmendVisit, RecordVisit, ServiceGiven, WithdrawVisit, services_json


class Discard(Struct):
    """Args of mutation.discard."""

    id: UUID


@dataclass(frozen=True, slots=True)
class Case:
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


@dataclass(frozen=True, slots=True)
class Place:
    """Where and when a mutation says that something was; None where its row is not known."""

    village_id: UUID | None
    at: Any


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


def _named_village(case: Case) -> Place:
    return Place(case.args.village_id, case.entered.at)


def _household_place(case: Case) -> Place:
    household = case.rows.households.get(case.args.id)
    return Place(case.rows.village_at(household, case.entered.at) if household else None, case.entered.at)


def _visit_place(case: Case) -> Place:
    if getattr(case.args, "occurred_at", UNSET) is not UNSET:
        case.entered.moved(case.args.occurred_at)  # an implausible time is said before anything about the place
    visit = case.rows.visits.get(case.args.id)
    return Place(visit.village_id if visit else None, visit.occurred_at if visit else case.entered.at)


def _new_visit_place(case: Case) -> Place:
    at, _ = _occurred(case)
    household = case.rows.household_of(case.args.household_id)
    return Place(_village_of(case, household, at) if household else case.args.village_id, at)


def _village_of(case: Case, household: Household, at: Any) -> UUID:
    """Where the household belonged then; its former village as sent, if the author served only that one."""
    belonged, sent = case.rows.village_at(household, at), case.args.village_id
    if belonged == sent or case.author is None or case.author.team_at(belonged, at):
        return belonged
    knew = case.author.team_at(sent, at) is not None and case.rows.was_ever_in(household, sent)
    return sent if knew else belonged


def _anywhere(case: Case) -> Place:
    return Place(None, case.entered.at)


def _occurred(case: Case) -> tuple[Any, bool]:
    if case.args.occurred_at in (None, UNSET):
        return case.entered.at, case.entered.is_uncertain
    return case.entered.moved(case.args.occurred_at)


def _create_household(case: Case, actor: Actor) -> None:
    args: CreateHousehold = case.args
    fields = household_fields(args, case.mutation.args, case.rows.indicator_types)
    made = create_household(
        actor, case.rows.work, case.entry, household_id=args.id, village_id=args.village_id, fields=fields
    )
    case.rows.households[made.id] = made


def _update_household(case: Case, actor: Actor) -> dict[str, Any] | None:
    args: UpdateHousehold = case.args
    household = case.rows.households[args.id]
    fields = household_fields(args, case.mutation.args, case.rows.indicator_types)
    conflicts = update_household(
        actor, case.rows.work, case.entry, household, base_version=args.base_version, fields=fields
    )
    return {"status": "conflict"} if conflicts else None


def _withdraw_household(case: Case, actor: Actor) -> None:
    withdraw_household(actor, case.rows.work, case.entry, case.rows.households[case.args.id], reason=case.args.reason)


def _record_visit(case: Case, actor: Actor) -> None:
    args: RecordVisit = case.args
    header = case.mutation.header
    household = case.rows.household_of(args.household_id)
    place = _new_visit_place(case)
    occurred_at, uncertain = _occurred(case)
    raw = args.occurred_at or (header.at if header else None)
    assert place.village_id is not None
    assert header is not None
    visit = Visit(
        id=args.id,
        village_id=place.village_id,
        team_id=actor.team_at(place.village_id, occurred_at),
        author_id=case.author_id,
        device_id=case.device_id,
        household_id=case.rows.standing(household),
        task_id=args.task_id,
        kind=args.kind,
        occurred_at=occurred_at,
        occurred_raw_at=raw if raw != occurred_at else None,
        entered_at=case.entered.at,
        entered_raw_at=header.at if header.at != case.entered.at else None,
        time_uncertain=uncertain,
        participants=args.participants,
        member_ids=_members(args.member_ids) or [str(case.author_id)],
        services=services_json(args.services, case.mutation.args["services"]),
        follow_up_on=args.follow_up_on,
        note=args.note,
        photo_ids=[str(photo) for photo in args.photo_ids] if args.photo_ids else None,
        extra=unknown_fields(case.mutation.args, RecordVisit.__struct_fields__),
    )
    case.rows.visits[visit.id] = record_visit(actor, case.rows.work, visit)


def _amend_visit(case: Case, actor: Actor) -> None:
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
        household = case.rows.household_of(args.household_id)
        if (
            household
            and case.rows.village_at(household, fields.get("occurred_at", visit.occurred_at)) != visit.village_id
        ):
            raise Problem("out_of_scope")
        fields["household_id"] = case.rows.standing(household)
    amend_visit(actor, case.rows.work, visit, _correction(case), fields)


def _unknown(case: Case, visit: Visit) -> dict[str, Any]:
    extra = unknown_fields(case.mutation.args, AmendVisit.__struct_fields__)
    return {"extra": (visit.extra or {}) | extra} if extra else {}


def _withdraw_visit(case: Case, actor: Actor) -> None:
    withdraw_visit(actor, case.rows.work, case.rows.visits[case.args.id], _correction(case))


def _report_nothing(case: Case, actor: Actor) -> None:
    args: ReportNothing = case.args
    team_id = actor.team_at(args.village_id, case.entered.at)
    if team_id is None:
        raise Problem("out_of_scope")
    report_nothing(
        actor,
        case.rows.work,
        village_id=args.village_id,
        period=args.period,
        author_id=case.author_id,
        team_id=team_id,
        at=case.entered.at,
    )


def _discard(_case: Case, _actor: Actor) -> None:
    """Applying it is settling what it names, as with `replaces`: see `settles`."""


def _check_household(mutation: Mutation, rows: Rows) -> None:
    args: CreateHousehold | UpdateHousehold = mutation.parsed
    fields = household_fields(args, mutation.args, rows.indicator_types)
    household = rows.households.get(args.id)
    if household is not None:
        check_contact(fields, household.consents)
    elif isinstance(args, CreateHousehold):
        check_contact(fields, {})


def _check_report(mutation: Mutation, rows: Rows) -> None:
    period_to_report(mutation.parsed.period, rows.work.now)


def settles(case: Case) -> set[UUID]:
    """The refused mutations that need no more care once this one is applied: itself, what it corrects or gives up."""
    settled = {case.mutation.id, case.mutation.header.replaces if case.mutation.header else None}
    settled |= {case.args.id} if isinstance(case.args, Discard) else set()
    return {mutation_id for mutation_id in settled if mutation_id is not None}


def _correction(case: Case) -> Correction:
    return Correction(case.author_id, case.args.reason, case.entered.at)


def _members(member_ids: list[UUID] | None) -> list[str]:
    return [str(member_id) for member_id in dict.fromkeys(member_ids or [])]


TYPES: dict[str, Type] = {
    "household.create": Type(CreateHousehold, _named_village, _create_household, "household", check=_check_household),
    "household.update": Type(UpdateHousehold, _household_place, _update_household, None, "household", _check_household),
    "household.withdraw": Type(WithdrawHousehold, _household_place, _withdraw_household, needs="household"),
    "visit.record": Type(RecordVisit, _new_visit_place, _record_visit, makes="visit"),
    "visit.amend": Type(AmendVisit, _visit_place, _amend_visit, needs="visit"),
    "visit.withdraw": Type(WithdrawVisit, _visit_place, _withdraw_visit, needs="visit"),
    "report.nothing": Type(ReportNothing, _named_village, _report_nothing, check=_check_report),
    "mutation.discard": Type(Discard, _anywhere, _discard),
}
