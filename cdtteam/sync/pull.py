"""What a phone has not seen: one page of changes and the cursor after it (sync protocol, "Cursor and epoch")."""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, aliased

from cdtteam.access.models import Actor, Duty, Role
from cdtteam.attendance.models import Attendance
from cdtteam.attendance.wire import attendance_data
from cdtteam.core.db import UtcDateTime
from cdtteam.households.corrections import corrections_of
from cdtteam.households.models import Household
from cdtteam.households.queries import now_known_as
from cdtteam.households.wire import household_data
from cdtteam.replica.models import CATALOGUE, VillageCounter
from cdtteam.replica.queries import EPOCH, changes_after, entries_until
from cdtteam.reports.models import NothingReport
from cdtteam.reports.wire import report_data
from cdtteam.requests.models import Request
from cdtteam.requests.queries import ANSWERED_BY
from cdtteam.requests.wire import request_data
from cdtteam.support.models import Indicator, Service
from cdtteam.support.wire import indicator_data, service_data
from cdtteam.sync.ground import atlas_around, place_on
from cdtteam.sync.inbox import inboxes_in, load_notifications, load_preferences
from cdtteam.tasks.models import Task
from cdtteam.tasks.queries import first_undelivered, issuers_of
from cdtteam.tasks.wire import task_data
from cdtteam.teams.models import Member, Membership, Team, TeamVillage
from cdtteam.teams.queries import duties_in, members_of_teams, teams_of_villages, villages_of_teams, with_duties
from cdtteam.teams.wire import members_data
from cdtteam.visits.models import NewVisit, Visit, was_withdrawn_at_desk
from cdtteam.visits.wire import visit_data

VISITS_KEPT = timedelta(days=400)
PEOPLE = ("member", "team")
_PERHAPS_TOLD = ("visit", "withdrawn")  # where the desk did it, the author still gets the visit, with the reason

