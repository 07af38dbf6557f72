"""What a reorganisation would change, told before anything is."""

import hashlib
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from cdtteam.access.models import Actor, Permission
from cdtteam.access.policy import require
from cdtteam.areas.merging import VillageDraft, VillagePlan, plan_village_merger
from cdtteam.areas.models import Level
from cdtteam.areas.queries import AreaMap, AreaOnMap, EndedVillage, told_apart
from cdtteam.areas.reorganising import Draft, Plan, plan_reorganisation
from cdtteam.core.clock import civil_date
from cdtteam.core.ids import new_id
from cdtteam.core.periods import Period, parse_period
from cdtteam.households.queries import households_by_village
from cdtteam.participation.figures import Question, participation
from cdtteam.tasks.queries import open_tasks_of
from cdtteam.teams.merging import take_overs, takes_effect
from cdtteam.teams.queries import TeamOnGround, teams_on_ground
from cdtteam.web.transactions import snapshot


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is in some villages."""

    villages: int
    teams: int
    members: int
    households: int


@dataclass(frozen=True, slots=True)
class Totals:
    """How much there is in the province; `visits` are those of the month."""

    communes: int
    size: Size
    visits: int


@dataclass(frozen=True, slots=True)
class Move:
    """Villages that come from one commune to another."""

    of: AreaOnMap
    to: str
    villages: list[AreaOnMap]
    size: Size


@dataclass(frozen=True, slots=True)
class Preview:
    """What would change; `seen` stands for the map on which it was planned, so that a later one is told apart.

    `namesakes` are the villages that would be told by whence they came, since another one of the commune is called so.
    """

    plan: Plan
    seen: str
    moves: list[Move]
    moving: Size
    before: Totals
    after: Totals
    month: Period
    namesakes: list[AreaOnMap]


@dataclass(frozen=True, slots=True)
class VillagePreview:
    """What would change of villages: what belongs to those that change, and which teams would be taken over.

    `open_tasks` is how many tasks those teams have, which nobody would have any more.
    """

    plan: VillagePlan
    seen: str
    concerned: Size
    before: Totals
    after: Totals
    month: Period
    ending: set[UUID]
    open_tasks: int


@dataclass(frozen=True, slots=True)
class _Rows:
    """What belongs to pieces of ground, from one state of the database."""

    teams: list[TeamOnGround]
    households: Mapping[UUID, int]
    visits: Mapping[UUID, int]

    def size(self, villages: int, ground: Set[UUID]) -> Size:
        teams = [team for team in self.teams if team.village_id in ground]
        members = {member for team in teams for member in team.members}
        return Size(villages, len(teams), len(members), sum(self.households.get(piece, 0) for piece in ground))

    def totals(self, areas: AreaMap) -> Totals:
        """What is found from the province downwards, so that a village that fell off the map would be missed."""
        province = areas.province
        ground = set(areas.ground_below(province.id)) if province else set[UUID]()
        communes, villages = (len(areas.of_level(level)) for level in (Level.COMMUNE, Level.VILLAGE))
        return Totals(communes, self.size(villages, ground), sum(self.visits.get(piece, 0) for piece in ground))


def preview_reorganisation(actor: Actor, session: Session, draft: Draft, *, on: date, now: datetime) -> Preview:
    """What the draft would change on the day `on`; the Refusal or Undecided that applying it would meet."""
    require(actor, Permission.AREA_MANAGE)
    month = _month(now)
    with snapshot(session):
        plan = plan_reorganisation(session, draft, on=on)
        rows = _read(session, on, now)
        planned = planned_map(plan)
        after = told_apart(session, on, planned.by_id, planned.ended)
    rows = replace(rows, visits=_visits(actor, session, month, on, now))
    return Preview(
        plan=plan,
        seen=map_seen(plan.before),
        moves=_moves(plan, rows),
        moving=_size(plan, rows, plan.moving),
        before=rows.totals(plan.before),
        after=rows.totals(after),
        month=month,
        namesakes=[after.by_id[id_] for id_ in plan.moving if after.by_id[id_].whence],
    )


def preview_merger(actor: Actor, session: Session, draft: VillageDraft, *, on: date, now: datetime) -> VillagePreview:
    """What the draft would change of villages on the day `on`; the Refusal that applying it would meet."""
    require(actor, Permission.AREA_MANAGE)
    month = _month(now)
    with snapshot(session):
        plan = plan_village_merger(session, draft, on=on)
        rows = _read(session, on, now)
        ending = {team.id for one in take_overs(session, plan, takes_effect(on, now)) for team in one.ending}
        open_tasks = open_tasks_of(session, ending)
    rows = replace(rows, visits=_visits(actor, session, month, on, now))
    before, after = rows.totals(plan.before), rows.totals(merged_map(plan))
    after = replace(after, size=replace(after.size, teams=after.size.teams - len(ending)))
    concerned = _size(plan, rows, plan.concerned)
    return VillagePreview(plan, map_seen(plan.before), concerned, before, after, month, ending, open_tasks)


def map_seen(areas: AreaMap) -> str:
    """A digest of a map, by which another one is told apart."""
    rows = sorted((str(area.id), area.code, area.name, area.kind, str(area.parent_id)) for area in areas.by_id.values())
    ended = sorted((str(area_id), str(ended.successor_id)) for area_id, ended in areas.ended.items())
    return hashlib.sha256(repr((rows, ended)).encode()).hexdigest()


def planned_map(plan: Plan) -> AreaMap:
    """The map of the day as it would be."""
    gone = plan.ended.keys() | {district.id for district in plan.districts}
    by_id = {area_id: area for area_id, area in plan.before.by_id.items() if area_id not in gone}
    ids = {code: unit.kept.id if unit.kept else new_id() for code, unit in plan.units.items()}
    for code, unit in plan.units.items():
        by_id[ids[code]] = AreaOnMap(ids[code], Level.COMMUNE, code, unit.name, unit.kind, plan.province.id)
    for village_id, code in plan.moving.items():
        village = plan.before.by_id[village_id]
        by_id[village_id] = AreaOnMap(village_id, village.level, village.code, village.name, village.kind, ids[code])
    return AreaMap(plan.on, by_id, ended=plan.before.ended)


def merged_map(plan: VillagePlan) -> AreaMap:
    """The map of the day as it would be, villages having changed."""
    by_id = {area_id: area for area_id, area in plan.before.by_id.items() if area_id not in plan.ended}
    for code, unit in plan.units.items():
        by_id[unit.kept.id] = AreaOnMap(unit.kept.id, Level.VILLAGE, code, unit.name, unit.kind, unit.commune.id)
    ended = {id_: EndedVillage(plan.before.by_id[id_].name, successor) for id_, successor in plan.ended.items()}
    return AreaMap(plan.on, by_id, ended=plan.before.ended | ended)


def _read(session: Session, on: date, now: datetime) -> _Rows:
    """What there is on the day, or now where it is past; visits are asked of participation later."""
    return _Rows(teams_on_ground(session, takes_effect(on, now)), households_by_village(session), {})


def _month(now: datetime) -> Period:
    """Of whose visits the totals are shown: more than a month may have to be counted first, which takes its time."""
    return parse_period(f"{civil_date(now):%Y-%m}")


def _visits(actor: Actor, session: Session, month: Period, on: date, now: datetime) -> dict[UUID, int]:
    """The visits of a month by piece of ground: of the villages in force on the day."""
    tally = participation(actor, session, Question(month, on, on.isoformat(), None, None), now).tally
    return {village.id: tally.of(village).visits for village in tally.areas.of_level(Level.VILLAGE)}


def _moves(plan: Plan, rows: _Rows) -> list[Move]:
    groups: dict[tuple[UUID, str], list[AreaOnMap]] = {}
    for village_id, code in plan.moving.items():
        village = plan.before.by_id[village_id]
        if village.parent_id:
            groups.setdefault((village.parent_id, code), []).append(village)
    return [
        Move(plan.before.by_id[of], plan.units[code].name, found, _size(plan, rows, [one.id for one in found]))
        for (of, code), found in groups.items()
    ]


def _size(plan: Plan | VillagePlan, rows: _Rows, village_ids: Iterable[UUID]) -> Size:
    found = list(village_ids)
    return rows.size(len(found), {piece for village_id in found for piece in plan.before.ground(village_id)})
