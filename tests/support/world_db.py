"""The small province as a fixture: made once for each kind of database, then copied for each test.

The application stays: building one, and having its SQL compiled again, would cost more than most tests. The copies take
each other's place under one address. A test that changes the application itself says so with `own_app`.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from cdtteam.core.db import db
from cdtteam.participation import memory
from cdtteam.sync import daybreak
from tests.support.apps import limit_requests, running_app
from tests.support.postgres import PostgresServer
from tests.support.world import World, make_world

KEPT = "kept"


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


@pytest.fixture(scope="session")
def kept_on_sqlite(instance_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Flask]]:
    """The application that stays, and the file that it looks for."""
    path = tmp_path_factory.mktemp(KEPT) / "world.sqlite3"
    with running_app(f"sqlite:///{path}", instance_folder) as app:
        yield path, app


@pytest.fixture(scope="session")
def kept_on_postgres(postgres_server: PostgresServer, instance_folder: Path) -> Iterator[Flask]:
    """The application that stays; it looks for the database KEPT."""
    with running_app(postgres_server.url(KEPT), instance_folder) as app:
        yield app


@pytest.fixture
def world_on_sqlite(
    request: pytest.FixtureRequest, sqlite_world: tuple[Path, World], instance_folder: Path, tmp_path: Path
) -> Iterator[World]:
    """The small province on an SQLite file of this test alone."""
    made, world = sqlite_world
    if _wants_own_app(request):
        copy = shutil.copy(made, tmp_path / "world.sqlite3")
        with running_app(f"sqlite:///{copy}", instance_folder) as own:
            yield replace(world, app=own)
        return
    path, app = request.getfixturevalue("kept_on_sqlite")
    for rest in ("-wal", "-shm"):
        Path(f"{path}{rest}").unlink(missing_ok=True)
    shutil.copy(made, path)
    with _left_as_it_was(app):
        yield replace(world, app=app)


@pytest.fixture
def world_on_postgres(
    request: pytest.FixtureRequest,
    postgres_server: PostgresServer,
    postgres_world: tuple[str, World],
    instance_folder: Path,
) -> Iterator[World]:
    """The small province on a PostgreSQL database of this test alone."""
    template, world = postgres_world
    if _wants_own_app(request):
        name = postgres_server.new_name()
        with running_app(postgres_server.create(name, template), instance_folder) as own:
            yield replace(world, app=own)
        postgres_server.drop(name)
        return
    app = request.getfixturevalue("kept_on_postgres")
    postgres_server.create(KEPT, template)
    with _left_as_it_was(app):
        yield replace(world, app=app)
    postgres_server.drop(KEPT)


@pytest.fixture(params=("sqlite", "postgres"))
def world(request: pytest.FixtureRequest) -> World:
    """The small province, on SQLite and on PostgreSQL."""
    found: World = request.getfixturevalue(f"world_on_{request.param}")
    return found


def _wants_own_app(request: pytest.FixtureRequest) -> bool:
    """Whether the test changes the application, or a browser may still ask something when it is over."""
    return request.node.get_closest_marker("own_app") is not None or "playwright_api" in request.fixturenames


@contextmanager
def _left_as_it_was(app: Flask) -> Iterator[None]:
    """Undoes what a test may have set, and leaves no connection to its database."""
    config = dict(app.config)
    try:
        yield
    finally:
        app.config.clear()
        app.config.update(config)
        limit_requests(app, is_on=False)
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
            memory._kept.pop(db.engine, None)
            daybreak._told.pop(db.engine, None)
