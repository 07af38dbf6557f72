"""Two phones of a team and the desk change a task at the same moment: one order, and everybody ends with the same."""

from uuid import UUID

from sqlalchemy import select

from cdtteam.core.db import db
from cdtteam.replica.models import LogEntry
from cdtteam.tasks.models import Task, TaskChange
from tests.admin.test_pages import hidden
from tests.desk.test_pages import page
from tests.support.assigning import Officer, says
from tests.support.wire import at_once, row_of, unlimited
from tests.support.world import World


def test_phones_and_the_desk_at_the_same_moment(world: World) -> None:
    officer = Officer(unlimited(world))
    an, binh, desk = world.phone("an"), world.phone("binh"), world.client("xa")
    for round_ in range(3):
        [task_id] = officer.give()
        for phone in (an, binh):
            phone.send()
        path = f"/desk/tasks/{task_id}/withdraw"
        body = hidden(page(desk, path))
        accepted, blocked = says(an, task_id, "accepted"), says(binh, task_id, "blocked", "Mất sóng")
        answers = at_once(
            lambda: an.post(accepted),  # noqa: B023 — called within the round
            lambda: binh.post(blocked),  # noqa: B023
            lambda: desk.post(path, data=body),  # noqa: B023
        )
        assert [answer.status_code for answer in answers[:2]] == [200, 200], round_
        assert answers[2].status_code in (303, 409), "the desk sees it changed, or was first"
        row = row_of(world, Task, task_id)
        assert (row.withdrawn_at is not None) is (answers[2].status_code == 303)
        told = [answer.json["results"][0].get("code", "applied") for answer in answers[:2]]
        assert set(told) <= {"applied", "withdrawn"}
        for phone in (an, binh):
            phone.send()
            held = phone.kind("task").get(task_id)
            assert (held["state"] if held else None) == (None if row.withdrawn_at else row.state)
        with world.app.app_context():
            entries = db.session.scalars(select(LogEntry.version).where(LogEntry.row_id == UUID(task_id))).all()
            words = db.session.scalars(select(TaskChange).where(TaskChange.task_id == UUID(task_id))).all()
        assert entries == [row.version], "the log tells of it once"
        assert len(words) == told.count("applied") + (answers[2].status_code == 303)
