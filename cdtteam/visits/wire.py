"""Visits between JSON and rows (sync protocol, "Visit fields")."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from cdtteam.core.clock import wire_instant
from cdtteam.core.wire import Reason, unknown_fields
from cdtteam.visits.models import NewVisit, Visit, was_withdrawn_at_desk

Kind = Literal["home", "public_place", "phone", "group"]
Outcome = Literal["done", "in_progress", "needs_follow_up", "declined"]
_Instant = Annotated[datetime, Meta(tz=True)]
_People = Annotated[int, Meta(ge=1, le=2000)]
_Members = Annotated[list[UUID], Meta(max_length=50)]
_Note = Annotated[str, Meta(max_length=1000)]
_Photos = Annotated[list[UUID], Meta(max_length=3)]


class ServiceGiven(Struct):
    """One service of a visit: to how many, and what came of it."""

    code: Annotated[str, Meta(min_length=1, max_length=60)]
    people: Annotated[int, Meta(ge=0, le=2000)]
    outcome: Outcome


_Services = Annotated[list[ServiceGiven], Meta(min_length=1, max_length=12)]


class RecordVisit(Struct):
    """Args of visit.record."""

    id: UUID
    village_id: UUID
    kind: Kind
    participants: _People
    services: _Services
    household_id: UUID | None = None
    task_id: UUID | None = None
    occurred_at: _Instant | None = None
    member_ids: _Members | None = None
    follow_up_on: date | None = None
    note: _Note | None = None
    photo_ids: _Photos | None = None


class AmendVisit(Struct):
    """Args of visit.amend: the fields that changed.

    A visit stays in its village: another one is refused, not passed over in silence.
    """

    id: UUID
    reason: Reason
    village_id: UUID | UnsetType | None = UNSET
    kind: Kind | UnsetType = UNSET
    participants: _People | UnsetType = UNSET
    services: _Services | UnsetType = UNSET
    household_id: UUID | UnsetType | None = UNSET
    task_id: UUID | UnsetType | None = UNSET
    occurred_at: _Instant | UnsetType = UNSET
    member_ids: _Members | UnsetType = UNSET
    follow_up_on: date | UnsetType | None = UNSET
    note: _Note | UnsetType | None = UNSET
    photo_ids: _Photos | UnsetType | None = UNSET


class WithdrawVisit(Struct):
    """Args of visit.withdraw."""

    id: UUID
    reason: Reason


def services_json(services: list[ServiceGiven], sent: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The services of a visit as the row keeps them: as `sent`, with fields that we do not know."""
    known = ({"code": given.code, "people": given.people, "outcome": given.outcome} for given in services)
    return [{**(unknown_fields(raw, given) or {}), **given} for raw, given in zip(sent, known, strict=True)]


def bare_services(services: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Services, as sent or kept, without fields that we do not know, in which anything may be written."""
    known = ServiceGiven.__struct_fields__
    return [{name: value for name, value in one.items() if name in known} for one in services]


def visit_data(visit: Visit | NewVisit) -> dict[str, Any]:
    """A visit for a phone: the names of the args and what the server knows of it.

    `amended_at` is there only where it was, `entered_for` only where an officer entered it for the team, `review` only
    where the desk had a word on it; `counted` is the desk's reason where it withdrew the visit.
    """
    entered_for = {"entered_for": True} if visit.entered_by else {}
    review = {"review": visit.review} if visit.review else {}
    amended = {"amended_at": wire_instant(visit.amended_at)} if visit.amended_at else {}
    return {
        **(visit.extra or {}),
        "id": visit.id,
        "household_id": visit.household_id,
        "occurred_at": wire_instant(visit.occurred_at),
        "received_at": wire_instant(visit.received_at),
        "services": visit.services,
        "participants": visit.participants,
        "kind": visit.kind,
        "member_ids": visit.member_ids,
        "author_id": visit.author_id,
        "author_device_id": visit.device_id,
        "team_id": visit.team_id,
        "village_id": visit.village_id,
        "task_id": visit.task_id,
        "follow_up_on": visit.follow_up_on,
        "note": visit.note,
        "photo_ids": visit.photo_ids or [],
        "time_uncertain": visit.time_uncertain,
        "counted": (visit.withdrawn_reason or "withdrawn") if was_withdrawn_at_desk(visit) else True,
        **amended,
        **entered_for,
        **review,
    }
