"""Households are merged field by field: who set what last, on which device, and when."""

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from cdtteam.households.models import HouseholdChange
from tests.support.wire import unlimited
from tests.support.world import Phone, World


class Case:
    """A household that two phones know in the same version."""

    def __init__(self, world: World) -> None:
        self.world = unlimited(world)
        self.an, self.binh = world.phone("an"), world.phone("binh")
        self.reset()

    def reset(self) -> None:
        """Another household."""
        made = self.an.household(self.world.villages["a"])
        self.id = made["args"]["id"]
        assert self.an.send(made)[0]["status"] == "applied"
        self.binh.send()
        self.base = self.binh.kind("household")[self.id]["version"]

    def update(self, phone: Phone, minutes: int, **fields: Any) -> dict[str, Any]:
        """An update entered so many minutes from an hour ago, on the version that both know."""
        at = (phone.now() - timedelta(hours=1) + timedelta(minutes=minutes)).isoformat()
        args = {"id": self.id, "base_version": self.base} | fields
        return phone.mutation("household.update", args, at=at)

    def row(self) -> dict[str, Any]:
        """What both phones end with."""
        self.an.send()
        self.binh.send()
        assert self.an.kind("household")[self.id] == self.binh.kind("household")[self.id]
        return self.an.kind("household")[self.id]


@pytest.fixture
def case(world: World) -> Case:
    return Case(world)


def test_other_fields_do_not_conflict(case: Case) -> None:
    assert case.an.send(case.update(case.an, 1, people=3, note="a"))[0]["status"] == "applied"
    assert case.binh.send(case.update(case.binh, 0, adults=2, hamlet="Xóm 2"))[0]["status"] == "applied"
    row = case.row()
    assert (row["people"], row["note"], row["adults"], row["hamlet"]) == (3, "a", 2, "Xóm 2")


@pytest.mark.parametrize("first_minutes", [0, 10])
def test_the_later_corrected_time_wins(case: Case, first_minutes: int) -> None:
    """Whichever arrives first; the result is `conflict` on either side, with the row as it then stands."""
    case.an.send(case.update(case.an, first_minutes, people=3))
    result = case.binh.send(case.update(case.binh, 5, people=4))[0]
    wins = 4 if first_minutes < 5 else 3
    assert result["status"] == "conflict"
    assert result["current"]["people"] == wins
    assert result["current"]["id"] == case.id
    assert result["current"]["village_id"] == str(case.world.villages["a"])
    row = case.row()
    assert row["people"] == wins
    assert result["current"] == row
    with case.world.app.app_context():
        from cdtteam.core.db import db  # noqa: PLC0415

        kept = db.session.query(HouseholdChange).order_by(HouseholdChange.received_at).all()
        assert [change.wanted["people"] for change in kept] == [3, 4]
        assert kept[1].lost == ([] if wins == 4 else ["people"])


def test_the_same_value_is_no_conflict(case: Case) -> None:
    case.an.send(case.update(case.an, 0, people=3))
    assert case.binh.send(case.update(case.binh, 5, people=3))[0]["status"] == "applied"


def test_the_same_device_is_nobody_else(case: Case) -> None:
    case.an.send(case.update(case.an, 5, people=3))
    assert case.an.send(case.update(case.an, 6, people=4))[0]["status"] == "applied"
    assert case.row()["people"] == 4


def test_a_newer_base_knows_what_it_changes(case: Case) -> None:
    case.an.send(case.update(case.an, 20, people=3))
    case.binh.send()
    case.base = case.binh.kind("household")[case.id]["version"]
    assert case.binh.send(case.update(case.binh, 5, people=4))[0]["status"] == "applied"
    assert case.row()["people"] == 4


def test_base_null_on_the_making_phone_and_on_another(case: Case) -> None:
    """The maker's phone has not had its row back yet; another phone that says null is from before everything."""
    assert case.an.send(case.update(case.an, 1, people=2, base_version=None))[0]["status"] == "applied"
    assert case.binh.send(case.update(case.binh, 0, people=9, base_version=None))[0]["status"] == "conflict"
    assert case.row()["people"] == 2


def test_indicators_and_consents_are_fields_of_their_own(case: Case) -> None:
    yes = {"given": True, "notice": "2026-1"}
    case.an.send(case.update(case.an, 1, indicators={"has_fibre": True}, consents={"contact": yes}))
    other = case.update(case.binh, 0, indicators={"has_smartphone": False}, consents={"photo": {"given": False}})
    assert case.binh.send(other)[0]["status"] == "applied"
    clash = case.update(case.binh, 5, indicators={"has_fibre": False, "sells_online": True})
    assert case.binh.send(clash)[0]["status"] == "conflict"
    row = case.row()
    assert row["indicators"] == {"has_fibre": False, "has_smartphone": False, "sells_online": True}
    assert row["consents"] == {"contact": yes, "photo": {"given": False}}


def test_one_field_lost_and_one_won(case: Case) -> None:
    case.an.send(case.update(case.an, 10, people=3))
    result = case.binh.send(case.update(case.binh, 5, people=4, adults=2))[0]
    assert result["status"] == "conflict"
    row = case.row()
    assert (row["people"], row["adults"]) == (3, 2)


def test_every_order_of_arrival_ends_the_same(case: Case) -> None:
    """Three entries of three times on two devices, in all orders."""
    ends = set()
    for order in permutations(range(3)):
        case.reset()
        entries = [
            (case.an, case.update(case.an, 0, people=1, note="sớm")),
            (case.binh, case.update(case.binh, 5, people=2, hamlet="Xóm 5")),
            (case.an, case.update(case.an, 10, people=3)),
        ]
        for place in order:
            phone, mutation = entries[place]
            assert phone.post(mutation).json["results"][0]["status"] in ("applied", "conflict")
        row = case.row()
        assert (row["note"], row["hamlet"]) == ("sớm", "Xóm 5")
        if order.index(0) < order.index(2):  # a device's own entries arrive in their order
            ends.add(row["people"])
    assert ends == {3}


def test_visits_do_not_conflict(case: Case) -> None:
    visits = [phone.visit(case.world.villages["a"], household_id=case.id) for phone in (case.an, case.binh)]
    results = [case.an.send(visits[0])[0], case.binh.send(visits[1])[0]]
    assert [result["status"] for result in results] == ["applied", "applied"]
    case.row()
    assert set(case.an.kind("visit")) == {visit["args"]["id"] for visit in visits}
