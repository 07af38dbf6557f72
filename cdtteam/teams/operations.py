"""Teams and people come, move and end; the village log tells the phones.

Beginnings are now or earlier: only a merger of villages lays terms on a day to come (`teams.merging`). A membership's
end may be known beforehand: it goes to the phones with the person. What cannot be is Problem `invalid_field`; whatever
was true for a time stays on record.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, or_, select

from cdtteam.access.models import Actor, Permission, Place
from cdtteam.access.policy import require
from cdtteam.core.problems import Problem
from cdtteam.replica.work import Work
from cdtteam.teams.models import Member, Membership, Organisation, Position, Team, TeamVillage
from cdtteam.teams.queries import holds, members_of_teams
from cdtteam.teams.reach import place_of_person
from cdtteam.teams.telling import reach_of, teams_around, tell

MANAGE = Permission.TEAM_MANAGE


@dataclass(frozen=True, slots=True)
class Capacity:
    """In what capacity a person is in a team, beside the position; a guest's `ended_at` is usually known."""

    organisation: Organisation | None = None
    is_guest: bool = False
    ended_at: datetime | None = None


PLAIN = Capacity()


def found_team(actor: Actor, work: Work, village_id: UUID, name: str, *, started_at: datetime) -> Team:
    """A new team under its home village, which it serves."""
    require(actor, MANAGE, Place(village_id, work.now), session=work.session, now=work.now)
    _refuse_future(work, "started_at", started_at)
    team = Team(name=name, home_village_id=village_id, started_at=started_at)
    work.session.add(team)
    work.session.flush()
    work.session.add(TeamVillage(team_id=team.id, village_id=village_id, started_at=started_at))
    work.lock([village_id])
    work.log("team", team.id, village_id)
    return team


def rename_team(actor: Actor, work: Work, team: Team, name: str) -> None:
    """Corrects a team's name."""
    require(actor, MANAGE, Place(team.home_village_id, work.now), session=work.session, now=work.now)
    team.name = name
    _log_team(work, team, work.now)


def end_team(actor: Actor, work: Work, team: Team, *, ended_at: datetime) -> None:
    """Ends a team with all memberships and all service of villages that still go on then."""
    require(actor, MANAGE, Place(team.home_village_id, work.now), session=work.session, now=work.now)
    _refuse_future(work, "ended_at", ended_at)
    _refuse_ended(work, team.ended_at)
    terms: list[Membership | TeamVillage] = []
    for model in (Membership, TeamVillage):
        # What was taken back at its own start never went on.
        open_ = or_(model.ended_at.is_(None), and_(model.ended_at > ended_at, model.ended_at > model.started_at))
        terms += work.session.scalars(select(model).where(model.team_id == team.id, open_))
    for term in (team, *terms):
        _end_at(term, ended_at)
    work.session.flush()
    team.version += 1
    members = {term.member_id for term in terms if isinstance(term, Membership)}
    tell(work, reach_of(work.session, [team.id], members))


def add_member(
    actor: Actor, work: Work, team: Team, member: Member, position: Position,
    *, started_at: datetime, capacity: Capacity = PLAIN,
) -> Membership:  # fmt: skip
    """Takes a person, new or known, into a team from an instant on; nobody is twice in a team at a time."""
    require(actor, MANAGE, Place(team.home_village_id, work.now), session=work.session, now=work.now)
    if member in work.session:
        require(actor, MANAGE, _place(actor, work, member.id), session=work.session, now=work.now)
    _refuse_future(work, "started_at", started_at)
    _refuse_ended(work, team.ended_at, field="team_id")
    _refuse_twice(work, team, member, started_at, capacity.ended_at)
    membership = Membership(
        team_id=team.id, member_id=member.id, position=position, started_at=started_at,
        organisation=capacity.organisation, is_guest=capacity.is_guest,
    )  # fmt: skip
    if capacity.ended_at is not None:
        _end_at(membership, capacity.ended_at)
    member.version = (member.version or 0) + 1
    work.session.add_all([member, membership])
    work.session.flush()
    _log_members(work, [member.id])
    return membership


