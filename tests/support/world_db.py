"""The small province as a fixture: made once for each kind of database, then copied for each test."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.apps import running_app
from tests.support.postgres import PostgresServer
from tests.support.world import World, make_world


@pytest.fixture(scope="session")
def instance_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance folder for all tests: its compiled catalogues need not be made again for each."""
    return tmp_path_factory.mktemp("instance")


@pytest.fixture(scope="session")
def sqlite_world(
    migrated_sqlite_file: Path, instance_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, World]:
    """An SQLite file with the small province, to be copied."""
    path = Path(shutil.copy(migrated_sqlite_file, tmp_path_factory.mktemp("world") / "world.sqlite3"))
    with running_app(f"sqlite:///{path}", instance_folder) as app:
        return path, make_world(app)


@pytest.fixture(scope="session")
def postgres_world(
    postgres_server: PostgresServer, migrated_postgres_template: str, instance_folder: Path
) -> tuple[str, World]:
    """A PostgreSQL database with the small province, to be copied."""
    url = postgres_server.create("world", migrated_postgres_template)
    with running_app(url, instance_folder) as app:
        return "world", make_world(app)


@pytest.fixture
def world_on_sqlite(sqlite_world: tuple[Path, World], instance_folder: Path, tmp_path: Path) -> Iterator[World]:
    """The small province on an SQLite file of this test alone."""
    path, world = sqlite_world
    copy = shutil.copy(path, tmp_path / "world.sqlite3")
    with running_app(f"sqlite:///{copy}", instance_folder) as app:
        yield replace(world, app=app)


@pytest.fixture
def world_on_postgres(
    postgres_server: PostgresServer, postgres_world: tuple[str, World], instance_folder: Path
) -> Iterator[World]:
    """The small province on a PostgreSQL database of this test alone."""
    template, world = postgres_world
    name = postgres_server.new_name()
    with running_app(postgres_server.create(name, template), instance_folder) as app:
        yield replace(world, app=app)
    postgres_server.drop(name)


@pytest.fixture(params=("sqlite", "postgres"))
def world(request: pytest.FixtureRequest) -> World:
    """The small province, on SQLite and on PostgreSQL."""
    found: World = request.getfixturevalue(f"world_on_{request.param}")
    return found
