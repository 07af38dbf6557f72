"""A change of villages, planned on the map of its day: merged, renamed, recoded or moved to another commune.

No ground moves. A new village is the continuation of one of the old areas (contracts, "areas merge-villages"): of the
one that has its code, else of the first that the file names. The others end with it as their successor, and what
belongs to them stays theirs for ever.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdtteam.areas.checks import (
    Step,
    check_codes,
    check_known,
    check_rows,
    check_terms,
    digest_of,
    refuse_applied,
)
from cdtteam.areas.models import AreaTerm, Level
from cdtteam.areas.queries import AreaMap, AreaOnMap, area_map, hold_map, in_force
from cdtteam.areas.reading import Faults, Table, read_rows, refuse_empty, refuse_if_any
from cdtteam.core.reasons import Reason, because, refuse

_COLUMNS = ("old_village_code", "new_village_code", "new_name", "new_kind", "commune_code")


class Teams(StrEnum):
    """What becomes of the teams of villages that are merged: each stays on its ground, or one takes over the others."""

    STAY = "stay"
    MERGE = "merge"


@dataclass(frozen=True, slots=True)
class VillageStep(Step):
    """A row of the file: an old village goes into a new one of a commune; `teams` is empty where it does not say."""

    commune: str
    teams: str


@dataclass(slots=True)
class VillageDraft:
    """A change of villages as it was asked for.

    What becomes of the teams is decided by `teams` (by the new village's code), else by the file, else `otherwise`.
    """

    steps: list[VillageStep]
    faults: Faults
    teams: dict[str, Teams] = field(default_factory=dict)
    otherwise: Teams = Teams.STAY


@dataclass(slots=True)
class NewVillage:
    """A village as it is afterwards; `kept` is the area that goes on as it, one of `olds`."""

    code: str
    name: str
    kind: str
    commune: AreaOnMap
    kept: AreaOnMap
    olds: list[AreaOnMap]
    teams: Teams


@dataclass(slots=True)
class VillagePlan:
    """What a change of villages changes: the new ones by code, and for each that ends the area that goes on."""

    on: date
    before: AreaMap
    units: dict[str, NewVillage]
    ended: dict[UUID, UUID]
    digest: bytes

    @property
    def concerned(self) -> set[UUID]:
        """The villages that change."""
        return {old.id for unit in self.units.values() for old in unit.olds}

    @property
    def moving(self) -> set[UUID]:
        """The villages that come to another commune."""
        olds = [(old, unit.commune.id) for unit in self.units.values() for old in unit.olds]
        return {old.id for old, commune_id in olds if old.parent_id != commune_id}

    @property
    def villages(self) -> tuple[int, int]:
        """How many villages there are before and after."""
        now = len(self.before.of_level(Level.VILLAGE))
        return now, now - len(self.ended)


def read_village_steps(data: bytes | Table, faults: Faults) -> list[VillageStep]:
    """The rows of a file with _COLUMNS and, where it is wanted, `teams`; what is wrong goes to `faults`."""
    rows = read_rows(data, (*_COLUMNS, "teams"), faults, optional={"teams"})
    return [VillageStep(line, *(given.get(column, "") for column in (*_COLUMNS, "teams"))) for line, given in rows]


def plan_village_merger(session: Session, draft: VillageDraft, *, on: date) -> VillagePlan:
    """What the draft changes on the day `on`; Problem `invalid_file` with every fault, a line each."""
    hold_map(session)
    before = area_map(session, on)
    if before.province is None:
        raise refuse(because("there is no province on %(day)s.", day=on))
    steps = sorted((step.old, step.new, step.name, step.kind, step.commune) for step in draft.steps)
    digest = digest_of(Level.VILLAGE.value, on.isoformat(), steps)
    refuse_applied(session, digest)
    refuse_empty(draft.steps, draft.faults)
    villages = {area.code: area for area in before.of_level(Level.VILLAGE)}
    communes = {area.code: area for area in before.of_level(Level.COMMUNE)}
    check_rows(draft.steps, draft.faults)
    check_known(draft.steps, draft.faults, villages, lambda code: _missing(code, on))
    _check_communes(draft, communes, on)
    _check_splits(draft)
    lines = {villages[step.old].id: step.line for step in reversed(draft.steps) if step.old in villages}
    check_terms(session, draft.faults, lines, on)
    refuse_if_any(draft.faults)
    units = _units(draft, villages, communes)
    check_codes(session, draft.steps, draft.faults, villages, on)
    _check_changes(draft, units)
    _check_lasting(session, draft, units, on)
    refuse_if_any(draft.faults)
    ended = {old.id: unit.kept.id for unit in units.values() for old in unit.olds if old is not unit.kept}
    return VillagePlan(on, before, units, ended, digest)


def _missing(code: str, on: date) -> Reason:
    return because("there is no village with the code %(code)s on %(day)s.", code=code, day=on)


def _check_communes(draft: VillageDraft, communes: dict[str, AreaOnMap], on: date) -> None:
    """Notes communes that are not there, and new villages of which two rows say different things."""
    first: dict[str, VillageStep] = {}
    for step in draft.steps:
        told = first.setdefault(step.new, step)
        if told.commune != step.commune:
            why = because(
                "%(code)s lies in %(commune)s here, but in %(other)s in line %(line)s.",
                code=step.new, commune=step.commune, other=told.commune, line=told.line,
            )  # fmt: skip
            draft.faults.add(step.line, why)
        if step.commune not in communes:
            why = because("there is no commune with the code %(code)s on %(day)s.", code=step.commune, day=on)
            draft.faults.add(step.line, why)
        if step.teams not in ("", *Teams):
            draft.faults.add(step.line, because("“teams” may be “stay” or “merge”, not “%(given)s”.", given=step.teams))
        elif step.teams != told.teams:
            why = because(
                "line %(line)s says otherwise what becomes of the teams of %(code)s.", code=step.new, line=told.line
            )
            draft.faults.add(step.line, why)


def _check_splits(draft: VillageDraft) -> None:
    first: dict[str, VillageStep] = {}
    for step in draft.steps:
        told = first.setdefault(step.old, step)
        if told.new != step.new:
            why = because(
                "%(old)s goes into %(new)s in line %(line)s already. A village cannot be split: add a new one, and move"
                " households there.",
                old=step.old, new=told.new, line=told.line,
            )  # fmt: skip
            draft.faults.add(step.line, why)


def _units(
    draft: VillageDraft, villages: dict[str, AreaOnMap], communes: dict[str, AreaOnMap]
) -> dict[str, NewVillage]:
    by_new: dict[str, list[VillageStep]] = {}
    for step in draft.steps:
        by_new.setdefault(step.new, []).append(step)
    units = {}
    for code, steps in by_new.items():
        olds = [villages[step.old] for step in steps]
        kept = next((old for old in olds if old.code == code), olds[0])
        teams = _teams(draft, steps[0]) if len(olds) > 1 else Teams.STAY
        units[code] = NewVillage(code, steps[0].name, steps[0].kind, communes[steps[0].commune], kept, olds, teams)
    return units


def _teams(draft: VillageDraft, step: VillageStep) -> Teams:
    return draft.teams.get(step.new) or (Teams(step.teams) if step.teams else draft.otherwise)


def _lines(draft: VillageDraft) -> dict[str, int]:
    """The first line of each new village."""
    return {step.new: step.line for step in reversed(draft.steps)}


def _check_changes(draft: VillageDraft, units: dict[str, NewVillage]) -> None:
    lines = _lines(draft)
    for code, unit in units.items():
        kept = unit.kept
        now = (kept.code, kept.name, kept.kind, kept.parent_id)
        if len(unit.olds) == 1 and now == (code, unit.name, unit.kind, unit.commune.id):
            why = because("%(code)s %(name)s stays what it is.", code=code, name=unit.name)
            draft.faults.add(lines[code], why)


def _check_lasting(session: Session, draft: VillageDraft, units: dict[str, NewVillage], on: date) -> None:
    """Notes villages that come to a commune whose end or change has been decided: nothing would take them along."""
    lines = _lines(draft)
    for code, unit in _arriving(units):
        own = (AreaTerm.area_id == unit.commune.id, in_force(on))
        changes = session.scalar(select(AreaTerm.until_on).where(*own))
        if changes is not None:
            commune = unit.commune.code
            why = because(
                "the commune %(code)s changes on %(day)s; villages come after that.", code=commune, day=changes
            )
            draft.faults.add(lines[code], why)


def _arriving(units: dict[str, NewVillage]) -> Iterable[tuple[str, NewVillage]]:
    return ((code, unit) for code, unit in units.items() if unit.kept.parent_id != unit.commune.id)
