"""The map of a date: which areas there were, what they were called and where they belonged."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, or_, select, text
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from cdtteam.areas.models import Area, AreaTerm, Level, Reorganisation
from cdtteam.core.reasons import because, refuse

# Made once: it is asked for each row that an officer writes, and putting it together costs more than running it.
_COMMUNE = select(AreaTerm.parent_id).where(
    AreaTerm.area_id == bindparam("village"),
    AreaTerm.from_on <= bindparam("on"),
    or_(AreaTerm.until_on.is_(None), AreaTerm.until_on > bindparam("on")),
)

_LAST = (
    select(AreaTerm.until_on, AreaTerm.successor_id)
    .where(AreaTerm.area_id == bindparam("area"), AreaTerm.from_on <= bindparam("on"))
    .order_by(AreaTerm.from_on.desc())
    .limit(1)
)


_KINDS = ("Xã ", "Phường ", "Thị trấn ", "Đặc khu ")  # written small in the middle of a sentence


@dataclass(frozen=True, slots=True)
class AreaOnMap:
    """An area as it was on the map's date.

    `whence` is the commune from which a village came where another one of its commune bears the same name.
    """

    id: UUID
    level: Level
    code: str
    name: str
    kind: str
    parent_id: UUID | None
    whence: str | None = None


@dataclass(frozen=True, slots=True)
class EndedVillage:
    """A village that had ended by the map's date: what it was called last, and what took its place."""

    name: str
    successor_id: UUID


