"""The commands `backup` and `restore` as an operator gives them, on databases of tests."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import make_url

from cdtteam.core.db import db
from tests.support.apps import running_app
from tests.support.postgres import programs_folder
from tests.support.schema import ROOT
from tests.support.world import World


@dataclass
class Said:
    """What a command printed, and how it ended."""

    code: int
    text: str


def url_of(world: World) -> str:
    """The address of a world's database."""
    return make_url(world.app.config["CDT_DATABASE_URL"]).render_as_string(hide_password=False)


def leave(world: World) -> None:
    """Closes this process's connections to a world's database, as a server does that is stopped."""
    with world.app.app_context():
        db.session.remove()
        db.engine.dispose()


def command(url: str, instance: Path, *words: str) -> Said:
    """Runs a command of `flask --app wsgi` in this process, with the programs of the tests' PostgreSQL at hand."""
    with postgres_programs(url), running_app(url, instance) as app:
        done = app.test_cli_runner().invoke(args=list(words))
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return Said(done.exit_code, done.output)


def begin_command(url: str, instance: Path, *words: str) -> subprocess.Popen[bytes]:
    """Starts a command in a process of its own."""
    with postgres_programs(url):
        environment = {**os.environ, "CDT_DATABASE_URL": url, "CDT_INSTANCE": str(instance)}
    line = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
    return subprocess.Popen(
        line, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )


@contextmanager
def postgres_programs(url: str) -> Iterator[None]:
    """Puts the programs of the tests' PostgreSQL first into PATH, where the database at `url` needs them."""
    before = os.environ["PATH"]
    if not url.startswith("sqlite"):
        os.environ["PATH"] = f"{programs_folder()}{os.pathsep}{before}"
    try:
        yield
    finally:
        os.environ["PATH"] = before


@contextmanager
def served_again(world: World, instance: Path) -> Iterator[World]:
    """The world as its database has it now."""
    with running_app(url_of(world), instance) as app:
        yield replace(world, app=app)
