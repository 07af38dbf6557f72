"""The small demonstration, made once for each kind of database and copied; applications and servers on it."""

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.demo.accounts import demo_accounts
from cdtteam.demo.load import load_demo
from cdtteam.demo.size import SMALL
from cdtteam.web.transactions import writing
from tests.support.apps import running_app
from tests.support.once import made_once
from tests.support.ports import listening
from tests.support.postgres import PostgresServer
from tests.support.schema import ROOT

READY_WITHIN_S = 100  # a loaded machine is slow
Accounts = list[dict[str, Any]]


@dataclass
class RunningServer:
    """The application behind its production server, in processes of its own."""

    url: str
    process: subprocess.Popen[bytes]

    def kill(self) -> None:
        """Ends master and workers without a warning, as a power cut would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """Asks it to finish, and waits until it has."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()


ServerFactory = Callable[..., RunningServer]


def load_small(url: str, instance: Path) -> None:
    """Loads the small demonstration into the migrated database at `url`."""
    with running_app(url, instance) as app, app.app_context():
        session = db.session()
        with writing(session):
            load_demo(session, now=clock.now(), size=SMALL)


@contextmanager
def running_server(url: str, instance: Path, *, workers: int = 1, port: int | None = None) -> Iterator[RunningServer]:
    """A server on the database at `url`, on a free loopback port (or on `port`, to come back at the same address)."""
    environment = {**os.environ, "CDT_DATABASE_URL": url, "CDT_INSTANCE": str(instance)}
    with listening(port or 0) as door:
        options = f"-k gthread -w {workers} --threads 8 -b fd://{door.fileno()} --log-level warning --no-control-socket"
        command = [sys.executable, "-m", "gunicorn", "wsgi:app", *options.split()]
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, start_new_session=True, pass_fds=(door.fileno(),)
        )  # fmt: skip
        server = RunningServer(f"http://127.0.0.1:{door.getsockname()[1]}", process)
    try:
        await_answer(server)
        yield server
    finally:
        server.stop()


def await_answer(server: RunningServer) -> None:
    """Waits until /readyz says yes."""
    deadline = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            raise AssertionError(f"The server ended with {server.process.returncode} before it was ready")
        try:
            urllib.request.urlopen(f"{server.url}/readyz", timeout=5).close()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
        else:
            return
    raise AssertionError("The server did not become ready")


@pytest.fixture(scope="session")
def small_demo_file(migrated_sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the small demonstration, to be copied."""

    def make(folder: Path) -> None:
        path = shutil.copy(migrated_sqlite_file, folder / "demo.sqlite3")
        load_small(f"sqlite:///{path}", folder)

    return made_once(tmp_path_factory, "small-demo", make) / "demo.sqlite3"


@pytest.fixture(scope="session")
def small_demo_template(
    postgres_server: PostgresServer, migrated_postgres_template: str, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """The name of a PostgreSQL database with the small demonstration, to be copied."""
    load_small(postgres_server.create("small_demo", migrated_postgres_template), tmp_path_factory.mktemp("demo"))
    return "small_demo"


@pytest.fixture
def small_demo_sqlite_url(small_demo_file: Path, tmp_path: Path) -> str:
    """The small demonstration in an SQLite file of this test alone."""
    return f"sqlite:///{shutil.copy(small_demo_file, tmp_path / 'demo.sqlite3')}"


@pytest.fixture
def small_demo_postgres_url(postgres_server: PostgresServer, small_demo_template: str) -> Iterator[str]:
    """The small demonstration in a PostgreSQL database of this test alone."""
    name = postgres_server.new_name()
    yield postgres_server.create(name, small_demo_template)
    postgres_server.drop(name)


@pytest.fixture(params=("sqlite", "postgres"))
def small_demo_url(request: pytest.FixtureRequest) -> str:
    """The small demonstration in a database of this test alone, on SQLite and on PostgreSQL."""
    url: str = request.getfixturevalue(f"small_demo_{request.param}_url")
    return url


@pytest.fixture
def app(small_demo_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The application on the small demonstration, on both kinds of database."""
    with running_app(small_demo_url, tmp_path) as application:
        yield application


@pytest.fixture(scope="session")
def accounts(small_demo_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Accounts:
    """The sign-ins of the small demonstration in its SQLite copies, as `demo --json` prints them.

    On PostgreSQL handles and passwords are the same, ids are not: see `accounts_of`.
    """
    return accounts_at(f"sqlite:///{small_demo_file}", tmp_path_factory.mktemp("accounts"))


@pytest.fixture
def accounts_of(tmp_path: Path) -> Callable[[str], Accounts]:
    """Tells the sign-ins of the demonstration in the database at a URL."""
    return lambda url: accounts_at(url, tmp_path)


def accounts_at(url: str, instance: Path) -> Accounts:
    """The sign-ins of the demonstration in the database at `url`."""
    with running_app(url, instance) as application, application.app_context():
        return demo_accounts(db.session(), clock.now())


@pytest.fixture
def server_of(tmp_path: Path) -> Iterator[ServerFactory]:
    """Starts servers: `server_of(url, workers=1, port=None)`; they end with the test."""
    with ExitStack() as stack:

        def start(url: str, *, workers: int = 1, port: int | None = None) -> RunningServer:
            return stack.enter_context(running_server(url, tmp_path, workers=workers, port=port))

        yield start


@pytest.fixture(scope="module")
def shared_server(small_demo_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The base URL of a server on the small demonstration for all tests of a file, which sign in and look."""
    folder = tmp_path_factory.mktemp("shared")
    copy = shutil.copy(small_demo_file, folder / "demo.sqlite3")
    with running_server(f"sqlite:///{copy}", folder) as running:
        yield running.url


@pytest.fixture
def server(small_demo_sqlite_url: str, server_of: ServerFactory) -> str:
    """The base URL of a server of its own on the small demonstration, on SQLite."""
    return server_of(small_demo_sqlite_url).url
