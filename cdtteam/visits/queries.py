"""What is asked of visits beside figures."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdtteam.core.periods import Period
from cdtteam.teams.models import TeamVillage
from cdtteam.visits.models import Visit


def teams_entered_for(session: Session, team_ids: Collection[UUID], period: Period) -> set[UUID]:
    """Those of the teams that have visits in the period, all entered by the commune: active, and nobody in the app."""
    on = (Visit.occurred_at >= period.start, Visit.occurred_at < period.end, Visit.withdrawn_at.is_(None))
    entered = select(Visit.team_id).where(Visit.team_id.in_(team_ids), Visit.entered_by.is_not(None), *on)
    found = set(session.scalars(entered.distinct()))
    if not found:
        return found
    served = select(TeamVillage.village_id).where(TeamVillage.team_id.in_(found))
    own = select(Visit.team_id).where(Visit.village_id.in_(served), Visit.team_id.in_(found), *on)
    return found.difference(session.scalars(own.where(Visit.entered_by.is_(None)).distinct()))
