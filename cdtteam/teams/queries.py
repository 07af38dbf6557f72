"""Who is in which team, and which villages that makes theirs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from cdtteam.access.models import Duty
from cdtteam.teams.models import Member, Membership, Team, TeamVillage

Term = type[Membership] | type[TeamVillage] | type[Team]


_TERMS = [edge for term in (Membership, TeamVillage, Team) for edge in (term.started_at, term.ended_at)]
_DUTIES = (
    select(Membership.member_id, Membership.team_id, TeamVillage.village_id, *_TERMS)
    .join(TeamVillage, TeamVillage.team_id == Membership.team_id)
    .join(Team, Team.id == Membership.team_id)
    .where(Membership.member_id.in_(bindparam("ids", expanding=True)))
)


@dataclass(frozen=True, slots=True)
class TeamMate:
    """A member as teammates see them."""

    id: UUID
    name: str
    position: str
    team_id: UUID


def touches(term: Term, start: datetime, end: datetime) -> ColumnElement[bool]:
    """The condition that a term shares an instant with [start, end)."""
    return and_(term.started_at < end, or_(term.ended_at.is_(None), term.ended_at > start))


def holds(term: Term, at: datetime) -> ColumnElement[bool]:
    """The condition that a term is in force at an instant."""
    return and_(term.started_at <= at, or_(term.ended_at.is_(None), term.ended_at > at))


def duties_of(session: Session, member_ids: Iterable[UUID]) -> dict[UUID, tuple[Duty, ...]]:
    """Every duty, past ones included, of each member; a member without any is absent."""
    found: dict[UUID, list[Duty]] = {}
    for member_id, team_id, village_id, *terms in session.execute(_DUTIES, {"ids": set(member_ids)}):
        start = max(terms[0::2])
        end = min((ended for ended in terms[1::2] if ended is not None), default=None)
        if end is None or start < end:
            found.setdefault(member_id, []).append(Duty(team_id, village_id, start, end))
    return {member_id: tuple(duties) for member_id, duties in found.items()}


def members_of_teams(session: Session, team_ids: Iterable[UUID], at: datetime) -> Sequence[TeamMate]:
    """The members of teams at an instant."""
    columns = (Member.id, Member.name, Membership.position, Membership.team_id)
    statement = select(*columns).join(Membership, Membership.member_id == Member.id)
    rows = session.execute(statement.where(Membership.team_id.in_(set(team_ids)), holds(Membership, at)))
    return [TeamMate(*row) for row in rows]


def villages_of_teams(session: Session, team_ids: Iterable[UUID], at: datetime) -> dict[UUID, list[UUID]]:
    """The villages that each team serves at an instant."""
    statement = select(TeamVillage.team_id, TeamVillage.village_id).where(
        TeamVillage.team_id.in_(set(team_ids)), holds(TeamVillage, at)
    )
    found: dict[UUID, list[UUID]] = {}
    for team_id, village_id in session.execute(statement):
        found.setdefault(team_id, []).append(village_id)
    return found


def teams_of_villages(session: Session, village_ids: Iterable[UUID], at: datetime) -> set[UUID]:
    """The teams that serve any of the villages at an instant."""
    return set(
        session.scalars(
            select(TeamVillage.team_id).where(TeamVillage.village_id.in_(set(village_ids)), holds(TeamVillage, at))
        )
    )
