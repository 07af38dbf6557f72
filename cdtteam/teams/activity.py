"""How much of what a team sent was taken, day by day: the ground for saying why a team is silent."""

from datetime import datetime

from sqlalchemy.orm import Session

from cdtteam.access.models import Actor
from cdtteam.core.clock import civil_date
from cdtteam.core.upsert import insert_or_add
from cdtteam.teams.models import TeamDay


def count_mutations(session: Session, actor: Actor, now: datetime, *, applied: int, refused: int) -> None:
    """Adds to the counts of the actor's team (the last one, when they have left) on today."""
    current = [duty.team_id for duty in actor.duties if duty.holds(now)] or [duty.team_id for duty in actor.duties]
    if not current or not applied + refused:
        return
    counts = {"team_id": current[-1], "on": civil_date(now), "applied": applied, "refused": refused}
    insert_or_add(session.connection(), TeamDay, [counts], "applied", "refused")
