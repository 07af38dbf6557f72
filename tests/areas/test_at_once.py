"""Two who change the map at the same moment on PostgreSQL: the second sees what the first has done."""

import threading
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import text

from cdtteam.areas.applying import Basis, apply_reorganisation
from cdtteam.areas.models import Level
from cdtteam.areas.operations import Rows, import_villages
from cdtteam.areas.queries import area_map
from cdtteam.areas.reading import Faults, read_units
from cdtteam.areas.reorganising import Draft, plan_reorganisation, read_steps
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.problems import Problem
from cdtteam.web.transactions import writing
from tests.support.world import World

HEAD = "old_code,new_code,new_name,new_kind\n"
BEFORE, FIRST, SECOND = date(2025, 6, 30), date(2025, 7, 1), date(2026, 3, 1)


def reorganise(file: str, on: date) -> None:
    """Plans and applies on the session of this thread."""
    faults = Faults("file")
    draft = Draft(read_steps((HEAD + file).encode(), faults), faults)
    plan = plan_reorganisation(db.session(), draft, on=on)
    apply_reorganisation(db.session(), plan, Basis(), now=clock.now())


def load_village() -> None:
    """Loads a village into a commune on the session of this thread."""
    faults = Faults("file")
    file = "code,name,kind,commune_code\nvd,Thôn D,thôn,21601\n"
    import_villages(db.session(), Rows(read_units(file.encode(), "commune_code", faults), faults), on=BEFORE)


def others_wait(world: World, thread: threading.Thread) -> bool:
    """Whether somebody waits for a lock of the database."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with world.app.app_context():
        while thread.is_alive():
            if db.session().scalar(text(waiting)):
                return True
            db.session().rollback()
    return False


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (lambda: reorganise("21601,30002,Xã Khác,commune\n", SECOND), "no commune with the code 21601 on 2026-03-01"),
        (load_village, "the commune 21601 changes on 2025-07-01"),
    ],
)
def test_the_second_is_refused_by_what_the_first_did(
    world_on_postgres: World, other: Callable[[], None], reason: str
) -> None:
    world, said = world_on_postgres, list[str]()

    def second() -> None:
        try:
            with world.app.app_context(), writing(db.session()):
                other()
        except Problem as problem:
            said.append(str(problem.detail))

    thread = threading.Thread(target=second, daemon=True)
    with world.app.app_context(), writing(db.session()):
        reorganise("21601,30001,Xã Chung,commune\n21604,30001,Xã Chung,commune\n", FIRST)
        thread.start()
        assert others_wait(world, thread)
    thread.join(20)
    assert len(said) == 1
    assert reason in said[0]
    with world.app.app_context():
        for on in (BEFORE, FIRST, SECOND):
            found = area_map(db.session(), on)
            assert found.province is not None
            assert sorted(village.code for village in found.below(found.province.id, Level.VILLAGE)) == [
                "va",
                "vb",
                "vc",
            ]
