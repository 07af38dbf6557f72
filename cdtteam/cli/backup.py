"""`flask backup` and `flask restore` (contracts, "Commands")."""

import sys
from pathlib import Path
from typing import NoReturn

import click
from flask.cli import with_appcontext

from cdtteam.backup import postgres, sqlite
from cdtteam.backup.contents import Contents
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.problems import Problem

_FILE = click.Path(dir_okay=False, path_type=Path)

# What an operator wants to know next, at two in the morning.
_NEXT = """\
Start the server now (systemctl start cdtteam). Nothing has to be done on any phone:
- at its next contact each phone sends again what it sent in the last 35 days; nothing is counted twice;
- phones on which somebody signed in after the backup ask for the sign-in again, and then do the same.
What was done at the desk after the backup is lost and has to be done again: teams, people, accounts, invitations.
Look above all at accounts that were closed and phones that were signed out since then: they are open again."""


@click.command()
@click.argument("file", type=_FILE)
@with_appcontext
def backup(file: Path) -> None:
    """Write a verified backup of the database to FILE, while the server runs.

    The draft is FILE.part; FILE is there when it is whole and was read again. An older backup of that name is replaced.
    """
    try:
        url = db.engine.url
        found = (sqlite if _is_sqlite() else postgres).back_up(url, file.absolute())
    except Problem as problem:
        _refuse(problem, "No backup was made.")
    click.echo(f"{file}: {_holds(found)}, {_size(file)}, verified.")


@click.command()
@click.argument("file", type=_FILE)
@click.option("--force", is_flag=True, help="PostgreSQL: end the connections of others.")
@with_appcontext
def restore(file: Path, *, force: bool) -> None:
    """Put the backup FILE in the place of the database, and begin a new epoch.

    The server must be stopped. The database that is replaced is kept beside it. Killed at any moment, the old database
    is there or the new one.
    """
    try:
        url, now = db.engine.url, clock.now()
        if _is_sqlite():
            found, kept = sqlite.put_back(url, file.absolute(), now)
        else:
            found, kept = postgres.put_back(url, file.absolute(), now, is_forced=force)
    except Problem as problem:
        _refuse(problem, "Nothing was changed.")
    click.echo(f"Restored from {file}: {_holds(found)}.")
    if kept:
        click.echo(f"The database that was there is kept as {kept}: delete it when all is well.")
    click.echo(_NEXT)


def _is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


def _holds(found: Contents) -> str:
    newest = f", the newest of {found.newest_on:%d/%m/%Y}" if found.newest_on else ""
    return f"{found.visits:,} visits{newest}"


def _size(file: Path) -> str:
    return f"{file.stat().st_size / 1_000_000:.1f} MB"


def _refuse(problem: Problem, consequence: str) -> NoReturn:
    click.echo(problem.detail or problem.message, err=True)
    click.echo(consequence, err=True)
    sys.exit(1)
