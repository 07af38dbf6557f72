"""Backups of older versions are migrated, those of newer ones refused; a database copied by hand will do."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from tests.backup.test_backup import back_up, record, restore, state
from tests.support.backups import command, leave, url_of
from tests.support.world import World

pytestmark = pytest.mark.own_app
NEWER = "9999"


def set_revision(world: World, revision: str) -> None:
    """Writes another migration into the database."""
    engine = create_engine(make_url(url_of(world)))
    with engine.begin() as link:
        link.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
    engine.dispose()


def test_an_older_versions_backup_is_migrated(world: World, instance_folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "b"
    record(world)
    earlier = state(world)
    said = command(url_of(world), instance_folder, "db", "downgrade", "0004")
    assert said.code == 0, said.text
    assert back_up(world, instance_folder, file).code == 0
    assert world.app.test_client().get("/readyz").status_code == 503
    leave(world)
    assert restore(world, instance_folder, file).code == 0
    assert world.app.test_client().get("/readyz").status_code == 200
    assert state(world)[1] == earlier[1]


def test_a_newer_versions_backup_is_refused(world: World, instance_folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "b"
    record(world)
    earlier = state(world)
    set_revision(world, NEWER)
    assert back_up(world, instance_folder, file).code == 0
    set_revision(world, "0001")  # whatever the database that is there
    said = restore(world, instance_folder, file)
    assert said.code == 1
    assert "newer version" in said.text
    assert NEWER in said.text
    assert state(world) == earlier


def test_a_copy_made_by_hand_will_do(world_on_sqlite: World, instance_folder: Path, tmp_path: Path) -> None:
    world, copy = world_on_sqlite, tmp_path / "copied by hand"
    record(world)
    database = make_url(url_of(world)).database or ""
    phone = world.phone("an")  # keeps the log beside the database from being folded in
    phone.send(phone.visit(world.villages["a"]))
    for suffix in ("", "-wal"):
        shutil.copy(f"{database}{suffix}", f"{copy}{suffix}")
    leave(world)
    earlier = state(world)
    record(world)
    said = restore(world, instance_folder, copy)
    assert said.code == 0, said.text
    assert "2 visits" in said.text
    assert state(world)[1] == earlier[1]


def test_a_database_that_cannot_be_read_is_set_aside(
    world_on_sqlite: World, instance_folder: Path, tmp_path: Path
) -> None:
    world, file = world_on_sqlite, tmp_path / "b"
    record(world)
    earlier = state(world)
    assert back_up(world, instance_folder, file).code == 0
    database = Path(make_url(url_of(world)).database or "")
    database.write_bytes(b"\x00" * 5000)
    Path(f"{database}-wal").write_bytes(b"left over" * 9)
    said = restore(world, instance_folder, file)
    assert said.code == 0, said.text
    assert state(world)[1] == earlier[1]
    kept = said.text.split("is kept as ")[1].split(":")[0]
    assert Path(kept).read_bytes() == b"\x00" * 5000
    assert Path(f"{kept}-wal").read_bytes() == b"left over" * 9


def test_a_lost_database_is_made_again(world_on_sqlite: World, instance_folder: Path, tmp_path: Path) -> None:
    world, file = world_on_sqlite, tmp_path / "b"
    record(world)
    earlier = state(world)
    assert back_up(world, instance_folder, file).code == 0
    Path(make_url(url_of(world)).database or "").unlink()
    said = restore(world, instance_folder, file)
    assert said.code == 0, said.text
    assert "is kept as" not in said.text
    assert state(world)[1] == earlier[1]


def test_a_backup_is_a_database_that_any_tool_opens(
    world_on_sqlite: World, instance_folder: Path, tmp_path: Path
) -> None:
    file = tmp_path / "b"
    record(world_on_sqlite)
    assert back_up(world_on_sqlite, instance_folder, file).code == 0
    before = file.read_bytes()
    with closing(sqlite3.connect(file)) as link:
        assert link.execute("SELECT count(*) FROM visit").fetchone() == (1,)
        assert link.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert file.read_bytes() == before


def test_the_other_kind_of_database_is_named(
    world_on_sqlite: World, world_on_postgres: World, instance_folder: Path, tmp_path: Path
) -> None:
    worlds = {"SQLite": world_on_sqlite, "PostgreSQL": world_on_postgres}
    for name, world in worlds.items():
        leave(world)
        assert back_up(world, instance_folder, tmp_path / name).code == 0
    for name, other in (("SQLite", "PostgreSQL"), ("PostgreSQL", "SQLite")):
        said = restore(worlds[other], instance_folder, tmp_path / name)
        assert said.code == 1
        assert f"from {name}, and this installation uses {other}" in said.text
