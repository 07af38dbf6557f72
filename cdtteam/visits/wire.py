"""Visits between JSON and rows (sync protocol, "Visit fields")."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from cdtteam.core.clock import wire_instant
from cdtteam.core.wire import Reason
from cdtteam.visits.models import Visit

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
    """Args of visit.amend: the fields that changed."""

    id: UUID
    reason: Reason
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
    return [{**raw, **given} for raw, given in zip(sent, known, strict=True)]


def visit_data(visit: Visit) -> dict[str, Any]:
    """A visit for a phone: the names of the args and what the server knows of it."""
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
        "counted": True,
    }
