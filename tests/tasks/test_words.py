"""What a team says of a task on the wire: what is taken, what comes too late, and what is refused."""

import pytest
from sqlalchemy import select

from cdtteam.core import clock
from cdtteam.core.clock import civil_date
from cdtteam.core.db import db
from cdtteam.core.ids import new_id
from cdtteam.tasks.models import Task, TaskChange
from cdtteam.tasks.operations import reassign_task, reopen_task, withdraw_task
from tests.support.assigning import Officer, says, state_on
from tests.support.wire import row_of
from tests.sync.test_scope import Faults, check_order, head, put, told


def test_what_one_member_says_all_hear(officer: Officer) -> None:
    [task_id] = officer.give()
    an, binh = officer.world.phone("an"), officer.world.phone("binh")
    an.send()
    binh.send()
    for state in ("seen", "accepted", "done"):
        assert told(an, says(an, task_id, state)) == "applied"
        assert state_on(binh, task_id) == state
    assert binh.kind("task")[task_id]["ended_on"] == civil_date(clock.now()).isoformat()


@pytest.mark.parametrize("state", ["declined", "blocked"])
def test_a_reason_is_asked_for_and_shown(officer: Officer, state: str) -> None:
    [task_id] = officer.give()
    an, binh = officer.world.phone("an"), officer.world.phone("binh")
    an.send()
    for blank in (None, "", "   "):
        result = an.send(says(an, task_id, state, blank))[0]
        assert (result["code"], result["field"]) == ("invalid_field", "note")
    assert told(an, says(an, task_id, state, "x" * 501)) == "invalid_field"
    assert told(an, says(an, task_id, state, "Cả thôn đang gặt")) == "applied"
    assert state_on(binh, task_id) == state
    assert (binh.kind("task")[task_id]["reason"], binh.kind("task")[task_id]["note"]) == ("Cả thôn đang gặt", None)
    officer.do(reopen_task, task_id, note="Xong vụ gặt thì làm")
    assert state_on(binh, task_id) == "sent"
    assert (binh.kind("task")[task_id]["reason"], binh.kind("task")[task_id]["note"]) == (None, "Xong vụ gặt thì làm")


@pytest.mark.parametrize(
    ("first", "late"),
    [("accepted", "seen"), ("accepted", "accepted"), ("done", "accepted"), ("done", "blocked"), ("declined", "seen"),
     ("blocked", "done"), ("blocked", "declined")],
)  # fmt: skip
def test_an_older_word_that_comes_late_changes_nothing_and_is_kept(officer: Officer, first: str, late: str) -> None:
    [task_id] = officer.give()
    an, binh = officer.world.phone("an"), officer.world.phone("binh")
    an.send(says(an, task_id, first, "vì mưa"))
    before = row_of(officer.world, Task, task_id).version
    assert told(binh, says(binh, task_id, late, "đến sau")) == "applied"
    after = row_of(officer.world, Task, task_id)
    assert (after.state, after.note, after.version) == (first, "vì mưa", before)
    with officer.world.app.app_context():
        kept = db.session.scalars(select(TaskChange).order_by(TaskChange.id)).all()
        assert [(one.what, one.note, one.took_effect) for one in kept] == [
            (first, "vì mưa", True), (late, "đến sau", False)
        ]  # fmt: skip


def test_a_word_that_is_sent_twice_has_one_effect(officer: Officer) -> None:
    [task_id] = officer.give()
    an = officer.world.phone("an")
    word = says(an, task_id, "accepted")
    word["args"]["mood"] = "vui"
    assert [result["status"] for result in an.send(word, word)] == ["applied", "duplicate"]
    with officer.world.app.app_context():
        [kept] = db.session.scalars(select(TaskChange)).all()
        assert kept.extra == {"mood": "vui"}, "what we do not know is kept"


def test_the_order_of_the_refusals(officer: Officer) -> None:
    world = officer.world
    [own, theirs, back] = officer.give(officer.order("a"), officer.order("b"), officer.order("a"))
    officer.do(withdraw_task, back)
    phone = world.phone("an")
    faults: Faults = {
        "invalid_field": put(state="asleep"),
        "implausible_time": head(at="1970-01-01T00:00:00Z"),
        "wrong_author": head(member_id=str(world.members["chi"])),
        "unknown_row": put(id=str(new_id())),
        "out_of_scope": put(id=theirs),
        "withdrawn": put(id=back),
    }
    check_order(phone, lambda: says(phone, own, "accepted"), faults)


def test_a_task_that_was_opened_after_it_was_withdrawn_troubles_nobody(officer: Officer) -> None:
    [back] = officer.give()
    an = officer.world.phone("an")
    an.send()
    officer.do(withdraw_task, back)
    assert [result["status"] for result in an.send(says(an, back, "seen"))] == ["applied"]
    assert an.kind("task") == {}
    with officer.world.app.app_context():
        [kept] = db.session.scalars(select(TaskChange).where(TaskChange.what == "seen")).all()
        assert not kept.took_effect


def test_what_was_said_before_it_went_to_others_is_taken_and_changes_nothing(officer: Officer) -> None:
    world = officer.world
    [task_id] = officer.give()
    phone = world.phone("an")
    phone.send()
    early = phone.now().isoformat()
    officer.do(reassign_task, task_id, world.teams["b"], world.villages["b"])
    assert told(phone, says(phone, task_id, "accepted", at=early)) == "applied"
    assert told(phone, says(phone, task_id, "accepted")) == "out_of_scope"
    assert row_of(world, Task, task_id).state == "sent"


@pytest.mark.parametrize("late", ["done", "declined"])
def test_a_word_from_before_it_was_asked_again_changes_nothing(officer: Officer, late: str) -> None:
    [task_id] = officer.give()
    an, binh = officer.world.phone("an"), officer.world.phone("binh")
    an.send()
    binh.send()
    before = says(binh, task_id, late, "không có ở nhà", at=binh.now().isoformat())
    assert told(an, says(an, task_id, "blocked", "mất sóng")) == "applied"
    officer.do(reopen_task, task_id, note="Sóng có lại rồi")
    assert told(binh, before) == "applied"
    row = row_of(officer.world, Task, task_id)
    assert (row.state, row.note) == ("sent", "Sóng có lại rồi")
    assert told(an, says(an, task_id, "accepted", after=clock.wire_instant(clock.now()))) == "applied"
    assert row_of(officer.world, Task, task_id).state == "accepted"


def test_a_word_from_before_it_went_away_and_came_back_changes_nothing(officer: Officer) -> None:
    world = officer.world
    [task_id] = officer.give()
    phone = world.phone("an")
    phone.send()
    before = says(phone, task_id, "declined", "không kịp", at=phone.now().isoformat())
    for team in ("b", "a"):
        officer.do(reassign_task, task_id, world.teams[team], world.villages[team])
    assert told(phone, before) == "applied"
    assert row_of(world, Task, task_id).state == "sent"
