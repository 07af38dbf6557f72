"""Who is to be told of teams and people: the logs of all villages that know, or knew, of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdtteam.areas.models import AreaTerm
from cdtteam.areas.queries import with_ground
from cdtteam.replica.work import Work
from cdtteam.teams.models import Membership, TeamVillage


@dataclass(frozen=True, slots=True)
class Reach:
    """The villages that know of each team and of each person."""

    teams: dict[UUID, set[UUID]]
    members: dict[UUID, set[UUID]]

    @property
    def villages(self) -> set[UUID]:
        """All of them."""
        return set[UUID]().union(*self.teams.values(), *self.members.values())


def reach_of(session: Session, team_ids: Iterable[UUID], member_ids: Iterable[UUID]) -> Reach:
    """The villages that each team ever served, and those of all teams in which each person ever was."""
    reach = Reach({team_id: set() for team_id in team_ids}, {member_id: set() for member_id in member_ids})
    served = select(TeamVillage.team_id, TeamVillage.village_id).where(TeamVillage.team_id.in_(reach.teams))
    for team_id, village_id in session.execute(served) if reach.teams else ():
        reach.teams[team_id].add(village_id)
    known = (
        select(Membership.member_id, TeamVillage.village_id)
        .join(TeamVillage, TeamVillage.team_id == Membership.team_id)
        .where(Membership.member_id.in_(reach.members))
    )
    for member_id, village_id in session.execute(known.distinct()) if reach.members else ():
        reach.members[member_id].add(village_id)
    return reach


def teams_around(session: Session, village_ids: Iterable[UUID]) -> set[UUID]:
    """All teams that ever served one of the villages, or ground that came to it later."""
    own = select(AreaTerm.area_id).where(AreaTerm.area_id.in_(set(village_ids)))
    served = TeamVillage.village_id.in_(with_ground(own, date.max))
    return set(session.scalars(select(TeamVillage.team_id).where(served)))


def reach_around(session: Session, village_ids: Iterable[UUID]) -> Reach:
    """The reach of the teams around some villages, and of all who ever were in them."""
    teams = teams_around(session, village_ids)
    members = set(session.scalars(select(Membership.member_id).where(Membership.team_id.in_(teams))))
    return reach_of(session, teams, members)


def tell(work: Work, reach: Reach) -> None:
    """Logs the teams and the people in all villages that know them.

    A phone holds a person once, under the village that it heard of last, so every village is told. Whether phones of a
    village keep a row is for the pull to say: another team of theirs may have the person.
    """
    work.lock(reach.villages)
    for kind, known in (("team", reach.teams), ("member", reach.members)):
        for row_id, villages in known.items():
            for village_id in sorted(villages):
                work.log(kind, row_id, village_id)
