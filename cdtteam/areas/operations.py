"""Areas are loaded from files. Who may do so is asked above this floor; today it is whoever holds the database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from cdtteam.areas.lineage import place_earlier
from cdtteam.areas.models import BEGINNING, Area, AreaTerm, Level
from cdtteam.areas.queries import AreaMap, AreaOnMap, area_map, hold_map, in_force
from cdtteam.areas.reading import Faults, Unit, refuse_doubles, refuse_empty, refuse_if_any
from cdtteam.core.ids import new_id
from cdtteam.core.reasons import because
from cdtteam.replica.models import VillageCounter


@dataclass(frozen=True, slots=True)
class Imported:
    """How many areas of a file were new, and how many were there already."""

    new: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one file and what is wrong with it."""

    units: list[Unit]
    faults: Faults


def import_province(session: Session, name: str, communes: Rows, districts: Rows | None, *, on: date) -> Imported:
    """Loads a province with its districts, if any, and communes, in force from 1900-01-01.

    What is there on the map of the date `on` must be the same. Problem `invalid_file` with every fault in its detail.
    """
    files = [communes] if districts is None else [communes, districts]
    for rows in files:
        refuse_doubles(rows.units, rows.faults)
        refuse_empty(rows.units, rows.faults)
    top = districts or communes
    code = _province_code(top)
    if districts is not None:
        _check_parents(communes, {unit.code for unit in districts.units}, Level.DISTRICT)
        _check_filled(districts, communes)
    hold_map(session)
    known = area_map(session, on)
    levels = {Level.DISTRICT: districts, Level.COMMUNE: communes}
    for level, of_level in levels.items():
        _check_same(known, level, of_level, code)
    province = next((area for area in known.of_level(Level.PROVINCE) if area.code == code), None)
    if province is not None and province.name != name:
        why = because(
            "the province %(code)s is there as %(name)s; a change of units is made with “areas reorganise”.",
            code=code, name=province.name,
        )  # fmt: skip
        top.faults.add(1, why)
    refuse_if_any(*(rows.faults for rows in files))
    kind = "city" if name.startswith("Thành phố") else "province"
    return _add_province(session, known, Unit(0, code, name, kind, ""), levels)


def import_villages(session: Session, villages: Rows, *, on: date) -> Imported:
    """Loads villages under the communes of the map of the date `on`; those without a code get one.

    A village without a code is known again by its commune and name. Problem `invalid_file` with every fault.
    """
    hold_map(session)
    known = area_map(session, on)
    communes = {area.code: area.id for area in known.of_level(Level.COMMUNE)}
    refuse_doubles(villages.units, villages.faults)
    _check_lasting(session, villages, communes, on)
    _check_parents(villages, communes.keys(), Level.COMMUNE)
    new = _unknown_villages(known, villages)
    _check_former_names(session, known, villages, new)
    taken = set(session.scalars(select(AreaTerm.code)))
    for unit in new:
        if unit.code in taken:
            villages.faults.add(unit.line, because("the code %(code)s is another area's.", code=unit.code))
    refuse_if_any(villages.faults)
    coded = _with_codes(new, taken)
    ids = _add(session, Level.VILLAGE, coded, communes)
    place_earlier(session, {ids[unit.code]: communes[unit.parent] for unit in coded})
    if ids:
        session.execute(insert(VillageCounter), [{"village_id": id_, "version": 0} for id_ in ids.values()])
    return Imported(len(ids), len(villages.units) - len(ids))


def _check_lasting(session: Session, villages: Rows, communes: Mapping[str, UUID], on: date) -> None:
    """Notes villages of a commune whose end or change has been decided: nothing would take them along on the day."""
    ending = select(AreaTerm.area_id, AreaTerm.until_on).where(in_force(on), AreaTerm.until_on.is_not(None))
    last = {row.area_id: row.until_on for row in session.execute(ending)}
    for unit in villages.units:
        changes = last.get(communes[unit.parent]) if unit.parent in communes else None
        if changes is not None:
            why = because(
                "the commune %(code)s changes on %(day)s; villages come after that.", code=unit.parent, day=changes
            )
            villages.faults.add(unit.line, why)


def _province_code(rows: Rows) -> str:
    """The one code that all rows name as their province."""
    code = rows.units[0].parent if rows.units else ""
    for unit in rows.units:
        if unit.parent != code:
            why = because(
                "the province is %(code)s, but %(other)s above: one province a file.", code=unit.parent, other=code
            )
            rows.faults.add(unit.line, why)
    return code


def _check_parents(rows: Rows, codes: Iterable[str], above: Level) -> None:
    known = set(codes)
    for unit in rows.units:
        if unit.parent in known:
            continue
        if above is Level.DISTRICT:
            why = because("there is no district with the code %(code)s.", code=unit.parent)
        else:
            why = because("there is no commune with the code %(code)s.", code=unit.parent)
        rows.faults.add(unit.line, why)


def _check_filled(districts: Rows, communes: Rows) -> None:
    """Notes districts without any commune: a file that was cut short would stand in the whole one's way later."""
    if communes.faults.found:  # rows with a fault are left out, and their districts may be whole
        return
    filled = {unit.parent for unit in communes.units}
    for unit in districts.units:
        if unit.code not in filled:
            why = because(
                "no commune of %(file)s lies in %(code)s %(name)s.",
                file=communes.faults.file, code=unit.code, name=unit.name,
            )  # fmt: skip
            districts.faults.add(unit.line, why)


