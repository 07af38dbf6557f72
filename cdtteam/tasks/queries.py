"""Whose a task was at a time, what is on its way to phones, and what was said and done about it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, and_, func, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from cdtteam.access.models import Duty
from cdtteam.accounts.models import User
from cdtteam.areas.models import AreaTerm
from cdtteam.campaigns.models import Campaign
from cdtteam.core.clock import civil_date
from cdtteam.tasks.models import Deed, Task, TaskChange
from cdtteam.teams.models import Team


class Assignment(NamedTuple):
    """The team that has a task, and where."""

    team_id: UUID
    village_id: UUID

    @classmethod
    def of(cls, task: Task) -> "Assignment":
        """Whose it is now."""
        return cls(task.team_id, task.village_id)


def assignment_at(session: Session, task: Task, at: datetime) -> Assignment:
    """Whose a task was at an instant: what was said before it went to another team is judged as it was then."""
    reassigned = (TaskChange.task_id == task.id, TaskChange.what == Deed.REASSIGNED, TaskChange.at > at)
    before = session.scalar(select(TaskChange.before).where(*reassigned).order_by(TaskChange.at).limit(1))
    return Assignment(UUID(before["team_id"]), UUID(before["village_id"])) if before else Assignment.of(task)


def is_asked_again_since(session: Session, task: Task, at: datetime) -> bool:
    """Whether the desk sent a task again, to the same team or another, after an instant: what was said before is past.

    A phone's word is never earlier than the answer in which it heard of the task, however its clock goes (sync
    protocol, "Time").
    """
    again = (TaskChange.task_id == task.id, TaskChange.what.in_((Deed.REOPENED, Deed.REASSIGNED)), TaskChange.at > at)
    return session.scalar(select(TaskChange.id).where(*again).limit(1)) is not None


def issuers_of(session: Session, task_ids: Collection[UUID]) -> dict[UUID, str]:
    """The commune or the province that asks for each task: its campaign's, or its officer's.

    It is called as on the day when it asked. A task does not change with the map, so it is not sent again: phones that
    have it long and those that receive it anew say the same. What the command line gave has none.
    """
    area = func.coalesce(Campaign.area_id, User.area_id)
    wanted = select(Task.id, area, Task.created_at).outerjoin(Campaign, Campaign.id == Task.campaign_id)
    wanted = wanted.outerjoin(User, User.id == Task.created_by).where(Task.id.in_(task_ids), area.is_not(None))
    asked = list(session.execute(wanted)) if task_ids else []
    stood = select(AreaTerm).where(AreaTerm.area_id.in_({row[1] for row in asked})).order_by(AreaTerm.from_on)
    terms: dict[UUID, list[AreaTerm]] = {}
    for term in session.scalars(stood) if asked else ():
        terms.setdefault(term.area_id, []).append(term)
    return {task_id: _name_on(terms[area_id], civil_date(at)) for task_id, area_id, at in asked if area_id in terms}


def _name_on(terms: Sequence[AreaTerm], on: date) -> str:
    return ([term.name for term in terms if term.from_on <= on] or [terms[0].name])[-1]


def changes_of(session: Session, task_id: UUID) -> Sequence[TaskChange]:
    """What was said and done about a task, in the order in which it came."""
    order = (TaskChange.received_at, TaskChange.id)
    return session.scalars(select(TaskChange).where(TaskChange.task_id == task_id).order_by(*order)).all()


def is_left_behind(now: datetime) -> ColumnElement[bool]:
    """The condition that a task is open and its team has ended: it is on nobody's phone."""
    ended = select(Team.id).where(Team.ended_at <= now)
    return and_(Task.ended_at.is_(None), Task.team_id.in_(ended))


def open_tasks_of(session: Session, team_ids: Collection[UUID]) -> int:
    """How many tasks of some teams are neither done nor taken back."""
    theirs = (Task.team_id.in_(list(team_ids)), Task.ended_at.is_(None))
    return session.scalar(select(func.count()).where(*theirs)) or 0


def first_undelivered(
    team: InstrumentedAttribute[UUID], village: InstrumentedAttribute[UUID]
) -> ScalarSelect[int | None]:
    """The lowest version of the tasks of a team in a village that no phone is known to hold, as a column."""
    on_its_way = (Task.delivered_at.is_(None), Task.withdrawn_at.is_(None))
    mine = (Task.team_id == team, Task.village_id == village)
    return (
        select(func.min(Task.version))
        .where(*mine, *on_its_way)
        .correlate(team.parent, village.parent)
        .scalar_subquery()
    )


def note_delivered(session: Session, duties: Iterable[Duty], seen: Mapping[UUID, int], now: datetime) -> None:
    """Puts on record that a phone holds the tasks of teams in villages, each up to the version seen there."""
    for duty in duties:
        arrived = (
            Task.team_id == duty.team_id, Task.village_id == duty.village_id, Task.delivered_at.is_(None),
            Task.withdrawn_at.is_(None), Task.version <= seen.get(duty.village_id, 0),
        )  # fmt: skip
        session.execute(update(Task).where(*arrived).values(delivered_at=now))
