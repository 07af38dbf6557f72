"""What a village's page tells beyond figures: its teams' members, and its last visits to whoever may read visits."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor, Permission, Place
from cdtteam.access.policy import require
from cdtteam.core.periods import Period
from cdtteam.core.text import name_key
from cdtteam.households.models import Household
from cdtteam.participation.days import in_period
from cdtteam.participation.members import shares_of
from cdtteam.participation.standing import TeamStanding
from cdtteam.participation.summaries import Summary
from cdtteam.participation.tally import Tally
from cdtteam.teams.models import Member, Membership
from cdtteam.teams.queries import touches
from cdtteam.visits.models import Visit

LAST_VISITS = 20


@dataclass(frozen=True, slots=True)
class MemberActivity:
    """A member of a team in force, and in how many of the team's visits they took part."""

    name: str
    position: str
    visits: int


@dataclass(frozen=True, slots=True)
class VisitLine:
    """A visit as a line of a list; `household` is None where it was not named."""

    occurred_at: datetime
    kind: str
    household: str | None
    participants: int
    services: list[str]
    author: str
    is_entered_for: bool


def member_activity(session: Session, tally: Tally, team: TeamStanding, period: Period) -> list[MemberActivity]:
    """The members of a team in the period, by position and name."""
    team_id = UUID(team.id)
    villages = [UUID(village) for village in tally.villages_of_team(team.id)]
    shares = shares_of(session, Visit.village_id.in_(villages), Visit.team_id == team_id, in_period(period))
    columns = (Member.id, Member.name, Membership.position)
    in_team = (Membership.team_id == team_id, touches(Membership, period.start, period.end))
    rows = session.execute(
        select(*columns)
        .join(Membership, Membership.member_id == Member.id)
        .where(*in_team)
        .order_by(Membership.started_at)
    )
    found = {
        row[0]: MemberActivity(row[1], row[2], shares.get(row[0], Summary()).visits) for row in rows
    }  # the latest position counts
    order = ("leader", "deputy", "member")
    return sorted(found.values(), key=lambda member: (order.index(member.position), name_key(member.name)))


def last_visits(
    actor: Actor, session: Session, ground: Collection[UUID], period: Period, now: datetime
) -> list[VisitLine]:
    """The latest visits on a village's ground in the period, with households' names; for who may read them there."""
    for piece in ground:
        require(actor, Permission.VISIT_READ, Place(piece, now), session=session, now=now)
    visit = (Visit.occurred_at, Visit.kind, Household.head_name, Visit.participants, Visit.services)
    statement = select(*visit, Member.name, Visit.entered_by).join(Member, Member.id == Visit.author_id)
    statement = statement.outerjoin(Household, Household.id == Visit.household_id)
    here = (Visit.village_id.in_(ground), in_period(period))
    rows = session.execute(statement.where(*here).order_by(Visit.occurred_at.desc()).limit(LAST_VISITS))
    return [
        VisitLine(at, kind, head or None, people, [one["code"] for one in services], author, entered_by is not None)
        for at, kind, head, people, services, author, entered_by in rows
    ]
