"""What a phone may be told and what it may settle: nobody else's, and no longer than it serves the village."""

import json
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from cdtteam.access.models import SYSTEM
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.households.models import Household, HouseholdChange
from cdtteam.households.operations import move_household
from cdtteam.replica.work import Work
from cdtteam.sync.models import LedgerEntry, Quarantined
from cdtteam.teams.models import Member, Team
from cdtteam.teams.operations import move_member, serve_village
from cdtteam.visits.models import Visit
from cdtteam.web.transactions import writing
from tests.demo.test_refusal import tables_with
from tests.support.wire import quarantine
from tests.support.world import LONG_AGO, OFFICER, World

GIVEN = {"contact": {"given": True, "notice": "2026-1"}}


def test_a_conflict_shows_the_row_to_who_serves_the_village_and_to_nobody_later(world: World) -> None:
    phone, mate = world.phone("an"), world.phone("binh")
    household = mate.household(world.villages["a"])
    mate.send(household)
    args = {"id": household["args"]["id"], "base_version": None}
    mine = phone.mutation("household.update", args | {"head_name": "Của An"})
    result = phone.send(mine)[0]
    assert result["status"] == "conflict"
    assert result["current"]["head_name"] == "Của An"
    assert phone.send(mine)[0]["first"]["current"]["head_name"] == "Của An"
    with world.app.app_context():
        kept = db.session.scalars(select(LedgerEntry.result).where(LedgerEntry.result.is_not(None))).all()
        assert kept == [{"status": "conflict"}]
        with writing(db.session()):
            work = Work(db.session(), clock.now())
            member = db.session.get_one(Member, world.members["an"])
            move_member(SYSTEM, work, member, db.session.get_one(Team, world.teams["c"]), at=work.now)
            work.flush()
    mate.send(mate.mutation("household.update", args | {"note": "riêng của thôn A", "base_version": 10**6}))
    yesterday = (clock.now() - timedelta(days=1)).isoformat()
    late = phone.mutation("household.update", args | {"note": "cũ hơn"}, at=yesterday)
    again, late_result = phone.send(mine, late)
    assert late_result["status"] == "conflict"
    assert "current" not in late_result
    assert "current" not in again["first"]


def test_withdrawing_consent_to_contact_removes_the_phone(world: World) -> None:
    phone = world.phone("an")
    household = phone.household(world.villages["a"], phone="0912 345 678", consents=GIVEN)
    phone.send(household)
    key = household["args"]["id"]
    assert phone.kind("household")[key]["phone"] == "0912345678"
    refusal = {"contact": {"given": False, "notice": "2026-1"}}
    version = phone.kind("household")[key]["version"]
    renumbered = phone.mutation("household.update", {"id": key, "base_version": version, "phone": "0987 654 321"})
    phone.send(renumbered)
    for number in ("0912345678", "0987654321"):
        assert number in stored(world), "the history keeps what was there"
    phone.send(phone.mutation("household.update", {"id": key, "base_version": version, "consents": refusal}))
    assert phone.kind("household")[key]["phone"] is None
    away = world.phone("binh")
    late = {"id": key, "base_version": version, "phone": "0901 234 567", "consents": GIVEN}
    earlier = (clock.now() - timedelta(hours=1)).isoformat()
    assert away.send(away.mutation("household.update", late, at=earlier))[0]["status"] == "conflict"
    for number in ("0912345678", "0987654321", "0901234567"):
        assert number not in stored(world)


def stored(world: World) -> str:
    """All that is kept of households and their history."""
    with world.app.app_context():
        history = db.session.execute(select(HouseholdChange.wanted, HouseholdChange.before)).all()
        numbers = db.session.scalars(select(Household.phone)).all()
    return f"{history} {numbers}"


