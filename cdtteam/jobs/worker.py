"""The worker: huey's consumer in a process of its own, which rings and rounds set to work."""

import os
import signal
import threading
import time

from flask import Flask
from huey.consumer import Consumer, Scheduler

from cdtteam.jobs.doorbell import bell_of

HANDS = 3  # threads: a long job, a slow push service and the rest do not wait for each other
GRACE = 15  # seconds in which what is being done may end


def work(app: Flask, *, parent: int | None = None) -> None:
    """Works until it is told to stop (SIGTERM: what is being done may end), or its parent is gone."""
    consumer = _Consumer(
        bell_of(app).queue, workers=HANDS, initial_delay=0.1, max_delay=0.5, shutdown_timeout=GRACE,
        graceful_signal="TERM",
    )  # fmt: skip
    if parent is not None:
        threading.Thread(target=_follow, args=(parent,), name="follow", daemon=True).start()
    consumer.run()


class _Scheduler(Scheduler):  # type: ignore[misc]
    """huey's, which looks at the timetable more often than once a minute."""

    periodic_task_seconds = 5


class _Consumer(Consumer):  # type: ignore[misc]
    """huey's, which a lost terminal ends; it would begin anew with the arguments of whatever program we are part of."""

    scheduler_class = _Scheduler

    def start(self) -> None:
        """Starts threads and signal handlers."""
        self._signal_actions[signal.SIGHUP] = (False, True)
        super().start()


def _follow(parent: int) -> None:
    """Ends this process when its parent is gone, however that ended."""
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)
