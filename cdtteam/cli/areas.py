"""`flask areas`: areas come from CSV files and go to them (contracts, "Commands")."""

import csv
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import click
from flask.cli import with_appcontext

from cdtteam.access.models import SYSTEM
from cdtteam.areas.applying import Basis
from cdtteam.areas.merging import Teams, VillageDraft, read_village_steps
from cdtteam.areas.models import Level, Reorganisation
from cdtteam.areas.operations import Imported, Rows, import_province, import_villages
from cdtteam.areas.queries import area_map, find_reorganisation, reorganisations
from cdtteam.areas.reading import Faults, read_units
from cdtteam.areas.reorganising import Draft, read_decisions, read_steps
from cdtteam.cli.refusals import refusals_said
from cdtteam.cli.tables import make_tables
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.periods import parse_day
from cdtteam.core.problems import Problem
from cdtteam.core.text import clean_text
from cdtteam.reorganisations import operations
from cdtteam.reorganisations.preview import Preview, VillagePreview, preview_merger, preview_reorganisation
from cdtteam.replica.work import Work
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
    with refusals_said():
        name = " ".join(clean_text(province_name, "--province-name").split())
        if not name:
            raise Problem("invalid_file", detail="--province-name is empty.")
        upper = _read(districts, "province_code") if districts else None
        lower = _read(communes, "district_code" if districts else "province_code")
        make_tables()
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
    with refusals_said():
        if export:
            click.echo(f"{_export(file)} villages are in {file}.")
            return
        rows = _read(file, "commune_code", is_code_optional=True)
        with writing(db.session()):
            done = import_villages(db.session(), rows, on=clock.civil_date(clock.now()))
    _tell(done, "villages")


