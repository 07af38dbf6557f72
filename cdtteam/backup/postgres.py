"""Backup and restore of a PostgreSQL database, with pg_dump and pg_restore."""

import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from pathlib import Path
from zlib import crc32

import psycopg
from psycopg import sql
from sqlalchemy import URL

from cdtteam.backup.contents import OURS, Contents, contents
from cdtteam.backup.files import head_of, whole_file
from cdtteam.backup.renewal import refuse_newer, renew
from cdtteam.backup.seal import is_dump_intact, seal_dump
from cdtteam.backup.tools import client_url, find_tool, output_of, run_tool
from cdtteam.core.clock import CIVIL_ZONE
from cdtteam.core.problems import Problem

DUMP = b"PGDMP"
LONGEST = 63  # bytes of a name in PostgreSQL
LEAVING_S, LEAVING_TRIES = 3, 30  # how long connections may take to be gone
_COPY = re.compile(rb'COPY (?:[^ .]+\.)?"?([^ ".]+)"? ')
_Link = psycopg.Connection[tuple[object, ...]]


def back_up(url: URL, target: Path) -> Contents:
    """Dumps the database at `url` to `target` while others go on writing, and reads the dump again."""
    if target.exists() and not (target.is_file() and (not target.stat().st_size or _is_dump(target))):
        raise Problem("invalid_file", detail=f"{target} is there already and is no backup; it stays as it is.")
    with whole_file(target) as draft, _connected(url) as link, link.transaction():
        link.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        snapshot = link.execute("SELECT pg_export_snapshot()").fetchall()[0][0]
        found = _contents(link)
        dump, reader = (find_tool(name, _version(link)) for name in ("pg_dump", "pg_restore"))
        options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={draft}"]
        run_tool([dump, *options, f"--dbname={client_url(url)}"], url)
        if _rows_in(reader, draft, url) != found.rows:
            raise Problem("invalid_file", detail="The dump has not the rows of the database, and was not kept.")
        seal_dump(draft)
    return found


def put_back(url: URL, source: Path, now: datetime, *, is_forced: bool = False) -> tuple[Contents, str]:
    """Puts the backup `source` in the place of the database at `url`: what it holds, and where the old one is kept.

    It is restored under another name; one transaction exchanges the names. Problem `busy` while others are connected,
    unless `is_forced`, which ends their connections.
    """
    if not _is_dump(source):
        other = "from SQLite, and this installation uses PostgreSQL" if head_of(source)[:6] == b"SQLite" else ""
        raise Problem("invalid_file", detail=f"{source} is {other or 'no backup of cdtteam'}.")
    name = str(url.database)
    draft = _short(name, "_restoring")
    with _managing(url) as link:
        _take_turn(link, name)
        if not is_forced:
            _refuse_used(link, name)
        reader = find_tool("pg_restore", _version(link))
        _check(reader, source, url)
        _drop(link, draft)
        try:
            found = _filled(link, reader, source, url.set(database=draft))
            refuse_newer(found.revision)
            renew(url.set(database=draft), now)
            return found, _swapped(link, draft, name, now, is_forced=is_forced)
        finally:
            _drop(link, draft)


def _check(reader: str, source: Path, url: URL) -> None:
    """Reads the whole dump before anything is made of it."""
    if not is_dump_intact(source):
        raise Problem("invalid_file", detail=f"{source} is damaged.")
    try:
        tables = set(_rows_in(reader, source, url))
    except Problem as problem:
        raise Problem("invalid_file", detail=f"{source} is damaged ({problem.detail}).") from problem
    if not tables >= OURS:
        raise Problem("invalid_file", detail=f"{source} is no backup of cdtteam.")


def _rows_in(reader: str, dump: Path, url: URL) -> dict[str, int]:
    """How many rows of each table a dump holds; all of it is unpacked for that."""
    rows: Counter[str] = Counter()
    with output_of([reader, "--data-only", "--file=-", str(dump)], url) as lines:
        table = ""
        for line in lines:
            if table:
                if line == b"\\.\n":
                    table = ""
                else:
                    rows[table] += 1
            elif begins := _COPY.match(line):
                table = begins[1].decode()
                rows[table] += 0
    return dict(rows)


