"""F25 on the wire: another member signs in on the same device; the server gives nothing of the first one's."""

from tests.support.wire import hold_oracle, ledger, quarantine
from tests.support.world import Phone, World


def test_nothing_of_the_first_one_is_sent(world: World) -> None:
    first = world.phone("an")
    household = first.household(world.villages["a"])
    first.send(household, first.visit(world.villages["a"], household_id=household["args"]["id"]))
    second = Phone(world.client("chi"), world.members["chi"], device_id=first.device_id)
    second.send()
    assert second.kind("household") == second.kind("visit") == {}
    assert set(second.kind("member")) == {str(world.members["chi"])}


def test_with_the_first_ones_cursor_too(world: World) -> None:
    first = world.phone("an")
    first.send(first.visit(world.villages["a"]))
    second = Phone(world.client("chi"), world.members["chi"], first.device_id, first.epoch, first.cursor)
    changes = second.post().json["changes"]
    assert {"kind": "village", "id": str(world.villages["a"]), "gone": "left_scope"} in changes
    others = [change for change in changes if change["kind"] not in ("service", "indicator", "village")]
    assert {change["village_id"] for change in others} == {str(world.villages["b"])}
    assert "data" in others[0]


def test_what_the_first_one_left_is_not_taken_from_the_second(world: World) -> None:
    first = world.phone("an")
    visit = first.visit(world.villages["a"])
    second = Phone(world.client("chi"), world.members["chi"], device_id=first.device_id)
    assert second.send(visit)[0]["code"] == "wrong_author"
    assert ledger(world) == set()
    assert quarantine(world)[visit["id"]].member_id == world.members["an"]
    assert first.send(visit)[0]["status"] == "applied"
    hold_oracle(world, [visit])


def test_a_teammate_may_send_it(world: World) -> None:
    first = world.phone("an")
    visit = first.visit(world.villages["a"])
    mate = Phone(world.client("binh"), world.members["binh"], device_id=first.device_id)
    assert mate.send(visit)[0]["status"] == "applied"
    assert mate.kind("visit")[visit["args"]["id"]]["author_id"] == str(world.members["an"])
    assert first.send(visit)[0]["status"] == "duplicate"
