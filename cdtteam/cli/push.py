"""`flask push`: keys by which push services know this server."""

import click
from flask.cli import with_appcontext

from cdtteam.cli.refusals import refusals_said
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.problems import Problem
from cdtteam.push.keys import in_use, is_configured, key_pairs, make_key
from cdtteam.web.transactions import writing


@click.group()
def push() -> None:
    """Notifications on phones and browsers (Web Push)."""


@push.command()
@click.option(
    "--rotate", is_flag=True, help="Make another key; older ones serve their subscriptions as long as needed."
)
@with_appcontext
def keys(*, rotate: bool) -> None:
    """Make the key, once, and list what there is. From then on phones offer to be rung."""
    session = db.session()
    with refusals_said():
        if not is_configured():
            raise Problem(
                "invalid_field",
                detail="Set CDT_VAPID_SUBJECT first: mailto: and an address at which push services reach you.",
            )
        with writing(session):
            if rotate or not key_pairs(session):
                make_key(session, now=clock.now())
            pairs, used = key_pairs(session), in_use(session)
    for number, pair in enumerate(pairs):
        state = "old" if number else "in use"
        click.echo(f"{pair.public}  {state}, {used.get(pair.public, 0)} subscriptions")