def _filled(link: _Link, reader: str, source: Path, url: URL) -> Contents:
    _create(link, str(url.database))
    options = ["--exit-on-error", "--no-owner", "--no-privileges", f"--dbname={client_url(url)}"]
    run_tool([reader, *options, str(source)], url)
    with _connected(url) as restored:
        return _contents(restored)


def _create(link: _Link, name: str) -> None:
    try:
        link.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(name)))
    except psycopg.errors.InsufficientPrivilege as error:
        detail = "A restore makes a database of its own first: ALTER ROLE … CREATEDB for the user of CDT_DATABASE_URL."
        raise Problem("invalid_file", detail=detail) from error


def _swapped(link: _Link, draft: str, name: str, now: datetime, *, is_forced: bool) -> str:
    """Exchanges the names; under which the old database is kept, if there was one."""
    kept = _kept_name(link, name, now)
    try:
        if is_forced:
            link.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
        with link.transaction():
            if _is_there(link, name):
                _rename(link, name, kept)
            else:
                kept = ""
            _rename(link, draft, name)
    except psycopg.errors.ObjectInUse as error:
        raise _in_use(name) from error
    return kept


def _rename(link: _Link, old: str, new: str) -> None:
    link.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(old), sql.Identifier(new)))


def _drop(link: _Link, name: str) -> None:
    link.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _take_turn(link: _Link, name: str) -> None:
    """Held as long as the connection lives."""
    if not link.execute("SELECT pg_try_advisory_lock(%s)", (crc32(name.encode()),)).fetchall()[0][0]:
        raise Problem("busy", detail="Another restore of this database is under way.")


def _refuse_used(link: _Link, name: str) -> None:
    # A connection that was just closed is still on the list for a moment; PostgreSQL's own workers step aside.
    used = "SELECT 1 FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend' LIMIT 1"
    for _ in range(LEAVING_TRIES):
        if not link.execute(used, (name,)).fetchone():
            return
        time.sleep(LEAVING_S / LEAVING_TRIES)
    raise _in_use(name)


def _is_there(link: _Link, name: str) -> bool:
    return link.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone() is not None


def _kept_name(link: _Link, name: str, now: datetime) -> str:
    moment = f"_before_{now.astimezone(CIVIL_ZONE):%Y%m%d_%H%M%S}"
    names = (_short(name, f"{moment}{f'_{at}' if at else ''}") for at in count())
    return next(free for free in names if not _is_there(link, free))


def _short(name: str, suffix: str) -> str:
    return name.encode()[: LONGEST - len(suffix)].decode(errors="ignore") + suffix


def _contents(link: _Link) -> Contents:
    found = link.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()").fetchall()
    return contents(lambda text: link.execute(text.encode()).fetchall(), {str(name) for (name,) in found})


def _version(link: _Link) -> int:
    return link.info.server_version // 10000


def _is_dump(path: Path) -> bool:
    return head_of(path).startswith(DUMP)


@contextmanager
def _managing(url: URL) -> Iterator[_Link]:
    """A connection beside the database at `url`, on which each statement is a transaction of its own."""
    with _connected(url.set(database="template1" if url.database == "postgres" else "postgres")) as link:
        yield link


@contextmanager
def _connected(url: URL) -> Iterator[_Link]:
    try:
        link = psycopg.connect(_address(url), autocommit=True)
    except psycopg.OperationalError as error:
        raise Problem("busy", detail=f"The database cannot be reached: {error}") from error
    with link:
        yield link


def _address(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def _in_use(name: str) -> Problem:
    detail = (
        f"Others are connected to the database {name}. Stop the server first (systemctl stop cdtteam), "
        "or end their connections with --force."
    )
    return Problem("busy", detail=detail)
