"""A village's counter and log, whatever one does to its rows."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.ids import new_id
from cdtteam.households.models import Household
from cdtteam.households.operations import move_household
from cdtteam.replica.models import LogEntry, StaleDay, VillageCounter
from cdtteam.replica.operations import start_epoch
from cdtteam.replica.queries import current_epoch
from cdtteam.replica.work import NotLocked, Work
from cdtteam.web.transactions import writing
from tests.support.world import OFFICER, World

FEW = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
STEPS = st.lists(
    st.tuples(st.sampled_from(["make", "change", "move", "withdraw"]), st.integers(0, 99), st.sampled_from("abc")),
    min_size=1, max_size=8,
)  # fmt: skip


def household(village_id: UUID, work: Work) -> Household:
    """A new household that the log does not know yet."""
    return Household(
        id=new_id(), village_id=village_id, version=0, head_name="A", indicators={}, consents={}, sources={},
        entered_at=work.now, created_version=0,
    )  # fmt: skip


def step(work: Work, made: list[Household], villages: dict[str, UUID], what: str, pick: int, where: str) -> None:
    """One thing that is done to one of the households made so far."""
    if what == "make" or not made:
        made.append(household(villages[where], work))
        work.session.add(made[-1])
        work.changed("household", made[-1], villages[where])
        work.session.flush()
        return
    row = made[pick % len(made)]
    if what == "move":
        work.session.flush()
        move_household(OFFICER, work, row, villages[where], at=work.now)
    elif what == "withdraw":
        row.withdrawn_at = work.now
        work.changed("household", row, row.village_id, gone="withdrawn")
    else:
        work.changed("household", row, row.village_id, gone=row.gone)


def check(session: Session, villages: dict[str, UUID]) -> None:
    """The counter is no lower than the log, and each row has one entry where it is, under its own version."""
    for village_id in villages.values():
        entries = session.scalars(select(LogEntry).where(LogEntry.village_id == village_id)).all()
        assert session.get_one(VillageCounter, village_id).version >= max(entry.version for entry in entries)
        here = {entry.row_id: entry for entry in entries if entry.kind == "household" and entry.gone != "left_scope"}
        assert sum(e.kind == "household" and e.gone != "left_scope" for e in entries) == len(here)
        rows = session.scalars(select(Household).where(Household.village_id == village_id)).all()
        assert {row.id: (row.version, row.gone) for row in rows} == {
            row_id: (entry.version, entry.gone) for row_id, entry in here.items()
        }
        left = [entry for entry in entries if entry.gone == "left_scope" and entry.row_id in here]
        assert all(entry.version < here[entry.row_id].version for entry in left)


def test_each_row_has_one_entry_where_it_is(world: World) -> None:
    @FEW
    @given(st.lists(STEPS, min_size=1, max_size=3))
    def play(transactions: list[list[tuple[str, int, str]]]) -> None:
        made: list[UUID] = []
        for steps in transactions:
            with world.app.app_context():
                with writing(db.session()):
                    work = Work(db.session(), clock.now())
                    work.lock(world.villages.values())
                    rows = [work.session.get_one(Household, row_id) for row_id in made]
                    for what, pick, where in steps:
                        step(work, rows, world.villages, what, pick, where)
                    work.flush()
                    ids = [row.id for row in rows]
                made = ids
                check(db.session(), world.villages)

    play()


def test_a_household_that_moves_leaves_the_new_villages_log_alone(world: World) -> None:
    """Its version of the old village may be another row's in the new one, which must still reach every phone."""
    an, chi = world.phone("an"), world.phone("chi")
    moving, staying = an.household(world.villages["a"]), [chi.household(world.villages["b"]) for _ in range(9)]
    an.send(moving)
    chi.send(*staying)
    with world.app.app_context(), writing(db.session()):
        work = Work(db.session(), clock.now())
        row = work.session.get_one(Household, UUID(moving["args"]["id"]))
        move_household(OFFICER, work, row, world.villages["b"], at=work.now)
        work.flush()
    fresh = world.phone("chi")
    for phone in (fresh, chi, an):
        phone.send()
    everyone = {one["args"]["id"] for one in (moving, *staying)}
    assert set(fresh.kind("household")) == set(chi.kind("household")) == everyone
    assert an.kind("household") == {}


def test_writing_to_a_village_that_is_not_held_starts_again(world: World) -> None:
    with world.app.app_context(), writing(db.session()):
        work = Work(db.session(), clock.now())
        work.lock([world.villages["a"], new_id()])
        assert work.is_locked(world.villages["a"])
        with pytest.raises(NotLocked) as raised:
            work.log("member", new_id(), world.villages["b"])
    assert raised.value.village_id == world.villages["b"]


def test_what_is_rolled_back_leaves_no_trace(world: World) -> None:
    def state() -> object:
        with world.app.app_context():
            counters = db.session.execute(select(VillageCounter.village_id, VillageCounter.version)).all()
            logged, marked = db.session.scalars(select(LogEntry)).all(), db.session.scalars(select(StaleDay)).all()
            return sorted(counters), len(logged), len(marked)

    def fail() -> None:
        with writing(db.session()):
            work = Work(db.session(), clock.now())
            work.lock([world.villages["a"]])
            work.log("member", world.members["an"], world.villages["a"])
            work.figures_changed(world.villages["a"], work.now)
            work.flush()
            raise ZeroDivisionError

    before = state()
    with world.app.app_context(), pytest.raises(ZeroDivisionError):
        fail()
    assert state() == before


def test_a_day_is_marked_once_and_as_the_day_in_vietnam(world: World) -> None:
    late = clock.now().replace(hour=18, minute=0)  # one in the morning of the next day there
    for _ in range(2):
        with world.app.app_context(), writing(db.session()):
            work = Work(db.session(), clock.now())
            work.lock([world.villages["a"]])
            work.figures_changed(world.villages["a"], late, late + timedelta(hours=1))
            work.flush()
    with world.app.app_context():
        assert [mark.on for mark in db.session.scalars(select(StaleDay))] == [late.date() + timedelta(days=1)]


def test_a_new_epoch_is_in_force_though_the_clock_is_behind(world: World) -> None:
    def counters() -> dict[UUID, int]:
        return {counter.village_id: counter.version for counter in db.session.scalars(select(VillageCounter))}

    with world.app.app_context():
        before = counters()
        for behind in (timedelta(), timedelta(days=400)):
            with writing(db.session()):
                begun = start_epoch(db.session(), now=clock.now() - behind).id
            assert current_epoch(db.session()) == begun
        db.session.expire_all()
        assert counters() == {village_id: version + 2_000_000 for village_id, version in before.items()}
