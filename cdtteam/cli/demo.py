"""`flask demo`: the demonstration province, loaded once."""

import json
import sys
from typing import Any

import click
from flask.cli import with_appcontext

from cdtteam.cli.tables import make_tables
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.problems import Problem
from cdtteam.demo.accounts import demo_accounts
from cdtteam.demo.load import load_demo
from cdtteam.demo.size import SIZES
from cdtteam.web.transactions import writing


@click.command()
@click.option("--json", "is_json", is_flag=True, help="Print the sign-ins as JSON.")
@click.option("--size", type=click.Choice(list(SIZES)), default="full", envvar="CDT_DEMO_SIZE", hidden=True)
@with_appcontext
def demo(*, is_json: bool, size: str) -> None:
    """Load the demonstration province (once) and print its sign-ins."""
    make_tables()
    session, now = db.session(), clock.now()
    try:
        with writing(session):
            load_demo(session, now=now, size=SIZES[size])
    except Problem as problem:
        click.echo(problem.detail or problem.message, err=True)
        sys.exit(1)
    accounts = demo_accounts(session, now)
    if is_json:
        click.echo(json.dumps({"synthetic": True, "accounts": accounts}, ensure_ascii=False, indent=2))
    else:
        click.echo(sign_in_table(accounts))


def sign_in_table(accounts: list[dict[str, Any]]) -> str:
    """The sign-ins as a table for people."""
    rows = [("Role", "Sign-in", "Password", "Commune")]
    rows += [(one["role"], one["sign_in"], one["password"], one["commune_code"] or "") for one in accounts]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
