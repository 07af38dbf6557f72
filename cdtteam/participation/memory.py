"""What was added up last is kept while the rows that it came from are the same; nothing here is believed unseen."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from threading import Lock
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import Executable, select
from sqlalchemy.orm import Session

from cdtteam.areas.models import Area, AreaTerm, Level
from cdtteam.areas.queries import AreaMap, AreaOnMap, EndedVillage, ended_villages, in_force, told_apart
from cdtteam.core.periods import Period
from cdtteam.participation.columns import PERIODS, hex_id, plain_rows
from cdtteam.participation.standing import Standing, TeamRow, count_teams, read_standings, read_teams
from cdtteam.participation.summaries import Summary, read_summaries
from cdtteam.participation.tally import Tally

KEPT = 3  # tallies a process keeps: each is some megabytes

AreaRow = tuple[Any, ...]  # id, level, code, name, kind, parent; of an ended village id, name, successor
AreaRows = tuple[list[AreaRow], list[AreaRow]]  # the areas in force, the ended villages


@dataclass(frozen=True, slots=True)
class _Kept:
    areas: AreaRows
    teams: list[TeamRow]
    stamps: dict[str, int]
    summaries: dict[str, Summary]
    standings: dict[str, Standing]
    tally: Tally


_kept: WeakKeyDictionary[Any, OrderedDict[tuple[date, date, date], _Kept]] = WeakKeyDictionary()
_lock = Lock()


def read_tally(
    session: Session, period: Period, map_on: date, stamps: dict[str, int], alone: dict[str, Summary] | None = None
) -> Tally:
    """The tally of a period on a map; `alone` are summaries that hold for this answer and are not kept."""
    key = (period.from_on, period.to_on, map_on)
    kept = _recall(session, key)
    areas, teams = _read_areas(session, map_on), read_teams(session, period)
    if kept and not alone and (kept.areas, kept.teams, kept.stamps) == (areas, teams, stamps):
        standings = read_standings(session, period, set(kept.standings))
        if standings == kept.standings:
            return kept.tally
    summaries = _summaries(session, period, stamps, kept) | (alone or {})
    counted = count_teams(teams, summaries)
    standings = read_standings(session, period, {team.id for team in counted.values() if not team.visits})
    for team_id, standing in standings.items():
        counted[team_id].standing = standing
    map_ = kept.tally.areas if kept and kept.areas == areas else _map(session, map_on, areas)
    tally = Tally(map_, counted.values(), summaries)
    if not alone:
        _keep(session, key, _Kept(areas, teams, stamps, summaries, standings, tally))
    return tally


def _recall(session: Session, key: tuple[date, date, date]) -> _Kept | None:
    with _lock:
        of_database = _kept.get(session.get_bind(), OrderedDict())
        if key in of_database:
            of_database.move_to_end(key)
        return of_database.get(key)


def _keep(session: Session, key: tuple[date, date, date], kept: _Kept) -> None:
    with _lock:
        of_database = _kept.setdefault(session.get_bind(), OrderedDict())
        of_database[key] = kept
        of_database.move_to_end(key)
        while len(of_database) > KEPT:
            of_database.popitem(last=False)


def _summaries(session: Session, period: Period, stamps: dict[str, int], kept: _Kept | None) -> dict[str, Summary]:
    """The summaries with these stamps; only those that are not at hand are read."""
    at_hand = kept.summaries if kept else {}
    known = kept.stamps if kept else {}
    new = {village for village, stamp in stamps.items() if known.get(village) != stamp}
    found = {village: at_hand[village] for village in stamps.keys() - new}
    return found | read_summaries(session, period, new) if new else found


def _read_areas(session: Session, on: date) -> AreaRows:
    in_force, ended = ([*map(tuple, plain_rows(session, statement))] for statement in _areas_on(on))
    return in_force, ended


@lru_cache(PERIODS)
def _areas_on(on: date) -> tuple[Executable, Executable]:
    columns = (hex_id(Area.id), Area.level, AreaTerm.code, AreaTerm.name, AreaTerm.kind, hex_id(AreaTerm.parent_id))
    known = select(*columns).join(AreaTerm, AreaTerm.area_id == Area.id).where(in_force(on)).order_by(Area.id)
    return known, ended_villages(on, hex_id(AreaTerm.area_id), AreaTerm.name, hex_id(AreaTerm.successor_id))


def _map(session: Session, on: date, rows: AreaRows) -> AreaMap:
    """As areas.queries.area_map makes it, from rows that are at hand."""
    areas = [
        AreaOnMap(UUID(area_id), Level(level), code, name, kind, UUID(parent_id) if parent_id else None)
        for area_id, level, code, name, kind, parent_id in rows[0]
    ]
    ended = {UUID(area_id): EndedVillage(name, UUID(successor_id)) for area_id, name, successor_id in rows[1]}
    return told_apart(session, on, {area.id: area for area in areas}, ended)
