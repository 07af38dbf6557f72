"""`flask work`: the worker of jobs and chores."""

import click
from flask import current_app
from flask.cli import with_appcontext

from cdtteam.jobs.worker import work as work_on


@click.command()
@with_appcontext
def work() -> None:
    """Do what is due until told to stop: long jobs, notifications, reminders. `python -m cdtteam.serve` starts one."""
    work_on(current_app._get_current_object())  # type: ignore[attr-defined]