Data = dict[UUID, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Scope:
    """What a snapshot says of a member: the epoch in force, the duties, the newest version of each log.

    `undelivered` are duties with the lowest version of the tasks there that no phone of the team is known to hold.
    """

    epoch: UUID
    actor: Actor
    newest: dict[UUID, int]
    undelivered: list[tuple[Duty, int]]

    @property
    def member_id(self) -> UUID:
        """Whose it is, and under which id the log of their inbox stands."""
        assert self.actor.member_id is not None
        return self.actor.member_id

    def arrived(self, seen: Mapping[UUID, int], now: datetime) -> list[Duty]:
        """The duties of whose tasks a phone that has `seen` so much turns out to hold some."""
        return [duty for duty, first in self.undelivered if duty.holds(now) and seen.get(duty.village_id, 0) >= first]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who pulls, in which transaction, and when; `made` are the visits that the same request has just recorded.

    `with_inbox` says that the phone wants what its member is told as well.
    """

    session: Session
    scope: Scope
    now: datetime
    made: Mapping[UUID, NewVisit]
    with_inbox: bool = False


# Rows by id, given the versions of their entries by row id, and the village in whose log those stand.
Loader = Callable[[Reader, Mapping[UUID, int], UUID], Data]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of changes; `more` says that there are others."""

    changes: list[dict[str, Any]]
    seen: dict[UUID, int]
    more: bool


_catalogue, _inbox = aliased(VillageCounter), aliased(VillageCounter)
_SCOPE = (
    with_duties(
        select(
            EPOCH.scalar_subquery(), _catalogue.version, _inbox.version, TeamVillage.village_id, VillageCounter.version,
            first_undelivered(Membership.team_id, TeamVillage.village_id),
        )
        .select_from(Member)
        .outerjoin(_catalogue, _catalogue.village_id == CATALOGUE)
        .outerjoin(_inbox, _inbox.village_id == Member.id)
        .where(Member.id == bindparam("member")),
        Member.id,
    )
    .outerjoin(VillageCounter, VillageCounter.village_id == TeamVillage.village_id)
)  # fmt: skip


def scope_of(session: Session, member_id: UUID) -> Scope:
    """What a member may read. One statement: most syncs find nothing new, and this is all that they cost."""
    rows = session.connection().execute(_SCOPE, {"member": member_id}).all()
    epoch, catalogue, inbox = rows[0][:3]
    newest = {CATALOGUE: catalogue or 0, member_id: inbox or 0} | {row[3]: row[4] for row in rows if row[4] is not None}
    undelivered = [(duty, row[5]) for row in rows if row[5] is not None for duty in duties_in([row])]
    return Scope(epoch, Actor(Role.VOLUNTEER, None, member_id, None, duties_in(rows)), newest, undelivered)


def read_page(reader: Reader, seen: dict[UUID, int], size: int) -> Page:
    """Up to `size` changes of the villages that the reader serves now, after what was `seen`.

    Of a village that the reader serves no more one change says so. The phone then drops whatever it holds under that
    village, among it people who are in teams of its other villages as well: those villages send their people and teams
    again. A village that is new to the phone comes from the beginning of its log. The member's inbox, where the phone
    asks for it, is one more log.
    """
    villages = reader.scope.actor.villages_at(reader.now)
    inbox = reader.scope.member_id
    own = [inbox] if reader.with_inbox or inbox in seen else []
    after = {log: seen.get(log, 0) for log in (CATALOGUE, *own, *sorted(villages))} if villages else {}
    changes, has_left = _left(reader, seen.keys() - after.keys() - {CATALOGUE})
    for village_id, version in after.items() if has_left else ():
        people = entries_until(reader.session, village_id, version, PEOPLE)
        changes += _changes(reader, village_id, people, is_first=True)
    for village_id, version in after.items():
        if version >= reader.scope.newest.get(village_id, 0) or (village_id == inbox and not reader.with_inbox):
            continue
        room = max(0, size - len(changes))
        entries = changes_after(reader.session, village_id, version, room + 1)
        if version and _tells_of_oneself(reader, entries[:room]):
            # They may have come into another team of this village, whose tasks are older than what the phone has seen.
            tasks = entries_until(reader.session, village_id, version, ("task",))
            changes += _changes(reader, village_id, tasks, is_first=False)
        changes += _changes(reader, village_id, entries[:room], is_first=version == 0)
        if entries[:room]:
            after[village_id] = entries[:room][-1][0]
        if len(entries) > room:
            return Page(changes, after, True)
    return Page(changes, after, False)


def _left(reader: Reader, logs: Set[UUID]) -> tuple[list[dict[str, Any]], bool]:
    """The villages and inboxes that a phone must drop, a change each, and whether villages are among them."""
    inboxes = set(inboxes_in(reader.session, logs))
    villages = sorted(logs - inboxes)
    changes: list[dict[str, Any]] = [{"kind": "village", "id": log, "gone": "left_scope"} for log in villages]
    if reader.with_inbox:
        changes += [{"kind": "inbox", "village_id": None, "id": log, "gone": "left_scope"} for log in sorted(inboxes)]
    return changes, bool(villages)


def _tells_of_oneself(reader: Reader, entries: Sequence[Any]) -> bool:
    """Whether the reader's own membership is among the changes."""
    return any(kind == "member" and row_id == reader.scope.member_id for _, kind, row_id, *_ in entries)


def _changes(reader: Reader, village_id: UUID, entries: Sequence[Any], *, is_first: bool) -> Iterable[dict[str, Any]]:
    """Entries of a log as changes for the phone, each row with its data or with why the phone is to drop it.

    A row that its loader leaves out is none of the reader's any more: somebody who has left, another team's task. A
    phone that reads the log from its beginning (`is_first`) holds nothing, so it is told of nothing that is gone; only
    people it may hold from another village.
    """
    latest = {(kind, row_id): (version, gone, into) for version, kind, row_id, gone, into in entries}
    wanted: dict[str, dict[UUID, int]] = {}
    for (kind, row_id), (version, gone, _) in latest.items():
        if gone is None or (kind, gone) == _PERHAPS_TOLD:
            wanted.setdefault(kind, {})[row_id] = version
    data = {kind: LOADERS[kind](reader, versions, village_id) for kind, versions in wanted.items()}
    place = None if village_id in (CATALOGUE, reader.scope.member_id) else village_id
    for (kind, row_id), (version, gone, into) in latest.items():
        change = {"kind": kind, "village_id": place, "id": row_id, "version": version}
        if row_id in data.get(kind, ()):
            yield {**change, "data": data[kind][row_id]}
        elif gone is None and (kind in PEOPLE or (kind == "task" and not is_first)):
            yield {**change, "gone": "left_scope"}
        elif gone is not None and not is_first:
            yield {**change, "gone": gone, **({"into": into} if into else {})}


def _rows(model: Any, write: Callable[[Any], dict[str, Any]], *more: Any) -> Loader:
    # Columns, not the mapper's objects: a first pull reads thousands of rows and changes none.
    statement = select(*model.__table__.c, *more).where(model.id.in_(bindparam("ids", expanding=True)))

    def load(reader: Reader, versions: Mapping[UUID, int], _village_id: UUID) -> Data:
        rows = reader.session.connection().execute(statement, {"ids": list(versions)})
        return {row.id: write(row) for row in rows}

    return load


_read_households = _rows(Household, household_data)


def _households(reader: Reader, versions: Mapping[UUID, int], village_id: UUID) -> Data:
    """What is known of households, and where the desk corrected one lately, that it did."""
    data = _read_households(reader, versions, village_id)
    corrected = corrections_of(reader.session, data, reader.now)
    return data | {id_: data[id_] | {"corrected": told} for id_, told in corrected.items()}


_TASKS = select(Task).where(
    Task.id.in_(bindparam("ids", expanding=True)), Task.team_id.in_(bindparam("teams", expanding=True))
)


def _tasks(reader: Reader, versions: Mapping[UUID, int], village_id: UUID) -> Data:
    # Those of the reader's own teams: what other teams of the village are asked to do is theirs.
    duties = reader.scope.actor.duties
    own = {duty.team_id for duty in duties if duty.village_id == village_id and duty.holds(reader.now)}
    tasks = reader.session.scalars(_TASKS, {"ids": list(versions), "teams": own}).all()
    # As visits do, a list names the households that were merged by what they are now.
    merged = now_known_as(reader.session, {UUID(one) for task in tasks for one in task.household_ids or ()})
    issuers = issuers_of(reader.session, [task.id for task in tasks])
    return {task.id: task_data(task, merged, issuers.get(task.id)) for task in tasks}


_VISITS = select(*Visit.__table__.c).where(
    Visit.id.in_(bindparam("ids", expanding=True)), Visit.occurred_at > bindparam("since", type_=UtcDateTime())
)


def _visits(reader: Reader, versions: Mapping[UUID, int], _village_id: UUID) -> Data:
    """Visits that count, and to their author those that the desk withdrew, with the reason; others only drop these."""
    since = reader.now - VISITS_KEPT
    made = {id_: reader.made[id_] for id_ in reader.made.keys() & versions.keys()}
    # What this request itself has just written under that version need not be read again.
    known = {id_: visit for id_, visit in made.items() if visit.version == versions[id_] and visit.occurred_at > since}
    rows: Any = _read_visits(reader, [id_ for id_ in versions if id_ not in known], since)
    data = {visit.id: visit_data(visit) for visit in (*known.values(), *rows) if _is_told(reader, visit)}
    # A visit keeps the household that it was made to; a phone is told of the one that it is now.
    merged = now_known_as(reader.session, {one["household_id"] for one in data.values()} - {None})
    return {id_: one | {"household_id": merged.get(one["household_id"], one["household_id"])}
            for id_, one in data.items()} if merged else data  # fmt: skip


def _is_told(reader: Reader, visit: Any) -> bool:
    is_own = visit.author_id == reader.scope.actor.member_id
    return visit.withdrawn_at is None or (is_own and was_withdrawn_at_desk(visit))


def _read_visits(reader: Reader, ids: Sequence[UUID], since: datetime) -> Any:
    return reader.session.connection().execute(_VISITS, {"ids": ids, "since": since}) if ids else ()


def _members(reader: Reader, ids: Mapping[UUID, int], village_id: UUID) -> Data:
    # Of all teams that serve the village, not only the actor's own.
    teams = teams_of_villages(reader.session, [village_id], reader.now)
    wanted = set(ids)
    mates = [mate for mate in members_of_teams(reader.session, teams, reader.now) if mate.id in wanted]
    return members_data(reader.session, mates, reader.now)


def _teams(reader: Reader, ids: Mapping[UUID, int], village_id: UUID) -> Data:
    present = teams_of_villages(reader.session, [village_id], reader.now)
    served = villages_of_teams(reader.session, present.intersection(ids), reader.now)
    atlas = atlas_around(reader.session, reader.now) if served else []
    found = {}
    for team in reader.session.scalars(select(Team).where(Team.id.in_(served))):
        villages = [place_on(atlas, village_id) for village_id in served[team.id] if atlas[0].village_of(village_id)]
        named = {"id": team.id, "name": team.name, "home_village_id": team.home_village_id}
        found[team.id] = {**named, "villages": villages}
    return found


LOADERS: dict[str, Loader] = {
    "household": _households,
    "visit": _visits,
    "attendance": _rows(Attendance, attendance_data),
    "report": _rows(NothingReport, report_data),
    "task": _tasks,
    "request": _rows(Request, request_data, ANSWERED_BY),
    "member": _members,
    "team": _teams,
    "service": _rows(Service, service_data),
    "indicator": _rows(Indicator, indicator_data),
    "notification": load_notifications,
    "preference": load_preferences,
}
