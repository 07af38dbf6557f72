"""F18 on the wire: requests of earlier shells, which lack every optional key, are understood."""

import pytest

from cdtteam.core.ids import new_id
from tests.support.world import World

OPTIONAL = ("epoch", "cursor", "page")


@pytest.mark.parametrize("version", ["2026.9.1", "2026.10.15"])
def test_only_the_required_keys(world: World, version: str) -> None:
    phone = world.phone("an")
    household = phone.household(world.villages["a"])
    visit = phone.visit(world.villages["a"])
    del visit["args"]["household_id"]
    body = phone.envelope(household, visit, app_version=version)
    bare = {key: value for key, value in body.items() if key not in OPTIONAL}
    answer = phone.client.post("/api/v1/sync", json=bare)
    assert answer.status_code == 200, answer.json
    assert [result["status"] for result in answer.json["results"]] == ["applied", "applied"]
    phone.take(answer.json)
    row = phone.kind("visit")[visit["args"]["id"]]
    assert row["household_id"] is None
    assert row["member_ids"] == [str(world.members["an"])]
    assert (row["note"], row["follow_up_on"], row["photo_ids"]) == (None, None, [])


def test_optional_keys_may_be_null(world: World) -> None:
    phone = world.phone("an")
    visit = phone.visit(world.villages["a"], task_id=None, occurred_at=None, member_ids=None, note=None, photo_ids=None)
    result = phone.send(visit | {"after": None, "replaces": None}, page=None)[0]
    assert result["status"] == "applied"


def test_keys_of_a_newer_shell_are_ignored(world: World) -> None:
    phone = world.phone("an")
    visit = phone.visit(world.villages["a"]) | {"battery": 12}
    answer = phone.post(visit, locale="vi", storage={"free": 10}, device_id=str(new_id()))
    assert answer.json["results"][0]["status"] == "applied"
