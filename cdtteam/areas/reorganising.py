"""A reorganisation of communes, planned on the map of its day: what is wrong with it is said before anything changes.

Units are merged, split, renamed and moved under the province (contracts, "areas reorganise"). A unit that keeps its
code stays the same area; every other new unit is a new area, also where it takes over a code.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
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
from cdtteam.areas.queries import AreaMap, AreaOnMap, area_map, hold_map
from cdtteam.areas.reading import Faults, Table, read_rows, refuse_empty, refuse_if_any
from cdtteam.core.problems import Problem
from cdtteam.core.reasons import Reason, because, refuse


@dataclass(frozen=True, slots=True)
class Decision:
    """Where a village of a split unit goes."""

    line: int
    village: str
    new: str


@dataclass(slots=True)
class NewUnit:
    """A commune as it is afterwards; `kept` is the area that goes on under its code."""

    code: str
    name: str
    kind: str
    kept: AreaOnMap | None = None
    olds: list[AreaOnMap] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class OpenVillage:
    """A village of a unit that is split, while it is not decided into which of the new ones it goes."""

    village: AreaOnMap
    commune: AreaOnMap
    units: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.village.code},  # {self.village.name}, {self.commune.name}: {' or '.join(self.units)}"


class Undecided(Problem):
    """Problem `invalid_file`: all rows are well, and these villages need a decision."""

    def __init__(self, villages: list[OpenVillage]) -> None:
        head = "these villages of units that are split need a decision (--villages: village_code,new_code):"
        super().__init__("invalid_file", detail="\n".join([head, *map(str, villages)]))
        self.villages = villages


@dataclass(slots=True)
class Plan:
    """What a reorganisation changes: units by code, the new unit's code for each village that goes into another."""

    on: date
    province: AreaOnMap
    before: AreaMap
    units: dict[str, NewUnit]
    moving: dict[UUID, str]
    ended: dict[UUID, str]  # communes that end, with the code of the unit that stands in their place
    districts: list[AreaOnMap]  # those that are left without communes
    digest: bytes

    @property
    def concerned(self) -> set[UUID]:
        """The villages of every unit that changes, also where they stay in one that is only called otherwise."""
        olds = {old.id for unit in self.units.values() for old in unit.olds}
        return {village.id for old in olds for village in self.before.children.get(old, ())}

    def districts_left(self, unit: NewUnit) -> list[AreaOnMap]:
        """The districts that go on without a unit whose ground was in them: it stands under the province."""
        ended = {district.id for district in self.districts}
        above = (self.before.by_id.get(old.parent_id) for old in unit.olds if old.parent_id)
        found = {area.id: area for area in above if area and area.level is Level.DISTRICT}
        return [district for id_, district in found.items() if id_ not in ended]

    @property
    def communes(self) -> tuple[int, int]:
        """How many communes there are before and after."""
        now = len(self.before.of_level(Level.COMMUNE))
        gone = {old.id for unit in self.units.values() for old in unit.olds}
        return now, now - len(gone) + len(self.units)


def read_steps(data: bytes | Table, faults: Faults) -> list[Step]:
    """The rows of a file old_code,new_code,new_name,new_kind; what is wrong goes to `faults`."""
    columns = ("old_code", "new_code", "new_name", "new_kind")
    return [Step(line, *(given[column] for column in columns)) for line, given in read_rows(data, columns, faults)]


def read_decisions(data: bytes, faults: Faults) -> list[Decision]:
    """The rows of a file village_code,new_code; what is wrong goes to `faults`."""
    columns = ("village_code", "new_code")
    return [Decision(line, *(given[column] for column in columns)) for line, given in read_rows(data, columns, faults)]


@dataclass(slots=True)
class Draft:
    """A reorganisation as it was asked for, with the faults of both files."""

    steps: list[Step]
    faults: Faults
    decisions: list[Decision] = field(default_factory=list)
    of_decisions: Faults = field(default_factory=lambda: Faults("--villages"))


def plan_reorganisation(session: Session, draft: Draft, *, on: date) -> Plan:
    """What the draft changes on the day `on`; Problem `invalid_file` with every fault, a line each."""
    hold_map(session)
    before = area_map(session, on)
    if before.province is None:
        raise refuse(because("there is no province on %(day)s.", day=on))
    digest = _digest(draft, on)
    refuse_applied(session, digest)
    refuse_empty(draft.steps, draft.faults)
    communes = {area.code: area for area in before.of_level(Level.COMMUNE)}
    check_rows(draft.steps, draft.faults)
    check_known(draft.steps, draft.faults, communes, lambda code: _missing(code, on))
    check_terms(session, draft.faults, _concerned(draft, before, communes), on)
    refuse_if_any(draft.faults)
    units = _units(draft.steps, communes)
    check_codes(session, draft.steps, draft.faults, communes, on)
    _check_changes(draft, units, before)
    _check_arrivals(session, draft, units, communes, on)
    refuse_if_any(draft.faults)
    goes = _decide(draft, before, communes)
    return _plan(before, before.province, units, goes, digest)


def _missing(code: str, on: date) -> Reason:
    return because("there is no commune with the code %(code)s on %(day)s.", code=code, day=on)


def _concerned(draft: Draft, before: AreaMap, communes: dict[str, AreaOnMap]) -> dict[UUID, int]:
    """The units that change and their villages, with the line that says so."""
    lines = {communes[step.old].id: step.line for step in reversed(draft.steps) if step.old in communes}
    return lines | {village.id: line for id_, line in lines.items() for village in before.children.get(id_, ())}


