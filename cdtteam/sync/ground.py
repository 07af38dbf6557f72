"""How phones are told of pieces of ground: by the villages of today's map, and by what is near on others."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from cdtteam.areas.queries import AreaMap, area_map, map_changes
from cdtteam.core.clock import civil_date

MOVES_TOLD = timedelta(days=60)  # how long phones are told that a village came to another commune


def atlas_around(session: Session, now: datetime) -> list[AreaMap]:
    """Today's map first; then, by day, the one before the changes that phones are told of, and one for each change."""
    today = civil_date(now)
    days = map_changes(session, today - MOVES_TOLD)
    before = [days[0] - timedelta(days=1)] if days else []
    return [area_map(session, on) for on in (today, *before, *days)]


@dataclass(frozen=True, slots=True)
class _Stand:
    """How a piece of ground is called on a map: by its village, in which commune, of how many pieces."""

    village: str
    commune: str
    pieces: int


def place_on(atlas: list[AreaMap], village_id: UUID) -> dict[str, Any]:
    """A piece of ground for a phone, called as the village is that stands there today; the atlas is `atlas_around`'s.

    `former`, where there is any, tells it from others: the piece's own former name where it is a part of a village, or
    the commune from which its village came where another one there bears the same name. `moves`, where there are any,
    say from which day on it belongs to which commune, or is called otherwise.
    """
    today, *others = atlas
    stands = [(other.on, _stand(other, village_id)) for other in others]
    moves = [_move(on, was, then) for (_, was), (on, then) in pairwise(stands) if _names(was) != _names(then)]
    area, former = today.village_of(village_id), today.former_name(village_id)
    assert area is not None
    place = {"id": village_id, "name": area.name, "kind": area.kind, "commune_name": _stand(today, village_id).commune}
    return place | ({"former": former} if former else {}) | ({"moves": moves} if moves else {})


def _stand(map_: AreaMap, village_id: UUID) -> _Stand:
    village = map_.village_of(village_id)
    if village is None:
        return _Stand("", "", 0)
    parent = map_.by_id.get(village.parent_id) if village.parent_id else None
    return _Stand(village.name, parent.name if parent else "", len(map_.ground(village.id)))


def _names(stand: _Stand) -> tuple[str, str]:
    return stand.village, stand.commune


def _move(on: date, was: _Stand, then: _Stand) -> dict[str, Any]:
    """What changes on a day; `joined` says that it is a part of more from then on, and not only called otherwise."""
    move = {"on": on, "commune_name": then.commune}
    if was.village == then.village:
        return move
    return {**move, "name": then.village, "was": was.village, "joined": then.pieces > was.pieces}
