"""An officer who gives out tasks in the small province."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from cdtteam.access.models import Actor, Role
from cdtteam.campaigns.models import Brief, Campaign, Unit
from cdtteam.campaigns.operations import issue_campaign
from cdtteam.core import clock
from cdtteam.core.clock import civil_date
from cdtteam.core.db import db
from cdtteam.replica.work import Work
from cdtteam.tasks.giving import Order, give_tasks
from cdtteam.tasks.models import Task
from cdtteam.web.transactions import writing
from tests.support.world import Phone, World


def a_brief(**changes: Any) -> Brief:
    """What is asked, from today on for ten days."""
    today = civil_date(clock.now())
    given: dict[str, Any] = {
        "title": "Cài định danh mức 2", "text": "Mỗi hộ có ít nhất một người dùng được VNeID.", "from_on": today,
        "due_on": today + timedelta(days=10), "service": "vneid_level2", "unit": Unit.HOUSEHOLDS,
        "document": "123/KH-UBND", "is_focus": True,
    }  # fmt: skip
    return Brief(**{**given, **changes})


@dataclass
class Officer:
    """Somebody at the desk: the coordinator of commune `near`, the province, or whom else `actor` says."""

    world: World
    actor: Actor = field(default=Actor(Role.COORDINATOR))

    def __post_init__(self) -> None:
        if self.actor.area_id is None:
            self.actor = Actor(Role.COORDINATOR, area_id=self.world.communes["near"])

    @contextmanager
    def at_work(self) -> Iterator[Work]:
        """One transaction."""
        with self.world.app.app_context(), writing(db.session()):
            work = Work(db.session(), clock.now())
            yield work
            work.flush()

    def order(self, team: str = "a", village: str | None = None, **more: Any) -> Order:
        """What a team is asked for."""
        return Order(self.world.teams[team], self.world.villages[village or team], **more)

    def give(self, *orders: Order, campaign_id: UUID | None = None, **brief: Any) -> list[str]:
        """The ids of new tasks, one for team `a` unless `orders` say otherwise."""
        with self.at_work() as work:
            given = orders or (self.order(target=120),)
            return [str(one) for one in give_tasks(self.actor, work, a_brief(**brief), given, campaign_id)]

    def issue(self, **brief: Any) -> UUID:
        """A campaign of the officer's area."""
        assert self.actor.area_id
        with self.at_work() as work:
            return issue_campaign(self.actor, work, self.actor.area_id, a_brief(**brief)).id

    def do(self, operation: Callable[..., Any], task_id: str, *args: Any, **more: Any) -> None:
        """One of the operations on a task."""
        with self.at_work() as work:
            operation(self.actor, work, work.session.get_one(Task, UUID(task_id)), *args, **more)

    def do_with_all(self, operation: Callable[..., Any], campaign_id: UUID, *args: Any, **more: Any) -> None:
        """One of the operations on a campaign."""
        with self.at_work() as work:
            operation(self.actor, work, work.session.get_one(Campaign, campaign_id), *args, **more)

    def tasks(self) -> list[Task]:
        """All tasks, in the order in which they were given."""
        with self.world.app.app_context():
            return list(db.session().scalars(select(Task).order_by(Task.id)))


def says(phone: Phone, task_id: str, state: str, note: str | None = None, **header: Any) -> dict[str, Any]:
    """A task.progress."""
    return phone.mutation("task.progress", {"id": task_id, "state": state, "note": note}, **header)


def state_on(phone: Phone, task_id: str) -> str | None:
    """What a phone shows of a task after a sync; None when it does not hold it."""
    phone.send()
    row = phone.kind("task").get(task_id)
    return row["state"] if row else None
