"""Tasks go on: teams say how far they are; the desk extends, withdraws, reopens and reassigns. All of it is kept."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from cdtteam.access.models import Actor, Permission, Place
from cdtteam.access.policy import require
from cdtteam.campaigns.checks import check_due
from cdtteam.campaigns.models import Campaign
from cdtteam.campaigns.operations import close_campaign, extend_campaign
from cdtteam.core.problems import Problem
from cdtteam.replica.work import Work
from cdtteam.tasks.giving import Order, check_orders
from cdtteam.tasks.models import Deed, State, Task, TaskChange, leads_on
from cdtteam.tasks.queries import assignment_at, is_asked_again_since
from cdtteam.tasks.telling import (
    Held,
    tell_answered,
    tell_closed,
    tell_extended,
    tell_reassigned,
    tell_reopened,
    tell_withdrawn,
)

MANAGE = Permission.TASK_MANAGE


@dataclass(frozen=True, slots=True)
class Word:
    """What a member says about a task, and when by the corrected clock; `extra` is what we do not know."""

    member_id: UUID
    state: State
    note: str | None
    at: datetime
    extra: dict[str, Any] | None = None


def progress_task(actor: Actor, work: Work, task: Task, word: Word) -> None:
    """Takes a team's word; one that is older than or equal to what is known changes nothing, but is kept.

    So is one that comes after the campaign was closed, unless the team was done before that.

    Problem `out_of_scope` for who did not serve the village through the task's team at that time, `withdrawn`. That
    a task was opened before its phone heard of the withdrawal is no answer that anybody has to look at again.
    """
    require(actor, Permission.TASK_PROGRESS)
    then = assignment_at(work.session, task, word.at)
    if not actor.served_through(then.team_id, then.village_id, word.at):
        raise Problem("out_of_scope")
    if task.withdrawn_at and word.state is not State.SEEN:
        raise Problem("withdrawn")
    is_past = _is_over_for(task, word) or is_asked_again_since(work.session, task, word.at)
    is_news = not is_past and leads_on(task.state, word.state)
    if is_news:
        # What the desk said as it asked again is still to be read when the task has only been opened.
        _move(work, task, word.state, word.note or (task.note if word.state is State.SEEN else None), word.at)
        task.ended_at = word.at if word.state is State.DONE else None
        task.delivered_at = task.delivered_at or work.now  # whoever answers has it
        work.changed("task", task, task.village_id)
        tell_answered(work, task)
    work.session.add(
        TaskChange(
            task_id=task.id, what=word.state, note=word.note, at=word.at, received_at=work.now,
            member_id=word.member_id, took_effect=is_news, extra=word.extra,
        )
    )  # fmt: skip


def extend_task(actor: Actor, work: Work, task: Task, due_on: date, *, note: str | None = None) -> None:
    """Gives a task that is still open another last day."""
    require(actor, MANAGE, Place(task.village_id, work.now), session=work.session, now=work.now)
    _hold(work, task)
    _require_open(task)
    check_due(work, task.from_on, due_on)
    _extend(actor, work, task, due_on, note)
    tell_extended(work, [task])


def withdraw_task(actor: Actor, work: Work, task: Task, *, note: str | None = None) -> None:
    """Takes a task back; phones drop it, and the visits made for it stay. Nothing happens to one withdrawn already."""
    require(actor, MANAGE, Place(task.village_id, work.now), session=work.session, now=work.now)
    _hold(work, task)
    if not task.withdrawn_at:
        _withdraw(actor, work, task, note)
        tell_withdrawn(work, [task])


def reopen_task(actor: Actor, work: Work, task: Task, *, note: str | None = None) -> None:
    """Sends a task again that was declined, blocked, done or withdrawn; `note` is what the team is told.

    Problem `withdrawn` for one of a campaign that was closed.
    """
    require(actor, MANAGE, Place(task.village_id, work.now), session=work.session, now=work.now)
    _hold(work, task)
    if task.campaign_id and work.session.get_one(Campaign, task.campaign_id).closed_at:
        raise Problem("withdrawn")
    if task.withdrawn_at is None and task.state not in (State.DECLINED, State.BLOCKED, State.DONE):
        raise Problem("changed_meanwhile")
    check_orders(work, [_place_of(task)])
    _keep(actor, work, task, Deed.REOPENED, note, {"state": task.state, "note": task.note})
    _send_again(work, task, note)
    work.changed("task", task, task.village_id)
    tell_reopened(work, task)


def reassign_task(
    actor: Actor, work: Work, task: Task, team_id: UUID, village_id: UUID,
    *, member_id: UUID | None = None, note: str | None = None,
) -> None:  # fmt: skip
    """Gives a task to another team, village or member; the phones of the old team drop it, and its visits stay.

    One with a list of households stays in its village: Problem `invalid_field` (village_id).
    """
    require(actor, MANAGE, Place(village_id, work.now), session=work.session, now=work.now)
    require(actor, MANAGE, Place(task.village_id, work.now), session=work.session, now=work.now)
    _hold(work, task, village_id)
    _require_open(task)
    if task.household_ids is not None and village_id != task.village_id:
        raise Problem("invalid_field", field="village_id")
    order = Order(team_id, village_id, member_id=member_id)
    if order == _place_of(task):
        return
    check_orders(work, [order])
    was = {name: str(getattr(task, name)) for name in ("team_id", "village_id", "member_id") if getattr(task, name)}
    _keep(actor, work, task, Deed.REASSIGNED, note, was)
    _send_again(work, task, note)
    before = Held.of(task)
    task.team_id, task.member_id = team_id, member_id
    if village_id != task.village_id:
        work.left(task, "task", task.village_id)
        task.village_id = village_id
    work.changed("task", task, village_id)
    tell_reassigned(work, task, before)


def extend_whole_campaign(actor: Actor, work: Work, campaign: Campaign, due_on: date) -> None:
    """Extends a campaign with all its tasks that are still open."""
    require(actor, MANAGE, campaign.area_id, session=work.session, now=work.now)
    extend_campaign(actor, work, campaign, due_on)
    tasks = _open_tasks(work, campaign)
    for task in tasks:
        _extend(actor, work, task, due_on, None)
    tell_extended(work, tasks)


def close_whole_campaign(actor: Actor, work: Work, campaign: Campaign, *, note: str | None = None) -> None:
    """Closes a campaign: what is not done ends as it stands, and its teams are told, with `note`."""
    require(actor, MANAGE, campaign.area_id, session=work.session, now=work.now)
    close_campaign(actor, work, campaign)
    tasks = _open_tasks(work, campaign)
    for task in tasks:
        _keep(actor, work, task, Deed.CLOSED, note, {"state": task.state, "note": task.note})
        task.ended_at, task.note = work.now, note
        work.changed("task", task, task.village_id)
    tell_closed(work, tasks, note)


def _is_over_for(task: Task, word: Word) -> bool:
    """Whether a task had ended before somebody said something about it."""
    was_done = word.state is State.DONE and task.ended_at is not None and word.at <= task.ended_at
    return bool(task.withdrawn_at) or (task.is_closed and not was_done)


def _hold(work: Work, task: Task, *village_ids: UUID) -> None:
    """Locks the task's village; the task was read before, so somebody may have moved it since."""
    work.lock([task.village_id, *village_ids])
    work.session.refresh(task)
    if not work.is_locked(task.village_id):
        raise Problem("changed_meanwhile")