def edit_member(actor: Actor, work: Work, member: Member, *, name: str, phone: str | None) -> None:
    """Corrects what is known of a person."""
    require(actor, MANAGE, _place(actor, work, member.id), session=work.session, now=work.now)
    member.name, member.phone = name, phone
    _changed(work, member.id)


def correct_membership(actor: Actor, work: Work, membership: Membership, capacity: Capacity) -> None:
    """Corrects a membership that has not ended; an end that was foreseen may be moved or taken back."""
    require(actor, MANAGE, _home(work, membership.team_id), session=work.session, now=work.now)
    _refuse_ended(work, membership.ended_at)
    membership.organisation, membership.is_guest = capacity.organisation, capacity.is_guest
    membership.ended_at = None
    if capacity.ended_at is not None:
        _end_at(membership, capacity.ended_at)
    _changed(work, membership.member_id)


def change_position(
    actor: Actor, work: Work, membership: Membership, position: Position, *, at: datetime
) -> Membership:
    """Ends a membership and begins the same with another position: the earlier one stays on record."""
    require(actor, MANAGE, _home(work, membership.team_id), session=work.session, now=work.now)
    _refuse_future(work, "at", at)
    _refuse_ended(work, membership.ended_at)
    following = Membership(
        team_id=membership.team_id, member_id=membership.member_id, position=position, started_at=at,
        organisation=membership.organisation, is_guest=membership.is_guest, ended_at=membership.ended_at,
    )  # fmt: skip
    _end_at(membership, at, field="at")
    work.session.add(following)
    _changed(work, membership.member_id)
    return following


def end_membership(actor: Actor, work: Work, membership: Membership, *, ended_at: datetime) -> None:
    """Ends a person's time in a team; phones of its villages drop the person unless another of their teams has them."""
    require(actor, MANAGE, _home(work, membership.team_id), session=work.session, now=work.now)
    _refuse_ended(work, membership.ended_at)
    _end_at(membership, ended_at)
    _changed(work, membership.member_id)


def replace_member(
    actor: Actor, work: Work, membership: Membership, successor: Member, *, at: datetime, capacity: Capacity
) -> Membership:
    """Ends a membership and takes another person into the position at the same instant.

    A successor who is in the team already changes the position, and keeps organisation and end.
    """
    require(actor, MANAGE, _home(work, membership.team_id), session=work.session, now=work.now)
    if successor.id == membership.member_id:
        raise Problem("invalid_field", field="member_id")
    end_membership(actor, work, membership, ended_at=at)
    team, position = work.session.get_one(Team, membership.team_id), Position(membership.position)
    own = select(Membership).where(Membership.team_id == team.id, Membership.member_id == successor.id)
    current = work.session.scalar(own.where(holds(Membership, at)))
    if current is not None:
        return change_position(actor, work, current, position, at=at)
    return add_member(actor, work, team, successor, position, started_at=at, capacity=capacity)


def move_member(
    actor: Actor, work: Work, member: Member, to_team: Team, *, at: datetime, membership: Membership | None = None
) -> Membership:
    """Ends a person's `membership`, else whatever ones they have at an instant, and begins one in another team."""
    require(actor, MANAGE, Place(to_team.home_village_id, work.now), session=work.session, now=work.now)
    _refuse_future(work, "at", at)
    current = select(Membership).where(Membership.member_id == member.id, holds(Membership, at))
    earlier = [membership] if membership else work.session.scalars(current).all()
    work.lock(reach_of(work.session, [to_team.id], [member.id]).villages)
    position = Position(earlier[0].position) if earlier else Position.MEMBER
    organisation = earlier[0].organisation if earlier else None
    capacity = Capacity(Organisation(organisation)) if organisation else PLAIN
    for one in earlier:
        end_membership(actor, work, one, ended_at=at)
    return add_member(actor, work, to_team, member, position, started_at=at, capacity=capacity)


