"""What phones are told of a village that was merged with others or is called otherwise."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.support.merging import HEAD, Merge, command, today
from tests.support.world import Phone, World


def places(phone: Phone) -> list[dict[str, Any]]:
    """The villages of the phone's team as it knows them, without their ids."""
    (team,) = phone.kind("team").values()
    return sorted(
        ({key: value for key, value in place.items() if key != "id"} for place in team["villages"]),
        key=lambda place: place.get("former", ""),
    )


def test_phones_are_told_what_their_village_is_a_part_of(
    world: World, merge: Merge, travel: Callable[[timedelta], None]
) -> None:
    phone = world.phone("chi")
    on = today() + timedelta(days=2)
    identifier = merge(on, teams="stay")
    phone.send()
    joins = {"on": on.isoformat(), "commune_name": "Xã near", "name": "Thôn Chung", "was": "Thôn B", "joined": True}
    now = {"name": "Thôn B", "kind": "thôn", "commune_name": "Xã near"}
    assert places(phone) == [{**now, "moves": [joins]}]
    travel(timedelta(days=2))
    phone.send()
    assert places(phone) == [{**now, "name": "Thôn Chung", "former": "Thôn B", "moves": [joins]}]
    command(world, "undo", identifier)
    phone.send()
    assert places(phone) == [now]


def test_phones_are_told_that_a_village_is_only_called_otherwise(world: World, merge: Merge) -> None:
    phone = world.phone("chi")
    merge(today(), HEAD + "vb,vb,Thôn Bé,thôn,21604\n")
    phone.send()
    move = {"on": today().isoformat(), "commune_name": "Xã far", "name": "Thôn Bé", "was": "Thôn B", "joined": False}
    assert places(phone) == [{"name": "Thôn Bé", "kind": "thôn", "commune_name": "Xã far", "moves": [move]}]


def test_phones_on_ended_ground_follow_what_becomes_of_the_village_that_it_came_to(world: World, merge: Merge) -> None:
    phone = world.phone("chi")
    merge(today() - timedelta(days=90), teams="stay")
    phone.send()
    assert places(phone) == [{"name": "Thôn Chung", "kind": "thôn", "commune_name": "Xã near", "former": "Thôn B"}]
    merge(today(), HEAD + "va,vx,Thôn Mới,thôn,21604\n", teams="stay")
    phone.send()
    (place,) = places(phone)
    assert (place["name"], place["commune_name"], place["former"]) == ("Thôn Mới", "Xã far", "Thôn B")
    assert phone.send(phone.visit(world.villages["b"]))[0]["status"] == "applied"