def tell_lists_again(actor: Actor, work: Work, household_ids: set[UUID], village_ids: set[UUID]) -> None:
    """Phones hear again of the tasks for lists on which households are that were made one, or are two again.

    `village_ids`, which must be locked, are those to which the households ever belonged.
    """
    require(actor, Permission.HOUSEHOLD_MANAGE)
    named = {str(one) for one in household_ids}
    for task in work.session.scalars(select(Task).where(Task.village_id.in_(village_ids), Task.withdrawn_at.is_(None))):
        if named.intersection(task.household_ids or ()):
            work.changed("task", task, task.village_id)


def _open_tasks(work: Work, campaign: Campaign) -> list[Task]:
    """The tasks of a campaign that are neither done nor withdrawn, held."""
    own = (Task.campaign_id == campaign.id, Task.ended_at.is_(None))
    work.lock(work.session.scalars(select(Task.village_id).where(*own)))
    tasks = list(work.session.scalars(select(Task).where(*own).execution_options(populate_existing=True)))
    if not all(work.is_locked(task.village_id) for task in tasks):
        raise Problem("changed_meanwhile")
    return tasks


def _require_open(task: Task) -> None:
    if task.ended_at:
        raise Problem("changed_meanwhile")


def _place_of(task: Task) -> Order:
    """Whose a task is, where: its list is as it was given, and some of its households may be gone since."""
    return Order(task.team_id, task.village_id, member_id=task.member_id)


def _extend(actor: Actor, work: Work, task: Task, due_on: date, note: str | None) -> None:
    _keep(actor, work, task, Deed.EXTENDED, note, {"due_on": task.due_on.isoformat()})
    task.due_on = due_on
    _to_be_delivered(task)
    work.changed("task", task, task.village_id)


def _withdraw(actor: Actor, work: Work, task: Task, note: str | None) -> None:
    _keep(actor, work, task, Deed.WITHDRAWN, note, None)
    task.withdrawn_at = task.ended_at = work.now
    work.changed("task", task, task.village_id, gone="withdrawn")


def _send_again(work: Work, task: Task, note: str | None) -> None:
    _move(work, task, State.SENT, note, work.now)
    task.withdrawn_at = task.ended_at = None
    _to_be_delivered(task)


def _to_be_delivered(task: Task) -> None:
    """No phone holds it as it stands now; written in any case, for an earlier delivery may be recorded meanwhile."""
    task.delivered_at = None
    flag_modified(task, "delivered_at")


def _move(work: Work, task: Task, state: State, note: str | None, at: datetime) -> None:
    task.state, task.note, task.changed_at = state, note, min(at, work.now)


def _keep(actor: Actor, work: Work, task: Task, deed: Deed, note: str | None, before: dict[str, Any] | None) -> None:
    work.session.add(
        TaskChange(
            task_id=task.id, what=deed, note=note, at=work.now, received_at=work.now, user_id=actor.user_id,
            before=before,
        )
    )  # fmt: skip