@dataclass
class AreaMap:
    """All areas of one date, as a tree.

    What belongs to a village (teams, households, visits) belongs to a piece of ground for ever, and the piece to a
    village of the map: the one of the same id, or where that one has ended its stand-in. So whoever goes from villages
    to rows asks for their `ground`, and whoever goes from a row to its village asks `village_of`.

    `were` says what villages were called before the first other one became a part of them.
    """

    on: date
    by_id: dict[UUID, AreaOnMap]
    children: dict[UUID | None, list[AreaOnMap]] = field(default_factory=dict)
    ended: dict[UUID, EndedVillage] = field(default_factory=dict)
    were: dict[UUID, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for area in self.by_id.values():
            self.children.setdefault(area.parent_id, []).append(area)

    def below(self, area_id: UUID, level: Level) -> Iterator[AreaOnMap]:
        """The areas of `level` at or under an area."""
        area = self.by_id[area_id]
        if area.level == level:
            yield area
            return
        for child in self.children.get(area_id, ()):
            yield from self.below(child.id, level)

    def above(self, area_id: UUID) -> Iterator[AreaOnMap]:
        """The area itself (a village's stand-in) and all it belongs to, upwards."""
        area = self.village_of(area_id)
        while area is not None:
            yield area
            area = self.by_id.get(area.parent_id) if area.parent_id else None

    def village_of(self, area_id: UUID) -> AreaOnMap | None:
        """The area itself, or where it is a village that has ended the one that stands in its place."""
        passed = set()
        while area_id in self.ended and area_id not in passed:
            passed.add(area_id)
            area_id = self.ended[area_id].successor_id
        return self.by_id.get(area_id)

    def ground(self, village_id: UUID) -> tuple[UUID, ...]:
        """The pieces of ground of a village on the map: its own, then those of the villages that it stands in for."""
        return village_id, *self._taken.get(village_id, ())

    def ground_below(self, area_id: UUID) -> list[UUID]:
        """The pieces of ground of all villages at or under an area."""
        return [piece for village in self.below(area_id, Level.VILLAGE) for piece in self.ground(village.id)]

    def former_name(self, area_id: UUID) -> str | None:
        """What a piece of ground was called by itself before it was a part of its village, or else whence this came.

        None where neither tells it from others.
        """
        ended, village = self.ended.get(area_id), self.village_of(area_id)
        own = ended.name if ended else self.were.get(area_id)
        if own and (village is None or village.name != own):
            return own
        return village.whence if village else None

    @cached_property
    def _taken(self) -> dict[UUID, list[UUID]]:
        """The ended villages that each village stands in for."""
        found: dict[UUID, list[UUID]] = {}
        for area_id in self.ended:
            if village := self.village_of(area_id):
                found.setdefault(village.id, []).append(area_id)
        return found

    def with_code(self, code: str) -> AreaOnMap | None:
        """The area that had the statistics office's `code`; the highest where levels share one."""
        order = list(Level)
        found = [area for area in self.by_id.values() if area.code == code]
        return min(found, key=lambda area: order.index(area.level), default=None)

    def of_level(self, level: Level) -> list[AreaOnMap]:
        """All areas of a level."""
        return [area for area in self.by_id.values() if area.level == level]

    @property
    def province(self) -> AreaOnMap | None:
        """The province, when it has been loaded."""
        return next(iter(self.of_level(Level.PROVINCE)), None)


def in_force(on: date) -> ColumnElement[bool]:
    """The condition that an AreaTerm holds on a date."""
    return and_(AreaTerm.from_on <= on, or_(AreaTerm.until_on.is_(None), AreaTerm.until_on > on))


def area_map(session: Session, on: date) -> AreaMap:
    """The map of the date `on`."""
    columns = (Area.id, Area.level, AreaTerm.code, AreaTerm.name, AreaTerm.kind, AreaTerm.parent_id)
    rows = session.execute(select(*columns).join(AreaTerm, AreaTerm.area_id == Area.id).where(in_force(on)))
    by_id = {row[0]: AreaOnMap(row[0], Level(row[1]), *row[2:]) for row in rows}
    wanted = ended_villages(on, AreaTerm.area_id, AreaTerm.name, AreaTerm.successor_id)
    return told_apart(session, on, by_id, {row[0]: EndedVillage(*row[1:]) for row in session.execute(wanted)})


def told_apart(session: Session, on: date, by_id: dict[UUID, AreaOnMap], ended: dict[UUID, EndedVillage]) -> AreaMap:
    """The map of these areas, with what tells apart villages of one name and the pieces of ground of one village."""
    villages: dict[tuple[UUID | None, str], list[AreaOnMap]] = {}
    for area in by_id.values():
        if area.level == Level.VILLAGE:
            villages.setdefault((area.parent_id, area.name.casefold()), []).append(area)
    namesakes = [alike for alike in villages.values() if len(alike) > 1]
    known = by_id | _with_whence(session, on, namesakes) if namesakes else by_id
    return AreaMap(on, known, ended=ended, were=_names_before(session, on) if ended else {})


def _with_whence(session: Session, on: date, namesakes: list[list[AreaOnMap]]) -> dict[UUID, AreaOnMap]:
    """Villages with the last commune before their own through which none of their namesakes came."""
    came = _communes_before(session, on, [village for alike in namesakes for village in alike])
    found = {}
    for alike in namesakes:
        for village in alike:
            others = {name for other in alike if other.id != village.id for name in came[other.id]}
            whence = next((name for name in came[village.id] if name not in others), None)
            found[village.id] = replace(village, whence=whence)
    return found


def _communes_before(session: Session, on: date, villages: list[AreaOnMap]) -> dict[UUID, list[str]]:
    """What communes to which villages belonged before a map were called when they left them, the last first."""
    found: dict[UUID, list[str]] = {village.id: [] for village in villages}
    own = {village.id: village.parent_id for village in villages}
    commune = aliased(AreaTerm)
    left_on = case((AreaTerm.until_on <= on, AreaTerm.until_on), else_=on)
    at_the_end = (commune.from_on < left_on, or_(commune.until_on.is_(None), commune.until_on >= left_on))
    columns = select(AreaTerm.area_id, AreaTerm.parent_id, commune.name)
    rows = columns.join(commune, and_(commune.area_id == AreaTerm.parent_id, *at_the_end))
    here = (AreaTerm.area_id.in_(found), AreaTerm.from_on <= on)
    for village_id, commune_id, name in session.execute(rows.where(*here).order_by(AreaTerm.from_on.desc())):
        if commune_id != own[village_id]:
            found[village_id].append(name[:1].lower() + name[1:] if name.startswith(_KINDS) else name)
    return found


def _names_before(session: Session, on: date) -> dict[UUID, str]:
    """What villages were called on the day before the first other one became a part of them."""
    ended = aliased(AreaTerm)
    joined = and_(ended.successor_id == AreaTerm.area_id, ended.until_on == AreaTerm.until_on)
    names = select(AreaTerm.area_id, AreaTerm.name).join(ended, joined).where(AreaTerm.until_on <= on)
    found: dict[UUID, str] = {}
    for area_id, name in session.execute(names.order_by(AreaTerm.until_on)):
        found.setdefault(area_id, name)
    return found


def ended_villages(on: date, *columns: ColumnElement[Any] | InstrumentedAttribute[Any]) -> Select[Any]:
    """Columns of the last terms of villages that had ended by a date and have a successor, in the order of ids.

    Such a term is an area's last: what takes a village's place later is the successor's.
    """
    ended = (AreaTerm.successor_id.is_not(None), AreaTerm.until_on <= on, Area.level == Level.VILLAGE)
    return select(*columns).join(Area, Area.id == AreaTerm.area_id).where(*ended).order_by(AreaTerm.area_id)


def with_ground(villages: Select[Any], on: date) -> Select[Any]:
    """A selection of `AreaTerm.area_id` of villages in force on a date, with all their pieces of ground."""
    ground = villages.cte(recursive=True)
    ended = select(AreaTerm.area_id).where(AreaTerm.successor_id == ground.c.area_id, AreaTerm.until_on <= on)
    return select(ground.union(ended).c.area_id)


def hold_map(session: Session) -> None:
    """Lets nobody else change any map until the commit: what was planned on one must still be true when it is written.

    On SQLite there is one writer anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE area_term IN SHARE ROW EXCLUSIVE MODE"))


def map_changes(session: Session, since: date) -> list[date]:
    """The days after `since` on which the map changes, future ones included."""
    days = select(AreaTerm.from_on).where(AreaTerm.from_on > since).distinct().order_by(AreaTerm.from_on)
    return list(session.scalars(days))


def with_forerunners(area_id: UUID, on: date) -> Select[Any]:
    """The ids of an area in force on a date and of all that had ended by then and in whose place it stands."""
    return with_ground(select(AreaTerm.area_id).where(AreaTerm.area_id == area_id, in_force(on)), on)


def last_names(session: Session, area_ids: Iterable[UUID]) -> dict[UUID, str]:
    """What each area is called, or was called when it ended."""
    columns = select(AreaTerm.area_id, AreaTerm.name).where(AreaTerm.area_id.in_(area_ids)).order_by(AreaTerm.from_on)
    return {area_id: name for area_id, name in session.execute(columns)}  # noqa: C416 — rows are no pairs to mypy


def commune_of(session: Session, village_id: UUID, on: date) -> UUID | None:
    """The commune to which a village, or its stand-in, belonged on a date."""
    connection = session.connection()
    found = connection.scalar(_COMMUNE, {"village": village_id, "on": on})
    if found is None and (stand_in := area_in_place_of(session, village_id, on)) != village_id:
        found = connection.scalar(_COMMUNE, {"village": stand_in, "on": on})
    return found


def communes_ever(session: Session, village_ids: Iterable[UUID], on: date) -> set[UUID]:
    """The communes of a date in which some ground lies, or lay, or that stand in the place of such ones."""
    pieces = set(village_ids)
    villages = pieces | {area_in_place_of(session, piece, on) for piece in pieces}
    parents = session.scalars(select(AreaTerm.parent_id).where(AreaTerm.area_id.in_(villages)).distinct())
    return {area_in_place_of(session, parent, on) for parent in parents if parent}


def area_in_place_of(session: Session, area_id: UUID, on: date) -> UUID:
    """The area itself, or where it ended before a date the one that stands in its place then."""
    while True:
        last = session.connection().execute(_LAST, {"area": area_id, "on": on}).first()
        if last is None or last.until_on is None or last.until_on > on or last.successor_id is None:
            return area_id
        area_id = last.successor_id


def day_with(session: Session, area_id: UUID, on: date) -> date:
    """The date itself, or the last day of an area that had ended by then: what is asked of it has an answer there."""
    last = session.connection().execute(_LAST, {"area": area_id, "on": on}).first()
    ended = last is not None and last.until_on is not None and last.until_on <= on
    return last.until_on - timedelta(days=1) if last is not None and ended else on


def reorganisations(session: Session) -> Sequence[Reorganisation]:
    """All that were applied, the newest first."""
    order = (Reorganisation.effective_on.desc(), Reorganisation.applied_at.desc())
    return session.scalars(select(Reorganisation).order_by(*order)).all()


def find_reorganisation(session: Session, id_: str) -> Reorganisation:
    """The reorganisation of that id, or the Refusal that there is none."""
    try:
        record = session.get(Reorganisation, UUID(id_))
    except ValueError:
        record = None
    if record is None:
        raise refuse(because("there is no reorganisation %(id)s.", id=id_))
    return record
