"""Where villages are merged, one team may take over from the others; it gives back what it took when that is undone.

What begins and ends does so on the day of the map, or at once where that day is past, never backwards: what was done
since stays with the team that did it. Terms that lie on a day to come are looked over when it has come
(`settle_mergers`), for teams and people change until then.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor, Permission
from cdtteam.access.policy import require
from cdtteam.areas.merging import NewVillage, Teams, VillagePlan
from cdtteam.areas.models import Reorganisation
from cdtteam.core.clock import day_start
from cdtteam.core.ids import new_id
from cdtteam.replica.work import Work
from cdtteam.teams.models import Member, Membership, MergedTerm, Position, Team, TeamVillage
from cdtteam.teams.queries import holds, members_of_teams
from cdtteam.teams.telling import Reach, reach_around, reach_of, tell

Term = Team | TeamVillage | Membership
_Served = TypeVar("_Served", TeamVillage, Membership)


@dataclass(frozen=True, slots=True)
class TakeOver:
    """The team that goes on in a new village, those that end, and the ground that it serves from then on."""

    team: Team
    ending: list[Team]
    ground: list[UUID]


def takes_effect(on: date, now: datetime) -> datetime:
    """When a change of the map on a day changes teams."""
    return max(day_start(on), now)


def take_overs(session: Session, plan: VillagePlan, at: datetime) -> list[TakeOver]:
    """Who takes over from whom at an instant, in the new villages of which that is decided.

    It is the team of the village that goes on, else of the first old one that has any; of several the oldest.
    """
    units = [unit for unit in plan.units.values() if unit.teams is Teams.MERGE]
    ground = {unit.code: _ground(plan, unit) for unit in units}
    pieces = [piece for of_unit in ground.values() for piece in of_unit]
    here: dict[UUID, list[Team]] = {}
    found = select(Team).where(Team.home_village_id.in_(pieces), holds(Team, at)).order_by(Team.started_at, Team.id)
    for team in session.scalars(found):
        here.setdefault(team.home_village_id, []).append(team)
    plans = []
    for unit in units:
        teams = [team for piece in ground[unit.code] for team in here.get(piece, ())]
        if teams:
            plans.append(TakeOver(teams[0], teams[1:], ground[unit.code]))
    return plans


def _ground(plan: VillagePlan, unit: NewVillage) -> list[UUID]:
    """The pieces of ground of a new village, those of the one that goes on first."""
    olds = [unit.kept, *(old for old in unit.olds if old is not unit.kept)]
    return [piece for old in olds for piece in plan.before.ground(old.id)]


def merge_teams(actor: Actor, work: Work, record: Reorganisation, plan: VillagePlan) -> None:
    """Does with the teams what a plan that was applied decides; tells the phones where that is now."""
    require(actor, Permission.AREA_MANAGE)
    at = takes_effect(plan.on, work.now)
    found = take_overs(work.session, plan, at)
    if not found:
        return
    # All at once, with what is told of the map: whoever locks twice may wait for one who waits for them.
    ground = {piece for village_id in plan.concerned for piece in plan.before.ground(village_id)}
    work.lock(reach_around(work.session, ground).villages)
    merger = Merger(work.session, record.id, at)
    for take_over in found:
        merger.take_over(take_over)
    reach = merger.reach()
    if at <= work.now:
        tell(work, reach)


def raise_versions(session: Session, team_ids: Iterable[UUID], member_ids: Iterable[UUID]) -> None:
    """Counts a change of teams and people, so that a form that was opened before knows."""
    for model, ids in ((Team, team_ids), (Member, member_ids)):
        session.execute(update(model).where(model.id.in_(ids)).values(version=model.version + 1))


class Merger:
    """Terms that one merger begins and ends at an instant, with the record of them."""

    def __init__(self, session: Session, record_id: UUID, at: datetime) -> None:
        self._session = session
        self._record_id = record_id
        self._at = at
        known = select(MergedTerm).where(MergedTerm.reorganisation_id == record_id)
        self._known = {term.row_id: term for term in session.scalars(known)}
        self._teams: set[UUID] = set()
        self._members: set[UUID] = set()

    def take_over(self, found: TakeOver) -> None:
        """Only adds what is missing: it may be done again when the day has come."""
        self._serve(found)
        self._take_members(found)
        for team in found.ending:
            if team.ended_at is None or team.ended_at > self._at:
                self._end(team, found.team.id)
        self._teams |= {team.id for team in (found.team, *found.ending)}
        self._session.flush()

    def reach(self) -> Reach:
        """Who has changed, and is to be told; their versions are raised.

        With them goes everybody in the teams: where a team has come to serve, phones do not know its people yet.
        """
        raise_versions(self._session, self._teams, self._members)
        mates = {mate.id for mate in members_of_teams(self._session, self._teams, self._at)}
        return reach_of(self._session, self._teams, self._members | mates)

    def _serve(self, found: TakeOver) -> None:
        services = self._holding(TeamVillage, found)
        own = {term.village_id for term in services if term.team_id == found.team.id}
        others = [term for term in services if term.team_id != found.team.id]
        wanted = dict.fromkeys([*found.ground, *(term.village_id for term in others)])
        for term in others:
            self._end(term)
        for village_id in wanted:
            if village_id not in own:
                new = TeamVillage(id=new_id(), team_id=found.team.id, village_id=village_id, started_at=self._at)
                self._begin(new)

    def _take_members(self, found: TakeOver) -> None:
        """Who is in the team already is not doubled; who would leave it earlier than the other begins again then."""
        terms = self._holding(Membership, found)
        own = {term.member_id: term.ended_at for term in terms if term.team_id == found.team.id}
        others = [term for term in terms if term.team_id != found.team.id]
        for term in sorted(others, key=lambda one: (one.ended_at is not None, one.started_at, one.id)):
            until = term.ended_at
            self._members.add(term.member_id)
            self._end(term)
            start = own.get(term.member_id, self._at)
            if start is None or (until is not None and until <= start):
                continue
            own[term.member_id] = until
            new = Membership(
                id=new_id(), team_id=found.team.id, member_id=term.member_id, position=Position.MEMBER,
                organisation=term.organisation, is_guest=term.is_guest, started_at=start, ended_at=until,
            )  # fmt: skip
            self._begin(new, term.id)

    def _holding(self, model: type[_Served], found: TakeOver) -> Sequence[_Served]:
        teams = [found.team.id, *(team.id for team in found.ending)]
        terms = select(model).where(model.team_id.in_(teams), holds(model, self._at))
        return self._session.scalars(terms.order_by(model.started_at, model.id)).all()

    def _begin(self, term: Term, from_id: UUID | None = None) -> None:
        self._session.add(term)
        self._note(term, is_new=True, until=term.ended_at, from_id=from_id)

    def _end(self, term: Term, from_id: UUID | None = None) -> None:
        self._note(term, is_new=False, until=term.ended_at, from_id=from_id)
        term.ended_at = self._at

    def _note(self, term: Term, *, is_new: bool, until: datetime | None, from_id: UUID | None) -> None:
        if known := self._known.get(term.id):  # ended once more: its end was corrected before the day
            known.until = until
            return
        made = MergedTerm(
            reorganisation_id=self._record_id, row_id=term.id, kind=term.__tablename__,
            is_new=is_new, at=self._at, until=until, from_id=from_id,
        )  # fmt: skip
        self._session.add(made)
