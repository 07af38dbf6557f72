"""F33: an update of a row that was withdrawn, merged or erased brings nothing back.

What it said is kept, except of a household that asked to be forgotten.
"""

import json
from typing import Any

import pytest

from cdtteam.visits.models import Visit
from tests.register.acting import erase, merge
from tests.support.wire import quarantine, row_of
from tests.support.world import Phone, World


def leave(world: World, household: dict[str, Any], how: str, into: dict[str, Any] | None = None) -> None:
    """An officer merges or erases a household."""
    if into is not None:
        merge(world, household, into)
    else:
        assert how == "erased"
        erase(world, household)


def two_households(world: World) -> tuple[Phone, dict[str, Any], dict[str, Any]]:
    phone = world.phone("an")
    old, kept = phone.household(world.villages["a"]), phone.household(world.villages["a"], "Trần Thị Bảy")
    phone.send(old, kept)
    return phone, old, kept


def update(phone: Phone, household: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return phone.mutation("household.update", {"id": household["args"]["id"], "base_version": 1, **fields})


@pytest.mark.parametrize("how", ["withdrawn", "merged", "erased"])
def test_no_resurrection_of_a_household(world: World, how: str) -> None:
    phone, old, kept = two_households(world)
    mate = world.phone("binh")
    mate.send()
    if how == "withdrawn":
        phone.send(phone.mutation("household.withdraw", {"id": old["args"]["id"], "reason": "chuyển đi"}))
    else:
        leave(world, old, how, kept if how == "merged" else None)
    late = update(mate, old, note="Nhà có hai người già")
    answer = mate.post(late).json
    changes = {change["id"]: change for change in answer["changes"] if change["kind"] == "household"}
    change = changes[old["args"]["id"]]
    assert change["gone"] == how
    assert "data" not in change
    assert change.get("into") == (kept["args"]["id"] if how == "merged" else None)
    if how == "merged":
        # What was said of it is said of the household that it is now.
        assert answer["results"][0]["status"] == "applied"
        assert changes[kept["args"]["id"]]["data"]["note"] == "Nhà có hai người già"
    else:
        assert answer["results"][0]["code"] == "withdrawn"
        said = json.loads(quarantine(world)[late["id"]].content)["args"]
        # Of a household that asked to be forgotten only that something came is kept.
        assert said.get("note") == (None if how == "erased" else "Nhà có hai người già")
    mate.take(answer)
    assert set(mate.kind("household")) == {kept["args"]["id"]}
    fresh = world.phone("binh")
    fresh.send()
    assert set(fresh.kind("household")) == {kept["args"]["id"]}


def test_visits_to_gone_households_stay_counted(world: World) -> None:
    """A merged household becomes its `into`, an erased one nobody's; a withdrawn one keeps its visits."""
    phone, old, kept = two_households(world)
    third = phone.household(world.villages["a"], "Đinh Lễ")
    fourth = phone.household(world.villages["a"], "Bá Ngọc")
    phone.send(third, fourth)
    leave(world, old, "merged", kept)
    leave(world, third, "erased")
    phone.send(phone.mutation("household.withdraw", {"id": fourth["args"]["id"], "reason": "ghi nhầm"}))
    visits = [
        phone.visit(world.villages["a"], household_id=household["args"]["id"]) for household in (old, third, fourth)
    ]
    assert [result["status"] for result in phone.send(*visits)] == ["applied"] * 3
    rows = [phone.kind("visit")[visit["args"]["id"]] for visit in visits]
    assert [row["household_id"] for row in rows] == [kept["args"]["id"], None, fourth["args"]["id"]]


def test_merged_twice(world: World) -> None:
    phone, old, middle = two_households(world)
    last = phone.household(world.villages["a"], "Võ Thị Sáu")
    phone.send(last)
    leave(world, old, "merged", middle)
    leave(world, middle, "merged", last)
    visit = phone.visit(world.villages["a"], household_id=old["args"]["id"])
    phone.send(visit)
    assert phone.kind("visit")[visit["args"]["id"]]["household_id"] == last["args"]["id"]


def test_no_resurrection_of_a_visit(world: World) -> None:
    phone = world.phone("an")
    visit = phone.visit(world.villages["a"])
    phone.send(visit)
    gone = {"id": visit["args"]["id"], "reason": "ghi hai lần"}
    phone.send(phone.mutation("visit.withdraw", gone))
    amend = phone.mutation("visit.amend", gone | {"note": "thật ra là có", "participants": 7})
    result = phone.send(amend, visit)
    assert result[0]["code"] == "withdrawn"
    assert result[1]["status"] == "duplicate"
    assert phone.kind("visit") == {}
    assert row_of(world, Visit, visit["args"]["id"]).participants == 1
    assert amend["id"] in quarantine(world)
    assert phone.send(phone.mutation("visit.withdraw", gone))[0]["status"] == "applied", "gone is gone"
