"""Work behind the requests: chores that come round, long jobs with progress, and the worker that does both."""

from collections.abc import Iterable

from flask import Flask

from cdtteam.jobs.chores import Chore, Rounds
from cdtteam.jobs.doorbell import Doorbell, check_queue
from cdtteam.jobs.running import CHORE, JobKind, keep_kinds
from cdtteam.jobs.views import blueprint


def init_jobs(app: Flask, chores: Iterable[Chore], kinds: Iterable[JobKind] = ()) -> None:
    """Gives `app` its chores and the kinds of jobs that rooms above know; nothing runs until a worker does."""
    check_queue(app.config["CDT_JOBS_URL"])
    keep_kinds(app, kinds)
    rounds = Rounds(app, [CHORE, *chores])
    app.extensions["cdt_rounds"] = rounds
    app.extensions["cdt_doorbell"] = Doorbell(app, rounds)
    app.register_blueprint(blueprint)
