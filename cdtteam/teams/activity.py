"""How much of what a team sent was taken, day by day: the ground for saying why a team is silent."""

from datetime import datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor
from cdtteam.core.clock import civil_date
from cdtteam.teams.models import TeamDay


def count_mutations(session: Session, actor: Actor, now: datetime, *, applied: int, refused: int) -> None:
    """Adds to the counts of the actor's team (the last one, when they have left) on today."""
    current = [duty.team_id for duty in actor.duties if duty.holds(now)] or [duty.team_id for duty in actor.duties]
    if not current or not applied + refused:
        return
    counts = {"team_id": current[-1], "on": civil_date(now), "applied": applied, "refused": refused}
    session.connection().execute(_COUNT[session.get_bind().dialect.name], counts)


def _upsert(insert: Any) -> Any:
    statement = insert(TeamDay)
    added = {name: getattr(TeamDay, name) + statement.excluded[name] for name in ("applied", "refused")}
    return statement.on_conflict_do_update(index_elements=["team_id", "on"], set_=added)


_COUNT = {"sqlite": _upsert(sqlite.insert), "postgresql": _upsert(postgresql.insert)}
