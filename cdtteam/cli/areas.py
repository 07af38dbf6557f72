"""`flask areas`: areas come from CSV files and go to them (contracts, "Commands")."""

import csv
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask.cli import with_appcontext

from cdtteam.areas.models import Level
from cdtteam.areas.operations import Imported, Rows, import_province, import_villages
from cdtteam.areas.queries import area_map
from cdtteam.areas.reading import Faults, read_units
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.problems import Problem
from cdtteam.core.text import clean_text
from cdtteam.web.transactions import writing

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.group()
def areas() -> None:
    """Areas of a province: communes, districts of their time, villages."""


@areas.command("import")
@click.argument("communes", type=_FILE)
@click.argument("districts", type=_FILE, required=False)
@click.option("--province-name", required=True, help="As it is written in reports: “Tỉnh Bình Định”.")
@with_appcontext
def import_(communes: Path, districts: Path | None, province_name: str) -> None:
    """Load COMMUNES (code,name,kind,district_code) and DISTRICTS (code,name,kind,province_code).

    Where there are no districts, COMMUNES has code,name,kind,province_code. The areas are in force from 1900-01-01.
    """
    with _refusals_said():
        name = " ".join(clean_text(province_name, "--province-name").split())
        if not name:
            raise Problem("invalid_file", detail="--province-name is empty.")
        upper = _read(districts, "province_code") if districts else None
        lower = _read(communes, "district_code" if districts else "province_code")
        with writing(db.session()):
            done = import_province(db.session(), name, lower, upper, on=clock.civil_date(clock.now()))
    _tell(done, "areas")


@areas.command()
@click.argument("file", type=_FILE)
@click.option("--export", is_flag=True, help="Write the villages to FILE instead.")
@with_appcontext
def villages(file: Path, *, export: bool) -> None:
    """Load villages from FILE (code,name,kind,commune_code), or write them to it.

    A village without a code gets one, and is known again by its commune and name.
    """
    with _refusals_said():
        if export:
            click.echo(f"{_export(file)} villages are in {file}.")
            return
        rows = _read(file, "commune_code", is_code_optional=True)
        with writing(db.session()):
            done = import_villages(db.session(), rows, on=clock.civil_date(clock.now()))
    _tell(done, "villages")


@contextmanager
def _refusals_said() -> Iterator[None]:
    """A refusal goes to stderr, and the command fails."""
    try:
        yield
    except Problem as problem:
        click.echo(problem.detail or f"{problem.message} ({problem.field or problem.code})", err=True)
        click.echo("Nothing was changed.", err=True)
        sys.exit(1)


def _read(path: Path, parent_column: str, *, is_code_optional: bool = False) -> Rows:
    faults = Faults(path.name)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Problem("invalid_file", detail=f"{path} cannot be read: {error.strerror}.") from error
    return Rows(read_units(data, parent_column, faults, is_code_optional=is_code_optional), faults)


def _export(path: Path) -> int:
    """Writes the villages of today's map, whole or not at all; answers how many."""
    today = area_map(db.session(), clock.civil_date(clock.now()))
    found = sorted(today.of_level(Level.VILLAGE), key=lambda area: area.code)
    draft = path.with_name(f"{path.name}.part")
    try:
        with draft.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow(("code", "name", "kind", "commune_code"))
            for area in found:
                parent = today.by_id[area.parent_id].code if area.parent_id else ""
                writer.writerow((area.code, area.name, area.kind, parent))
        draft.replace(path)
    except OSError as error:
        raise Problem("invalid_file", detail=f"{path} cannot be written: {error.strerror}.") from error
    return len(found)


def _tell(done: Imported, what: str) -> None:
    click.echo(f"{done.new} {what} are new, {done.unchanged} were there already.")
