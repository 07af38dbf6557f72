"""A household that refuses to be named: its name is nowhere afterwards, and what was done for it still counts."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from cdtteam.core.db import Base, db
from cdtteam.households.models import Household
from tests.support.days import today
from tests.support.wire import quarantine, row_of
from tests.support.world import Phone, World

REFUSED = {"named": {"given": False, "notice": "2026-1", "at": "2026-11-24T09:00:00+07:00"}}
AGREED = {"named": {"given": True, "notice": "2026-1"}, "contact": {"given": True, "notice": "2026-1"}}
# Each of them tells who it is, and each must be nowhere.
SECRETS = ("Đinh Thị Quyên", "Đinh Thị Quỳên Cũ", "HO-4711", "Xóm Suối Bạc", "0912777333", "nhà bà Quyên")


def found_in_the_database(world: World) -> set[tuple[str, str]]:
    """Which of the secrets stand in which table, whatever the column."""
    found = set()
    with world.app.app_context():
        for table in Base.metadata.sorted_tables:
            for row in db.session.execute(table.select()):
                for value in row:
                    said = value.decode(errors="replace") if isinstance(value, bytes) else str(value)
                    plain = said.encode().decode("unicode_escape", "ignore") if "\\u" in said else said
                    found |= {(table.name, secret) for secret in SECRETS if secret in said or secret in plain}
    return found


def figures(world: World) -> dict[str, Any]:
    answer = world.client("tinh").get(f"/api/v1/participation?period={today():%Y}&area=21601&by=village").json
    return {name: answer[name] for name in ("visits", "people", "households", "households_unnamed")}


def known_household(world: World, phone: Phone) -> dict[str, Any]:
    """One that was entered, first in vain, renamed and noted about."""
    home = phone.household(
        world.villages["a"], SECRETS[1], code=SECRETS[2], hamlet=SECRETS[3], phone=SECRETS[4], note=SECRETS[5],
        consents=AGREED, people=4, nickname=SECRETS[5],
    )  # fmt: skip
    vain = phone.household(world.villages["a"], SECRETS[0], phone="12", consents=AGREED)
    spoilt = phone.mutation("household.update", {"id": home["args"]["id"], "base_version": 1, "people": 0} | noted())
    renamed = phone.mutation("household.update", {"id": home["args"]["id"], "base_version": None} | noted())
    results = phone.send(home, vain, spoilt, renamed)
    assert [result["status"] for result in results] == ["applied", "refused", "refused", "applied"]
    return home


def noted() -> dict[str, Any]:
    return {"head_name": SECRETS[0], "note": SECRETS[5]}


def refusal(phone: Phone, home: dict[str, Any], **header: Any) -> dict[str, Any]:
    args = {"id": home["args"]["id"], "base_version": None, "consents": REFUSED}
    return phone.mutation("household.update", args, **header)


def test_the_name_is_in_no_table_and_on_no_phone(world: World) -> None:
    phone, mate = world.phone("an"), world.phone("binh")
    home = known_household(world, phone)
    mate.send()
    assert home["args"]["id"] in mate.kind("household")
    assert {secret for _, secret in found_in_the_database(world)} == set(SECRETS)
    assert phone.send(refusal(phone, home))[0]["status"] == "applied"
    assert found_in_the_database(world) == set()
    assert all(row.settled_at for row in quarantine(world).values()), "nobody needs to look at it any more"
    assert phone.kind("household") == {}
    changes = mate.post().json["changes"]
    assert [change.get("gone") for change in changes if change["id"] == home["args"]["id"]] == ["erased"]
    kept = row_of(world, Household, home["args"]["id"])
    assert kept.consents == {"named": REFUSED["named"] | {"by": str(world.members["an"])}}


def test_what_comes_later_from_other_phones_brings_nothing_back(world: World) -> None:
    phone, mate = world.phone("an"), world.phone("binh")
    home = known_household(world, phone)
    mate.send()
    late = mate.mutation("household.update", {"id": home["args"]["id"], "base_version": 1} | noted())
    again = mate.household(world.villages["a"], SECRETS[0], id=home["args"]["id"])
    phone.send(refusal(phone, home))
    results = mate.send(late, again, home)
    assert [result.get("code", result["status"]) for result in results] == ["withdrawn", "id_reused", "duplicate"]
    assert {late["id"], again["id"]} <= quarantine(world).keys(), "that they came is kept"
    assert json.loads(quarantine(world)[late["id"]].content)["args"] == {"id": home["args"]["id"]}
    assert found_in_the_database(world) == set()
    assert mate.kind("household") == {}


@pytest.mark.parametrize("together", [True, False])
def test_its_visits_stay_and_count_as_those_to_a_home_not_named(world: World, together: bool) -> None:
    phone, mate = world.phone("an"), world.phone("binh")
    home = phone.household(world.villages["a"], SECRETS[0])
    phone.send(home)
    own = [phone.visit(world.villages["a"], household_id=home["args"]["id"], participants=n) for n in (1, 2)]
    if together:
        phone.send(*own, refusal(phone, home))
    else:
        phone.send(*own)
        assert figures(world) == {"visits": 2, "people": 3, "households": 1, "households_unnamed": 0}
        mate.send()
        phone.send(refusal(phone, home))
    mate.send()
    for one in (phone, mate):
        assert [visit["household_id"] for visit in one.kind("visit").values()] == [None, None]
    assert figures(world) == {"visits": 2, "people": 3, "households": 0, "households_unnamed": 2}


def test_one_that_refuses_at_once_is_not_stored_and_its_visit_counts(world: World) -> None:
    phone = world.phone("an")
    vain = phone.household(world.villages["a"], SECRETS[0], phone="12", consents=AGREED)
    phone.send(vain)
    home = phone.household(world.villages["a"], SECRETS[0], note=SECRETS[5], consents=REFUSED)
    visit = phone.visit(world.villages["a"], household_id=home["args"]["id"])
    assert [result["status"] for result in phone.send(home, visit)] == ["applied", "applied"]
    assert found_in_the_database(world) == set()
    assert phone.kind("household") == {}
    assert figures(world) == {"visits": 1, "people": 1, "households": 0, "households_unnamed": 1}


def test_the_later_word_holds_whichever_comes_first(world: World) -> None:
    phone, mate = world.phone("an"), world.phone("binh")
    home = phone.household(world.villages["a"], SECRETS[0])
    phone.send(home)
    early = (phone.now() - timedelta(hours=2)).isoformat()
    yes = mate.mutation("household.update", {"id": home["args"]["id"], "base_version": None, "consents": AGREED})
    mate.send(yes)
    assert phone.send(refusal(phone, home, at=early))[0]["status"] == "conflict"
    assert phone.kind("household")[home["args"]["id"]]["head_name"] == SECRETS[0]
    assert phone.kind("household")[home["args"]["id"]]["consents"] == AGREED, "who heard it is not for phones"
    with world.app.app_context():
        kept = db.session.scalar(text("SELECT consents FROM household"))
    kept = json.loads(kept) if isinstance(kept, str) else kept
    assert {consent["by"] for consent in kept.values()} == {str(world.members["binh"])}
    phone.send(refusal(phone, home))
    assert found_in_the_database(world) == set()
