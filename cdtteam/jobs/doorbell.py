"""The doorbell: huey tells the worker that something is due. What is due stands in the rows of our database alone."""

import importlib.util
import logging
import os
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Any, cast

from flask import Flask, current_app
from huey import Huey, MemoryHuey, PostgresHuey, RedisHuey, SqliteHuey
from huey.exceptions import RetryTask
from huey.serializer import SignedSerializer
from sqlalchemy import event
from sqlalchemy.orm import Session

from cdtteam.jobs.chores import Chore, Rounds

log = logging.getLogger("cdtteam")

RUNG = "cdt_rung"  # in a session's info: the chores that are rung when it commits
FULL = 50  # rings that wait at the most: where so many do, no worker is there, and one that begins looks at everything
SLOW, SILENT = 1.0, 15.0  # seconds: a failure that took so long is not waited for again so soon
LATER = 2  # seconds until a chore is tried again at which another process was
_REDIS = ("redis", "rediss")
_POSTGRES = ("postgres", "postgresql", "postgresql+psycopg")  # the last as the database's own URL names its driver
_SCHEMES = ("", "memory", *_REDIS, *_POSTGRES)


def ring(session: Session, name: str) -> None:
    """Asks for a chore to be run soon after the commit of this session, once however often; a rollback forgets it.

    A queue that fails is logged and fails nothing else: the chore's own round finds what is due.
    """
    if not session.in_transaction():  # without one no rollback would be told, and the ring would stay
        session.begin()
    session.info.setdefault(RUNG, {})[name] = current_app.extensions["cdt_doorbell"]


@event.listens_for(Session, "after_commit")
def _committed(session: Session) -> None:
    if not session.in_nested_transaction():
        for name, bell in session.info.pop(RUNG, {}).items():
            bell.ring(name)


@event.listens_for(Session, "after_soft_rollback")
def _rolled_back(session: Session, _ended: object) -> None:
    if not session.in_nested_transaction():
        session.info.pop(RUNG, None)


class Doorbell:
    """The queue of an application, opened by each process for itself: connections must not cross a fork."""

    def __init__(self, app: Flask, rounds: Rounds) -> None:
        self._app = app
        self._rounds = rounds
        self._guard = threading.Lock()
        self._opened: tuple[int, Huey, Any] | None = None
        self._silent_until = 0.0

    @property
    def queue(self) -> Huey:
        """huey's queue, with all chores in its timetable."""
        return self._open()[0]

    def ring(self, name: str) -> None:
        """Asks for a chore now."""
        self._ask("take", name, lambda queue, chore: queue.pending_count() < FULL and chore(name))

    def tell(self, key: str, value: Any) -> None:
        """Keeps a small value where other processes can read it, beside all transactions."""
        self._ask("keep", key, lambda queue, _: queue.put(key, value))

    def told(self, key: str) -> Any:
        """What was kept last; None for nothing, or while the queue cannot be reached."""
        return self._ask("tell", key, lambda queue, _: queue.get(key, peek=True))

    def forget(self, key: str) -> None:
        """Drops what was kept."""
        self._ask("forget", key, lambda queue, _: queue.delete(key))

    def _ask(self, what: str, about: str, act: Callable[[Huey, Any], Any]) -> Any:
        """What `act` makes of the queue and its task; None where that fails.

        A queue that lets one wait for nothing is left alone for a while: who asks may hold a lock for which all wait.
        """
        began = monotonic()
        if began < self._silent_until:
            return None
        try:
            return act(*self._open())
        except Exception as error:  # noqa: BLE001 — whatever a driver raises
            if monotonic() - began > SLOW:
                self._silent_until = monotonic() + SILENT
            log.warning("the queue of jobs did not %s %s: %s", what, about, type(error).__name__)
            return None

    def _open(self) -> tuple[Huey, Any]:
        with self._guard:
            if self._opened is None or self._opened[0] != os.getpid():
                queue = _open_queue(self._app)
                self._opened = (os.getpid(), queue, self._enter(queue))
            return self._opened[1], self._opened[2]

    def _enter(self, queue: Huey) -> Any:
        """Registers what the worker does: a chore by its name, and each of them in its turn."""

        def chore(name: str) -> None:
            if name in self._rounds.chores and not self._rounds.go(name):
                raise RetryTask(delay=LATER)

        task = queue.task(name="chore")(chore)
        for one in self._rounds.chores.values():
            queue.periodic_task(_Timetable(one), name=f"round.{one.name}")(_caller(self._rounds, one.name))
        return task


def bell_of(app: Flask) -> Doorbell:
    """The doorbell of an application."""
    return cast("Doorbell", app.extensions["cdt_doorbell"])


def check_queue(url: str) -> None:
    """ValueError with a sentence for the operator where CDT_JOBS_URL names no queue that can be used here."""
    scheme = url.partition(":")[0]
    if scheme not in _SCHEMES:
        raise ValueError(f"CDT_JOBS_URL begins with redis:// or postgresql://, or is left out; not with “{scheme}”.")
    if scheme in _REDIS and importlib.util.find_spec("redis") is None:
        raise ValueError("CDT_JOBS_URL names Redis, for which a package is missing: .venv/bin/pip install redis")


class _Timetable:
    """Says of a chore whether its turn has come, by the clock that nobody sets."""

    def __init__(self, chore: Chore) -> None:
        self._every = chore.every.total_seconds()
        self._next = 0.0

    def __call__(self, _moment: datetime) -> bool:
        now = monotonic()
        is_due = now >= self._next
        if is_due:
            self._next = now + self._every
        return is_due


def _caller(rounds: Rounds, name: str) -> Callable[[], None]:
    def go() -> None:
        rounds.go(name)

    return go


def _open_queue(app: Flask) -> Huey:
    url: str = app.config["CDT_JOBS_URL"]
    scheme = url.partition(":")[0]
    # What huey reads it unpickles, so whoever can write to its queue needs our key as well.
    signed = SignedSerializer(secret=app.secret_key, salt="cdtteam.jobs")
    kept: dict[str, Any] = {"name": "cdtteam", "results": False, "serializer": signed}
    if scheme in _REDIS:
        return RedisHuey(url=url, **kept)
    if scheme in _POSTGRES:
        return PostgresHuey(dsn=url.replace("+psycopg", "", 1), connect_timeout=3, **kept)
    if scheme == "memory":
        return MemoryHuey(**kept)
    file = Path(app.instance_path) / "jobs.sqlite3"
    return SqliteHuey(filename=str(file), fsync=False, cache_mb=1, timeout=2, **kept)
