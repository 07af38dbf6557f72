"""A restore that is killed leaves the old database or the new one, whole; and another restore succeeds."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.backup.test_backup import back_up, record, restore, state
from tests.support.backups import leave, postgres_programs, url_of
from tests.support.schema import ROOT
from tests.support.world import World

pytestmark = pytest.mark.own_app
SQLITE = [
    ("sqlite:renew", "before"),
    ("sqlite:_name_also", "before"),
    ("sqlite:_name_also", "after"),
    ("sqlite:_swapped", "after"),
]
# The exchange of names is one transaction: death after the first of the two changes nothing.
POSTGRES = [
    ("postgres:renew", "before"),
    ("postgres:_rename", "after"),
    ("postgres:_swapped", "after"),
]


def die(world: World, instance: Path, step: str, when: str, file: Path) -> None:
    """Restores in a process that dies on the way."""
    url = url_of(world)
    with postgres_programs(url):
        environment = {**os.environ, "CDT_DATABASE_URL": url, "CDT_INSTANCE": str(instance)}
    line = [sys.executable, "-m", "tests.backup.killed", f"cdtteam.backup.{step}", when, "restore", str(file)]
    done = subprocess.run(line, check=False, cwd=ROOT, env=environment, start_new_session=True, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr


def check(world: World, instance: Path, tmp_path: Path, step: str, when: str) -> None:
    file = tmp_path / "b"
    record(world)
    assert back_up(world, instance, file).code == 0
    backed_up = state(world)
    record(world)
    earlier = state(world)
    die(world, instance, step, when, file)
    found = state(world)
    is_new = step.endswith("_swapped")
    assert found[1] == (backed_up if is_new else earlier)[1]
    assert len(found[0]) == len(earlier[0]) + is_new
    assert world.app.test_client().get("/readyz").status_code == 200
    leave(world)
    assert restore(world, instance, file).code == 0
    assert state(world)[1] == backed_up[1]
    assert not [path for path in tmp_path.iterdir() if "restoring" in path.name]


@pytest.mark.parametrize(("step", "when"), SQLITE)
def test_killed_on_sqlite(world_on_sqlite: World, instance_folder: Path, tmp_path: Path, step: str, when: str) -> None:
    check(world_on_sqlite, instance_folder, tmp_path, step, when)


@pytest.mark.parametrize(("step", "when"), POSTGRES)
def test_killed_on_postgres(
    world_on_postgres: World, instance_folder: Path, tmp_path: Path, step: str, when: str
) -> None:
    check(world_on_postgres, instance_folder, tmp_path, step, when)


def test_killed_backup_leaves_the_older_one(world: World, instance_folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "b"
    leave(world)
    assert back_up(world, instance_folder, file).code == 0
    older = file.read_bytes()
    record(world)
    url = url_of(world)
    room, step = ("sqlite", "_check") if url.startswith("sqlite") else ("postgres", "_rows_in")
    with postgres_programs(url):
        environment = {**os.environ, "CDT_DATABASE_URL": url, "CDT_INSTANCE": str(instance_folder)}
    line = [sys.executable, "-m", "tests.backup.killed", f"cdtteam.backup.{room}:{step}", "before", "backup", str(file)]
    done = subprocess.run(line, check=False, cwd=ROOT, env=environment, start_new_session=True)
    assert done.returncode == -signal.SIGKILL
    assert file.read_bytes() == older
    assert "1 visits" in back_up(world, instance_folder, file).text
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith("b")) == ["b"]
