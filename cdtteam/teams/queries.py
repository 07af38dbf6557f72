"""Who is in which team, and which villages that makes theirs."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, or_, select
from sqlalchemy.orm import Session, aliased

from cdtteam.access.models import Duty
from cdtteam.teams.models import Member, Membership, MergedTerm, Team, TeamVillage

Term = type[Membership] | type[TeamVillage] | type[Team]


_TERMS = [edge for term in (Membership, TeamVillage, Team) for edge in (term.started_at, term.ended_at)]
_DUTY = (Membership.team_id, TeamVillage.village_id, *_TERMS)
DUTY_WIDTH = len(_DUTY)
_DUTIES = (
    select(Membership.member_id, *_DUTY)
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
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class TeamOnGround:
    """A team: the piece of ground on which it stands, and the ids of its members."""

    id: UUID
    village_id: UUID
    members: set[UUID]


def touches(term: Term, start: datetime, end: datetime) -> ColumnElement[bool]:
    """The condition that a term shares an instant with [start, end); one taken back at its start never does."""
    lasted = and_(term.ended_at > start, term.ended_at > term.started_at)
    return and_(term.started_at < end, or_(term.ended_at.is_(None), lasted))


def holds(term: Term, at: datetime) -> ColumnElement[bool]:
    """The condition that a term is in force at an instant."""
    return and_(term.started_at <= at, or_(term.ended_at.is_(None), term.ended_at > at))


def duties_of(session: Session, member_ids: Iterable[UUID]) -> dict[UUID, tuple[Duty, ...]]:
    """Every duty, past ones included, of each member; a member without any is absent."""
    found: dict[UUID, list[Duty]] = {}
    for member_id, *columns in session.execute(_DUTIES, {"ids": set(member_ids)}):
        found.setdefault(member_id, []).extend(duties_in([columns]))
    return {member_id: tuple(duties) for member_id, duties in found.items() if duties}


def all_served(
    duties: Mapping[UUID, Sequence[Duty]], member_ids: Set[UUID], where: tuple[UUID, UUID], at: datetime
) -> bool:
    """Whether members, given with the duties of each, all served through a team in a village (`where`) then."""
    return all(
        any((duty.team_id, duty.village_id) == where and duty.holds(at) for duty in duties.get(member_id, ()))
        for member_id in member_ids
    )


def with_duties(statement: Any, member_id: Any) -> Select[Any]:
    """`statement` with the duties of the member whose id it finds: DUTY_WIDTH more columns, and a row for each duty.

    There is one row, whose columns are null, for who has none.
    """
    found: Select[Any] = (
        statement.add_columns(*_DUTY)
        .outerjoin(Membership, Membership.member_id == member_id)
        .outerjoin(TeamVillage, TeamVillage.team_id == Membership.team_id)
        .outerjoin(Team, Team.id == Membership.team_id)
    )
    return found


def duties_in(rows: Iterable[Sequence[Any]]) -> tuple[Duty, ...]:
    """The duties, past ones included, that the last columns of rows of `with_duties` hold."""
    return tuple(duty for row in rows if (duty := _duty(*row[-DUTY_WIDTH:])))


def _duty(team_id: UUID, village_id: UUID | None, *edges: datetime | None) -> Duty | None:
    """The duty of a member in a team that serves a village, while all three terms hold; None when they never do."""
    if village_id is None:
        return None
    start = max(started for started in edges[0::2] if started is not None)
    end = min((ended for ended in edges[1::2] if ended is not None), default=None)
    return Duty(team_id, village_id, start, end) if end is None or start < end else None


def members_of_teams(session: Session, team_ids: Iterable[UUID], at: datetime) -> Sequence[TeamMate]:
    """The members of teams at an instant."""
    columns = (Member.id, Member.name, Membership.position, Membership.team_id, Membership.ended_at)
    statement = select(*columns).join(Membership, Membership.member_id == Member.id)
    rows = session.execute(statement.where(Membership.team_id.in_(set(team_ids)), holds(Membership, at)))
    return [TeamMate(*row) for row in rows]


def came_from(
    session: Session, member_ids: Iterable[UUID], at: datetime
) -> dict[tuple[UUID, UUID], tuple[str, datetime]]:
    """By member and team, who is in it because it took theirs over: what that was called, and when it ended."""
    now, before = aliased(Membership), aliased(Membership)
    wanted = (
        select(now.member_id, now.team_id, Team.name, MergedTerm.at)
        .join(MergedTerm, MergedTerm.row_id == now.id)
        .join(before, before.id == MergedTerm.from_id)
        .join(Team, Team.id == before.team_id)
        .where(now.member_id.in_(set(member_ids)), holds(now, at))
    )
    return {(member_id, team_id): (name, on) for member_id, team_id, name, on in session.execute(wanted)}


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


def teams_on_ground(session: Session, at: datetime) -> list[TeamOnGround]:
    """Every team at an instant, with where it stands and who is in it."""
    members = and_(Membership.team_id == Team.id, holds(Membership, at))
    rows = session.execute(
        select(Team.id, Team.home_village_id, Membership.member_id)
        .outerjoin(Membership, members)
        .where(holds(Team, at))
    )
    found: dict[UUID, TeamOnGround] = {}
    for team_id, village_id, member_id in rows:
        team = found.setdefault(team_id, TeamOnGround(team_id, village_id, set()))
        if member_id is not None:
            team.members.add(member_id)
    return list(found.values())
