"""Attendance between JSON and rows."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct

from cdtteam.attendance.models import Activity, Attendance
from cdtteam.core.clock import wire_instant


class RecordAttendance(Struct):
    """Args of attendance.record."""

    id: UUID
    village_id: UUID
    on: date
    member_ids: Annotated[list[UUID], Meta(min_length=1, max_length=50)]
    activity: Activity
    note: Annotated[str, Meta(max_length=1000)] | None = None


def attendance_data(row: Attendance) -> dict[str, Any]:
    """Attendance for a phone; `entered_for` only where an officer entered it for the team."""
    entered_for = {"entered_for": True} if row.entered_by else {}
    return {
        **(row.extra or {}),
        "id": row.id,
        "village_id": row.village_id,
        "team_id": row.team_id,
        "on": row.on,
        "member_ids": row.member_ids,
        "activity": row.activity,
        "note": row.note,
        "author_id": row.author_id,
        "author_device_id": row.device_id,
        "received_at": wire_instant(row.received_at),
        **entered_for,
    }
