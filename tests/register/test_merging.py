"""Two households are made one and two again, and a withdrawn one comes back, as phones and figures see it."""

from datetime import timedelta

import pytest

from cdtteam.core import clock
from cdtteam.core.problems import Problem
from cdtteam.households.models import Household
from cdtteam.households.operations import restore_household, withdraw_at_desk
from cdtteam.visits.models import Visit
from tests.demo.test_refusal import tables_with
from tests.register.acting import PHONE, act, agreed, figures, id_of, merge, move, part, row, two, visit_to
from tests.support.wire import row_of
from tests.support.world import OFFICER, World


def test_what_phones_hold_after_a_merger_and_after_it_was_taken_back(world: World) -> None:
    an, double, kept = two(world)
    binh = world.phone("binh")
    early = visit_to(an, double)
    an.send(early, visit_to(an, kept))
    binh.send()
    before = row(world, double)
    assert figures(world)["households"] == 2
    merge(world, double, kept)
    fresh = world.phone("binh")
    for phone in (an, binh, fresh):
        phone.send()
        assert set(phone.kind("household")) == {kept["args"]["id"]}
        assert {one["household_id"] for one in phone.kind("visit").values()} == {kept["args"]["id"]}
        one = phone.kind("household")[kept["args"]["id"]]
        assert (one["phone"], one["people"], one["hamlet"], one["note"]) == (PHONE, 4, "Xóm Đông", "Nhà cuối xóm")
    assert figures(world)["households"] == 1
    late = visit_to(an, double)
    assert an.send(late)[0]["status"] == "applied"
    part(world, double)
    for phone in (an, binh, fresh, world.phone("binh")):
        phone.send()
        assert set(phone.kind("household")) == {double["args"]["id"], kept["args"]["id"]}
        visits = {id_: one["household_id"] for id_, one in phone.kind("visit").items()}
        assert visits[early["args"]["id"]] == double["args"]["id"], "what was its own is its own again"
        assert visits[late["args"]["id"]] == kept["args"]["id"], "what came since stays"
        other = phone.kind("household")[kept["args"]["id"]]
        assert (other["phone"], other["people"], other["hamlet"]) == (None, None, "Xóm Đông")
    assert figures(world)["households"] == 2
    after = row(world, double)
    assert after | {"version": 0} == before | {"version": 0}, "the row is as it was"
    with pytest.raises(Problem, match="changed_meanwhile"):
        part(world, double)


def test_a_merger_over_two_villages_counts_one_household_in_each_and_tells_both(world: World) -> None:
    an, chi = world.phone("an"), world.phone("chi")
    here, there = an.household(world.villages["a"], "Bá Ngọc"), chi.household(world.villages["b"], "Bá Ngọc")
    an.send(here, visit_to(an, here))
    chi.send(there, visit_to(chi, there))
    merge(world, here, there)
    an.send()
    chi.send()
    assert (set(an.kind("household")), set(chi.kind("household"))) == (set(), {there["args"]["id"]})
    assert {one["household_id"] for one in an.kind("visit").values()} == {there["args"]["id"]}
    late = visit_to(an, here)
    an.send(late)
    assert row_of(world, Visit, late["args"]["id"]).village_id == world.villages["a"], "it was made there"
    assert figures(world)["households"] == 2, "in each village one: figures are the sum of the villages'"
    part(world, here)
    an.send()
    assert set(an.kind("household")) == {here["args"]["id"]}


def test_an_update_that_comes_late_for_a_merged_household_is_of_the_other(world: World) -> None:
    _an, double, kept = two(world)
    binh, chi = world.phone("binh"), world.phone("chi")
    binh.send()
    merge(world, double, kept)
    move(world, kept, "b")
    update = {"id": double["args"]["id"], "base_version": binh.kind("household")[double["args"]["id"]]["version"]}
    told = binh.mutation("household.update", update | {"adults": 3, "note": "Hẹn quay lại"})
    told["at"] = (clock.now() - timedelta(minutes=5)).isoformat()
    assert binh.send(told)[0]["status"] == "conflict", "both notes were of the same household"
    chi.send()
    assert chi.kind("household")[kept["args"]["id"]]["adults"] == 3
    assert binh.kind("household") == {}
    gone = binh.mutation("household.withdraw", {"id": double["args"]["id"], "reason": "ghi hai lần"})
    assert binh.send(gone)[0]["status"] == "applied"
    chi.send()
    assert kept["args"]["id"] in chi.kind("household"), "who withdraws one of the two does not mean both"


def test_a_refusal_that_comes_late_for_a_merged_household_erases_both(world: World) -> None:
    an, double, kept = two(world)
    binh = world.phone("binh")
    binh.send()
    an.send(visit_to(an, double), visit_to(an, kept))
    merge(world, double, kept)
    refusal = {"id": double["args"]["id"], "base_version": None, "consents": agreed(binh, named=False)}
    assert binh.send(binh.mutation("household.update", refusal))[0]["status"] in ("applied", "conflict")
    an.send()
    assert an.kind("household") == {}
    assert tables_with(world.app, "Rơ Châm Suệ") == set()
    assert figures(world)["households"] == 0
    assert figures(world)["households_unnamed"] == 2


def test_of_two_words_on_calling_the_later_holds(world: World) -> None:
    an = world.phone("an")
    a = world.villages["a"]
    earlier = (clock.now() - timedelta(days=3)).isoformat()
    old_yes = an.household(a, "Một", phone=PHONE, consents={"contact": {"given": True, "notice": "1", "at": earlier}})
    new_no = an.household(a, "Một", consents=agreed(an, contact=False))
    an.send(old_yes, new_no)
    merge(world, new_no, old_yes)
    assert PHONE not in str(row(world, old_yes))
    assert tables_with(world.app, PHONE) == set(), "its history keeps no number either"
    part(world, new_no)
    one = row(world, old_yes)
    assert (one["phone"], one["consents"]["contact"]["given"]) == (None, False), "a refusal stays"


def test_mergers_are_taken_back_from_the_last_one_on(world: World) -> None:
    an, first, second = two(world)
    third = an.household(world.villages["a"], "Rơ Châm Suệ")
    an.send(third)
    visits = [visit_to(an, one) for one in (first, second, third)]
    an.send(*visits)
    merge(world, first, second)
    merge(world, second, third)
    assert figures(world)["households"] == 1
    with pytest.raises(Problem, match="changed_meanwhile"):
        part(world, first)
    part(world, second)
    assert figures(world)["households"] == 2
    part(world, first)
    an.send()
    held = {id_: one["household_id"] for id_, one in an.kind("visit").items()}
    assert held == {visit["args"]["id"]: visit["args"]["household_id"] for visit in visits}


def test_a_withdrawn_household_comes_back_to_phones_as_it_was(world: World) -> None:
    an, double, _ = two(world)
    before = row(world, double)
    act(world, lambda work: withdraw_at_desk(OFFICER, work, work.session.get_one(Household, id_of(double)), reason="x"))
    an.send()
    assert double["args"]["id"] not in an.kind("household")
    act(world, lambda work: restore_household(OFFICER, work, work.session.get_one(Household, id_of(double))))
    an.send()
    assert an.kind("household")[double["args"]["id"]]["phone"] == PHONE
    assert row(world, double) | {"version": 0} == before | {"version": 0}
