"""`flask account`: the accounts of the staff, the first administrator's included."""

import secrets
from uuid import UUID

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from cdtteam.access.models import SYSTEM, Role
from cdtteam.accounts.models import User
from cdtteam.accounts.operations import (
    NewAccount,
    close_account,
    open_account,
    reopen_account,
    revoke_sign_ins,
    set_password,
)
from cdtteam.areas.models import Level
from cdtteam.areas.queries import area_map
from cdtteam.cli.refusals import refusals_said
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.problems import Problem
from cdtteam.core.text import clean_text, fold
from cdtteam.web.transactions import snapshot, writing

SHORTEST = 10
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another when it is read out
STAFF = [role.value for role in (Role.ADMIN, Role.PROVINCE, Role.COORDINATOR)]

_generate = click.option("--generate", is_flag=True, help="Make a password and print it, instead of asking for one.")


@click.group()
def account() -> None:
    """Accounts of the staff. Volunteers come in by invitations, which coordinators make at the desk."""


@account.command()
@click.argument("sign_in")
@click.option("--role", type=click.Choice(STAFF), required=True)
@click.option("--name", required=True, help="The person's name, as others see it.")
@click.option("--area", metavar="CODE", help="A coordinator's commune, by the statistics office's code.")
@_generate
@with_appcontext
def add(sign_in: str, role: str, name: str, area: str | None, *, generate: bool) -> None:
    """Open an account with which SIGN_IN signs in at the desk."""
    with refusals_said():
        area_id = _area(Role(role), area)
        handle = _one_line(sign_in, "SIGN_IN")
        new = NewAccount(handle, _one_line(name, "--name"), Role(role), _password(is_made=generate), area_id=area_id)
        with writing(db.session()):
            user = open_account(SYSTEM, db.session(), new, now=clock.now())
            click.echo(f"{user.handle} can sign in at /desk/sign-in.", err=True)


@account.command()
@click.argument("sign_in")
@_generate
@with_appcontext
def password(sign_in: str, *, generate: bool) -> None:
    """Give an account another password, and sign it out everywhere."""
    with refusals_said():
        _found(sign_in)
        chosen = _password(is_made=generate)
        with writing(db.session()):
            set_password(SYSTEM, db.session(), _found(sign_in), chosen, now=clock.now())
        click.echo("The password is changed; all sign-ins have ended.", err=True)


@account.command()
@click.argument("sign_in")
@with_appcontext
def disable(sign_in: str) -> None:
    """Close an account and sign it out everywhere; what it did stays."""
    with refusals_said(), writing(db.session()):
        close_account(SYSTEM, db.session(), _found(sign_in), now=clock.now())
    click.echo(f"{sign_in} is closed.")


@account.command()
@click.argument("sign_in")
@with_appcontext
def enable(sign_in: str) -> None:
    """Open an account again that was closed."""
    with refusals_said(), writing(db.session()):
        reopen_account(SYSTEM, _found(sign_in))
    click.echo(f"{sign_in} is open again.")


@account.command("sign-out")
@click.argument("sign_in")
@with_appcontext
def sign_out(sign_in: str) -> None:
    """End all sign-ins of an account."""
    with refusals_said(), writing(db.session()):
        revoke_sign_ins(SYSTEM, db.session(), _found(sign_in), now=clock.now())
    click.echo(f"{sign_in} is signed out everywhere.")


@account.command("list")
@with_appcontext
def list_accounts() -> None:
    """List the accounts of the staff: sign-in, role, area, name, and whether it is closed."""
    with snapshot(db.session()):
        areas = area_map(db.session(), clock.civil_date(clock.now())).by_id
        for user in db.session().scalars(select(User).where(User.role.in_(STAFF)).order_by(User.role, User.handle)):
            area = areas[user.area_id].name if user.area_id in areas else "–"
            state = "" if user.disabled_at is None else "  (closed)"
            click.echo(f"{user.handle}  {user.role}  {area}  {user.name}{state}")


def _found(sign_in: str) -> User:
    user = db.session().scalar(select(User).where(User.handle == fold(sign_in)))
    if user is None:
        raise Problem("not_found", detail=f"There is no account “{sign_in}”.")
    return user


def _area(role: Role, code: str | None) -> UUID:
    """Where an account works: a coordinator in a commune, the others in the province."""
    with snapshot(db.session()):
        areas = area_map(db.session(), clock.civil_date(clock.now()))
    if areas.province is None:
        raise Problem("invalid_field", detail="There is no province yet: load its areas first (flask areas import).")
    if role is not Role.COORDINATOR:
        if code not in (None, areas.province.code):
            raise Problem("invalid_field", detail=f"A {role} account is for the whole province: leave out --area.")
        return areas.province.id
    commune = next((area for area in areas.of_level(Level.COMMUNE) if area.code == code), None)
    if commune is None:
        raise Problem("invalid_field", detail="A coordinator needs --area with the code of a commune of today's map.")
    return commune.id


def _one_line(text: str, what: str) -> str:
    line = " ".join(clean_text(text, what).split())
    if not line or len(line) > 120:
        raise Problem("invalid_field", detail=f"{what} needs 1 to 120 characters.")
    return line


def _password(*, is_made: bool) -> str:
    """Asked for twice without showing it, or made and printed once."""
    if is_made:
        made = "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))
        click.echo(made)
        return made
    chosen: str = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    if len(chosen) < SHORTEST:
        raise Problem("invalid_field", detail=f"A password needs at least {SHORTEST} characters.")
    return chosen
