"""The figures of areas: one query for the pages, the API and whatever is exported."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor, Permission
from cdtteam.access.policy import require
from cdtteam.areas.models import Level
from cdtteam.areas.queries import AreaMap, AreaOnMap, with_forerunners
from cdtteam.core.clock import civil_date
from cdtteam.core.periods import Period
from cdtteam.core.problems import Problem
from cdtteam.core.text import natural_key
from cdtteam.participation.memory import read_tally
from cdtteam.participation.summaries import (
    Summary,
    chunks,
    keep_range,
    keep_summaries,
    make_summaries,
    read_outdated,
    read_stamps,
)
from cdtteam.participation.tally import Figures, Tally
from cdtteam.replica.work import Work
from cdtteam.web.transactions import snapshot, writing

log = logging.getLogger("cdtteam")


@dataclass(frozen=True, slots=True)
class Question:
    """Which figures are asked for: of an area of a map, for a period. `map_name` is how the map was named."""

    period: Period
    map_on: date
    map_name: str
    area_code: str | None
    by: Level | None


@dataclass(frozen=True, slots=True)
class Participation:
    """The answer: the figures of an area, and of the areas of level `by` below it."""

    period: Period
    map_name: str
    area: AreaOnMap
    by: Level | None
    as_of: datetime
    tally: Tally

    @property
    def figures(self) -> Figures:
        """The figures of the area itself."""
        return self.tally.of(self.area)

    @property
    def has_movers(self) -> bool:
        """Whether members of several teams are counted in each of them."""
        members = [member for team in self.tally.teams_below(self.area) for member in team.members]
        return len(set(members)) < len(members)

    @property
    def rows(self) -> list[tuple[AreaOnMap, Figures]]:
        """A row for every area of the level asked for, in the order of codes."""
        if self.by is None:
            return []
        areas = sorted(self.tally.areas.below(self.area.id, self.by), key=lambda area: area.code)
        return [(area, self.tally.of(area)) for area in areas]


def participation(actor: Actor, session: Session, question: Question, now: datetime) -> Participation:
    """The figures, with everything acknowledged before; Problem `not_found`, `out_of_scope` or `invalid_field`."""
    require(actor, Permission.PARTICIPATION_READ)
    period = question.period
    with snapshot(session):
        stamps = read_stamps(session, period)
        outdated = read_outdated(session, period, stamps)
        if not outdated:
            return _answer(actor, session, question, read_tally(session, period, question.map_on, stamps), now)
    _renew(session, outdated, period, now)
    with snapshot(session):
        stamps = read_stamps(session, period)
        # What changed again meanwhile, or could not be kept, is counted for this answer alone.
        alone: dict[str, Summary] = {}
        for village_ids in chunks(read_outdated(session, period, stamps)):
            alone |= make_summaries(session, village_ids, period).summaries
        return _answer(actor, session, question, read_tally(session, period, question.map_on, stamps, alone), now)


def _renew(session: Session, outdated: Mapping[UUID, int], period: Period, now: datetime) -> None:
    """Makes summaries again and keeps them, as far as the database is not too busy for that.

    They are made without locks, so that nobody who writes waits for counting.
    """
    try:
        with writing(session):
            keep_range(session, period, now)
        for village_ids in chunks(outdated):
            with snapshot(session):
                made = make_summaries(session, village_ids, period)
            with writing(session):
                keep_summaries(Work(session, now), made, village_ids, period)
    except (Problem, DBAPIError):
        log.warning("summaries could not be kept", exc_info=True)


def _answer(actor: Actor, session: Session, question: Question, tally: Tally, now: datetime) -> Participation:
    area = _area_asked(actor, session, tally.areas, question.area_code, now)
    commune = next((above for above in tally.areas.above(area.id) if above.level == Level.COMMUNE), area)
    require(actor, Permission.PARTICIPATION_READ, commune.id, session=session, now=now)
    by = _level_of_rows(tally.areas, area, question.by)
    return Participation(question.period, question.map_name, area, by, now, tally)


def _area_asked(actor: Actor, session: Session, areas: AreaMap, code: str | None, now: datetime) -> AreaOnMap:
    """The area with the code, else the actor's own; on a map on which that was several, which one is to be said."""
    if code is not None:
        area = areas.with_code(code)
    else:
        own = own_areas(actor, session, areas, now)
        area = own[0] if len(own) == 1 else None
    if area is None:
        raise Problem("not_found")
    return area


def own_areas(actor: Actor, session: Session, areas: AreaMap, now: datetime) -> list[AreaOnMap]:
    """The actor's area on a map; where there was none, those in whose place it stands now, by name."""
    if actor.area_id is None:
        return [areas.province] if areas.province else []
    if actor.area_id in areas.by_id:
        return [areas.by_id[actor.area_id]]
    before = session.scalars(with_forerunners(actor.area_id, civil_date(now)))
    return sorted((areas.by_id[id_] for id_ in before if id_ in areas.by_id), key=lambda area: natural_key(area.name))


def _level_of_rows(areas: AreaMap, area: AreaOnMap, by: Level | None) -> Level | None:
    """The level asked for, else the one below the area; None below a village."""
    levels = list(Level)
    if by is not None:
        if levels.index(by) < levels.index(area.level):
            raise Problem("invalid_field", field="by")
        return by
    below = levels[levels.index(area.level) + 1 :]
    return next((level for level in below if level != Level.DISTRICT or areas.of_level(level)), None)