@areas.command()
@click.argument("file", type=_FILE)
@click.option("--effective", required=True, metavar="YYYY-MM-DD", help="The first day of the new map.")
@click.option("--villages", "decided", type=_FILE, help="Where each village of a split unit goes.")
@click.option("--decision", help="Number and sign of the decision that it rests on.")
@click.option("--decided-on", metavar="YYYY-MM-DD", help="The decision's date.")
@click.option("--subject", help="What the decision is about.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@with_appcontext
def reorganise(file: Path, effective: str, decided: Path | None, *, dry_run: bool, **basis: str | None) -> None:
    """Merge, split, rename and move communes by FILE (old_code,new_code,new_name,new_kind), all at once.

    An old_code on several rows is a split, for which --villages (village_code,new_code) says where each village goes.
    Units that are not listed stay; a district left without communes ends. “areas undo” takes it back.
    """
    with refusals_said():
        on = _day(effective, "--effective")
        rests_on = Basis(basis["decision"], _day(basis["decided_on"], "--decided-on"), basis["subject"])
        draft, now = _draft(file, decided), clock.now()
        day = on or clock.civil_date(now)
        _show(preview_reorganisation(SYSTEM, db.session(), draft, on=day, now=now))
        if dry_run:
            click.echo("Nothing was changed: this was a dry run.")
        else:
            _apply(now, lambda work: operations.reorganise(SYSTEM, work, draft, rests_on, on=day))


@areas.command("merge-villages")
@click.argument("file", type=_FILE)
@click.option("--effective", required=True, metavar="YYYY-MM-DD", help="The first day of the new map.")
@click.option("--decision", help="Number and sign of the decision that it rests on.")
@click.option("--decided-on", metavar="YYYY-MM-DD", help="The decision's date.")
@click.option("--subject", help="What the decision is about.")
@click.option(
    "--teams", type=click.Choice([one.value for one in Teams]), default=Teams.STAY.value, show_default=True,
    help="In villages that become one: every team goes on, or one takes over the others.",
)  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@with_appcontext
def merge_villages(file: Path, effective: str, teams: str, *, dry_run: bool, **basis: str | None) -> None:
    """Merge, rename and move villages by FILE, all at once.

    FILE has old_village_code,new_village_code,new_name,new_kind,commune_code and, where that differs from village to
    village, teams (stay or merge). Villages that are not listed stay. “areas undo” takes it back.
    """
    with refusals_said():
        on = _day(effective, "--effective")
        rests_on = Basis(basis["decision"], _day(basis["decided_on"], "--decided-on"), basis["subject"])
        faults = Faults(file.name)
        steps, now = read_village_steps(_bytes(file), faults), clock.now()
        draft = VillageDraft(steps, faults, otherwise=Teams(teams))
        day = on or clock.civil_date(now)
        _show_villages(preview_merger(SYSTEM, db.session(), draft, on=day, now=now))
        if dry_run:
            click.echo("Nothing was changed: this was a dry run.")
        else:
            _apply(now, lambda work: operations.merge_villages(SYSTEM, work, draft, rests_on, on=day))


@areas.command()
@click.argument("reorganisation_id", required=False)
@with_appcontext
def undo(reorganisation_id: str | None) -> None:
    """Take back the reorganisation with this id, as long as nothing depends on it; without an id, list them."""
    if reorganisation_id is None:
        applied = reorganisations(db.session())
        if not applied:
            click.echo("No reorganisation was applied yet.")
        for record in applied:
            state = _state(record, clock.civil_date(clock.now()))
            click.echo(
                f"{record.id}  {record.effective_on}  {state}  {record.decision or ''} {record.subject or ''}".rstrip()
            )
        return
    with refusals_said():
        with writing(db.session()):
            work = Work(db.session(), clock.now())
            record = find_reorganisation(db.session(), reorganisation_id)
            operations.undo(SYSTEM, work, record)
            work.flush()
            name = record.id
        click.echo(f"{name} is undone.")


def _apply(now: datetime, act: Callable[[Work], Reorganisation]) -> None:
    with writing(db.session()):
        work = Work(db.session(), now)
        name = act(work).id
        work.flush()
    click.echo(f"Applied as {name}.")


def _state(record: Reorganisation, today: date) -> str:
    if record.undone_at:
        return f"undone {clock.civil_date(record.undone_at)}"
    return "to come" if record.effective_on > today else "in force"


def _draft(file: Path, decided: Path | None) -> Draft:
    faults = Faults(file.name)
    draft = Draft(read_steps(_bytes(file), faults), faults)
    if decided is not None:
        draft.of_decisions = Faults(decided.name)
        draft.decisions = read_decisions(_bytes(decided), draft.of_decisions)
    return draft


def _show(preview: Preview) -> None:
    before, after, moving, plan = preview.before, preview.after, preview.moving, preview.plan
    click.echo(f"On {plan.on}: {before.communes} communes become {after.communes}.")
    for unit in plan.units.values():
        click.echo(f"  {unit.code} {unit.name} ({unit.kind}) of {', '.join(old.name for old in unit.olds)}")
    for district in plan.districts:
        click.echo(f"  {district.code} {district.name} ends: no commune is left in it.")
    click.echo(
        f"{moving.villages} villages come to another commune, with {moving.teams} teams, {moving.members} members"
        f" and {moving.households} households."
    )
    _show_totals(preview)


def _show_villages(preview: VillagePreview) -> None:
    plan, size = preview.plan, preview.concerned
    before, after = plan.villages
    click.echo(f"On {plan.on}: {before} villages become {after}.")
    for unit in plan.units.values():
        olds = ", ".join(f"{old.code} {old.name}" for old in unit.olds)
        click.echo(f"  {unit.code} {unit.name} ({unit.kind}) in {unit.commune.name} of {olds}")
    click.echo(
        f"{size.villages} villages change, with {size.teams} teams, {size.members} members and {size.households}"
        f" households; {len(plan.moving)} come to another commune."
    )
    if preview.ending:
        click.echo(f"{len(preview.ending)} teams end, and their members go over to the team of the new village.")
    _show_totals(preview)


def _show_totals(preview: Preview | VillagePreview) -> None:
    for when, totals in (("Before", preview.before), ("After", preview.after)):
        size = totals.size
        click.echo(
            f"{when}: {totals.communes} communes, {size.villages} villages, {size.teams} teams, {size.members} members,"
            f" {size.households} households, {totals.visits} visits in {preview.month.name}."
        )


def _read(path: Path, parent_column: str, *, is_code_optional: bool = False) -> Rows:
    faults = Faults(path.name)
    return Rows(read_units(_bytes(path), parent_column, faults, is_code_optional=is_code_optional), faults)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Problem("invalid_file", detail=f"{path} cannot be read: {error.strerror}.") from error


def _day(text: str | None, option: str) -> date | None:
    if text is None:
        return None
    try:
        return parse_day(text)
    except ValueError as error:
        raise Problem("invalid_file", detail=f"{option} is no date of the form YYYY-MM-DD: {text}") from error


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