def _check_same(known: AreaMap, level: Level, rows: Rows | None, province: str) -> None:
    """Notes rows that differ from a province that is there already, those that are new to it included."""
    areas = {area.code: area for area in known.of_level(level)}
    is_there = any(area.code == province for area in known.of_level(Level.PROVINCE))
    for unit in rows.units if rows else ():
        area = areas.get(unit.code)
        if rows and (is_there if area is None else not _is_same(known, area, unit)):
            why = because(
                "%(code)s %(name)s is not what is there since an earlier import;"
                " a change of units is made with “areas reorganise”.",
                code=unit.code, name=unit.name,
            )  # fmt: skip
            rows.faults.add(unit.line, why)


def _is_same(known: AreaMap, area: AreaOnMap, unit: Unit) -> bool:
    parent = known.by_id[area.parent_id].code if area.parent_id else ""
    return (area.name, area.kind, parent) == (unit.name, unit.kind, unit.parent)


def _add_province(session: Session, known: AreaMap, province: Unit, levels: Mapping[Level, Rows | None]) -> Imported:
    there = {(area.level, area.code): area.id for area in known.by_id.values()}
    if (Level.PROVINCE, province.code) not in there:
        there[Level.PROVINCE, province.code] = _add(session, Level.PROVINCE, [province], {})[province.code]
    parents = {province.code: there[Level.PROVINCE, province.code]}
    new = unchanged = 0
    for level, rows in levels.items():
        if rows is None:
            continue
        fresh = [unit for unit in rows.units if (level, unit.code) not in there]
        added = _add(session, level, fresh, parents)
        new += len(added)
        unchanged += len(rows.units) - len(added)
        parents = {code: id_ for (of, code), id_ in there.items() if of is level} | added
    return Imported(new, unchanged)


def _unknown_villages(known: AreaMap, villages: Rows) -> list[Unit]:
    """The villages that are new; those that differ from what is there are noted."""
    by_code = {area.code: area for area in known.of_level(Level.VILLAGE)}
    by_name = {_key(known, area): area for area in by_code.values()}
    first: dict[tuple[str, str], int] = {}
    new = []
    for unit in villages.units:
        key = (unit.parent, unit.name.casefold())
        area = by_code.get(unit.code) or by_name.get(key)
        if first.setdefault(key, unit.line) != unit.line:
            why = because(
                "%(name)s is doubled: line %(line)s has it in the same commune.", name=unit.name, line=first[key]
            )
            villages.faults.add(unit.line, why)
        elif area is None:
            new.append(unit)
        elif not _is_same(known, area, unit) or unit.code not in ("", area.code):
            why = because(
                "%(given)s is there as %(code)s %(name)s (%(kind)s);"
                " a change of villages is made with “areas merge-villages”.",
                given=unit.name, code=area.code, name=area.name, kind=area.kind,
            )  # fmt: skip
            villages.faults.add(unit.line, why)
    return new


def _check_former_names(session: Session, known: AreaMap, villages: Rows, new: Iterable[Unit]) -> None:
    """Notes villages without a code that were called so before: an old list would found them a second time.

    A new village that takes over an old name is loaded with a code of its own.
    """
    former: dict[tuple[str, str], AreaOnMap] = {}
    earlier = select(AreaTerm.area_id, AreaTerm.name).where(AreaTerm.until_on <= known.on)
    for area_id, name in session.execute(earlier):
        village = known.village_of(area_id)
        if village and village.level is Level.VILLAGE:
            former[_key(known, village, name)] = village
    for unit in new:
        village = former.get((unit.parent, unit.name.casefold()))
        if village and not unit.code:
            why = because(
                "%(given)s is %(code)s %(name)s by now. A new village of the old name is loaded with a code.",
                given=unit.name, code=village.code, name=village.name,
            )  # fmt: skip
            villages.faults.add(unit.line, why)


def _key(known: AreaMap, area: AreaOnMap, name: str | None = None) -> tuple[str, str]:
    """What a village without a code is known by: its commune, and its own or another name."""
    return (known.by_id[area.parent_id].code if area.parent_id else "", (name or area.name).casefold())


def _with_codes(units: list[Unit], taken: set[str]) -> list[Unit]:
    """The units, those without a code with the next free one of their commune: its code and three digits."""
    taken = taken | {unit.code for unit in units}
    last: dict[str, int] = {}
    coded = []
    for unit in units:
        code = unit.code
        while not code or (code in taken and not unit.code):
            last[unit.parent] = last.get(unit.parent, 0) + 1
            code = f"{unit.parent}{last[unit.parent]:03d}"
        taken.add(code)
        coded.append(Unit(unit.line, code, unit.name, unit.kind, unit.parent))
    return coded


def _add(session: Session, level: Level, units: list[Unit], parents: Mapping[str, UUID]) -> dict[str, UUID]:
    """Inserts areas in force from the beginning; answers their ids by code."""
    ids = {unit.code: new_id() for unit in units}
    if ids:
        session.execute(insert(Area), [{"id": id_, "level": level} for id_ in ids.values()])
        terms = [
            {
                "area_id": ids[unit.code], "from_on": BEGINNING, "code": unit.code, "name": unit.name,
                "kind": unit.kind, "parent_id": parents.get(unit.parent),
            }
            for unit in units
        ]  # fmt: skip
        session.execute(insert(AreaTerm), terms)
    return ids
