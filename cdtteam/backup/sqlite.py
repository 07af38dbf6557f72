"""Backup and restore of an SQLite database."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL

from cdtteam.backup.contents import Contents, contents
from cdtteam.backup.files import head_of, kept_name, settle, whole_file
from cdtteam.backup.renewal import refuse_newer, renew
from cdtteam.backup.seal import SQLITE, is_intact, is_sealed, seal, unseal
from cdtteam.core.problems import Problem
from cdtteam.core.uselock import UseLock

_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_BESIDE = ("-wal", "-shm")  # what SQLite keeps beside a database that is open


def back_up(url: URL, target: Path) -> Contents:
    """Copies the database at `url` to `target` while others go on writing, and verifies the copy."""
    database = Path(str(url.database))
    if not database.exists():
        raise Problem("invalid_file", detail=f"There is no database at {database} yet.")
    _refuse_target(database, target)
    with whole_file(target) as draft, _faults_told(database):
        with closing(_connect(database)) as source, closing(_connect(draft)) as copy:
            source.execute("BEGIN")  # counts and copy see the state of one moment
            found = _contents(source)
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, with nothing beside it
            _check(copy)
            if _contents(copy) != found:
                raise Problem("invalid_file", detail="The copy has not the rows of the database, and was not kept.")
        seal(draft)
    return found


def put_back(url: URL, source: Path, now: datetime) -> tuple[Contents, str]:
    """Puts the backup `source` in the place of the database at `url`: what it holds, and where the old one is kept.

    At every moment the old database or the new one is there, whole. Problem `busy` while something has the old one
    open, which would go on writing to it after it was taken away.
    """
    database = Path(str(url.database))
    _refuse_source(source)
    draft = database.with_name(f"{database.name}.restoring")
    try:
        with UseLock(str(database)).alone(), _faults_told(source):
            found = _copied(source, draft)
            refuse_newer(found.revision)
            renew(url.set(database=str(draft)), now)
            with closing(_connect(draft)) as copy:
                copy.execute("PRAGMA journal_mode=DELETE")
            settle(draft)
            return found, _swapped(draft, database, now)
    except BlockingIOError as error:
        raise _in_use() from error
    except OSError as error:
        raise Problem("invalid_file", detail=f"{error.filename or draft}: {error.strerror}.") from error
    finally:
        for suffix in ("", ".use", *_BESIDE):
            Path(f"{draft}{suffix}").unlink(missing_ok=True)


def _refuse_target(database: Path, target: Path) -> None:
    """A backup takes the place of an older backup, and of nothing else."""
    if not target.exists() or (target.is_file() and not target.stat().st_size):
        return
    if not target.is_file() or target.samefile(database) or not is_sealed(head_of(target)):
        raise Problem("invalid_file", detail=f"{target} is there already and is no backup; it stays as it is.")


def _refuse_source(source: Path) -> None:
    head = head_of(source)
    if head.startswith(b"PGDMP"):
        raise Problem("invalid_file", detail=f"{source} is from PostgreSQL, and this installation uses SQLite.")
    if not head.startswith(SQLITE):
        raise Problem("invalid_file", detail=f"{source} is no backup of cdtteam.")
    if is_sealed(head) and not is_intact(source):
        raise _damaged(source)


def _copied(source: Path, draft: Path) -> Contents:
    """Copies a backup, or a database that somebody copied by hand, and looks at the copy."""
    for suffix in ("", "-wal"):
        Path(f"{draft}{suffix}").unlink(missing_ok=True)
        if Path(f"{source}{suffix}").exists():
            shutil.copyfile(f"{source}{suffix}", f"{draft}{suffix}")
    if is_sealed(head_of(draft)):
        unseal(draft)
    with closing(_connect(draft)) as copy:
        found = _contents(copy)
        _check(copy)
    return found


def _swapped(draft: Path, database: Path, now: datetime) -> str:
    """Gives `draft` the name of the database; where the old one is kept, if there was one.

    The old one gets a second name first, so that one replacement, which the file system makes whole, does it.
    """
    kept, log = kept_name(database, now), Path(f"{database}-wal")
    is_there = database.exists()
    if log.exists():  # SQLite removes it when it cannot read the database, whose last changes it may hold
        _name_also(log, Path(f"{kept}-wal"))
    link = _alone(database) if is_there else None
    try:
        if link is not None:
            Path(f"{kept}-wal").unlink(missing_ok=True)  # its changes are in the database now
        for suffix in _BESIDE:  # the new one must not meet them
            Path(f"{database}{suffix}").unlink(missing_ok=True)
        _give(draft, database if is_there else database.parent)
        if is_there:
            shutil.copymode(database, draft)
            _name_also(database, kept)
        draft.replace(database)
    finally:
        if link is not None:
            link.close()
    settle(database.parent)
    return str(kept) if is_there else ""


def _alone(database: Path) -> sqlite3.Connection | None:
    """Holds the old database with all that belongs to it in its one file; None when it cannot be read any more."""
    link = _connect(database)
    try:
        link.execute("PRAGMA journal_mode=DELETE")  # refused while any other program has it open
        link.execute("BEGIN EXCLUSIVE")
    except sqlite3.DatabaseError as error:
        link.close()
        if error.sqlite_errorcode & 0xFF in _BUSY:
            raise _in_use() from error
        return None
    return link


def _name_also(file: Path, name: Path) -> None:
    try:
        os.link(file, name)
    except OSError:  # a file system without second names
        shutil.copy2(file, name)
        settle(name)
    settle(file.parent)


def _give(draft: Path, like: Path) -> None:
    """Lets the server, which may run as another user than the operator, open what is put in place."""
    if os.geteuid() == 0:
        os.chown(draft, like.stat().st_uid, like.stat().st_gid)


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=rw", uri=True, isolation_level=None, timeout=10)


def _contents(link: sqlite3.Connection) -> Contents:
    tables = link.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    return contents(lambda sql: link.execute(sql).fetchall(), {name for (name,) in tables})


def _check(link: sqlite3.Connection) -> None:
    """sqlite3.DatabaseError when the database is not sound."""
    if link.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
        raise sqlite3.DatabaseError("integrity_check")
    if link.execute("PRAGMA foreign_key_check").fetchone() is not None:
        raise sqlite3.DatabaseError("foreign_key_check")


@contextmanager
def _faults_told(path: Path) -> Iterator[None]:
    """Tells an operator what SQLite and the disk complain of."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise Problem("busy", detail=f"{path}: {error}.") from error
    except sqlite3.DatabaseError as error:
        raise _damaged(path) from error


def _damaged(path: Path) -> Problem:
    return Problem("invalid_file", detail=f"{path} is damaged.")


def _in_use() -> Problem:
    detail = "The database is in use. Stop the server first (systemctl stop cdtteam), then do this again."
    return Problem("busy", detail=detail)
