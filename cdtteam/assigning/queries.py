"""What the desk shows of campaigns and tasks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor, Permission
from cdtteam.access.policy import require, visible
from cdtteam.accounts.models import User
from cdtteam.areas.models import Level
from cdtteam.areas.queries import AreaMap, AreaOnMap
from cdtteam.assigning.progress import progress_of
from cdtteam.campaigns.models import Campaign
from cdtteam.core.clock import civil_date
from cdtteam.core.text import natural_key
from cdtteam.notify.models import Notification, Topic
from cdtteam.tasks.models import Deed, State, Task, TaskChange
from cdtteam.tasks.queries import is_left_behind
from cdtteam.teams.models import Member, Team
from cdtteam.visits.models import Visit

SHOWN = ("running", "overdue", "done", "ended")
REMEMBERED = timedelta(days=400)  # how long what was done is listed
CAMPAIGN = "campaign"  # the kind of what a notification is about
STANDING_STILL = (State.DECLINED, State.BLOCKED)
_ORDER = (State.BLOCKED, State.DECLINED, State.SENT, State.SEEN, State.ACCEPTED, State.DONE)


@dataclass(frozen=True, slots=True)
class Line:
    """A task with its team, the village where its ground lies today, and how much is done.

    `speaker` is who declined it or said that the team is stuck, while it stands so.
    """

    task: Task
    team: Team
    village: AreaOnMap | None
    former: str | None
    commune: AreaOnMap | None
    done: int
    today: date
    speaker: str | None = None
    is_team_over: bool = False

    @property
    def is_over(self) -> bool:
        """Whether it was done or taken back, or ended with its campaign."""
        return self.task.ended_at is not None

    @property
    def is_done(self) -> bool:
        """Whether the team says so."""
        return self.task.state == State.DONE and self.task.withdrawn_at is None

    @property
    def is_overdue(self) -> bool:
        """Whether its last day is past and it is not over."""
        return not self.is_over and self.task.due_on < self.today

    @property
    def is_stuck(self) -> bool:
        """Whether the team waits for a word of the desk."""
        return not self.is_over and self.task.state in STANDING_STILL

    @property
    def is_on_its_way(self) -> bool:
        """Whether it is open and no phone of the team is known to hold it."""
        return not self.is_over and self.task.delivered_at is None

    @property
    def is_left_behind(self) -> bool:
        """Whether it is open and its team has ended, so that nobody has it."""
        return self.is_team_over and not self.is_over

    def is_in(self, shown: str) -> bool:
        """Whether it stands in the list of what runs, is late, or is done; what ended, campaigns tell themselves."""
        return {"running": not self.is_over, "overdue": self.is_overdue, "done": self.is_done, "ended": False}[shown]

    @property
    def rank(self) -> tuple[Any, ...]:
        """What waits for the desk first, then what is late, then by village."""
        place = natural_key(self.village.name) if self.village else ()
        order = _ORDER.index(State(self.task.state))
        waits = self.is_left_behind or self.is_stuck or self.is_overdue
        return self.task.withdrawn_at is not None, not waits, not self.is_left_behind, order, place


@dataclass(frozen=True, slots=True)
class Sum:
    """What several tasks come to; `target` is None where none of them has one."""

    tasks: int
    done_tasks: int
    stuck: int
    overdue: int
    on_their_way: int
    done: int
    target: int | None
    left_behind: int = 0

    @property
    def share(self) -> float | None:
        """How much of what was asked is done, at most all of it."""
        return min(1.0, self.done / self.target) if self.target else None


def sum_of(lines: Iterable[Line]) -> Sum:
    """The sum of tasks, without those that were taken back."""
    standing = [line for line in lines if line.task.withdrawn_at is None]
    targets = [line.task.target for line in standing if line.task.target is not None]
    return Sum(
        len(standing), sum(line.is_done for line in standing), sum(line.is_stuck for line in standing),
        sum(line.is_overdue for line in standing), sum(line.is_on_its_way for line in standing),
        sum(line.done for line in standing), sum(targets) if targets else None,
        sum(line.is_left_behind for line in standing),
    )  # fmt: skip


def lines_seen(
    actor: Actor, session: Session, areas: AreaMap, now: datetime, *where: ColumnElement[bool]
) -> list[Line]:
    """The tasks that an officer may see, in the order in which they want attention."""
    require(actor, Permission.TASK_MANAGE)
    wanted: Any = select(Task, Team).join(Team, Team.id == Task.team_id).where(*where)
    rows = session.execute(visible(wanted, actor, Task.village_id, now)).all()
    done = progress_of(session, [task for task, _ in rows])
    speakers = _speakers(session, [task for task, _ in rows])
    lines = [_line(areas, task, team, done[task.id], speakers.get(task.id), now) for task, team in rows]
    return sorted(lines, key=lambda line: line.rank)


def is_shown(shown: str, now: datetime) -> ColumnElement[bool]:
    """The condition that a task stands in the list of what runs or is late, or of what was done or ended lately."""
    is_open, today = Task.ended_at.is_(None), civil_date(now)
    stands, lately = Task.withdrawn_at.is_(None), now - REMEMBERED
    return {
        "running": is_open,
        "overdue": and_(is_open, Task.due_on < today),
        "done": and_(stands, Task.state == State.DONE, Task.ended_at > lately),
        "ended": and_(stands, Task.campaign_id.in_(select(Campaign.id).where(Campaign.closed_at > lately))),
    }[shown]


def counts_shown(actor: Actor, session: Session, ground: Iterable[UUID], now: datetime) -> dict[str, int]:
    """How many tasks each of the lists has, on some pieces of ground; of what ended how many campaigns."""
    require(actor, Permission.TASK_MANAGE)
    numbers = [
        func.count(Task.campaign_id.distinct() if shown == "ended" else Task.id).filter(is_shown(shown, now))
        for shown in SHOWN
    ]
    wanted: Any = select(*numbers).where(Task.village_id.in_(list(ground)))
    row = session.execute(visible(wanted, actor, Task.village_id, now)).one()
    return dict(zip(SHOWN, row, strict=True))


def sums_shown(actor: Actor, session: Session, shown: str, now: datetime) -> dict[UUID, Sum]:
    """How the teams of each campaign in a list stand, without what they did, which would take long for a province."""
    require(actor, Permission.TASK_MANAGE)
    is_open, standing = Task.ended_at.is_(None), Task.withdrawn_at.is_(None)
    numbers = (
        func.count(), func.count().filter(Task.state == State.DONE),
        func.count().filter(is_open, Task.state.in_(STANDING_STILL)), func.count().filter(is_shown("overdue", now)),
        func.count().filter(is_open, Task.delivered_at.is_(None)), func.count().filter(is_left_behind(now)),
    )  # fmt: skip
    listed = select(Task.campaign_id).where(Task.campaign_id.is_not(None), is_shown(shown, now))
    wanted: Any = select(Task.campaign_id, *numbers).where(standing, Task.campaign_id.in_(listed))
    rows = session.execute(visible(wanted, actor, Task.village_id, now).group_by(Task.campaign_id))
    return {row[0]: Sum(row[1], row[2], row[3], row[4], row[5], 0, None, row[6]) for row in rows}


def _speakers(session: Session, tasks: Iterable[Task]) -> dict[UUID, str]:
    """Who said last why a team does not go on, of the tasks that stand still."""
    stuck = [task.id for task in tasks if task.state in STANDING_STILL]
    if not stuck:
        return {}
    said = (TaskChange.task_id.in_(stuck), TaskChange.what.in_(STANDING_STILL), TaskChange.took_effect)
    words = select(TaskChange.task_id, Member.name).join(Member, Member.id == TaskChange.member_id).where(*said)
    return {task_id: name for task_id, name in session.execute(words.order_by(TaskChange.received_at))}  # noqa: C416


def _line(areas: AreaMap, task: Task, team: Team, done: int, speaker: str | None, now: datetime) -> Line:
    place, is_over = task.village_id, team.ended_at is not None and team.ended_at <= now
    commune = next((area for area in areas.above(place) if area.level is Level.COMMUNE), None)
    village, former = areas.village_of(place), areas.former_name(place)
    return Line(task, team, village, former, commune, done, areas.on, speaker, is_over)


def campaigns_seen(actor: Actor, session: Session, now: datetime, *where: ColumnElement[bool]) -> list[Campaign]:
    """The campaigns of an officer's area and those that ask something of it, the one that began last first."""
    require(actor, Permission.TASK_MANAGE)
    here = visible(select(Task.campaign_id), actor, Task.village_id, now)
    own = or_(Campaign.area_id == actor.area_id, Campaign.id.in_(here))
    order = (Campaign.from_on.desc(), Campaign.created_at.desc())
    return list(session.scalars(select(Campaign).where(own, *where).order_by(*order)))


