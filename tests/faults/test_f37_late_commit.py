"""F37: two writers of one village that would commit in the other order; no reader's cursor steps over the late one."""

import threading
from collections.abc import Callable
from typing import Any

from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.ids import new_id
from cdtteam.replica.work import Work
from cdtteam.visits.models import Visit
from cdtteam.web.transactions import writing
from tests.support.wire import phone_at, threaded_server
from tests.support.world import Phone, World


class SlowWriter(threading.Thread):
    """A transaction that has its version and has written everything, but commits only when it is told to."""

    def __init__(self, world: World, make: Callable[[Work], None]) -> None:
        super().__init__(daemon=True)
        self.world, self.make = world, make
        self.is_written, self.may_commit = threading.Event(), threading.Event()

    def run(self) -> None:
        with self.world.app.app_context(), writing(db.session()):
            work = Work(db.session(), clock.now())
            self.make(work)
            work.flush()
            self.is_written.set()
            self.may_commit.wait(20)


def late_visit(world: World, visit_id: Any, *villages: str) -> Callable[[Work], None]:
    """Writes a visit of the first village, holding all of them."""

    def make(work: Work) -> None:
        village_id = world.villages[villages[0]]
        work.lock([world.villages[name] for name in villages])
        now = work.now
        visit = Visit(
            id=visit_id, village_id=village_id, team_id=world.teams["a"], author_id=world.members["an"], kind="home",
            occurred_at=now, entered_at=now, received_at=now, participants=1, member_ids=[], services=[], version=0,
        )  # fmt: skip
        work.session.add(visit)
        work.changed("visit", visit, village_id)

    return make


def pull_until(phone: Phone, visits: set[str]) -> None:
    """Pulls with the cursor moving on; what it steps over would never come."""
    for _ in range(20):
        phone.send()
        if set(phone.kind("visit")) >= visits:
            return
    assert set(phone.kind("visit")) >= visits


def test_no_cursor_steps_over_the_late_one(world_on_postgres: World) -> None:
    world = world_on_postgres
    with threaded_server(world.app) as url:
        phone, reader = phone_at(url, world, "an"), phone_at(url, world, "binh")
        early = phone.visit(world.villages["a"])
        phone.send(early)
        late_id = new_id()
        slow = SlowWriter(world, late_visit(world, late_id, "a"))
        slow.start()
        assert slow.is_written.wait(20)
        second = phone.visit(world.villages["a"])
        answers: list[Any] = []
        fast = threading.Thread(target=lambda: answers.append(phone.post(second)), daemon=True)
        fast.start()
        for _ in range(5):  # the late one has a version already, and is not visible yet
            reader.send()
            assert str(late_id) not in reader.kind("visit")
        slow.may_commit.set()
        slow.join(20)
        fast.join(20)
        assert answers[0].json["results"][0]["status"] == "applied"
        pull_until(reader, {early["args"]["id"], str(late_id), second["args"]["id"]})
        versions = {row_id: row["version"] for row_id, row in reader.kind("visit").items()}
        assert versions[str(late_id)] < versions[second["args"]["id"]]


def test_a_writer_of_another_village_is_not_held_up(world_on_postgres: World) -> None:
    world = world_on_postgres
    with threaded_server(world.app) as url:
        phone, other = phone_at(url, world, "an"), phone_at(url, world, "chi")
        late_id = new_id()
        slow = SlowWriter(world, late_visit(world, late_id, "a"))
        slow.start()
        assert slow.is_written.wait(20)
        visit = other.visit(world.villages["b"])
        assert other.send(visit)[0]["status"] == "applied"
        assert set(other.kind("visit")) == {visit["args"]["id"]}
        slow.may_commit.set()
        slow.join(20)
        pull_until(phone, {str(late_id)})


def test_many_writers_and_a_reader(world: World) -> None:
    """Both databases: the reader's cursor moves on all the time, and it ends with everything."""
    with threaded_server(world.app) as url:
        phones = [phone_at(url, world, handle) for handle in ("an", "binh", "an")]
        reader = phone_at(url, world, "binh")
        visits = [[phone.visit(world.villages["a"]) for _ in range(4)] for phone in phones]

        def send(phone: Phone, mine: list[dict[str, Any]]) -> None:
            for visit in mine:
                assert phone.post(visit).json["results"][0]["status"] == "applied"

        threads = [threading.Thread(target=send, args=pair, daemon=True) for pair in zip(phones, visits, strict=True)]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            reader.send()
        reader.send()
    assert set(reader.kind("visit")) == {visit["args"]["id"] for mine in visits for visit in mine}
