"""Figures while others write and read: days are counted without locks, and are kept only where nothing changed."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.participation import figures
from cdtteam.replica.models import StaleDay
from tests.participation.test_figures import ask, assert_right
from tests.support.world import Phone, World

VISITS, WRITERS = 30, ("an", "chi", "dung")
HOMES = {"an": "a", "binh": "a", "chi": "b", "dung": "c"}


def send(world: World, phone: Phone, handle: str, days: int = 0) -> str:
    """Records a visit of so many days ago and answers its id."""
    at = (clock.now() - timedelta(days=days)).isoformat()
    sent = phone.visit(world.villages[HOMES[handle]], occurred_at=at)
    assert phone.send(sent)[0]["status"] == "applied"
    return str(sent["args"]["id"])


def aside(change: Callable[..., Any], *args: Any) -> None:
    """Does something in a request of its own while another one is being answered."""
    with ThreadPoolExecutor(1) as other:
        other.submit(change, *args).result()


def another(world: World, phone: Phone, _: str) -> None:
    send(world, phone, "an")


def another_day(world: World, phone: Phone, _: str) -> None:
    send(world, phone, "an", days=1)


def withdrawal(world: World, phone: Phone, visit: str) -> None:
    phone.send(phone.mutation("visit.withdraw", {"id": visit, "reason": "ghi nhầm"}))


def amendment(world: World, phone: Phone, visit: str) -> None:
    at = (clock.now() - timedelta(days=2)).isoformat()
    phone.send(phone.mutation("visit.amend", {"id": visit, "reason": "ghi nhầm", "occurred_at": at}))


CHANGES = (another, another_day, withdrawal, amendment)


@pytest.mark.parametrize("change", CHANGES)
def test_what_changes_while_days_are_counted(
    world: World, monkeypatch: pytest.MonkeyPatch, change: Callable[[World, Phone, str], None]
) -> None:
    phone, who, make, done = world.phone("an"), world.client("tinh"), figures.make_summaries, []
    visit = send(world, phone, "an")
    send(world, world.phone("dung"), "dung")

    def make_and_change(*args: Any) -> Any:
        made = make(*args)
        if not done:
            done.append(change)
            aside(change, world, phone, visit)
        return made

    monkeypatch.setattr(figures, "make_summaries", make_and_change)
    today = clock.civil_date(clock.now())
    assert_right(world, f"from={today - timedelta(3)}&to={today}", who, today - timedelta(3), today)
    assert done
    for days in (3, 1, 0):
        first = today - timedelta(days)
        assert_right(world, f"from={first}&to={today}", who, first, today)
    with world.app.app_context():
        assert db.session().query(StaleDay).count() == 0


def test_two_who_count_the_same_at_the_same_time(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    make, done = figures.make_summaries, []
    send(world, world.phone("an"), "an")
    today = clock.civil_date(clock.now())
    whoever = world.client("tinh")

    def make_while_another_does(*args: Any) -> Any:
        made = make(*args)
        if not done:
            done.append(True)
            aside(ask, world, f"from={today - timedelta(2)}&to={today}", whoever)
        return made

    monkeypatch.setattr(figures, "make_summaries", make_while_another_does)
    for days in (9, 2, 0):
        first = today - timedelta(days)
        assert_right(world, f"from={first}&to={today}", world.client("tinh"), first, today)
    assert "could not be kept" not in caplog.text


def test_every_answer_holds_what_was_acknowledged_before(world: World) -> None:
    acknowledged, begun, lock, faults = [0], [0], threading.Lock(), []
    today = clock.civil_date(clock.now())

    def write(handle: str, phone: Phone) -> None:
        try:
            for number in range(VISITS):
                with lock:
                    begun[0] += 1
                send(world, phone, handle, days=number % 3)
                with lock:
                    acknowledged[0] += 1
        except BaseException as fault:
            faults.append(fault)
            raise

    writers = [threading.Thread(target=write, args=(handle, world.phone(handle))) for handle in WRITERS]
    who, number = world.client("tinh"), 0
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        number += 1
        before = acknowledged[0]
        seen = ask(world, f"from={today - timedelta(5 + number % 40)}&to={today}", who)["visits"]
        assert before <= seen <= begun[0]
    for writer in writers:
        writer.join()
    assert not faults
    assert number > 3
    for days in (2, 7, 20):
        first = today - timedelta(days)
        assert_right(world, f"from={first}&to={today}", who, first, today)
    assert ask(world, f"from={today - timedelta(7)}&to={today}", who)["visits"] == VISITS * len(WRITERS)


def test_a_new_period_is_added_up_from_days_that_are_known(world: World) -> None:
    phone, who, today = world.phone("an"), world.client("tinh"), clock.civil_date(clock.now())
    for days in (0, 1, 5, 6):
        send(world, phone, "an", days=days)
    asked = []
    with world.app.app_context():
        engine = db.engine
    ask(world, f"from={today - timedelta(9)}&to={today}", who)
    send(world, phone, "an", days=1)
    event.listen(engine, "before_cursor_execute", lambda *args: asked.append(args[2:4]))
    assert ask(world, f"from={today - timedelta(8)}&to={today - timedelta(4)}", who)["visits"] == 2
    assert not [statement for statement, _ in asked if "FROM visit \n" in statement or "FROM visit\n" in statement]
    assert ask(world, f"from={today - timedelta(8)}&to={today}", who)["visits"] == 5
    assert [statement for statement, _ in asked if "FROM visit \n" in statement or "FROM visit\n" in statement]
