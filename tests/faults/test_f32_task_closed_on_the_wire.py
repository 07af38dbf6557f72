"""F32 and F31 on the wire: a task is closed, or goes to others, while the phone is offline; its visits stay."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from cdtteam.core import clock
from cdtteam.core.ids import new_id
from cdtteam.tasks.models import Task
from cdtteam.tasks.operations import close_whole_campaign, reassign_task, withdraw_task
from cdtteam.visits.models import Visit
from tests.support.assigning import Officer, says
from tests.support.wire import hold_oracle, reassign, row_of
from tests.support.world import World


def withdrawn(officer: Officer, task_id: str) -> None:
    officer.do(withdraw_task, task_id, note="Trùng với đợt của tỉnh")


def given_to_others(officer: Officer, task_id: str) -> None:
    officer.do(reassign_task, task_id, officer.world.teams["b"], officer.world.villages["b"])


def closed(officer: Officer, task_id: str) -> None:
    campaign_id = row_of(officer.world, Task, task_id).campaign_id
    officer.do_with_all(close_whole_campaign, campaign_id, note="Hết đợt")


ENDS: list[Callable[[Officer, str], None]] = [withdrawn, given_to_others, closed]


@pytest.mark.parametrize("end", ENDS)
def test_the_visit_stays_and_counts(world: World, end: Callable[[Officer, str], None]) -> None:
    officer = Officer(world)
    [task_id] = officer.give(campaign_id=officer.issue())
    phone = world.phone("an")
    phone.send()
    before = phone.visit(world.villages["a"], task_id=task_id)
    end(officer, task_id)
    after = phone.visit(world.villages["a"], task_id=task_id)
    assert [result["status"] for result in phone.send(before, after)] == ["applied", "applied"]
    assert [task["state"] for task in phone.kind("task").values()] == (["done"] if end is closed else [])
    for visit in (before, after):
        assert str(row_of(world, Visit, visit["args"]["id"]).task_id) == task_id, "it stays as it was sent"
        assert phone.kind("visit")[visit["args"]["id"]]["task_id"] == task_id
    year = clock.civil_date(clock.now()).year
    answer = world.client("tinh").get(f"/api/v1/participation?period={year}&area=21601&by=village").json
    assert answer["visits"] == 2
    hold_oracle(world, [before, after])


def test_a_visit_for_a_task_that_nobody_knows_stays(world: World) -> None:
    phone = world.phone("an")
    visit = phone.visit(world.villages["a"], task_id=str(new_id()))
    assert phone.send(visit)[0]["status"] == "applied"


def test_a_word_on_a_task_that_was_taken_back_is_kept_with_the_reason(world: World) -> None:
    officer = Officer(world)
    [task_id] = officer.give()
    phone = world.phone("an")
    phone.send()
    word = says(phone, task_id, "done", "Đủ 120 hộ rồi")
    officer.do(withdraw_task, task_id)
    [result] = phone.send(word)
    assert (result["status"], result["code"]) == ("refused", "withdrawn")
    hold_oracle(world, [word])


def test_a_member_who_was_reassigned_answers_for_what_was_said_before(world: World) -> None:
    """F31: until the reassignment they spoke for the team, whenever it arrives; afterwards they do not."""
    officer = Officer(world)
    [task_id] = officer.give()
    phone = world.phone("an")
    phone.send()
    moved_at = clock.now() - timedelta(minutes=5)
    reassign(world, "an", "b", moved_at)
    words: list[Any] = [
        says(phone, task_id, state, "hết việc", at=(moved_at + timedelta(minutes=step)).isoformat())
        for state, step in (("accepted", -1), ("done", 1))
    ]
    assert [result.get("code", result["status"]) for result in phone.send(*words)] == ["applied", "out_of_scope"]
    assert row_of(world, Task, task_id).state == "accepted"
    assert phone.kind("task") == {}
    hold_oracle(world, words)
