"""The figures of areas: one query for the pages, the API and whatever is exported."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import zip_longest
from uuid import UUID

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor, Permission
from cdtteam.access.policy import require
from cdtteam.areas.models import Level
from cdtteam.areas.queries import AreaMap, AreaOnMap, area_map
from cdtteam.core.periods import Period
from cdtteam.core.problems import Problem
from cdtteam.participation.standing import Standing, TeamStanding, teams_in_force
from cdtteam.participation.summaries import (
    Services,
    Summary,
    chunks,
    keep_range,
    read_summaries,
    renew_summaries,
    summarise,
)
from cdtteam.replica.work import Work
from cdtteam.web.transactions import snapshot, writing

log = logging.getLogger("cdtteam")

CHUNK = 40  # villages whose summaries are made in one transaction


@dataclass(slots=True)
class Figures:
    """The figures of an area (contracts, "Figures"): the sums of its villages' and of its teams'."""

    in_force: int = 0
    active: int = 0
    reported_nothing: int = 0
    causes: dict[Standing, int] = field(default_factory=dict)
    members_in_force: int = 0
    members_active: int = 0
    visits: int = 0
    people: int = 0
    households: int = 0
    households_unnamed: int = 0
    services: Services = field(default_factory=dict)
    series: list[int] = field(default_factory=list)

    @property
    def silent(self) -> int:
        """Teams that neither had a visit nor said that there was nothing."""
        return sum(self.causes.values())

    @property
    def participation(self) -> float | None:
        """Active teams among those in force, 0 to 1; None where there are no teams."""
        return self.active / self.in_force if self.in_force else None

    def take_team(self, team: TeamStanding) -> None:
        """Counts a team that stands here."""
        self.in_force += 1
        self.members_in_force += len(team.members)
        self.members_active += len(team.active_members)
        if team.standing is Standing.ACTIVE:
            self.active += 1
        elif team.standing is Standing.REPORTED_NOTHING:
            self.reported_nothing += 1
        else:
            self.causes[team.standing] = self.causes.get(team.standing, 0) + 1


def total(parts: Iterable[Figures]) -> Figures:
    """The sum of figures."""
    whole = Figures()
    series: list[list[int]] = []
    for part in parts:
        whole.in_force += part.in_force
        whole.active += part.active
        whole.reported_nothing += part.reported_nothing
        whole.members_in_force += part.members_in_force
        whole.members_active += part.members_active
        whole.visits += part.visits
        whole.people += part.people
        whole.households += part.households
        whole.households_unnamed += part.households_unnamed
        for cause, teams in part.causes.items():
            whole.causes[cause] = whole.causes.get(cause, 0) + teams
        _add_services(whole.services, part.services)
        series.append(part.series)
    whole.series = [sum(step) for step in zip_longest(*series, fillvalue=0)]
    return whole


def _add_services(whole: Services, part: Services) -> None:
    for code, (visits, people) in part.items():
        sums = whole.get(code)
        if sums is None:
            whole[code] = [visits, people]
        else:
            sums[0] += visits
            sums[1] += people


@dataclass(frozen=True, slots=True)
class Question:
    """Which figures are asked for: of an area of a map, for a period. `map_name` is how the map was named."""

    period: Period
    map_on: date
    map_name: str
    area_code: str | None
    by: Level | None


@dataclass
class Participation:
    """The figures of one state of the database."""

    period: Period
    map_name: str
    area: AreaOnMap
    by: Level | None
    as_of: datetime
    areas: AreaMap
    teams: dict[str, list[TeamStanding]]
    summaries: dict[str, Summary]
    _known: dict[str, Figures] = field(default_factory=dict)

    def of(self, area: AreaOnMap) -> Figures:
        """The figures of an area on the map."""
        key = area.id.hex
        if key not in self._known:
            below = self.areas.children.get(area.id, ())
            self._known[key] = self._of_village(key) if area.level == Level.VILLAGE else total(map(self.of, below))
        return self._known[key]

    @property
    def rows(self) -> list[tuple[AreaOnMap, Figures]]:
        """A row for every area of the level asked for, in the order of codes."""
        if self.by is None:
            return []
        return [(area, self.of(area)) for area in sorted(self.areas.below(self.area.id, self.by), key=_code)]

    def _of_village(self, village: str) -> Figures:
        summary = self.summaries.get(village) or Summary()
        figures = Figures(
            visits=summary.visits, people=summary.people, households=summary.households,
            households_unnamed=summary.households_unnamed, services=summary.services, series=summary.series,
        )  # fmt: skip
        for team in self.teams.get(village, ()):
            figures.take_team(team)
        return figures


def participation(actor: Actor, session: Session, question: Question, now: datetime) -> Participation:
    """The figures asked for, with everything acknowledged before; Problem `not_found`, `out_of_scope`, `invalid_field`."""
    require(actor, Permission.PARTICIPATION_READ)
    with snapshot(session):
        areas, area = _area_asked(actor, session, question)
        summaries, outdated = read_summaries(session, question.period)
        if not outdated:
            return _put_together(session, question, (areas, area), summaries, now)
    _renew(session, outdated, question.period, now)
    with snapshot(session):
        areas, area = _area_asked(actor, session, question)
        summaries, outdated = read_summaries(session, question.period)
        # What changed again meanwhile, or could not be kept, is counted for this answer alone.
        summaries |= summarise(session, outdated, question.period)
        return _put_together(session, question, (areas, area), summaries, now)


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


def _area_asked(actor: Actor, session: Session, question: Question) -> tuple[AreaMap, AreaOnMap]:
    areas = area_map(session, question.map_on)
    if question.area_code is not None:
        area = areas.with_code(question.area_code)
    else:
        area = areas.by_id.get(actor.area_id) if actor.area_id else areas.province
    if area is None:
        raise Problem("not_found")
    commune = next((above for above in areas.above(area.id) if above.level == Level.COMMUNE), area)
    require(actor, Permission.PARTICIPATION_READ, commune.id)
    return areas, area


def _put_together(
    session: Session, question: Question, where: tuple[AreaMap, AreaOnMap], summaries: dict[str, Summary], now: datetime
) -> Participation:
    areas, area = where
    teams: dict[str, list[TeamStanding]] = {}
    for team in teams_in_force(session, question.period, summaries):
        teams.setdefault(team.home, []).append(team)
    by = _level_of_rows(areas, area, question.by)
    return Participation(question.period, question.map_name, area, by, now, areas, teams, summaries)


def _level_of_rows(areas: AreaMap, area: AreaOnMap, by: Level | None) -> Level | None:
    """The level asked for, else the one below the area; None below a village."""
    levels = list(Level)
    if by is not None:
        if levels.index(by) < levels.index(area.level):
            raise Problem("invalid_field", field="by")
        return by
    below = levels[levels.index(area.level) + 1 :]
    return next((level for level in below if level != Level.DISTRICT or areas.of_level(level)), None)


def _code(area: AreaOnMap) -> str:
    return area.code
