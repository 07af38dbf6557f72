"""A worker in a process of its own: it is rung for, ends when told, and may be killed in the middle."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select

from cdtteam.core.db import db
from cdtteam.households.models import Household
from cdtteam.jobs.doorbell import Doorbell
from cdtteam.jobs.models import Job
from cdtteam.jobs.running import progress_of
from tests.imports.desk import HOUSEHOLDS, Desk, coordinator
from tests.support.backups import url_of
from tests.support.schema import ROOT
from tests.support.world import World

WORKER = ("flask", "--app", "wsgi", "work")
HALTED = ("tests.jobs.halted",)  # the job would be over before it is seen in its middle
ROWS = 1200
LETTERS = str.maketrans("0123456789", "abcdefghij")


@contextmanager
def working(
    world: World, instance: Path, program: tuple[str, ...] = WORKER, **settings: str
) -> Iterator[subprocess.Popen[bytes]]:
    """A worker on the world's database, which is told to stop at the end."""
    environment = {**os.environ, "CDT_DATABASE_URL": url_of(world), "CDT_INSTANCE": str(instance), **settings}
    process = subprocess.Popen([sys.executable, "-m", *program], cwd=ROOT, env=environment)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def await_that(is_so: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    """Waits for what the worker does."""
    deadline = time.monotonic() + 100  # a loaded machine is slow
    while not is_so():
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.02)


def long_list() -> bytes:
    """A file of households, more than are taken in while one waits."""
    names = (f"Nguyễn Văn {str(number).translate(LETTERS).capitalize()}" for number in range(ROWS))
    return "\n".join([",".join(HOUSEHOLDS), *(f",{name},Thôn A,,4," for name in names)]).encode()


def households(world: World) -> int:
    with world.app.app_context():
        return db.session().scalar(select(func.count()).select_from(Household)) or 0


def is_in_the_middle(world: World, job_id: UUID) -> bool:
    with world.app.app_context():
        told = progress_of(db.session().get_one(Job, job_id))
    return told is not None and told[0] < told[1]


def begin(desk: Desk) -> tuple[str, str]:
    """Puts the long list up and has it taken in: the pages of the list and of the job."""
    place = desk.page_of("households", [], file=(long_list(), "danh sách.csv"))
    answer = desk.send(place, "apply")
    assert answer.status_code == 303
    return place, str(answer.headers["Location"])


def test_a_worker_killed_in_the_middle_leaves_nothing_half_done_and_the_next_one_goes_on(
    world: World, instance_folder: Path
) -> None:
    desk, before = coordinator(world), households(world)
    place, job = begin(desk)
    with working(world, instance_folder, HALTED) as first:
        await_that(lambda: is_in_the_middle(world, UUID(job.rpartition("/")[2])), first)
        first.kill()
        first.wait()
    assert households(world) == before
    assert "Đang thực hiện" in desk.read(job), "the page says so after a reload"
    assert "đang được nhập" in desk.read(place)
    with working(world, instance_folder) as second:
        await_that(lambda: desk.client.get(job).status_code == 303, second)
        assert desk.client.get(job).headers["Location"] == place
        assert households(world) == before + ROWS
        assert "1.200 đã nhập" in desk.read(place)
    assert second.returncode == 0


@pytest.mark.own_app
@pytest.mark.parametrize("queue", ["postgres_url", "redis_url"])
def test_a_worker_on_another_machine_hears_the_bell(
    request: pytest.FixtureRequest, world_on_postgres: World, tmp_path: Path, queue: str
) -> None:
    app, url, secret = world_on_postgres.app, request.getfixturevalue(queue), "the same on every machine"
    app.secret_key, app.config["CDT_JOBS_URL"] = secret, url
    app.extensions["cdt_doorbell"] = bell = Doorbell(app, app.extensions["cdt_rounds"])
    desk, before = coordinator(world_on_postgres), households(world_on_postgres)
    _, job = begin(desk)
    assert bell.queue.pending_count() == 1
    with working(world_on_postgres, tmp_path, CDT_JOBS_URL=url, CDT_SECRET_KEY=secret) as worker:
        await_that(lambda: desk.client.get(job).status_code == 303, worker)
    assert households(world_on_postgres) == before + ROWS
    assert bell.queue.pending_count() == 0
    assert worker.returncode == 0
    bell.queue.storage.close()
