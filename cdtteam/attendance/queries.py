"""Who may have attended on a day."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdtteam.core.clock import day_after, day_start
from cdtteam.teams.models import Membership, Team, TeamVillage
from cdtteam.teams.queries import touches

_TERMS = (Membership, TeamVillage, Team)


def members_on(session: Session, village_id: UUID, on: date) -> set[UUID]:
    """Who was in a team that served a village, at any time of a day."""
    start, end = day_start(on), day_start(day_after(on))
    statement = (
        select(Membership.member_id)
        .join(TeamVillage, TeamVillage.team_id == Membership.team_id)
        .join(Team, Team.id == Membership.team_id)
        .where(TeamVillage.village_id == village_id, *(touches(term, start, end) for term in _TERMS))
    )
    return set(session.scalars(statement))
