"""A province's campaign is the worker's: one effect, or the reason why there was none."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from cdtteam.access.models import SYSTEM
from cdtteam.assigning import later
from cdtteam.campaigns.models import Campaign
from cdtteam.core.db import db
from cdtteam.jobs.models import Job, State
from cdtteam.jobs.running import run_jobs
from cdtteam.tasks.models import Task
from cdtteam.teams.models import Team
from cdtteam.teams.operations import end_team
from cdtteam.web.transactions import writing
from tests.admin.test_pages import send
from tests.assigning.test_pages import give_out
from tests.support.assigning import Officer
from tests.support.days import today
from tests.support.world import World


@pytest.fixture(autouse=True)
def _two_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(later, "AT_ONCE", 1)


def counted(world: World) -> tuple[int, int, int]:
    """Campaigns, tasks, and tasks that are open."""
    with world.app.app_context():
        session = db.session()
        tasks = select(func.count()).select_from(Task)
        found = (select(func.count()).select_from(Campaign), tasks, tasks.where(Task.ended_at.is_(None)))
        return tuple(session.scalar(one) or 0 for one in found)  # type: ignore[return-value]


def again(world: World) -> None:
    """The last job is taken up again, as after a worker that died between its commit and ours."""
    with world.app.app_context(), writing(db.session()):
        last = db.session().scalar(select(Job.id).order_by(Job.made_at.desc()).limit(1))
        db.session().execute(update(Job).where(Job.id == last).values(state=State.RUNNING))
    run_jobs(world.app)


def test_given_out_extended_and_closed_by_the_worker(world: World) -> None:
    client = world.client("xa")
    job = give_out(client).headers["Location"]
    assert job.startswith("/desk/jobs/")
    assert counted(world) == (0, 0, 0)
    assert "Cài VNeID mức 2" in client.get(job).get_data(as_text=True)
    run_jobs(world.app)
    again(world)
    assert counted(world) == (1, 2, 2)
    campaign, _, done = client.get(job).headers["Location"].partition("?")
    assert done == "done=given", "the page says so"
    assert "Cài VNeID mức 2" in client.get(campaign).get_data(as_text=True)
    day = (today() + timedelta(days=30)).isoformat()
    job = send(client, f"{campaign}/extend", due_on=day).headers["Location"]
    run_jobs(world.app)
    again(world)
    assert client.get(job).headers["Location"] == f"{campaign}?done=extended"
    with world.app.app_context():
        assert {one.isoformat() for one in db.session().scalars(select(Task.due_on))} == {day}
    job = send(client, f"{campaign}/close", note="").headers["Location"]
    run_jobs(world.app)
    again(world)
    assert client.get(job).headers["Location"] == f"{campaign}?done=closed"
    assert counted(world) == (1, 2, 0)


def test_what_is_not_so_any_more_is_said_and_nothing_is_given_out(world: World) -> None:
    client = world.client("xa")
    job = give_out(client).headers["Location"]
    with Officer(world).at_work() as work:
        work.lock(world.villages.values())
        team = work.session.get_one(Team, world.teams["b"])
        end_team(SYSTEM, work, team, ended_at=work.now)
    run_jobs(world.app)
    assert "Tổ này không còn phụ trách" in client.get(job).get_data(as_text=True)
    assert counted(world) == (0, 0, 0)
    assert give_out(client, target="0").status_code == 422, "what is wrong with a form is said on it"
