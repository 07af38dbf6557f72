"""Households: concurrent updates come out the same whatever came first, and moves take nothing back."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cdtteam.access.models import Actor, Duty, Role
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.ids import new_id
from cdtteam.households.models import Household
from cdtteam.households.operations import Entry, create_household, move_household, update_household
from cdtteam.replica.work import Work
from cdtteam.web.transactions import writing
from tests.support.world import LONG_AGO, OFFICER, World

FEW = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
START = datetime(2026, 11, 1, tzinfo=UTC)
# Some lie less than a millisecond apart, some are of one moment.
MOMENTS = st.sampled_from([0, 1, 400, 1_000, 60_000_000]).map(lambda micro: START + timedelta(microseconds=micro))
FIELDS = st.dictionaries(
    st.sampled_from(["head_name", "people", "indicators.smartphone"]), st.integers(1, 2), min_size=1
)
UPDATES = st.lists(st.tuples(MOMENTS, FIELDS), min_size=2, max_size=3)


def outcome(world: World, updates: list[tuple[UUID, datetime, dict[str, Any]]]) -> dict[str, Any]:
    """What becomes of a household that devices update from the same version, in this order of arrival."""
    session = db.session()
    session.rollback()
    work = Work(session, clock.now())
    village = world.villages["a"]
    work.lock([village])
    actor = Actor(Role.VOLUNTEER, duties=(Duty(world.teams["a"], village, LONG_AGO, None),))
    first = Entry(None, UUID(int=1), START - timedelta(days=1))
    fields = {"head_name": 0, "people": 0}
    made = create_household(actor, work, first, household_id=new_id(), village_id=village, fields=fields)
    base = made.version
    for device, at, wanted in updates:
        update_household(actor, work, Entry(None, device, at), made, base_version=base, fields=wanted)
    found = {"head_name": made.head_name, "people": made.people, **made.indicators}
    session.expunge_all()
    session.rollback()
    return found


def test_concurrent_updates_commute(world_on_sqlite: World) -> None:
    devices = [new_id() for _ in range(3)]

    @FEW
    @given(UPDATES)
    def play(updates: list[tuple[datetime, dict[str, Any]]]) -> None:
        told = [(device, at, fields) for device, (at, fields) in zip(devices, updates, strict=False)]
        with world_on_sqlite.app.app_context():
            results = [outcome(world_on_sqlite, list(order)) for order in permutations(told)]
        assert all(result == results[0] for result in results)
        for name in {name for _, _, fields in told for name in fields}:
            *_, last = sorted((at, str(device), fields[name]) for device, at, fields in told if name in fields)
            assert results[0][name.removeprefix("indicators.")] == last[2]

    play()


def test_what_was_entered_before_a_move_is_accepted_after_it_and_reaches_the_new_village(world: World) -> None:
    an, chi = world.phone("an"), world.phone("chi")
    home = an.household(world.villages["a"])
    an.send(home)
    early = an.mutation("household.update", {"id": home["args"]["id"], "base_version": None, "head_name": "Trước"})
    with world.app.app_context(), writing(db.session()):
        work = Work(db.session(), clock.now())
        row = work.session.get_one(Household, UUID(home["args"]["id"]))
        move_household(OFFICER, work, row, world.villages["b"], at=work.now)
        work.flush()
    late = an.mutation("household.update", {"id": home["args"]["id"], "base_version": None, "head_name": "Sau"})
    results = an.send(early, late)
    assert [result.get("code", result["status"]) for result in results] == ["applied", "out_of_scope"]
    chi.send()
    assert chi.kind("household")[home["args"]["id"]]["head_name"] == "Trước"
    assert an.kind("household") == {}


def test_moving_a_withdrawn_household_does_not_bring_it_back(world: World) -> None:
    an, chi = world.phone("an"), world.phone("chi")
    home = an.household(world.villages["a"])
    chi.send()
    an.send(home, an.mutation("household.withdraw", {"id": home["args"]["id"], "reason": "nhầm"}))
    with world.app.app_context(), writing(db.session()):
        work = Work(db.session(), clock.now())
        row = work.session.get_one(Household, UUID(home["args"]["id"]))
        move_household(OFFICER, work, row, world.villages["b"], at=work.now)
        work.flush()
    chi.send()
    assert chi.kind("household") == {}


def test_a_move_does_not_go_by_what_it_read_before_it_had_the_lock(world_on_postgres: World) -> None:
    """On SQLite there is one writer at a time; on PostgreSQL a phone's update may come between reading and locking."""
    world = world_on_postgres
    an, chi = world.phone("an"), world.phone("chi")
    home = an.household(world.villages["a"])
    an.send(home)
    update = an.mutation("household.update", {"id": home["args"]["id"], "base_version": None, "head_name": "Mới"})
    with world.app.app_context(), writing(db.session()):
        work = Work(db.session(), clock.now())
        row = work.session.get_one(Household, UUID(home["args"]["id"]))
        assert an.send(update)[0]["status"] == "applied"
        move_household(OFFICER, work, row, world.villages["b"], at=work.now)
        work.flush()
    fresh = world.phone("binh")
    answer = fresh.post().json
    assert home["args"]["id"] not in {change["id"] for change in answer["changes"]}
    chi.send()
    assert chi.kind("household")[home["args"]["id"]]["head_name"] == "Mới"
