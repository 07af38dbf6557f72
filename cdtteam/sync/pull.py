"""What a phone has not seen: one page of changes and the cursor after it (sync protocol, "Cursor and epoch")."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor
from cdtteam.areas.queries import area_map
from cdtteam.core.clock import civil_date
from cdtteam.core.db import UtcDateTime
from cdtteam.households.models import Household
from cdtteam.households.wire import household_data
from cdtteam.replica.models import CATALOGUE
from cdtteam.replica.queries import changes_after, people_until
from cdtteam.reports.models import NothingReport
from cdtteam.reports.wire import report_data
from cdtteam.support.models import Indicator, Service
from cdtteam.support.wire import indicator_data, service_data
from cdtteam.teams.models import Team
from cdtteam.teams.queries import members_of_teams, teams_of_villages, villages_of_teams
from cdtteam.visits.models import Visit
from cdtteam.visits.wire import visit_data

VISITS_KEPT = timedelta(days=400)

Data = dict[UUID, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who pulls, in which transaction, and when."""

    session: Session
    actor: Actor
    now: datetime


Loader = Callable[[Reader, Sequence[UUID], UUID], Data]  # the last is the village in whose log they stand


@dataclass(frozen=True, slots=True)
class Page:
    """One page of changes; `more` says that there are others."""

    changes: list[dict[str, Any]]
    seen: dict[UUID, int]
    more: bool


def read_page(reader: Reader, seen: dict[UUID, int], size: int) -> Page:
    """Up to `size` changes of the villages that the reader serves now, after what was `seen`.

    A village that is served no more is one change, with which a phone drops the people whom it last heard of there;
    so those of the other villages are sent again. A new village comes from its start.
    """
    villages = reader.actor.villages_at(reader.now)
    gone = sorted(seen.keys() - villages - {CATALOGUE})
    changes: list[dict[str, Any]] = [{"kind": "village", "id": village_id, "gone": "left_scope"} for village_id in gone]
    after = {village_id: seen.get(village_id, 0) for village_id in (CATALOGUE, *sorted(villages))} if villages else {}
    for village_id, version in after.items() if gone else ():
        changes += _changes(reader, village_id, people_until(reader.session, village_id, version), is_first=True)
    for village_id, version in after.items():
        room = max(0, size - len(changes))
        entries = changes_after(reader.session, village_id, version, room + 1)
        changes += _changes(reader, village_id, entries[:room], is_first=version == 0)
        if entries[:room]:
            after[village_id] = entries[:room][-1][0]
        if len(entries) > room:
            return Page(changes, after, True)
    return Page(changes, after, False)


def _changes(reader: Reader, village_id: UUID, entries: Sequence[Any], *, is_first: bool) -> Iterable[dict[str, Any]]:
    latest = {(kind, row_id): (version, gone, into) for version, kind, row_id, gone, into in entries}
    wanted: dict[str, list[UUID]] = {}
    for (kind, row_id), (_, gone, _) in latest.items():
        if gone is None:
            wanted.setdefault(kind, []).append(row_id)
    data = {kind: LOADERS[kind](reader, ids, village_id) for kind, ids in wanted.items()}
    place = None if village_id == CATALOGUE else village_id
    for (kind, row_id), (version, gone, into) in latest.items():
        change = {"kind": kind, "village_id": place, "id": row_id, "version": version}
        if gone is None and row_id in data[kind]:
            yield {**change, "data": data[kind][row_id]}
        elif gone is None and kind in ("member", "team"):
            yield {**change, "gone": "left_scope"}
        elif gone is not None and not is_first:
            yield {**change, "gone": gone, **({"into": into} if into else {})}


def _rows(model: Any, write: Callable[[Any], dict[str, Any]]) -> Loader:
    # Columns, not the mapper's objects: a first pull reads thousands of rows and changes none.
    statement = select(*model.__table__.c).where(model.id.in_(bindparam("ids", expanding=True)))

    def load(reader: Reader, ids: Sequence[UUID], _village_id: UUID) -> Data:
        return {row.id: write(row) for row in reader.session.execute(statement, {"ids": ids})}

    return load


_VISITS = select(*Visit.__table__.c).where(
    Visit.id.in_(bindparam("ids", expanding=True)), Visit.occurred_at > bindparam("since", type_=UtcDateTime())
)


def _visits(reader: Reader, ids: Sequence[UUID], _village_id: UUID) -> Data:
    rows: Any = reader.session.execute(_VISITS, {"ids": ids, "since": reader.now - VISITS_KEPT})
    return {visit.id: visit_data(visit) for visit in rows}


def _members(reader: Reader, ids: Sequence[UUID], village_id: UUID) -> Data:
    # Of all teams that serve the village, not only the actor's own.
    teams = teams_of_villages(reader.session, [village_id], reader.now)
    wanted = set(ids)
    return {
        mate.id: {"id": mate.id, "name": mate.name, "position": mate.position, "team_id": mate.team_id}
        for mate in members_of_teams(reader.session, teams, reader.now)
        if mate.id in wanted
    }


def _teams(reader: Reader, ids: Sequence[UUID], village_id: UUID) -> Data:
    present = teams_of_villages(reader.session, [village_id], reader.now)
    served = villages_of_teams(reader.session, present.intersection(ids), reader.now)
    areas = area_map(reader.session, civil_date(reader.now)).by_id
    found = {}
    for team in reader.session.scalars(select(Team).where(Team.id.in_(served))):
        villages = [areas[village_id] for village_id in served[team.id] if village_id in areas]
        found[team.id] = {
            "id": team.id,
            "name": team.name,
            "home_village_id": team.home_village_id,
            "villages": [
                {
                    "id": area.id,
                    "name": area.name,
                    "kind": area.kind,
                    "commune_name": areas[area.parent_id].name if area.parent_id else "",
                }
                for area in villages
            ],
        }
    return found


LOADERS: dict[str, Loader] = {
    "household": _rows(Household, household_data),
    "visit": _visits,
    "report": _rows(NothingReport, report_data),
    "member": _members,
    "team": _teams,
    "service": _rows(Service, service_data),
    "indicator": _rows(Indicator, indicator_data),
}
