"""Chores: what has to be done again and again, each by one at a time on a machine."""

import fcntl
import logging
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

from flask import Flask

from cdtteam.core import clock

log = logging.getLogger("cdtteam")


@dataclass(frozen=True, slots=True)
class Chore:
    """What is run when its name is rung, and at least every so often; it finds out by itself what is due.

    `run` is called with the moment, within an application context, and opens transactions of its own. Two runs never
    overlap on one machine; where several machines share a database it leases its rows as well.
    """

    name: str
    run: Callable[[datetime], None]
    every: timedelta


class Rounds:
    """The chores of an application, and who is at which."""

    def __init__(self, app: Flask, chores: Iterable[Chore]) -> None:
        self.chores = {chore.name: chore for chore in chores}
        self._app = app
        self._guard = threading.Lock()
        self._running: set[str] = set()
        self._again: set[str] = set()

    def go(self, name: str) -> bool:
        """Runs a chore, once more for all who rang meanwhile; False while another process is at it.

        Its own faults are logged, and it comes round again.
        """
        with self._guard:
            if name in self._running:
                self._again.add(name)
                return True
            self._running.add(name)
        try:
            while True:
                if not self.run_alone(self.chores[name]):
                    return False
                with self._guard:
                    if name not in self._again:
                        self._running.remove(name)
                        return True
                    self._again.remove(name)
        finally:
            with self._guard:
                self._running.discard(name)

    def run_alone(self, chore: Chore) -> bool:
        """One run of a chore, unless another process is at it."""
        with _alone(Path(self._app.instance_path) / "chores", chore.name) as is_alone:
            if is_alone:
                try:
                    with self._app.app_context():
                        chore.run(clock.now())
                except Exception:
                    log.error("chore %s failed", chore.name, exc_info=True)  # noqa: G201
        return is_alone


def rounds_of(app: Flask) -> Rounds:
    """The chores of an application."""
    return cast("Rounds", app.extensions["cdt_rounds"])


def run_chore(app: Flask, name: str) -> None:
    """Runs a chore once, here and now, as its worker would; its faults are raised."""
    with app.app_context():
        rounds_of(app).chores[name].run(clock.now())


@contextmanager
def _alone(folder: Path, name: str) -> Iterator[bool]:
    """Holds a chore against other processes of this machine; whoever dies lets go of it. False where one is at it."""
    folder.mkdir(exist_ok=True)
    file = os.open(folder / f"{name}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        yield False
    else:
        yield True
    finally:
        os.close(file)