def members_thanked(session: Session, campaign_id: UUID) -> int:
    """How many members were thanked as a campaign was closed."""
    told = (Notification.subject_id == campaign_id, Notification.subject_kind == CAMPAIGN)
    return session.scalar(select(func.count()).where(*told, Notification.topic == Topic.THANKS)) or 0


def word_at_the_end(session: Session, campaign_id: UUID) -> str | None:
    """What the desk said as it closed a campaign; nothing where every team was done."""
    said = (Task.campaign_id == campaign_id, TaskChange.what == Deed.CLOSED)
    wanted = select(TaskChange.note).join(Task, Task.id == TaskChange.task_id).where(*said)
    return session.scalar(wanted.limit(1))


def by_commune(lines: Iterable[Line]) -> list[tuple[AreaOnMap, Sum]]:
    """Communes with the sum of their tasks, by name."""
    found: dict[UUID, list[Line]] = {}
    communes: dict[UUID, AreaOnMap] = {}
    for line in lines:
        if line.commune is not None:
            found.setdefault(line.commune.id, []).append(line)
            communes[line.commune.id] = line.commune
    rows = [(communes[area_id], sum_of(own)) for area_id, own in found.items()]
    return sorted(rows, key=lambda row: natural_key(row[0].name))


def by_campaign(lines: Iterable[Line]) -> Mapping[UUID | None, list[Line]]:
    """Tasks by campaign, None for those that were given by themselves."""
    found: dict[UUID | None, list[Line]] = {}
    for line in lines:
        found.setdefault(line.task.campaign_id, []).append(line)
    return found


def names_in(session: Session, changes: Iterable[TaskChange], created_by: UUID | None) -> dict[UUID, str]:
    """What the people of a task's history are called."""
    said = list(changes)
    users = {one.user_id for one in said if one.user_id} | ({created_by} if created_by else set())
    members = {one.member_id for one in said if one.member_id}
    rows: list[Any] = [
        *session.execute(select(User.id, User.name).where(User.id.in_(users))),
        *session.execute(select(Member.id, Member.name).where(Member.id.in_(members))),
    ]
    return {row[0]: row[1] for row in rows}


def visits_afterwards(session: Session, task: Task) -> Sequence[Any]:
    """Visits that name a task after it was taken back, or are of a team that it had left: (visit, member's name)."""
    after = [Visit.team_id != task.team_id]
    if task.withdrawn_at is not None:
        after.append(Visit.entered_at > task.withdrawn_at)
    statement = select(Visit, Member.name).join(Member, Member.id == Visit.author_id)
    naming = (Visit.task_id == task.id, Visit.withdrawn_at.is_(None), or_(*after))
    return session.execute(statement.where(*naming).order_by(Visit.occurred_at)).all()
