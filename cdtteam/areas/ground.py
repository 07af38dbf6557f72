"""Pieces of ground as people read of them: under the village of the map, with the name that they had."""

from dataclasses import replace
from uuid import UUID

from flask_babel import gettext

from cdtteam.areas.models import Level
from cdtteam.areas.queries import AreaMap, AreaOnMap


def called(village: AreaOnMap) -> str:
    """What people read of a village: its name, and whence it came where its commune has another one of this name."""
    return _with_former(village.name, village.whence)


def told_of(name: str, village: AreaOnMap) -> str:
    """The name of something that is called by its village, with what tells this from others."""
    return _with_former(name, village.whence)


def told_on(areas: AreaMap, name: str, area_id: UUID) -> str:
    """The same for a team by the piece of ground on which it stands, on a map."""
    village = areas.village_of(area_id)
    return told_of(name, village) if village else name


def piece_on(areas: AreaMap, area_id: UUID) -> AreaOnMap | None:
    """The village to which a row's village belongs on a map, under the row's own id, called so that it is told apart.

    None for one that the map does not know.
    """
    village = areas.village_of(area_id)
    if village is None:
        return None
    return replace(village, id=area_id, name=_with_former(village.name, areas.former_name(area_id)), whence=None)


def name_on(areas: AreaMap, area_id: UUID) -> str:
    """What a piece of ground is called on a map; empty where the map does not know it."""
    piece = piece_on(areas, area_id)
    return piece.name if piece else ""


def home_on(areas: AreaMap, area_id: UUID) -> AreaOnMap | None:
    """The same where the village that went on means all of its ground: to lists, and as a team's home."""
    village = areas.by_id.get(area_id)
    return replace(village, name=called(village), whence=None) if village else piece_on(areas, area_id)


def _with_former(name: str, former: str | None) -> str:
    return str(gettext("%(village)s (formerly %(former)s)", village=name, former=former)) if former else name


def pieces_below(areas: AreaMap, area_id: UUID) -> list[AreaOnMap]:
    """All pieces of ground at or under an area, in the order of their villages' codes."""
    villages = sorted(areas.below(area_id, Level.VILLAGE), key=lambda village: village.code)
    pieces = (piece_on(areas, piece) for village in villages for piece in areas.ground(village.id))
    return [piece for piece in pieces if piece]
