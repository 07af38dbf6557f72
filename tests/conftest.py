"""Fixtures for every test: fresh databases of both kinds, and browsers the size of a phone and of a desk."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Playwright

from tests.support import availability
from tests.support.browser import Chromium, ContextFactory, open_contexts, started_playwright
from tests.support.demo_db import *  # noqa: F403 — the fixtures of the demonstration
from tests.support.once import made_once
from tests.support.postgres import PostgresServer, running_postgres
from tests.support.redis import running_redis
from tests.support.schema import migrate
from tests.support.scratch import write_to_memory

write_to_memory()
settings.register_profile("unhurried", settings.default, deadline=None)  # a machine may be slow
settings.load_profile("unhurried")
pytest_plugins = ("tests.support.world_db", "tests.support.at_hand")

BACKENDS = ("sqlite", "postgres")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One PostgreSQL server for the whole run."""
    try:
        block = running_postgres()
        server = block.__enter__()
    except availability.UnavailableError as reason:
        availability.give_up("PostgreSQL", reason)
    try:
        yield server
    finally:
        block.__exit__(None, None, None)


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The URL of an empty PostgreSQL database of this test alone."""
    name = postgres_server.new_name()
    yield postgres_server.create(name)
    postgres_server.drop(name)


@pytest.fixture
def redis_url(tmp_path: Path) -> Iterator[str]:
    """The URL of an empty Redis server of this test alone."""
    try:
        with running_redis(tmp_path) as url:
            yield url
    except availability.UnavailableError as reason:
        availability.give_up("Redis", reason)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The URL of an SQLite file of this test alone, not made yet."""
    return f"sqlite:///{tmp_path / 'test.sqlite3'}"


@pytest.fixture(params=BACKENDS)
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database: a test that uses it runs on SQLite and on PostgreSQL."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(scope="session")
def migrated_sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the newest schema, to be copied."""

    def make(folder: Path) -> None:
        migrate(f"sqlite:///{folder / 'migrated.sqlite3'}")

    return made_once(tmp_path_factory, "schema", make) / "migrated.sqlite3"


@pytest.fixture(scope="session")
def migrated_postgres_template(postgres_server: PostgresServer) -> str:
    """The name of a PostgreSQL database with the newest schema, to be copied."""
    migrate(postgres_server.create("migrated"))
    return "migrated"


@pytest.fixture
def migrated_sqlite_url(migrated_sqlite_file: Path, tmp_path: Path) -> str:
    """The URL of an SQLite file with the newest schema and no rows."""
    return f"sqlite:///{shutil.copy(migrated_sqlite_file, tmp_path / 'test.sqlite3')}"


@pytest.fixture
def migrated_postgres_url(postgres_server: PostgresServer, migrated_postgres_template: str) -> Iterator[str]:
    """The URL of a PostgreSQL database with the newest schema and no rows."""
    name = postgres_server.new_name()
    yield postgres_server.create(name, migrated_postgres_template)
    postgres_server.drop(name)


@pytest.fixture(params=BACKENDS)
def migrated_url(request: pytest.FixtureRequest) -> str:
    """A database with the newest schema and no rows, on SQLite and on PostgreSQL."""
    url: str = request.getfixturevalue(f"migrated_{request.param}_url")
    return url


@pytest.fixture(scope="session")
def playwright_api() -> Iterator[Playwright]:
    """Playwright's driver, one for the whole run."""
    with started_playwright() as api:
        yield api


@pytest.fixture(scope="session")
def chromium(playwright_api: Playwright) -> Iterator[Chromium]:
    """One Chromium for all tests of a process, to which nothing but loopback exists."""
    try:
        one = Chromium(playwright_api)
    except availability.UnavailableError as reason:
        availability.give_up("Chromium", reason)
    yield one
    one.end()


@pytest.fixture
def phone(chromium: Chromium) -> Iterator[ContextFactory]:
    """Makes contexts of a phone, 360 × 740 with touch; what their pages complain of fails the test."""
    with open_contexts(chromium, "phone") as factory:
        yield factory


@pytest.fixture
def desk(chromium: Chromium) -> Iterator[ContextFactory]:
    """Makes contexts of a desk, 1280 × 800; what their pages complain of fails the test."""
    with open_contexts(chromium, "desk") as factory:
        yield factory


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks tests by what they need, and lets browsers begin last: what begins last ends first, and a page that still
    asks a server whose database is gone would complain."""
    for item in items:
        needed: list[str] = getattr(item, "fixturenames", [])
        needed.sort(key=lambda name: name in {"phone", "desk"})
        parameters = getattr(getattr(item, "callspec", None), "params", {})
        if "playwright_api" in needed:
            item.add_marker(pytest.mark.browser)
        if "postgres_server" in needed or "postgres" in parameters.values():
            item.add_marker(pytest.mark.postgres)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says which part of the tests did not run, and why."""
    for line in availability.parts_left_out(terminalreporter.stats.get("skipped", [])):
        terminalreporter.write_line(f"NOT RUN: {line}", yellow=True)
