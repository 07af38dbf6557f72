"""Requests between JSON and rows."""

from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct

from cdtteam.access.models import Role
from cdtteam.core.clock import wire_instant
from cdtteam.core.problems import Problem


class RaiseRequest(Struct):
    """Args of request.raise."""

    id: UUID
    village_id: UUID
    topic: Annotated[str, Meta(min_length=1, max_length=120)]  # of `Topic`, or a word of the client's own
    text: Annotated[str, Meta(max_length=1000)]


def check_words(raised: RaiseRequest) -> None:
    """Problem `invalid_field` (topic, text) where nothing is asked."""
    for name in ("topic", "text"):
        if not getattr(raised, name).strip():
            raise Problem("invalid_field", field=name)


_SAYS: dict[str | None, str] = {Role.COORDINATOR: "commune", Role.PROVINCE: "province"}


def request_data(row: Any) -> dict[str, Any]:
    """A request for a phone; the row has ANSWERED_BY beside its own columns."""
    return {
        **(row.extra or {}),
        "id": row.id,
        "village_id": row.village_id,
        "team_id": row.team_id,
        "author_id": row.author_id,
        "topic": row.topic,
        "text": row.text,
        "state": row.state,
        "answer": row.answer,
        "answered_by": _SAYS.get(row.answered_by),
        "raised_at": wire_instant(row.raised_at),
        "answered_at": wire_instant(row.answered_at) if row.answered_at else None,
    }
