"""`flask token`: keys with which other systems read the province's figures."""

from uuid import UUID

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from cdtteam.access.models import SYSTEM
from cdtteam.accounts.models import ApiToken
from cdtteam.accounts.tokens import issue_token, revoke_token
from cdtteam.areas.queries import area_map
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.problems import Problem
from cdtteam.web.transactions import snapshot, writing


@click.group()
def token() -> None:
    """Read-only keys for GET /api/v1/participation."""


@token.command()
@click.option("--note", required=True, help="Whom the token is for.")
@with_appcontext
def issue(note: str) -> None:
    """Prints a new token; it cannot be shown again."""
    now = clock.now()
    try:
        with writing(db.session()):
            province = area_map(db.session(), clock.civil_date(now)).province
            if province is None:
                raise click.ClickException("There is no province yet: load its areas first.")
            token_id, text = issue_token(SYSTEM, db.session(), note=note, area_id=province.id, now=now)
    except Problem as problem:
        raise click.ClickException(problem.message) from problem
    click.echo(text)
    click.echo(
        f"Token {token_id}. It is shown this once. To end it: flask --app wsgi token revoke {token_id}", err=True
    )


@token.command()
@click.argument("token_id", type=click.UUID)
@with_appcontext
def revoke(token_id: UUID) -> None:
    """Ends a token at once."""
    try:
        with writing(db.session()):
            note = revoke_token(SYSTEM, db.session(), token_id, now=clock.now()).note
    except Problem as problem:
        raise click.ClickException("There is no such token.") from problem
    click.echo(f"Revoked: {note}")


@token.command("list")
@with_appcontext
def list_tokens() -> None:
    """Lists tokens, ended ones included."""
    with snapshot(db.session()):
        for one in db.session().scalars(select(ApiToken).order_by(ApiToken.issued_at)):
            state = f"revoked {one.revoked_at:%Y-%m-%d}" if one.revoked_at else "valid"
            click.echo(f"{one.id}  {one.issued_at:%Y-%m-%d}  {state}  {one.note}")
