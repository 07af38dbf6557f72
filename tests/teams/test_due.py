"""What was laid on a day is told to the phones by its first sync, once, though nobody does anything that day."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from cdtteam.access.models import SYSTEM
from cdtteam.core import clock
from cdtteam.core.clock import civil_date, day_start
from cdtteam.core.db import db
from cdtteam.core.ids import new_id
from cdtteam.core.problems import Problem
from cdtteam.replica.models import LogEntry, Told
from cdtteam.replica.work import Work
from cdtteam.sync import daybreak
from cdtteam.teams.models import Member, Position, Team
from cdtteam.teams.operations import Capacity, add_member
from cdtteam.web.transactions import writing
from tests.support.world import Phone, World

COMMUNES = "old_code,new_code,new_name,new_kind\n21601,30001,Xã Chung,commune\n21604,30001,Xã Chung,commune\n"
RENAMED = "old_code,new_code,new_name,new_kind\n21601,21601,Phường Gần,ward\n"

Travel = Callable[[int], None]


@pytest.fixture
def travel(monkeypatch: pytest.MonkeyPatch) -> Travel:
    """Moves the clock on by days."""
    real, gone = clock.now, timedelta()

    def run(days: int) -> None:
        nonlocal gone
        gone += timedelta(days=days)
        monkeypatch.setattr(clock, "now", lambda: real() + gone)

    return run


def today() -> date:
    """The civil day."""
    return civil_date(clock.now())


def reorganise(world: World, folder: Path, file: str, on: date) -> None:
    """Changes communes from a day on."""
    path = folder / "communes.csv"
    path.write_text(file, encoding="utf-8")
    done = world.app.test_cli_runner().invoke(args=["areas", "reorganise", str(path), "--effective", f"{on}"])
    assert done.exit_code == 0, done.output


def commune(phone: Phone) -> str:
    """In which commune the phone says that its first village lies."""
    (team,) = phone.kind("team").values()
    name: str = team["villages"][0]["commune_name"]
    return name


def log_size(world: World) -> int:
    """The sum of all versions of the log."""
    with world.app.app_context():
        return db.session().scalar(select(func.count()).select_from(LogEntry)) or 0


@pytest.mark.parametrize(("file", "name"), [(COMMUNES, "Xã Chung"), (RENAMED, "Phường Gần")])
def test_phones_learn_of_a_communes_change_on_its_day(
    world: World, tmp_path: Path, travel: Travel, file: str, name: str
) -> None:
    phone, first = world.phone("chi"), world.phone("an")
    reorganise(world, tmp_path, file, today() + timedelta(days=2))
    for days, wanted in ((0, "Xã near"), (1, "Xã near"), (1, name)):
        travel(days)
        first.send()
        phone.send()
        assert commune(phone) == wanted


def test_a_day_is_told_once_and_days_that_were_missed_with_it(world: World, tmp_path: Path, travel: Travel) -> None:
    reorganise(world, tmp_path, RENAMED, today() + timedelta(days=2))
    phone = world.phone("an")
    phone.send()
    travel(5)
    before = log_size(world)
    phone.send()
    after = log_size(world)
    assert after > before
    assert commune(phone) == "Phường Gần"
    with world.app.app_context():
        daybreak._told.pop(db.engine)  # as another process, or after a restart
        assert db.session().scalar(select(Told.on)) == today()
    assert phone.post().json["changes"] == []
    assert log_size(world) == after


def test_a_guest_is_dropped_when_the_last_day_is_over(world: World, travel: Travel) -> None:
    guest = Member(id=new_id(), name="Lê Khách")
    with world.app.app_context(), writing(db.session()):
        work = Work(db.session(), clock.now())
        team = work.session.get_one(Team, world.teams["a"])
        capacity = Capacity(is_guest=True, ended_at=day_start(today() + timedelta(days=1)))
        add_member(SYSTEM, work, team, guest, Position.MEMBER, started_at=work.now, capacity=capacity)
        work.flush()
        name = str(guest.id)
    phone = world.phone("an")
    phone.send()
    assert name in phone.kind("member")
    travel(1)
    phone.send()
    assert name not in phone.kind("member")


def test_a_fault_of_ours_stops_no_phone(
    world: World, travel: Travel, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    phone = world.phone("an")
    for fault, is_logged in ((Problem("busy"), False), (RuntimeError("ours"), True)):

        def fail(*_args: object, fault: Exception = fault) -> None:
            raise fault

        travel(1)
        monkeypatch.setattr(daybreak, "tell_due", fail)
        caplog.clear()
        assert phone.send(phone.visit(world.villages["a"]))[0]["status"] == "applied"
        assert ("could not be told" in caplog.text) is is_logged
