"""The figures of areas: one query for the pages, the API and whatever is exported."""

import logging
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor, Permission
from cdtteam.access.policy import require
from cdtteam.areas.models import Level
from cdtteam.areas.queries import AreaMap, AreaOnMap
from cdtteam.core.periods import Period
from cdtteam.core.problems import Problem
from cdtteam.participation.memory import read_tally
from cdtteam.participation.summaries import chunks, keep_range, read_outdated, read_stamps, renew_summaries, summarise
from cdtteam.participation.tally import Figures, Tally
from cdtteam.replica.work import Work
from cdtteam.web.transactions import snapshot, writing

log = logging.getLogger("cdtteam")

CHUNK = 40  # villages whose summaries are made in one transaction


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
            return _answer(actor, question, read_tally(session, period, question.map_on, stamps), now)
    _renew(session, outdated, period, now)
    with snapshot(session):
        stamps = read_stamps(session, period)
        # What changed again meanwhile, or could not be kept, is counted for this answer alone.
        alone = summarise(session, read_outdated(session, period, stamps), period)
        return _answer(actor, question, read_tally(session, period, question.map_on, stamps, alone), now)


def _renew(session: Session, outdated: list[UUID], period: Period, now: datetime) -> None:
    """Makes summaries again and keeps them, as far as the database is not too busy for that."""
    try:
        with writing(session):
            keep_range(session, period, now)
        for village_ids in chunks(outdated, CHUNK):
            with writing(session):
                renew_summaries(Work(session, now), village_ids, period)
    except (Problem, DBAPIError):
        log.warning("summaries could not be kept", exc_info=True)


def _answer(actor: Actor, question: Question, tally: Tally, now: datetime) -> Participation:
    area = _area_asked(actor, tally.areas, question.area_code)
    by = _level_of_rows(tally.areas, area, question.by)
    return Participation(question.period, question.map_name, area, by, now, tally)


def _area_asked(actor: Actor, areas: AreaMap, code: str | None) -> AreaOnMap:
    """The area with the code, else the actor's own, that the actor may see."""
    if code is not None:
        area = areas.with_code(code)
    else:
        area = areas.by_id.get(actor.area_id) if actor.area_id else areas.province
    if area is None:
        raise Problem("not_found")
    commune = next((above for above in areas.above(area.id) if above.level == Level.COMMUNE), area)
    require(actor, Permission.PARTICIPATION_READ, commune.id)
    return area


def _level_of_rows(areas: AreaMap, area: AreaOnMap, by: Level | None) -> Level | None:
    """The level asked for, else the one below the area; None below a village."""
    levels = list(Level)
    if by is not None:
        if levels.index(by) < levels.index(area.level):
            raise Problem("invalid_field", field="by")
        return by
    below = levels[levels.index(area.level) + 1 :]
    return next((level for level in below if level != Level.DISTRICT or areas.of_level(level)), None)
