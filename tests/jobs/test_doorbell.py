"""The doorbell is rung by what was committed, and by nothing else."""

import logging
import sys
from contextlib import suppress
from datetime import datetime, timedelta
from time import sleep

import pytest
from flask import Flask

from cdtteam.core.db import db
from cdtteam.jobs.chores import Chore, Rounds
from cdtteam.jobs.doorbell import FULL, SLOW, Doorbell, bell_of, check_queue, ring
from cdtteam.web.transactions import writing
from tests.support.world import World


def rung(app: Flask) -> list[str]:
    """The chores for which the bell was rung, taken out of the queue."""
    found = []
    while (task := bell_of(app).queue.dequeue()) is not None:
        found.append(str(task.args[0]))
    return found


def test_rung_once_after_the_commit_and_never_after_a_rollback(world: World) -> None:
    with world.app.app_context():
        rung(world.app)
        session = db.session()
        with writing(session):
            ring(session, "jobs")
            ring(session, "jobs")
            assert rung(world.app) == []
        assert rung(world.app) == ["jobs"]
        with suppress(RuntimeError), writing(session):
            ring(session, "jobs")
            raise RuntimeError
        with writing(session):
            pass
        assert rung(world.app) == []


def test_rings_that_nobody_hears_do_not_pile_up(world_on_sqlite: World) -> None:
    app = world_on_sqlite.app
    rung(app)
    for _ in range(FULL + 10):
        bell_of(app).ring("jobs")
    assert len(rung(app)) == FULL
    bell_of(app).ring("jobs")
    assert rung(app) == ["jobs"]


@pytest.mark.own_app
def test_a_queue_that_fails_fails_nothing_else(world_on_sqlite: World, caplog: pytest.LogCaptureFixture) -> None:
    app = world_on_sqlite.app
    with app.app_context():
        app.config["CDT_JOBS_URL"] = "postgresql://127.0.0.1:9/nowhere"
        app.extensions["cdt_doorbell"] = Doorbell(app, app.extensions["cdt_rounds"])
        with caplog.at_level(logging.WARNING), writing(db.session()):
            ring(db.session(), "jobs")
        assert "did not take jobs" in caplog.text
        bell_of(app).tell("key", 1)
        assert bell_of(app).told("key") is None


def test_what_is_told_is_read_beside_an_open_transaction(world: World) -> None:
    with world.app.app_context(), writing(db.session()):
        bell_of(world.app).tell("key", (3, 5))
        assert bell_of(world.app).told("key") == (3, 5)
        bell_of(world.app).forget("key")
        assert bell_of(world.app).told("key") is None


def test_who_rings_meanwhile_is_served_afterwards_and_no_two_runs_overlap(world_on_sqlite: World) -> None:
    runs: list[int] = []

    def run(_now: datetime) -> None:
        runs.append(len(runs))
        if len(runs) == 1:  # rung while it runs, by two others
            assert rounds.go("slow")
            assert rounds.go("slow")
            assert len(runs) == 1
            assert not others.go("slow"), "another process of this machine, which comes back later"

    chore = Chore("slow", run, timedelta(hours=1))
    rounds, others = Rounds(world_on_sqlite.app, [chore]), Rounds(world_on_sqlite.app, [chore])
    assert rounds.go("slow")
    assert runs == [0, 1]
    assert others.go("slow")


def test_a_chore_that_fails_comes_round_again(world_on_sqlite: World, caplog: pytest.LogCaptureFixture) -> None:
    def run(_now: datetime) -> None:
        raise ValueError("broken")

    rounds = Rounds(world_on_sqlite.app, [Chore("broken", run, timedelta(hours=1))])
    assert rounds.go("broken")
    assert "chore broken failed" in caplog.text
    assert rounds.go("broken")


@pytest.mark.own_app
def test_a_queue_that_does_not_answer_is_not_waited_for_at_every_step(
    world_on_sqlite: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, bell = world_on_sqlite.app, bell_of(world_on_sqlite.app)
    waits: list[str] = []

    def wait(*_: object, **__: object) -> None:
        waits.append("once")
        sleep(SLOW + 0.1)
        raise TimeoutError

    for name in ("put", "get", "pending_count"):
        monkeypatch.setattr(bell.queue, name, wait)
    with app.app_context():
        for done in range(3):
            bell.tell("progress", (done, 3))
            bell.ring("jobs")
        assert (bell.told("progress"), len(waits)) == (None, 1), "a job would hold all others up"


@pytest.mark.parametrize(
    ("url", "said"), [("amqp://there", "redis:// or postgresql://"), ("redis://there", "pip install redis")]
)
def test_a_queue_that_cannot_be_is_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch, url: str, said: str) -> None:
    monkeypatch.setitem(sys.modules, "redis", None)
    with pytest.raises(ValueError, match="CDT_JOBS_URL") as told:
        check_queue(url)
    assert said in str(told.value)


def test_what_the_queue_holds_is_signed(world_on_sqlite: World) -> None:
    """Whoever can write to a shared queue does not thereby run code here."""
    queue = bell_of(world_on_sqlite.app).queue
    with pytest.raises(ValueError, match="ignature"):
        queue.deserialize_task(b"cos\nsystem\n(S'true'\ntR.:0000")


@pytest.mark.own_app
@pytest.mark.parametrize("queue", ["postgres_url", "redis_url"])
def test_a_queue_may_be_in_postgresql_or_redis(
    request: pytest.FixtureRequest, world_on_sqlite: World, queue: str
) -> None:
    app = world_on_sqlite.app
    app.config["CDT_JOBS_URL"] = request.getfixturevalue(queue)
    check_queue(app.config["CDT_JOBS_URL"])
    app.extensions["cdt_doorbell"] = Doorbell(app, app.extensions["cdt_rounds"])
    with app.app_context(), writing(db.session()):
        ring(db.session(), "jobs")
    assert rung(app) == ["jobs"]
    bell_of(app).tell("key", (3, 5))
    assert bell_of(app).told("key") == (3, 5)
    bell_of(app).forget("key")
    assert bell_of(app).told("key") is None
    bell_of(app).queue.storage.close()
