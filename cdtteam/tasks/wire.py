"""Tasks between JSON and rows."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta, Struct

from cdtteam.core.problems import Problem
from cdtteam.tasks.models import WITH_REASON, State, Task


class TaskProgress(Struct):
    """Args of task.progress; `note` is the reason where a team declines or cannot go on."""

    id: UUID
    state: Literal["seen", "accepted", "declined", "blocked", "done"]
    note: Annotated[str, Meta(max_length=500)] | None = None

    @property
    def words(self) -> str | None:
        """The note, none where it is blank."""
        return (self.note or "").strip() or None


def check_reason(said: TaskProgress) -> None:
    """Problem `invalid_field` (note) where a reason is asked for and none is given."""
    if said.state in WITH_REASON and said.words is None:
        raise Problem("invalid_field", field="note")


def task_data(task: Task, merged: Mapping[UUID, UUID], issuer: str | None) -> dict[str, Any]:
    """A task for a phone of its team; `merged` tells what some households of its list are now, `issuer` who asks.

    One that ended with its campaign is `done` to every client, since nobody is to do anything more, and `closed` to
    those that know the word; its note is the desk's.
    """
    listed = [UUID(one) for one in task.household_ids or ()]
    state = State.DONE if task.is_closed else task.state
    is_reason = state in WITH_REASON
    known: dict[str, Any] = {"issuer": issuer, "closed": task.is_closed}
    return {
        "id": task.id,
        "village_id": task.village_id,
        "team_id": task.team_id,
        "member_id": task.member_id,
        "campaign_id": task.campaign_id,
        "title": task.title,
        "text": task.text,
        "service": task.service,
        "target": task.target,
        "unit": task.unit,
        "household_ids": list(dict.fromkeys(merged.get(one, one) for one in listed)) if listed else None,
        "from_on": task.from_on,
        "due_on": task.due_on,
        "ended_on": task.ended_on,
        "document": task.document,
        "focus": task.is_focus,
        "state": state,
        "reason": task.note if is_reason else None,
        "note": None if is_reason else task.note,
    } | {name: value for name, value in known.items() if value}
