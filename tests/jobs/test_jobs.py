"""Long work: done once, told to whoever asked for it and to nobody else, taken up again where a worker died."""

import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError, OperationalError

from cdtteam.accounts.models import User
from cdtteam.accounts.queries import account_actor
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.problems import Problem
from cdtteam.jobs.models import Job, JobFile, State
from cdtteam.jobs.operations import About, queue_job
from cdtteam.jobs.running import CHORE, KINDS, LEASE, PAUSE, TRIES, File, JobKind, Running, run_jobs
from cdtteam.web.transactions import writing
from tests.support.world import World

Act = Callable[[Running], Mapping[str, Any] | None]


@pytest.fixture
def kinds(world: World) -> Iterator[dict[str, JobKind]]:
    """The kinds of jobs of the application, to be added to."""
    known = world.app.extensions[KINDS]
    world.app.extensions[KINDS] = {**known}
    yield world.app.extensions[KINDS]
    world.app.extensions[KINDS] = known


def ask(
    world: World, kinds: dict[str, JobKind], act: Act, *, by: str = "xa", leads_to: str | None = None, **more: Any
) -> UUID:
    """A job that does `act`, of the commune's officer unless `by` names another account."""
    kinds["test"] = JobKind("test", "Something long", act, lambda code, field: "Its own words" if field else "")
    with world.app.app_context():
        session, now = db.session(), clock.now()
        with writing(session):
            user_id = session.scalar(select(User.id).where(User.handle == by))
            actor = account_actor(session, user_id, now)
            about = About("danh sách.xlsx", "/desk/imports", leads_to, **more)
            return queue_job(actor, session, "test", {"a": 1}, about=about, now=now).id


def state(world: World, job_id: UUID) -> str:
    with world.app.app_context():
        return db.session().get_one(Job, job_id).state


def page(world: World, job_id: UUID, handle: str = "xa", **headers: str) -> Any:
    return world.client(handle).get(f"/desk/jobs/{job_id}", headers=headers)


def test_waits_runs_tells_how_far_and_leads_to_its_result(world: World, kinds: dict[str, JobKind]) -> None:
    seen, reader = [], world.client("xa")

    def act(running: Running) -> Mapping[str, Any]:
        with writing(running.session):  # what is told does not wait for the transaction
            running.progress(1200, 5000)
            seen.append(reader.get(f"/desk/jobs/{running.id}").get_data(as_text=True))
        return {"args": dict(running.args)}

    job_id = ask(world, kinds, act, leads_to="/desk/teams")
    waiting = page(world, job_id).get_data(as_text=True)
    assert "danh sách.xlsx" in waiting
    assert '<noscript><meta http-equiv="refresh"' in waiting
    assert '<li><a href="/desk/imports">Về trang trước đó</a>' in waiting
    assert '<a href="/desk/imports" aria-current="page">' in waiting
    run_jobs(world.app)
    assert "1.200" in seen[0]
    assert "5.000" in seen[0]
    answer = page(world, job_id)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk/teams")
    assert page(world, job_id, **{"HX-Request": "true"}).headers["HX-Redirect"] == "/desk/teams"
    assert page(world, job_id, "xakhac").status_code == 404
    assert page(world, job_id, "tinh").status_code == 404


