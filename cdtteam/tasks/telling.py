"""What teams and officers are told of tasks in their inboxes: whom, and in which words."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from cdtteam.areas.queries import commune_of
from cdtteam.core.clock import civil_date
from cdtteam.core.reasons import Reason, because
from cdtteam.notify.models import Topic
from cdtteam.notify.operations import Letter, Subject, notify, notify_each, withdraw_notifications
from cdtteam.notify.queries import Recipient, TeamMember, members_of, officers_of, officers_with
from cdtteam.replica.work import Work
from cdtteam.tasks.models import State, Task
from cdtteam.teams.models import Team

_ENDS = (".", "!", "?", "…")  # of a sentence


class Held(NamedTuple):
    """Whose a task is: a team's, perhaps one member's."""

    task_id: UUID
    team_id: UUID
    member_id: UUID | None

    @classmethod
    def of(cls, task: Task) -> "Held":
        """Whose it is now."""
        return cls(task.id, task.team_id, task.member_id)


def tell_given(work: Work, title: str, due_on: date, given: Sequence[Held]) -> None:
    """Tells teams of new tasks, which are all for the same."""
    heading = because("New task: %(task)s", task=title)
    body = because("To be done by %(due_on)s.", due_on=due_on)
    _tell(work, given, [(heading, body)] * len(given))


def tell_extended(work: Work, tasks: Sequence[Task]) -> None:
    """Tells teams that there is another last day."""
    texts = [
        (because("Another last day: %(task)s", task=task.title), because("It is now %(due_on)s.", due_on=task.due_on))
        for task in tasks
    ]
    _tell(work, [Held.of(task) for task in tasks], texts)


def tell_reopened(work: Work, task: Task) -> None:
    """Tells the team that a task is asked for again; what it had answered needs nobody's eye any more."""
    withdraw_notifications(work, _subject(task.id))
    heading = because("Asked for again: %(task)s", task=task.title)
    _tell(work, [Held.of(task)], [(heading, because("To be done by %(due_on)s.", due_on=task.due_on))])


def tell_withdrawn(work: Work, tasks: Sequence[Task]) -> None:
    """Takes back what is unread of tasks; who had read of one is told that it was taken back."""
    unread = withdraw_notifications(work, *(_subject(task.id) for task in tasks))
    body = because("Nothing more is to be done for it. What was entered stays.")
    texts = [(because("Taken back: %(task)s", task=task.title), body) for task in tasks]
    _tell(work, [Held.of(task) for task in tasks], texts, unread)


def tell_closed(work: Work, tasks: Sequence[Task], note: str | None) -> None:
    """Tells teams that a campaign is over which they had not done, with the desk's word; nothing was taken back."""
    withdraw_notifications(work, *(_subject(task.id) for task in tasks))
    body = because("What was entered stays and counts.")
    if note:
        body = because("%(note)s What was entered stays and counts.", note=note if note.endswith(_ENDS) else f"{note}.")
    # A team that has the task in several villages hears it once.
    once = list({(task.team_id, task.member_id, task.title): task for task in reversed(tasks)}.values())[::-1]
    texts = [(because("The campaign has ended: %(task)s", task=task.title), body) for task in once]
    _tell(work, [Held.of(task) for task in once], texts)


def tell_reassigned(work: Work, task: Task, before: Held) -> None:
    """Tells those who have a task now; those who had it before lose what is unread, or hear that others have it."""
    unread = withdraw_notifications(work, _subject(task.id))
    tell_given(work, task.title, task.due_on, [Held.of(task)])
    teams = members_of(work.session, {before.team_id, task.team_id}, work.now)
    has = _of(teams, Held.of(task))
    lost = [one for one in _of(teams, before) if one not in has and (task.id, one) not in unread]
    heading = because("Others have it now: %(task)s", task=task.title)
    body = because("Nothing more is to be done for it. What was entered stays.")
    notify(work, lost, _letter(task.id, heading, body, f"/task/{task.id}"))


def tell_answered(work: Work, task: Task) -> None:
    """Tells whoever gave a task that its team declines it, cannot go on or has done it.

    Of a campaign's tasks that are done the last one stands for all that are unread: its page has the others.
    """
    titles = {
        State.DECLINED: because("%(team)s declines: %(task)s", team=_team(work, task), task=task.title),
        State.BLOCKED: because("%(team)s cannot go on: %(task)s", team=_team(work, task), task=task.title),
        State.DONE: because("%(team)s has done: %(task)s", team=_team(work, task), task=task.title),
    }
    heading = titles.get(State(task.state))
    if heading is None:
        return
    is_done = task.state == State.DONE
    body = because("Open the task to see its figures.") if is_done else because("Open the task to read why.")
    key = f"done:{task.campaign_id}" if is_done and task.campaign_id else f"task:{task.id}"
    notify(work, _givers(work, task), _letter(task.id, heading, body, f"/desk/tasks/{task.id}", key))


def _tell(
    work: Work, held: Sequence[Held], texts: Sequence[tuple[Reason, Reason]],
    but: Iterable[tuple[UUID, Recipient]] = (),
) -> None:  # fmt: skip
    teams, passed = members_of(work.session, {one.team_id for one in held}, work.now), set(but)
    mail = []
    for one, text in zip(held, texts, strict=True):
        told = [who for who in _of(teams, one) if (one.task_id, who) not in passed]
        mail.append((told, _letter(one.task_id, *text, f"/task/{one.task_id}")))
    notify_each(work, mail)


def _of(teams: dict[UUID, list[TeamMember]], held: Held) -> list[Recipient]:
    """The members of a team, or the one who is meant."""
    told = [one.recipient for one in teams.get(held.team_id, ())]
    return [one for one in told if held.member_id in (None, one.member_id)]


def _letter(task_id: UUID, title: Reason, body: Reason, link: str, collapse: str | None = None) -> Letter:
    return Letter(Topic.TASK, title, body, link, _subject(task_id), collapse=collapse or f"task:{task_id}")


def _subject(task_id: UUID) -> Subject:
    return Subject("task", task_id)


def _team(work: Work, task: Task) -> str:
    return work.session.get_one(Team, task.team_id).name


def _givers(work: Work, task: Task) -> list[Recipient]:
    """The officer who gave it; where nobody is known, or has an account no more, those of the commune."""
    giver = officers_with(work.session, [task.created_by])
    commune_id = None if giver else commune_of(work.session, task.village_id, civil_date(work.now))
    return officers_of(work.session, commune_id, work.now) if commune_id else giver
