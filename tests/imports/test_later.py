"""Long lists are the worker's; what its reader agreed to is what is done, or nothing."""

import pytest
from sqlalchemy import func, select, update

from cdtteam.accounts.models import User
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.ids import new_id
from cdtteam.households.models import Household
from cdtteam.imports.later import AT_ONCE
from cdtteam.jobs.running import run_jobs
from cdtteam.web.transactions import writing
from tests.imports.desk import HOUSEHOLDS, PEOPLE, coordinator, counts
from tests.support.spreadsheets import Rows
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("reader_at_hand")

LETTERS = "abcdefghijklmnopqrst"
NAMES = [f"Nguyễn Văn {one.upper()}{other}" for one in LETTERS for other in LETTERS][: AT_ONCE + 10]
HOMES: Rows = [HOUSEHOLDS, *(("", name, "Thôn A", "", "4", "") for name in NAMES)]


def homes(world: World) -> int:
    with world.app.app_context():
        return db.session().scalar(select(func.count()).select_from(Household)) or 0


def test_a_long_list_goes_to_the_worker_and_twice_is_once(world: World) -> None:
    desk = coordinator(world)
    place = desk.page_of("households", HOMES)
    version = desk.field(place, "apply", "version")
    jobs = {
        desk.client.post(f"{place}/apply", data={"form_id": str(new_id()), "version": version}).headers["Location"]
        for _ in range(2)
    }
    assert len(jobs) == 1, "two clicks, two windows: one job"
    job = jobs.pop()
    assert homes(world) == 0
    assert "Sẽ bắt đầu" in desk.read(job)
    assert "đang được nhập" in desk.read(place)
    assert coordinator(world, "xakhac").client.get(job).status_code == 404
    run_jobs(world.app)
    assert desk.client.get(job).headers["Location"] == place
    assert homes(world) == len(NAMES)
    assert f"{len(NAMES)} đã nhập" in desk.read(place)
    assert desk.send(place, "undo").status_code == 303
    assert counts(desk.read(desk.page_of("households", HOMES)))[:2] == (len(NAMES), 0)


def test_people_too(world: World) -> None:
    desk = coordinator(world)
    rows: Rows = [PEOPLE, *((name, "", "Thôn A", "", "", "") for name in NAMES)]
    place = desk.page_of("people", rows)
    job = desk.send(place, "apply").headers["Location"]
    run_jobs(world.app)
    assert desk.client.get(job).headers["Location"] == place
    assert f"{len(NAMES)} đã nhập" in desk.read(place)


def test_what_changed_meanwhile_is_said_and_nothing_is_written(world: World) -> None:
    desk = coordinator(world)
    place = desk.page_of("households", HOMES)
    job = desk.send(place, "apply").headers["Location"]
    with world.app.app_context(), writing(db.session()):
        db.session().execute(update(User).where(User.handle == "xa").values(disabled_at=clock.now()))
    run_jobs(world.app)
    assert homes(world) == 0
    with world.app.app_context(), writing(db.session()):
        db.session().execute(update(User).where(User.handle == "xa").values(disabled_at=None))
    again = coordinator(world)
    assert 'role="alert"' in again.client.get(job).get_data(as_text=True), "an account that was closed does nothing"
    job = again.send(place, "apply").headers["Location"]
    again.client.post(f"{place}/drop", data={"form_id": str(new_id())})
    run_jobs(world.app)
    assert "Danh sách này không còn nữa." in again.read(job)
    assert homes(world) == 0