def test_a_stranger_settles_nothing_and_a_mate_on_the_same_phone_does(world: World) -> None:
    phone, stranger = world.phone("an"), world.phone("dung")
    bad = phone.visit(world.villages["a"], participants=0)
    phone.send(bad)
    settled = select(Quarantined.settled_at).where(Quarantined.mutation_id == bad["id"])
    give_up = {"id": bad["id"]}
    forged = stranger.mutation("mutation.discard", give_up, member_id=str(world.members["an"]))
    assert stranger.send(forged)[0]["code"] == "wrong_author"
    assert stranger.send(stranger.mutation("mutation.discard", give_up))[0]["status"] == "applied"
    with world.app.app_context():
        assert db.session.scalars(select(Quarantined.settled_at).where(Quarantined.mutation_id == bad["id"])).all() == [
            None
        ]
    good = phone.visit(world.villages["a"], member_id=str(world.members["binh"]), replaces=bad["id"])
    assert phone.send(good)[0]["status"] == "applied"
    with world.app.app_context():
        assert db.session.scalars(settled).one() is not None


def test_a_batch_over_many_villages_that_it_does_not_name_goes_through(world: World) -> None:
    phone = world.phone("an")
    households = [phone.household(world.villages["a"]) for _ in range(9)]
    phone.send(*households)
    with world.app.app_context(), writing(db.session()):
        work = Work(db.session(), clock.now())
        team = db.session.get_one(Team, world.teams["a"])
        for village in ("b", "c"):
            serve_village(SYSTEM, work, team, world.villages[village], started_at=LONG_AGO)
        for at, one in enumerate(households):
            row = db.session.get_one(Household, UUID(one["args"]["id"]))
            move_household(OFFICER, work, row, world.villages["bc"[at % 2]], at=LONG_AGO + timedelta(days=at + 1))
        work.flush()
    visits = [phone.visit(world.villages["a"], household_id=one["args"]["id"]) for one in households]
    assert {result["status"] for result in phone.send(*visits)} == {"applied"}


def test_a_visit_counts_where_it_was_sent_when_its_household_had_left_unknown_to_the_author(world: World) -> None:
    phone = world.phone("an")
    household = phone.household(world.villages["a"])
    phone.send(household)
    with world.app.app_context(), writing(db.session()):
        work = Work(db.session(), clock.now())
        row = db.session.get_one(Household, UUID(household["args"]["id"]))
        move_household(OFFICER, work, row, world.villages["c"], at=clock.now() - timedelta(hours=1))
        work.flush()
    visit = phone.visit(world.villages["a"], household_id=household["args"]["id"])
    assert phone.send(visit)[0]["status"] == "applied"
    with world.app.app_context():
        assert db.session.scalars(select(Visit.village_id)).all() == [world.villages["a"]]


def test_unknown_fields_of_a_service_come_back(world: World) -> None:
    phone = world.phone("an")
    service = {"code": "dvc_online", "people": 1, "outcome": "done", "minutes": 30}
    visit = phone.visit(world.villages["a"], services=[service])
    phone.send(visit)
    assert phone.kind("visit")[visit["args"]["id"]]["services"] == [service]


def test_what_is_never_collected_is_not_kept_of_any_client(world: World) -> None:
    an, a = world.phone("an"), world.villages["a"]
    never = {"ethnicity": "Ba Na", "so_cccd": "052000000001", "idCard": "1", "gps": [13.9, 108.6], "Vĩ độ": 13.9}
    home = an.household(a, "Bá Kín", position_of_the_house="góc ngã ba", **never)
    service = {"code": "dvc_online", "people": 1, "outcome": "done", "minutes": 30, **never}
    visit = an.visit(a, household_id=home["args"]["id"], services=[service], **never)
    assert {one["status"] for one in an.send(home, visit)} == {"applied"}
    [found], [seen] = an.kind("household").values(), an.kind("visit").values()
    assert found["position_of_the_house"] == "góc ngã ba"
    assert seen["services"][0]["minutes"] == 30
    for row in (found, seen, seen["services"][0]):
        assert row.keys() & never.keys() == set()
    assert an.send(home, visit)[0]["status"] == "duplicate"


