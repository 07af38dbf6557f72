"""One SQLite writer at a time across threads and processes, in fair turn, with a limit."""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep

from cdtteam.core.problems import Problem

LIMIT = 10.0  # seconds to wait before the caller is told to come back


class WriteLock:
    """A lock in a file; whoever dies lets go of it.

    Two gates make it fair: whoever waits for the lock holds the turnstile, so the process that
    has just written queues behind the one that has been waiting.
    """

    def __init__(self, path: str, limit: float = LIMIT) -> None:
        self.limit = limit
        self._path = path
        self._gate = threading.Lock()
        self._files: tuple[int, int] | None = None
        self._pid = 0

    @contextmanager
    def held(self) -> Iterator[None]:
        """Holds the lock; Problem `busy` when it is not had within `limit` seconds."""
        deadline = monotonic() + self.limit
        if not self._gate.acquire(timeout=self.limit):
            raise Problem("busy", retry_after=2)
        try:
            turnstile, lock = self._open()
            _take(turnstile, deadline)
            try:
                _take(lock, deadline)
            finally:
                fcntl.flock(turnstile, fcntl.LOCK_UN)
            try:
                yield
            finally:
                fcntl.flock(lock, fcntl.LOCK_UN)
        finally:
            self._gate.release()

    def _open(self) -> tuple[int, int]:
        # A forked process shares its parent's open files, and with them their locks: open anew.
        if self._files is None or self._pid != os.getpid():
            flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
            self._files = (os.open(f"{self._path}.next", flags, 0o600), os.open(self._path, flags, 0o600))
            self._pid = os.getpid()
        return self._files


def _take(file: int, deadline: float) -> None:
    pause = 0.0002
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if monotonic() > deadline:
                raise Problem("busy", retry_after=2) from None
            sleep(pause)
            pause = min(pause * 1.5, 0.005)
