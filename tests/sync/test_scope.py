"""The order of the refusal codes, and whose rows and villages a member may touch."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from cdtteam.core import clock
from cdtteam.core.ids import new_id
from tests.support.wire import hold_oracle, reassign, unlimited
from tests.support.world import Phone, World

Faults = dict[str, Callable[[dict[str, Any]], None]]
BAD_SERVICE = [{"code": "none", "people": 1, "outcome": "done"}]


def put(**args: Any) -> Callable[[dict[str, Any]], None]:
    return lambda mutation: mutation["args"].update(args)


def head(**header: Any) -> Callable[[dict[str, Any]], None]:
    return lambda mutation: mutation.update(header)


def told(phone: Phone, mutation: dict[str, Any]) -> str:
    result = phone.send(mutation)[0]
    return str(result.get("code", result["status"]))


def check_order(phone: Phone, make: Callable[[], dict[str, Any]], faults: Faults) -> None:
    """Each fault alone gives its code; of two or more the first in order is told."""
    codes = list(faults)
    assert told(phone, make()) == "applied"
    for place, code in enumerate(codes):
        for others in ([], *([other] for other in codes[place + 1 :]), codes[place + 1 :]):
            mutation = make()
            for name in (*others, code):
                faults[name](mutation)
            assert told(phone, mutation) == code, (code, others)


def test_order_for_a_visit(world: World) -> None:
    phone = unlimited(world).phone("an")
    existing = phone.visit(world.villages["a"])
    phone.send(existing)
    faults = {
        "id_reused": put(id=existing["args"]["id"]),
        "invalid_field": put(participants=0),
        "unknown_service": put(services=BAD_SERVICE),
        "implausible_time": head(at="1970-01-01T00:00:00Z"),
        "wrong_author": head(member_id=str(world.members["chi"])),
        "unknown_household": put(household_id=str(new_id())),
        "out_of_scope": put(village_id=str(world.villages["c"])),
    }
    check_order(phone, lambda: phone.visit(world.villages["a"]), faults)


def test_order_for_a_household(world: World) -> None:
    phone = unlimited(world).phone("an")
    existing = phone.household(world.villages["a"])
    phone.send(existing)
    for invalid in ({"people": 0}, {"phone": "0912345678"}, {"head_name": " "}, {"indicators": {"x": True}}):
        faults = {
            "id_reused": put(id=existing["args"]["id"]),
            "invalid_field": put(**invalid),
            "implausible_time": head(at="1970-01-01T00:00:00Z"),
            "wrong_author": head(member_id=str(world.members["chi"])),
            "out_of_scope": put(village_id=str(world.villages["c"])),
        }
        if invalid != {"people": 0}:  # the first one has been through the pairs
            faults = {code: faults[code] for code in ("invalid_field", "implausible_time", "out_of_scope")}
        check_order(phone, lambda: phone.household(world.villages["a"]), faults)


def test_order_for_an_amendment(world: World) -> None:
    phone, mate, other = unlimited(world).phone("an"), world.phone("binh"), world.phone("chi")
    own, withdrawn, foreign = (
        phone.visit(world.villages["a"]),
        phone.visit(world.villages["a"]),
        other.visit(world.villages["b"]),
    )
    mates = mate.visit(world.villages["a"])
    phone.send(own, withdrawn)
    mate.send(mates)
    other.send(foreign)
    phone.send(phone.mutation("visit.withdraw", {"id": withdrawn["args"]["id"], "reason": "nhầm"}))
    faults = {
        "unknown_type": head(type="visit.improve"),
        "invalid_field": put(participants=0),
        "unknown_service": put(services=BAD_SERVICE),
        "implausible_time": put(occurred_at="1970-01-01T00:00:00Z"),
        "wrong_author": head(member_id=str(world.members["chi"])),
        "unknown_household": put(household_id=str(new_id())),
    }
    check_order(phone, lambda: amend(phone, own), faults)
    assert told(phone, amend(phone, {"args": {"id": str(new_id())}})) == "unknown_row"
    assert told(phone, amend(phone, foreign)) == "out_of_scope", "and not that it is another's"
    assert told(phone, amend(phone, mates)) == "not_author"
    assert told(phone, amend(phone, withdrawn)) == "withdrawn"
    mate.send(mate.mutation("visit.withdraw", {"id": mates["args"]["id"], "reason": "nhầm"}))
    assert told(phone, amend(phone, mates)) == "not_author", "and not that it is withdrawn"


def test_a_visit_stays_in_its_village(world: World) -> None:
    phone = unlimited(world).phone("an")
    visit = phone.visit(world.villages["a"])
    phone.send(visit)
    moved = amend(phone, visit)
    moved["args"]["village_id"] = str(world.villages["b"])
    [refused] = phone.send(moved)
    assert (refused["code"], refused["field"]) == ("invalid_field", "village_id")
    whole = amend(phone, visit)
    whole["args"] |= {"village_id": visit["args"]["village_id"], "note": "cả lượt"}
    assert told(phone, whole) == "applied", "who sends the village with the rest has changed nothing of it"
    phone.send()
    kept = phone.kind("visit")[visit["args"]["id"]]
    assert (kept["village_id"], kept["note"]) == (visit["args"]["village_id"], "cả lượt")


def test_order_for_a_report(world: World) -> None:
    phone = unlimited(world).phone("an")
    period = {"village_id": str(world.villages["a"]), "period": f"{clock.civil_date(clock.now()):%Y-%m}"}
    faults = {
        "invalid_field": put(period="2999-01"),
        "implausible_time": head(at="1970-01-01T00:00:00Z"),
        "wrong_author": head(member_id=str(world.members["chi"])),
        "out_of_scope": put(village_id=str(world.villages["c"])),
    }
    check_order(phone, lambda: phone.mutation("report.nothing", dict(period)), faults)
    for wrong in ("2026-W54", "2026-13", "2026", "2026-11-24", "2026-Q4", "x", "٢٠٢٦-11", "2026-11\n", None, 5):
        result = phone.send(phone.mutation("report.nothing", period | {"period": wrong}))[0]
        assert (result["code"], result["field"]) == ("invalid_field", "period")


def amend(phone: Phone, visit: dict[str, Any]) -> dict[str, Any]:
    return phone.mutation("visit.amend", {"id": visit["args"]["id"], "reason": "sửa", "participants": 2})


def test_an_id_that_was_applied_comes_first_of_all(world: World) -> None:
    phone = world.phone("an")
    visit = phone.visit(world.villages["a"])
    phone.send(visit)
    for change in ({"type": "none"}, {"args": None}, {"at": "x"}, {"member_id": str(world.members["binh"])}):
        assert told(phone, visit | change) == "id_reused"
    hold_oracle(world, [visit])


@pytest.mark.parametrize("village", ["b", "c", None])
def test_unknown_and_foreign_villages(world: World, village: str | None) -> None:
    phone = world.phone("an")
    village_id = world.villages[village] if village else new_id()
    period = {"village_id": str(village_id), "period": "2026-W40"}
    batch = [phone.visit(village_id), phone.household(village_id), phone.mutation("report.nothing", period)]
    assert [result["code"] for result in phone.send(*batch)] == ["out_of_scope"] * 3
    hold_oracle(world, batch)


def test_a_foreign_household(world: World) -> None:
    phone, other = world.phone("an"), world.phone("chi")
    household = other.household(world.villages["b"])
    other.send(household)
    row = {"id": household["args"]["id"], "base_version": None}
    batch = [
        phone.visit(world.villages["a"], household_id=row["id"]),
        phone.mutation("household.update", row | {"note": "của tôi"}),
        phone.mutation("household.withdraw", row | {"reason": "xoá"}),
    ]
    assert [result["code"] for result in phone.send(*batch)] == ["out_of_scope"] * 3
    assert told(phone, phone.household(world.villages["a"], id=row["id"])) == "id_reused"
    own = phone.visit(world.villages["a"])
    phone.send(own)
    stolen = phone.mutation("visit.amend", {"id": own["args"]["id"], "reason": "x", "household_id": row["id"]})
    assert told(phone, stolen) == "out_of_scope"
    other.send()
    assert other.kind("household")[row["id"]]["note"] is None
    assert phone.kind("household") == {}


def test_the_author_must_have_been_there_then(world: World) -> None:
    """`binh` moves away: what they did before may still be sent by a teammate, what they do now not."""
    phone = world.phone("an")
    moved_at = clock.now() - timedelta(hours=1)
    reassign(world, "binh", "b", moved_at)
    binh = str(world.members["binh"])
    times = [(moved_at + timedelta(minutes=minutes)).isoformat() for minutes in (-10, 10)]
    results = [told(phone, phone.visit(world.villages["a"], member_id=binh, occurred_at=time)) for time in times]
    assert results == ["applied", "wrong_author"]
    assert told(phone, phone.visit(world.villages["a"], member_id=str(new_id()))) == "wrong_author"


def test_correcting_within_seventy_two_hours(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The correction's own time counts, not when it arrives."""
    phone = world.phone("an")
    visits = [phone.visit(world.villages["a"]) for _ in range(2)]
    arrival = clock.now()
    monkeypatch.setattr(clock, "now", lambda: arrival)
    phone.send(*visits)
    edge = arrival + timedelta(hours=72)
    for delay in (timedelta(hours=72), timedelta(days=20)):
        monkeypatch.setattr(clock, "now", lambda moment=arrival + delay + timedelta(seconds=2): moment)
        for type_, visit in (("visit.amend", visits[0]), ("visit.withdraw", visits[1])):
            change = {"id": visit["args"]["id"], "reason": "sửa"}
            late = phone.mutation(type_, change, at=(edge + timedelta(seconds=1)).isoformat())
            assert told(phone, late) == "too_late"
            if delay.days > 3 or type_ == "visit.amend":
                in_time = phone.mutation(type_, change, at=(edge - timedelta(seconds=1)).isoformat())
                assert told(phone, in_time) == "applied"
    assert set(phone.kind("visit")) == {visits[0]["args"]["id"]}