def test_a_file_is_for_who_asked_for_it_and_goes_after_a_day(world: World, kinds: dict[str, JobKind]) -> None:
    def act(running: Running) -> None:
        running.file = File("danh sách hộ.csv", "text/csv", b"a,b")

    job_id = ask(world, kinds, act)
    run_jobs(world.app)
    place = f"/desk/jobs/{job_id}/file"
    assert place in page(world, job_id).get_data(as_text=True)
    answer = world.client("xa").get(place)
    assert (answer.data, answer.mimetype) == (b"a,b", "text/csv")
    assert "danh%20s%C3%A1ch%20h%E1%BB%99.csv" in answer.headers["Content-Disposition"]
    assert world.client("xakhac").get(place).status_code == 404
    with world.app.app_context(), writing(db.session()):
        db.session().execute(update(JobFile).values(made_at=clock.now() - timedelta(hours=25)))
    run_jobs(world.app)
    assert world.client("xa").get(place).status_code == 404
    assert place not in page(world, job_id).get_data(as_text=True)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (Problem("out_of_scope"), "Địa bàn này không thuộc phạm vi"),
        (Problem("invalid_field", field="x"), "Its own words"),
        (ValueError("bug"), "Hệ thống gặp lỗi"),
    ],
)  # fmt: skip
def test_why_it_failed_is_said_and_nothing_of_it_stays(
    world: World, kinds: dict[str, JobKind], error: Exception, said: str
) -> None:
    def act(running: Running) -> None:
        with writing(running.session):
            running.session.execute(update(User).values(name="gone"))
            raise error

    job_id = ask(world, kinds, act)
    run_jobs(world.app)
    text = page(world, job_id).get_data(as_text=True)
    assert 'role="alert"' in text
    assert said in text
    assert 'href="/desk/imports"' in text
    with world.app.app_context():
        assert db.session().scalar(select(User.id).where(User.name == "gone")) is None
    run_jobs(world.app)
    assert state(world, job_id) == State.FAILED


def left_over(world: World, job_id: UUID, worker: str, beat: timedelta, tries: int = 1) -> None:
    """The job as a worker leaves it that was killed."""
    with world.app.app_context(), writing(db.session()):
        died = {"state": State.RUNNING, "worker": worker, "beat_at": clock.now() - beat, "tries": tries}
        db.session().execute(update(Job).where(Job.id == job_id).values(died))


def test_taken_up_again_at_once_here_and_after_a_while_elsewhere(world: World, kinds: dict[str, JobKind]) -> None:
    workers: list[str | None] = []

    def act(running: Running) -> None:
        workers.append(running.session.get_one(Job, running.id).worker)

    job_id = ask(world, kinds, act)
    run_jobs(world.app)
    assert workers[0] is not None
    left_over(world, job_id, workers[0], timedelta(seconds=1))
    run_jobs(world.app)
    assert (len(workers), state(world, job_id)) == (2, State.DONE)
    left_over(world, job_id, "another machine", LEASE - timedelta(seconds=20))
    run_jobs(world.app)
    assert (len(workers), state(world, job_id)) == (2, State.RUNNING)
    left_over(world, job_id, "another machine", LEASE + timedelta(seconds=1))
    run_jobs(world.app)
    assert (len(workers), state(world, job_id)) == (3, State.DONE)
    left_over(world, job_id, workers[0], timedelta(), tries=TRIES)
    run_jobs(world.app)
    assert (len(workers), state(world, job_id)) == (3, State.FAILED), "it may be what kills its worker"


@pytest.mark.parametrize("error", [None, Problem("busy"), ValueError("bug")])
def test_a_worker_that_was_taken_for_dead_changes_nothing_when_it_comes_back(
    world: World, kinds: dict[str, JobKind], error: Exception | None
) -> None:
    turns: list[Running] = []

    def act(running: Running) -> Mapping[str, Any]:
        turns.append(running)
        name = f"turn {len(turns)}"
        if len(turns) == 1:
            left_over(world, running.id, "a machine that stood still", LEASE + timedelta(seconds=1))
            other = threading.Thread(target=run_jobs, args=(world.app,))
            other.start()
            other.join(60)
            assert state(world, running.id) == State.DONE
            if error:
                raise error
        running.file = File(f"{name}.csv", "text/csv", b"a")
        return {"name": name}

    job_id = ask(world, kinds, act)
    run_jobs(world.app)
    with world.app.app_context():
        job = db.session().get_one(Job, job_id)
        assert (len(turns), job.state, job.result, job.problem) == (2, State.DONE, {"name": "turn 2"}, None)
        assert db.session().get_one(JobFile, job_id).name == "turn 2.csv"


