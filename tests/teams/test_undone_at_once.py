"""A merger of teams is undone while an entry for what was taken over is on its way: none stays without its team."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from cdtteam.access.models import SYSTEM
from cdtteam.areas.queries import find_reorganisation
from cdtteam.core.db import db
from cdtteam.core.ids import new_id
from cdtteam.core.reasons import Refusal
from cdtteam.reorganisations.operations import undo
from cdtteam.replica.work import Work
from cdtteam.sync import batch
from cdtteam.visits.models import Visit
from tests.faults.test_f37_late_commit import SlowWriter, late_visit
from tests.support.merging import MERGER, command, today
from tests.support.wire import phone_at, threaded_server
from tests.support.world import World


class Undoing(SlowWriter):
    """Undoes the merger; `refusal` says what was in its way."""

    refusal = ""

    def __init__(self, world: World, identifier: str) -> None:
        super().__init__(world, lambda work: undo(SYSTEM, work, find_reorganisation(work.session, identifier)))

    def run(self) -> None:
        try:
            super().run()
        except Refusal as refusal:
            self.refusal = str(refusal.faults[0])


@pytest.fixture
def merger(world: World, tmp_path: Path) -> str:
    """The id of a merger by which the team of the first village has taken over the second."""
    path = tmp_path / "merger.csv"
    path.write_text(MERGER, encoding="utf-8")
    done = command(world, "merge-villages", str(path), "--effective", today().isoformat(), "--teams", "merge")
    return done.split()[-1].rstrip(".")


def told_before(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str) -> threading.Event:
    """An event that comes when a function is about to be called."""
    real: Callable[..., Any] = getattr(owner, name)
    told = threading.Event()

    def call(*args: Any) -> Any:
        told.set()
        return real(*args)

    monkeypatch.setattr(owner, name, call)
    return told


def test_an_entry_that_waits_for_the_undoing_is_judged_by_what_its_team_serves_then(
    world: World, merger: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with threaded_server(world.app) as url:
        phone = phone_at(url, world, "an")
        phone.send()
        visit = phone.visit(world.villages["b"])
        undoing = Undoing(world, merger)
        undoing.start()
        assert undoing.is_written.wait(20)
        has_read_who_it_is = told_before(monkeypatch, batch, "writing")
        answers: list[Any] = []
        sync = threading.Thread(target=lambda: answers.append(phone.post(visit)), daemon=True)
        sync.start()
        assert has_read_who_it_is.wait(20)
        undoing.may_commit.set()
        undoing.join(20)
        sync.join(20)
    assert [result.get("code") for result in answers[0].json["results"]] == ["out_of_scope"]
    assert visits_in(world, "b") == []


def test_an_entry_that_was_first_is_in_the_way_of_the_undoing(
    world: World, merger: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit_id = new_id()
    writer = SlowWriter(world, late_visit(world, visit_id, "b"))
    writer.start()
    assert writer.is_written.wait(20)
    is_at_the_lock = told_before(monkeypatch, Work, "lock")
    undoing = Undoing(world, merger)
    undoing.may_commit.set()
    undoing.start()
    with world.app.app_context():
        if db.engine.dialect.name == "postgresql":  # on SQLite it waits before it has begun
            assert is_at_the_lock.wait(20)
    writer.may_commit.set()
    writer.join(20)
    undoing.join(20)
    assert "has 1 entries for what it took over" in undoing.refusal
    assert visits_in(world, "b") == [(visit_id, world.teams["a"])]


def visits_in(world: World, village: str) -> list[Any]:
    """The visits of a village, each with its team."""
    with world.app.app_context():
        wanted = select(Visit.id, Visit.team_id).where(Visit.village_id == world.villages[village])
        return [tuple(row) for row in db.session().execute(wanted)]
