"""`flask epoch`: after a restore, a new line of history."""

import click
from flask.cli import with_appcontext

from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.replica.operations import start_epoch
from cdtteam.web.transactions import writing


@click.command()
@with_appcontext
def epoch() -> None:
    """Begin a new epoch: run once after restoring a backup, before the server starts."""
    with writing(db.session()):
        begun = start_epoch(db.session(), now=clock.now())
        click.echo(str(begun.id))