@pytest.mark.parametrize("error", [Problem("busy"), OperationalError("select", {}, Exception("locked"))])
def test_where_the_database_is_busy_it_waits_for_its_next_turn(
    world: World, kinds: dict[str, JobKind], error: Exception
) -> None:
    tries = []

    def act(running: Running) -> None:
        tries.append(running.id)
        if len(tries) <= TRIES + 1:
            raise error

    job_id = ask(world, kinds, act)
    for turn in range(1, TRIES + 2):
        run_jobs(world.app)
        assert (len(tries), state(world, job_id)) == (turn, State.QUEUED), "however often: it is not the job's fault"
        with world.app.app_context(), writing(db.session()):
            db.session().execute(update(Job).values(beat_at=clock.now() - PAUSE - timedelta(seconds=1)))
    run_jobs(world.app)
    assert (len(tries), state(world, job_id)) == (TRIES + 2, State.DONE)


@pytest.mark.parametrize("clashes", [1, TRIES])
def test_where_a_row_is_there_already_it_is_tried_again_and_not_for_ever(
    world: World, kinds: dict[str, JobKind], clashes: int
) -> None:
    turns = []

    def act(running: Running) -> None:
        turns.append(running.turn)
        if len(turns) <= clashes:
            raise IntegrityError("insert", {}, Exception("UNIQUE constraint failed: report_edition.id"))

    job_id = ask(world, kinds, act)
    for _ in range(TRIES + 1):
        run_jobs(world.app)
        with world.app.app_context(), writing(db.session()):
            db.session().execute(update(Job).values(beat_at=clock.now() - PAUSE - timedelta(seconds=1)))
    assert turns == list(range(1, min(clashes + 1, TRIES) + 1))
    assert state(world, job_id) == (State.DONE if clashes == 1 else State.FAILED)


def test_what_is_asked_for_twice_is_one_job_until_it_is_done(world: World, kinds: dict[str, JobKind]) -> None:
    subject = world.villages["a"]
    first = ask(world, kinds, lambda _: None, subject_id=subject)
    assert ask(world, kinds, lambda _: None, subject_id=subject) == first
    others = {ask(world, kinds, lambda _: None, by="tinh", subject_id=subject) for _ in range(2)}
    assert len(others - {first}) == 1, "another officer has a job of their own, and one as well"
    assert ask(world, kinds, lambda _: None, subject_id=world.villages["b"]) != first
    run_jobs(world.app)
    assert ask(world, kinds, lambda _: None, subject_id=subject) != first


def test_jobs_are_forgotten_after_a_month(world: World, kinds: dict[str, JobKind]) -> None:
    def act(running: Running) -> None:
        running.file = File("a.csv", "text/csv", b"a")

    job_id = ask(world, kinds, act)
    run_jobs(world.app)
    with world.app.app_context():
        CHORE.run(clock.now() + timedelta(days=31))
        assert db.session().get(Job, job_id) is None


def test_operators_see_what_waits_and_what_failed(world: World, kinds: dict[str, JobKind]) -> None:
    def act(_running: Running) -> None:
        raise Problem("not_found")

    def told() -> dict[str, float]:
        lines = world.app.test_client().get("/metrics").get_data(as_text=True).splitlines()
        return {line.split()[0]: float(line.split()[1]) for line in lines if line.startswith("cdt_jobs")}

    ask(world, kinds, act)
    with world.app.app_context(), writing(db.session()):
        db.session().execute(update(Job).values(made_at=clock.now() - timedelta(minutes=5)))
    assert told()["cdt_jobs_open"] == 1
    assert 300 <= told()["cdt_jobs_oldest_seconds"] < 400
    assert world.app.test_client().get("/readyz").status_code == 200
    run_jobs(world.app)
    assert told() == {"cdt_jobs_open": 0, "cdt_jobs_failed": 1, "cdt_jobs_oldest_seconds": 0}