def serve_village(actor: Actor, work: Work, team: Team, village_id: UUID, *, started_at: datetime) -> TeamVillage:
    """Gives a team another village to serve."""
    require(actor, MANAGE, Place(village_id, work.now), session=work.session, now=work.now)
    require(actor, MANAGE, Place(team.home_village_id, work.now), session=work.session, now=work.now)
    _refuse_future(work, "started_at", started_at)
    _refuse_ended(work, team.ended_at, field="team_id")
    same = (TeamVillage.team_id == team.id, TeamVillage.village_id == village_id, holds(TeamVillage, work.now))
    if work.session.scalar(select(TeamVillage.id).where(*same).limit(1)):
        raise Problem("invalid_field", field="village_id")
    term = TeamVillage(team_id=team.id, village_id=village_id, started_at=started_at)
    work.session.add(term)
    work.session.flush()
    _log_team(work, team, started_at)
    return term


def leave_village(actor: Actor, work: Work, term: TeamVillage, *, ended_at: datetime) -> None:
    """Ends a team's service of a village."""
    require(actor, MANAGE, Place(term.village_id, work.now), session=work.session, now=work.now)
    _refuse_future(work, "ended_at", ended_at)
    _refuse_ended(work, term.ended_at)
    _end_at(term, ended_at)
    work.session.flush()
    _log_team(work, work.session.get_one(Team, term.team_id), ended_at)


def tell_areas(actor: Actor, work: Work, village_ids: Iterable[UUID]) -> None:
    """Tells the phones that villages are called or belong otherwise, now or from a day on: with each of their teams.

    So are the phones of teams on ground that they stand in for on any map.
    """
    require(actor, Permission.AREA_MANAGE)
    tell(work, reach_of(work.session, teams_around(work.session, village_ids), ()))


def _refuse_future(work: Work, field: str, at: datetime) -> None:
    # Phones are told at the change itself; nothing would tell them when a later instant comes.
    if at > work.now:
        raise Problem("invalid_field", field=field)


def _refuse_ended(work: Work, ended_at: datetime | None, field: str = "ended_at") -> None:
    # An end that has come stays as it was recorded.
    if ended_at is not None and ended_at <= work.now:
        raise Problem("invalid_field", field=field)


def _refuse_twice(work: Work, team: Team, member: Member, started_at: datetime, ended_at: datetime | None) -> None:
    # A membership that a merger of villages has laid on a day to come is looked over on that day.
    same = [Membership.team_id == team.id, Membership.member_id == member.id, Membership.started_at <= work.now]
    same.append(or_(Membership.ended_at.is_(None), Membership.ended_at > started_at))
    if ended_at is not None:
        same.append(Membership.started_at < ended_at)
    if work.session.scalar(select(Membership.id).where(*same).limit(1)):
        raise Problem("invalid_field", field="member_id")


def _end_at(term: Team | Membership | TeamVillage, ended_at: datetime, field: str = "ended_at") -> None:
    if ended_at < term.started_at:
        raise Problem("invalid_field", field=field)
    term.ended_at = ended_at


def _home(work: Work, team_id: UUID) -> Place:
    """Where a team stands, now."""
    return Place(work.session.get_one(Team, team_id).home_village_id, work.now)


def _place(actor: Actor, work: Work, member_id: UUID) -> Place | None:
    return place_of_person(work.session, actor, member_id, work.now)


def _changed(work: Work, member_id: UUID) -> None:
    work.session.get_one(Member, member_id).version += 1
    work.session.flush()
    _log_members(work, [member_id])


def _log_members(work: Work, member_ids: Iterable[UUID]) -> None:
    tell(work, reach_of(work.session, (), member_ids))


def _log_team(work: Work, team: Team, at: datetime) -> None:
    team.version = (team.version or 0) + 1
    work.session.flush()
    members = [member.id for member in members_of_teams(work.session, [team.id], at)]
    tell(work, reach_of(work.session, [team.id], members))
