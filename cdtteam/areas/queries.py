"""The map of a date: which areas there were, what they were called and where they belonged."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from cdtteam.areas.models import Area, AreaTerm, Level


@dataclass(frozen=True, slots=True)
class AreaOnMap:
    """An area as it was on the map's date."""

    id: UUID
    level: Level
    code: str
    name: str
    kind: str
    parent_id: UUID | None


@dataclass
class AreaMap:
    """All areas of one date, as a tree."""

    on: date
    by_id: dict[UUID, AreaOnMap]
    children: dict[UUID | None, list[AreaOnMap]] = field(default_factory=dict)

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
        """The area itself and all it belongs to, upwards."""
        current: UUID | None = area_id
        while current is not None and (area := self.by_id.get(current)):
            yield area
            current = area.parent_id

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
    return AreaMap(on, {row[0]: AreaOnMap(row[0], Level(row[1]), *row[2:]) for row in rows})


def commune_of(session: Session, village_id: UUID, on: date) -> UUID | None:
    """The commune to which a village belonged on a date."""
    return session.scalar(select(AreaTerm.parent_id).where(AreaTerm.area_id == village_id, in_force(on)))
