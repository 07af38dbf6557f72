"""What a village's page tells beyond figures: its teams' members, and its last visits to whoever may read visits."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor, Permission, Place
from cdtteam.access.policy import require
from cdtteam.core.periods import Period
from cdtteam.core.text import name_key
from cdtteam.households.models import Household
from cdtteam.participation.columns import json_text
from cdtteam.participation.standing import TeamStanding
from cdtteam.participation.summaries import in_period
from cdtteam.participation.tally import Tally
from cdtteam.teams.models import Member, Membership
from cdtteam.teams.queries import touches
from cdtteam.visits.models import Visit

LAST_VISITS = 20

_ids = msgspec.json.Decoder(list[UUID])


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


def member_activity(session: Session, tally: Tally, team: TeamStanding, period: Period) -> list[MemberActivity]:
    """The members of a team in the period, by position and name."""
    team_id = UUID(team.id)
    visits: Counter[UUID] = Counter()
    villages = [UUID(village) for village in tally.villages_of_team(team.id)]
    own = (Visit.village_id.in_(villages), Visit.team_id == team_id, in_period(period))
    for text in session.scalars(select(json_text(Visit.member_ids)).where(*own)):
        visits.update(set(_ids.decode(text)))
    columns = (Member.id, Member.name, Membership.position)
    in_team = (Membership.team_id == team_id, touches(Membership, period.start, period.end))
    rows = session.execute(
        select(*columns)
        .join(Membership, Membership.member_id == Member.id)
        .where(*in_team)
        .order_by(Membership.started_at)
    )
    found = {row[0]: MemberActivity(row[1], row[2], visits[row[0]]) for row in rows}  # the latest position counts
    order = ("leader", "deputy", "member")
    return sorted(found.values(), key=lambda member: (order.index(member.position), name_key(member.name)))


def last_visits(actor: Actor, session: Session, village_id: UUID, period: Period, now: datetime) -> list[VisitLine]:
    """The latest visits of a village in the period, with households' names; for whoever may read them there."""
    require(actor, Permission.VISIT_READ, Place(village_id, now), session=session, now=now)
    columns = (Visit.occurred_at, Visit.kind, Household.head_name, Visit.participants, Visit.services, Member.name)
    statement = select(*columns).join(Member, Member.id == Visit.author_id)
    statement = statement.outerjoin(Household, Household.id == Visit.household_id)
    here = (Visit.village_id == village_id, in_period(period))
    rows = session.execute(statement.where(*here).order_by(Visit.occurred_at.desc()).limit(LAST_VISITS))
    return [
        VisitLine(at, kind, head or None, people, [one["code"] for one in services], author)
        for at, kind, head, people, services, author in rows
    ]