def _units(steps: Iterable[Step], communes: dict[str, AreaOnMap]) -> dict[str, NewUnit]:
    units: dict[str, NewUnit] = {}
    for step in steps:
        unit = units.setdefault(step.new, NewUnit(step.new, step.name, step.kind))
        unit.olds.append(communes[step.old])
        if step.old == step.new:
            unit.kept = communes[step.old]
    return units


def _check_changes(draft: Draft, units: dict[str, NewUnit], before: AreaMap) -> None:
    lines = {step.new: step.line for step in reversed(draft.steps)}
    split = {code for code, count in Counter(step.old for step in draft.steps).items() if count > 1}
    for unit in units.values():
        kept = unit.kept
        if kept is None or len(unit.olds) > 1 or kept.code in split:
            continue
        parent = before.by_id.get(kept.parent_id) if kept.parent_id else None
        if (kept.name, kept.kind) == (unit.name, unit.kind) and parent and parent.level is Level.PROVINCE:
            why = because("%(code)s %(name)s stays what it is.", code=unit.code, name=unit.name)
            draft.faults.add(lines[unit.code], why)


def _check_arrivals(
    session: Session, draft: Draft, units: dict[str, NewUnit], communes: dict[str, AreaOnMap], on: date
) -> None:
    """Notes units that end although a village comes to them on a later day: it would be nowhere from then on."""
    kept = {unit.kept.id for unit in units.values() if unit.kept}
    lines = {communes[step.old].id: step.line for step in reversed(draft.steps)}
    names = {commune.id: commune.name for commune in communes.values()}
    arriving = select(AreaTerm).where(AreaTerm.parent_id.in_(lines.keys() - kept), AreaTerm.from_on > on)
    for term in session.scalars(arriving.order_by(AreaTerm.code)):
        if term.parent_id is not None:
            why = because(
                "%(code)s %(name)s comes to %(commune)s on %(day)s; that would have to be undone first.",
                code=term.code, name=term.name, commune=names[term.parent_id], day=term.from_on,
            )  # fmt: skip
            draft.faults.add(lines[term.parent_id], why)


def _decide(draft: Draft, before: AreaMap, communes: dict[str, AreaOnMap]) -> dict[UUID, str]:
    """The new unit's code for every village of the units concerned."""
    into: dict[str, list[str]] = {}
    for step in draft.steps:
        into.setdefault(step.old, []).append(step.new)
    decided = _decisions(draft, before, into)
    goes: dict[UUID, str] = {}
    undecided: list[OpenVillage] = []
    for code, news in into.items():
        for village in before.children.get(communes[code].id, ()):
            if len(news) == 1:
                goes[village.id] = news[0]
            elif village.id in decided:
                goes[village.id] = decided[village.id]
            else:
                undecided.append(OpenVillage(village, communes[code], tuple(news)))
    refuse_if_any(draft.of_decisions)
    if undecided:
        raise Undecided(sorted(undecided, key=lambda open_: open_.village.code))
    return goes


def _decisions(draft: Draft, before: AreaMap, into: dict[str, list[str]]) -> dict[UUID, str]:
    villages = {area.code: area for area in before.of_level(Level.VILLAGE)}
    decided: dict[UUID, str] = {}
    for decision in draft.decisions:
        village = villages.get(decision.village)
        parent = before.by_id.get(village.parent_id) if village and village.parent_id else None
        news = into.get(parent.code, []) if parent else []
        why = None
        if village is None or parent is None:
            why = because(
                "there is no village with the code %(code)s on %(day)s.", code=decision.village, day=before.on
            )
        elif len(news) < 2:
            why = because(
                "%(code)s %(name)s lies in %(commune)s, which is not split.",
                code=village.code, name=village.name, commune=parent.name,
            )  # fmt: skip
        elif decision.new not in news:
            why = because(
                "%(commune)s goes into %(units)s, not into %(unit)s.",
                commune=parent.name, units=news, unit=decision.new,
            )  # fmt: skip
        elif village.id in decided:
            why = because("%(code)s %(name)s is decided twice.", code=village.code, name=village.name)
        if why:
            draft.of_decisions.add(decision.line, why)
        elif village:
            decided[village.id] = decision.new
    return decided


def _plan(
    before: AreaMap, province: AreaOnMap, units: dict[str, NewUnit], goes: dict[UUID, str], digest: bytes
) -> Plan:
    kept = {unit.kept.id: code for code, unit in units.items() if unit.kept}
    moving = {
        village: code for village, code in goes.items() if kept.get(before.by_id[village].parent_id or village) != code
    }
    olds = {old.id: old for unit in units.values() for old in unit.olds}
    ended = {id_: _place_of(old, before, units, goes) for id_, old in olds.items() if id_ not in kept}
    districts = [
        district
        for district in before.of_level(Level.DISTRICT)
        if all(commune.id in olds for commune in before.children.get(district.id, ()))
    ]
    return Plan(before.on, province, before, units, moving, ended, districts, digest)


def _place_of(old: AreaOnMap, before: AreaMap, units: dict[str, NewUnit], goes: dict[UUID, str]) -> str:
    """The unit that most of an ended commune's villages go into; of several the one that is named first."""
    into = [code for code, unit in units.items() if any(one.id == old.id for one in unit.olds)]
    villages = Counter(goes[village.id] for village in before.children.get(old.id, ()))
    return max(into, key=lambda code: villages[code])


def _digest(draft: Draft, on: date) -> bytes:
    steps = sorted((step.old, step.new, step.name, step.kind) for step in draft.steps)
    decisions = sorted((decision.village, decision.new) for decision in draft.decisions)
    return digest_of(on.isoformat(), steps, decisions)
