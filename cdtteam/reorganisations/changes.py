"""What a reorganisation that is applied made of what."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdtteam.areas.models import Level, Reorganisation, ReorganisedTerm
from cdtteam.areas.queries import AreaMap, AreaOnMap, area_map
from cdtteam.core.text import natural_key


@dataclass(frozen=True, slots=True)
class Change:
    """A unit that a reorganisation made or changed, the units that it was before, and the communes that it concerns."""

    unit: AreaOnMap
    olds: list[str]
    communes: frozenset[UUID]


def changes_of(session: Session, record: Reorganisation) -> list[Change]:
    """The communes that it made or changed, or the villages where there are none, by name; undone, it has none."""
    begun = (ReorganisedTerm.reorganisation_id == record.id, ReorganisedTerm.is_new.is_(True))
    ids = session.scalars(select(ReorganisedTerm.area_id).where(*begun)).all()
    before = area_map(session, record.effective_on - timedelta(days=1))
    after = area_map(session, record.effective_on)
    units = [after.by_id[area_id] for area_id in ids if area_id in after.by_id]
    communes = [unit for unit in units if unit.level is Level.COMMUNE]
    return sorted(
        (_change(unit, before, after) for unit in communes or units), key=lambda change: natural_key(change.unit.name)
    )


def _change(unit: AreaOnMap, before: AreaMap, after: AreaMap) -> Change:
    """What a unit was the day before: the villages on its ground, or the communes of its villages and its own name."""
    if unit.level is Level.VILLAGE:
        pieces = [before.by_id[piece] for piece in after.ground(unit.id) if piece in before.by_id]
        parents = {unit.parent_id, *(piece.parent_id for piece in pieces)}
        return Change(unit, [piece.name for piece in pieces], frozenset(id_ for id_ in parents if id_))
    villages = after.children.get(unit.id, ())
    earlier = [before.by_id[village.id] for village in villages if village.id in before.by_id]
    parents = {unit.id, *(village.parent_id for village in earlier)}
    olds = sorted((before.by_id[id_].name for id_ in parents if id_ in before.by_id), key=natural_key)
    return Change(unit, olds, frozenset(id_ for id_ in parents if id_))
