"""What a phone may be told and what it may settle: nobody else's, and no longer than it serves the village."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from cdtteam.access.models import SYSTEM
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.households.models import Household
from cdtteam.households.operations import move_household
from cdtteam.replica.work import Work
from cdtteam.sync.models import LedgerEntry, Quarantined
from cdtteam.teams.models import Member, Team
from cdtteam.teams.operations import move_member, serve_village
from cdtteam.visits.models import Visit
from cdtteam.web.transactions import writing
from tests.support.world import LONG_AGO, World

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
    phone.send(phone.mutation("household.update", {"id": key, "base_version": version, "consents": refusal}))
    assert phone.kind("household")[key]["phone"] is None


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
            move_household(SYSTEM, work, row, world.villages["bc"[at % 2]], at=LONG_AGO + timedelta(days=at + 1))
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
        move_household(SYSTEM, work, row, world.villages["c"], at=clock.now() - timedelta(hours=1))
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


def test_a_wild_clock_stops_nobody(world: World) -> None:
    phone, mate = world.phone("an"), world.phone("binh")
    wild = "9999-12-31T20:00:00Z"
    visit = phone.visit(world.villages["a"], at=wild)
    assert phone.send(visit, sent_at=wild)[0]["status"] == "applied"
    mate.send()
    assert visit["args"]["id"] in mate.kind("visit")
