"""Who has an SQLite database open, across processes: many share it, and a restore has it alone."""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class UseLock:
    """A lock in a file beside the database; whoever dies lets go of it.

    SQLite lets a file be replaced under an open connection, which would then go on writing to the old one.
    """

    def __init__(self, database: str) -> None:
        self._path = f"{database}.use"

    def share(self) -> int:
        """Marks the database as in use, to be released; sqlite3.OperationalError while it is being replaced."""
        file = self._open()
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            raise sqlite3.OperationalError("the database is being restored") from None
        return file

    def release(self, file: int | None) -> None:
        """Ends a use."""
        if file is not None:
            os.close(file)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Holds the database against everybody else; BlockingIOError while it is in use."""
        file = self._open()
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        finally:
            os.close(file)

    def _open(self) -> int:
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if os.geteuid() == 0:  # an operator's command leaves nothing behind that the server may not open
            owner = Path(self._path).parent.stat()
            os.fchown(file, owner.st_uid, owner.st_gid)
        return file
