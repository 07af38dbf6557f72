"""F34: what an older app leaves out is filled in; what a newer one adds is kept and comes back."""

from typing import Any

from cdtteam.households.models import Household
from tests.support.wire import row_of
from tests.support.world import World

NEWER: dict[str, Any] = {
    "mood": "vui",
    "rooms": {"count": 3, "names": ["bếp", "Nhà trên"]},
    "flag": None,
    "ratio": 0.25,
}


def test_an_older_visit_and_household(world: World) -> None:
    phone = world.phone("an")
    household = phone.household(world.villages["a"])
    bare = phone.visit(world.villages["a"])
    bare["args"] = {
        key: value
        for key, value in bare["args"].items()
        if key in ("id", "village_id", "kind", "participants", "services")
    }
    assert [result["status"] for result in phone.send(household, bare)] == ["applied", "applied"]
    visit = phone.kind("visit")[bare["args"]["id"]]
    assert visit["occurred_at"][:19] == bare["at"][:19]
    assert (visit["household_id"], visit["task_id"], visit["note"], visit["photo_ids"]) == (None, None, None, [])
    row = phone.kind("household")[household["args"]["id"]]
    assert (row["people"], row["phone"], row["indicators"], row["consents"]) == (None, None, {}, {})


def test_what_a_newer_app_adds_comes_back(world: World) -> None:
    phone, mate = world.phone("an"), world.phone("binh")
    household = phone.household(world.villages["a"], **NEWER)
    visit = phone.visit(world.villages["a"], **NEWER)
    assert [result["status"] for result in phone.send(household, visit)] == ["applied", "applied"]
    mate.send()
    for one, kind, made in ((phone, "household", household), (mate, "visit", visit), (mate, "household", household)):
        row = one.kind(kind)[made["args"]["id"]]
        assert {key: row[key] for key in NEWER} == NEWER


def test_what_a_newer_app_adds_to_changes(world: World) -> None:
    phone, mate = world.phone("an"), world.phone("binh")
    household, visit = phone.household(world.villages["a"]), phone.visit(world.villages["a"], mood="vui", old=1)
    phone.send(household, visit)
    mate.send()
    base = {"id": household["args"]["id"], "base_version": mate.kind("household")[household["args"]["id"]]["version"]}
    results = phone.send(
        phone.mutation("household.update", base | {"rooms": 3}),
        phone.mutation("visit.amend", {"id": visit["args"]["id"], "reason": "bổ sung", "mood": "rất vui"}),
    )
    assert [result["status"] for result in results] == ["applied", "applied"]
    other_field = mate.send(mate.mutation("household.update", base | {"mood": "vui"}))[0]
    assert other_field["status"] == "applied", "another field of a newer app is no conflict"
    same_field = mate.send(mate.mutation("household.update", base | {"rooms": 4}))[0]
    assert same_field["status"] == "conflict"
    phone.send()
    row = phone.kind("household")[household["args"]["id"]]
    assert (row["rooms"], row["mood"]) == (4, "vui")
    assert phone.kind("visit")[visit["args"]["id"]]["mood"] == "rất vui"
    assert phone.kind("visit")[visit["args"]["id"]]["old"] == 1


def test_what_is_added_cannot_pose_as_ours(world: World) -> None:
    phone = world.phone("an")
    forged = {"version": 9999, "author_id": "me", "counted": False, "created_version": 0, "received_at": "never"}
    visit, household = phone.visit(world.villages["a"], **forged), phone.household(world.villages["a"], **forged)
    phone.send(visit, household)
    row = phone.kind("visit")[visit["args"]["id"]]
    assert row["author_id"] == str(world.members["an"])
    assert row["counted"] is True
    assert row["version"] < 1000
    assert row["received_at"] != "never"
    stored: Any = row_of(world, Household, household["args"]["id"])
    assert stored.version < 1000
