"""Runs `flask work` with a hand that stands still in the middle of the first job, until the process is killed."""

import sys
import time

from flask.cli import main

from cdtteam.jobs.running import Running

tell = Running.progress


def tell_and_stand_still(running: Running, done: int, total: int) -> None:
    tell(running, done, total)
    if done < total:
        time.sleep(600)


setattr(Running, "progress", tell_and_stand_still)  # noqa: B010 — mypy would not let a method be assigned
sys.argv = ["flask", "--app", "wsgi", "work"]
main()
