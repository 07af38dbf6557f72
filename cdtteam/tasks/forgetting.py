"""Tasks stay, and with them what teams said; words that call a household by name go when it is to be forgotten."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import select

from cdtteam.access.models import Actor, Permission
from cdtteam.access.policy import require
from cdtteam.core.text import TAKEN_OUT, texts_in
from cdtteam.replica.work import Work
from cdtteam.tasks.models import Task, TaskChange

_WORDS = ("title", "text", "note")


def forget_in_tasks(actor: Actor, work: Work, village_ids: set[UUID], names_it: Callable[[str], bool]) -> None:
    """Takes out what was asked and said in villages, which must be locked, where a household is named in it."""
    require(actor, Permission.HOUSEHOLD_MANAGE)
    work.write_rows()
    here = Task.village_id.in_(village_ids)
    for task in work.session.scalars(select(Task).where(here).order_by(Task.village_id, Task.version)):
        named = [name for name in _WORDS if names_it(getattr(task, name) or "")]
        for name in named:
            setattr(task, name, TAKEN_OUT)
        if named:
            work.changed("task", task, task.village_id, gone="withdrawn" if task.withdrawn_at else None)
    said = select(TaskChange).join(Task, Task.id == TaskChange.task_id).where(here)
    for change in work.session.scalars(said):
        if any(map(names_it, texts_in([change.note, change.extra]))):
            change.note, change.extra = change.note and TAKEN_OUT, None
