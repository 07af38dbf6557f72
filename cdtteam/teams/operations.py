"""Teams and people come, move and end, now or earlier; the village log tells the phones.

An instant later than now is refused: Problem `invalid_field`.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from cdtteam.access.models import Actor, Permission, Place
from cdtteam.access.policy import require
from cdtteam.core.problems import Problem
from cdtteam.replica.work import Work
from cdtteam.teams.models import Member, Membership, Position, Team, TeamVillage
from cdtteam.teams.queries import holds, members_of_teams


def found_team(actor: Actor, work: Work, village_id: UUID, name: str, *, started_at: datetime) -> Team:
    """A new team under its home village, which it serves."""
    require(actor, Permission.TEAM_MANAGE, Place(village_id, work.now), session=work.session, now=work.now)
    _refuse_future(work, "started_at", started_at)
    team = Team(name=name, home_village_id=village_id, started_at=started_at)
    work.session.add(team)
    work.session.flush()
    work.session.add(TeamVillage(team_id=team.id, village_id=village_id, started_at=started_at))
    work.lock([village_id])
    work.log("team", team.id, village_id)
    return team


def add_member(
    actor: Actor, work: Work, team: Team, member: Member, position: Position, *, started_at: datetime
) -> Membership:
    """Takes a person into a team from an instant on."""
    require(actor, Permission.TEAM_MANAGE, Place(team.home_village_id, work.now), session=work.session, now=work.now)
    _refuse_future(work, "started_at", started_at)
    membership = Membership(team_id=team.id, member_id=member.id, position=position, started_at=started_at)
    work.session.add_all([member, membership])
    work.session.flush()
    _log_members(work, [member.id])
    return membership


def end_membership(actor: Actor, work: Work, membership: Membership, *, ended_at: datetime) -> None:
    """Ends a person's time in a team; phones of its villages drop the person unless another of their teams has them."""
    require(actor, Permission.TEAM_MANAGE, _home(work, membership.team_id), session=work.session, now=work.now)
    _refuse_future(work, "ended_at", ended_at)
    membership.ended_at = ended_at
    work.session.flush()
    _log_members(work, [membership.member_id])


def move_member(actor: Actor, work: Work, member: Member, to_team: Team, *, at: datetime) -> Membership:
    """Ends whatever memberships a person has at an instant and begins one in another team."""
    require(actor, Permission.TEAM_MANAGE, Place(to_team.home_village_id, work.now), session=work.session, now=work.now)
    _refuse_future(work, "at", at)
    current = select(Membership).where(Membership.member_id == member.id, holds(Membership, at))
    earlier = work.session.scalars(current).all()
    work.lock(_villages_ever(work, [to_team.id, *_teams_ever(work, [member.id])]))
    position = Position(earlier[0].position) if earlier else Position.MEMBER
    for membership in earlier:
        end_membership(actor, work, membership, ended_at=at)
    return add_member(actor, work, to_team, member, position, started_at=at)


def serve_village(actor: Actor, work: Work, team: Team, village_id: UUID, *, started_at: datetime) -> TeamVillage:
    """Gives a team another village to serve."""
    require(actor, Permission.TEAM_MANAGE, Place(village_id, work.now), session=work.session, now=work.now)
    _refuse_future(work, "started_at", started_at)
    term = TeamVillage(team_id=team.id, village_id=village_id, started_at=started_at)
    work.session.add(term)
    work.session.flush()
    _log_team(work, team, started_at)
    return term


def leave_village(actor: Actor, work: Work, term: TeamVillage, *, ended_at: datetime) -> None:
    """Ends a team's service of a village."""
    require(actor, Permission.TEAM_MANAGE, Place(term.village_id, work.now), session=work.session, now=work.now)
    _refuse_future(work, "ended_at", ended_at)
    term.ended_at = ended_at
    work.session.flush()
    _log_team(work, work.session.get_one(Team, term.team_id), ended_at)


def _refuse_future(work: Work, field: str, at: datetime) -> None:
    # Phones are told at the change itself; nothing would tell them when a later instant comes.
    if at > work.now:
        raise Problem("invalid_field", field=field)


def _home(work: Work, team_id: UUID) -> Place:
    """Where a team stands, now."""
    return Place(work.session.get_one(Team, team_id).home_village_id, work.now)


def _villages_ever(work: Work, team_ids: Iterable[UUID]) -> set[UUID]:
    return set(work.session.scalars(select(TeamVillage.village_id).where(TeamVillage.team_id.in_(set(team_ids)))))


def _teams_ever(work: Work, member_ids: Iterable[UUID]) -> set[UUID]:
    return set(work.session.scalars(select(Membership.team_id).where(Membership.member_id.in_(set(member_ids)))))


def _log_members(work: Work, member_ids: Iterable[UUID]) -> None:
    # A phone holds a person once, under the village that it heard of last, so all villages that know the person are
    # told. Whether phones of a village keep the person is for the pull to say: another team of theirs may have them.
    known = {member_id: _villages_ever(work, _teams_ever(work, [member_id])) for member_id in member_ids}
    work.lock(village_id for villages in known.values() for village_id in villages)
    for member_id, villages in known.items():
        for village_id in villages:
            work.log("member", member_id, village_id)


def _log_team(work: Work, team: Team, at: datetime) -> None:
    villages = _villages_ever(work, [team.id])
    members = [member.id for member in members_of_teams(work.session, [team.id], at)]
    work.lock([*villages, *_villages_ever(work, _teams_ever(work, members))])
    for village_id in villages:
        work.log("team", team.id, village_id)
    _log_members(work, members)
