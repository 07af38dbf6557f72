"""How phones are told of a team's people."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from cdtteam.core.clock import civil_date, wire_instant
from cdtteam.teams.queries import TeamMate, came_from


def members_data(session: Session, mates: Sequence[TeamMate], at: datetime) -> dict[UUID, dict[str, Any]]:
    """Teammates at an instant for a phone, by id."""
    origins = came_from(session, [mate.id for mate in mates], at)
    return {mate.id: _member_data(mate, origins.get((mate.id, mate.team_id))) for mate in mates}


def _member_data(mate: TeamMate, origin: tuple[str, datetime] | None) -> dict[str, Any]:
    """`ended_at` where the end is known beforehand; `came_from` where a merger ended the team that one was in."""
    told: dict[str, Any] = {"id": mate.id, "name": mate.name, "position": mate.position, "team_id": mate.team_id}
    if mate.ended_at:
        told["ended_at"] = wire_instant(mate.ended_at)
    if origin:
        team, ended_at = origin
        told["came_from"] = {"team": team, "on": civil_date(ended_at)}
    return told
