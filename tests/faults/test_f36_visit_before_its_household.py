"""F36 on the wire: a visit arrives before its household; sent again in order, both end applied."""

from tests.support.wire import hold_oracle, quarantine
from tests.support.world import World


def test_in_an_earlier_request(world: World) -> None:
    phone = world.phone("an")
    household = phone.household(world.villages["a"])
    visit = phone.visit(world.villages["a"], household_id=household["args"]["id"])
    refused = phone.send(visit)[0]
    assert (refused["status"], refused["code"]) == ("refused", "unknown_household")
    hold_oracle(world, [visit])
    assert phone.send(household)[0]["status"] == "applied"
    assert phone.send(visit)[0]["status"] == "applied"
    assert quarantine(world)[visit["id"]].settled_at is not None
    hold_oracle(world, [household, visit])


def test_the_wrong_way_round_in_one_request(world: World) -> None:
    phone = world.phone("an")
    household = phone.household(world.villages["a"])
    visit = phone.visit(world.villages["a"], household_id=household["args"]["id"])
    change = phone.mutation("household.update", {"id": household["args"]["id"], "base_version": None, "people": 4})
    told = [result.get("code", result["status"]) for result in phone.send(visit, change, household)]
    assert told == ["unknown_household", "unknown_household", "applied"]
    assert [result["status"] for result in phone.send(visit, change, household)] == ["applied", "applied", "duplicate"]
    assert phone.kind("household")[household["args"]["id"]]["people"] == 4
    hold_oracle(world, [household, visit, change])


def test_its_household_is_refused_and_then_put_right(world: World) -> None:
    """In one request, too: what counts is whether the row is there when the visit's turn comes."""
    phone = world.phone("an")
    bad = phone.household(world.villages["a"], people=0)
    visit = phone.visit(world.villages["a"], household_id=bad["args"]["id"])
    again = phone.visit(world.villages["a"], household_id=bad["args"]["id"])
    right = phone.household(world.villages["a"], id=bad["args"]["id"]) | {"replaces": bad["id"]}
    results = phone.send(bad, visit, right, again)
    assert [result.get("code", result["status"]) for result in results] == [
        "invalid_field", "depends_on_refused", "applied", "applied",
    ]  # fmt: skip
    assert phone.send(visit)[0]["status"] == "applied"


def test_amending_a_visit_that_was_refused(world: World) -> None:
    phone = world.phone("an")
    visit = phone.visit(world.villages["a"], participants=0)
    change = {"id": visit["args"]["id"], "reason": "sửa", "participants": 2}
    amend, withdraw = phone.mutation("visit.amend", change), phone.mutation("visit.withdraw", change)
    told = [result["code"] for result in phone.send(visit, amend, withdraw)]
    assert told == ["invalid_field", "depends_on_refused", "depends_on_refused"]
    assert phone.send(amend)[0]["code"] == "unknown_row"
