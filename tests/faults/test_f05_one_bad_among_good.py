"""F05: bad mutations among good ones; the others apply, and there is one result each, in the order sent."""

from tests.support.wire import hold_oracle, quarantine
from tests.support.world import World


def test_every_kind_of_bad_one(world: World) -> None:
    phone = world.phone("an")
    village = world.villages["a"]
    good = [phone.visit(village) for _ in range(8)]
    bad = [
        phone.visit(village) | {"type": "visit.dream"},
        phone.visit(village) | {"args": "text"},
        phone.visit(village, participants=0),
        phone.visit(village, services=[{"code": "none", "people": 1, "outcome": "done"}]),
        phone.visit(village, at="1970-01-01T00:00:00Z"),
        phone.visit(world.villages["c"]),
        phone.visit(village, member_id=str(world.members["dung"])),
        phone.visit(village) | {"member_id": None},
    ]
    batch = [one for pair in zip(good, bad, strict=True) for one in pair]
    results = phone.send(*batch)
    assert [result["id"] for result in results] == [mutation["id"] for mutation in batch]
    assert [result["status"] for result in results] == ["applied", "refused"] * 8
    assert [result["code"] for result in results[1::2]] == [
        "unknown_type", "invalid_field", "invalid_field", "unknown_service", "implausible_time", "out_of_scope",
        "wrong_author", "invalid_field",
    ]  # fmt: skip
    assert all(result["message"] for result in results[1::2])
    assert set(quarantine(world)) == {mutation["id"] for mutation in bad}
    assert phone.kind("visit").keys() == {mutation["args"]["id"] for mutation in good}
    hold_oracle(world, batch)