def test_what_is_never_collected_is_not_kept_within_other_fields_either(world: World) -> None:
    an, a = world.phone("an"), world.villages["a"]
    number = {"so_cccd": "052000000001"}
    home = an.household(a, "Bá Kín", consents={"named": {"given": True, "notice": "2026-1", **number}})
    service = {"code": "dvc_online", "people": 1, "outcome": "done", "who": number | {"age": 40}}
    visit = an.visit(a, services=[service], later=[number | {"how_long": 30}], how_long=30, long=108.6)
    change = {"named": {"given": True, "notice": "2026-2", **number}}
    update = an.mutation("household.update", {"id": home["args"]["id"], "base_version": None, "consents": change})
    assert {one["status"] for one in an.send(home, visit, update)} == {"applied"}
    assert tables_with(world.app, number["so_cccd"]) == set()
    [found], [seen] = an.kind("household").values(), an.kind("visit").values()
    assert found["consents"]["named"]["notice"] == "2026-2"
    assert seen["services"][0]["who"] == {"age": 40}
    assert (seen["later"], seen["how_long"]) == ([{"how_long": 30}], 30), "long is a word of English too"
    assert "long" not in seen


def test_what_only_the_server_says_is_not_believed_of_a_phone(world: World) -> None:
    an, a = world.phone("an"), world.villages["a"]
    home = an.household(a, "Bá Kín", corrected="yes", what_a_later_app_writes=1)
    visit = an.visit(a, review={"act": "amended", "by": "Xã"}, amended_at="?", entered_for=True, counted="no")
    amend = an.mutation("visit.amend", {"id": visit["args"]["id"], "reason": "Nhầm", "note": "x", "review": "yes"})
    assert {one["status"] for one in an.send(home, visit, amend)} == {"applied"}
    [found] = an.kind("household").values()
    assert (found.get("corrected"), found["what_a_later_app_writes"]) == (None, 1)
    [seen] = an.kind("visit").values()
    assert (seen.get("review"), seen.get("entered_for"), seen["counted"]) == (None, None, True)


def test_a_wild_clock_stops_nobody(world: World) -> None:
    phone, mate = world.phone("an"), world.phone("binh")
    wild = "9999-12-31T20:00:00Z"
    visit = phone.visit(world.villages["a"], at=wild)
    assert phone.send(visit, sent_at=wild)[0]["status"] == "applied"
    mate.send()
    assert visit["args"]["id"] in mate.kind("visit")


def test_what_was_refused_keeps_no_number_after_consent_to_contact_was_withdrawn(world: World) -> None:
    """Neither what came before the refusal, nor what comes after it, nor what brings the refusal itself."""
    phone = world.phone("an")
    household = phone.household(world.villages["a"], phone="0912 345 678", consents=GIVEN)
    phone.send(household)
    key = household["args"]["id"]
    args = {"id": key, "base_version": None, "note": "Nhà cuối xóm"}
    before = phone.mutation("household.update", args | {"phone": "0912 345 678", "people": 0})
    assert phone.send(before)[0]["field"] == "people"
    refusal = {"contact": {"given": False, "notice": "2026-1"}}
    assert b"0912 345 678" in quarantine(world)[before["id"]].content
    phone.send(phone.mutation("household.update", {"id": key, "base_version": None, "consents": refusal}))
    after = phone.mutation("household.update", args | {"phone": "0987 654 321"})
    both = phone.household(world.villages["a"], "Bá Ngọc", phone="0901 234 567", consents=refusal)
    assert [result["field"] for result in phone.send(after, both)] == ["phone", "phone"]
    kept = quarantine(world)
    for one, number in ((before, b"0912 345 678"), (after, b"0987 654 321"), (both, b"0901 234 567")):
        assert number not in kept[one["id"]].content
        assert kept[one["id"]].settled_at is None, "it still needs to be looked at"
        said = json.loads(kept[one["id"]].content)
        assert said["args"] == {name: value for name, value in one["args"].items() if name != "phone"}
    assert phone.send(after)[0]["field"] == "phone", "the same entry again is judged as before"
    assert b"0987 654 321" not in quarantine(world)[after["id"]].content
