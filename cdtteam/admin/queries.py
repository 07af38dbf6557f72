"""What the pages of teams and people show."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from cdtteam.accounts.models import Device, DeviceContact, Invitation, SignIn, User
from cdtteam.areas.ground import told_on
from cdtteam.areas.models import Level
from cdtteam.areas.queries import AreaMap, AreaOnMap
from cdtteam.core.text import name_key, sort_key
from cdtteam.teams.models import Member, Membership, Position, Team, TeamVillage, by_position
from cdtteam.teams.queries import holds


class InApp(StrEnum):
    """How far a member has come into the app."""

    IN = "in"
    INVITED = "invited"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Line:
    """A membership with its person and team, and how far the person has come into the app."""

    id: UUID
    member_id: UUID
    name: str
    phone: str | None
    team_id: UUID
    team: str
    home_id: UUID
    position: str
    organisation: str | None
    is_guest: bool
    started_at: datetime
    ended_at: datetime | None
    first_signed_in_at: datetime | None
    invited_until: datetime | None

    @property
    def in_app(self) -> InApp:
        """Whether the member signed in ever, holds an invitation, or neither."""
        if self.first_signed_in_at:
            return InApp.IN
        return InApp.INVITED if self.invited_until else InApp.OUT

    def is_over(self, now: datetime) -> bool:
        """Whether it has ended."""
        return self.ended_at is not None and self.ended_at <= now


@dataclass(frozen=True, slots=True)
class TeamLine:
    """A team of a commune with its people in force."""

    team: Team
    village: AreaOnMap
    people: list[Line]

    @property
    def leaders(self) -> list[str]:
        """The leader's name; several while nobody put it right."""
        return [line.name for line in self.people if line.position == Position.LEADER]

    @property
    def outside(self) -> int:
        """How many have never come into the app."""
        return sum(line.in_app is not InApp.IN for line in self.people)


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """A phone or browser on which a member signed in."""

    device_id: UUID | None
    first_seen_at: datetime
    last_at: datetime
    app_version: str
    is_open: bool


def lines(session: Session, now: datetime, *where: ColumnElement[bool]) -> list[Line]:
    """Memberships by position and name of the person."""
    invited = (
        select(func.max(Invitation.expires_at))
        .where(Invitation.user_id == User.id, Invitation.revoked_at.is_(None), Invitation.expires_at > now)
        .scalar_subquery()
    )
    columns = (
        Membership.id, Member.id, Member.name, Member.phone, Team.id, Team.name, Team.home_village_id,
        Membership.position,
        Membership.organisation, Membership.is_guest, Membership.started_at, Membership.ended_at,
        User.first_signed_in_at, invited,
    )  # fmt: skip
    statement = select(*columns).join(Member, Member.id == Membership.member_id)
    statement = statement.join(Team, Team.id == Membership.team_id).outerjoin(User, User.member_id == Member.id)
    rows: Any = session.execute(statement.where(*where))
    found = [Line(*row) for row in rows]
    return sorted(found, key=lambda line: by_position(line.position, line.name))


def villages_of(areas: AreaMap, commune_id: UUID) -> list[AreaOnMap]:
    """The villages of a commune on the map, by code; rows belong to pieces of their ground (`areas.ground`)."""
    return sorted(areas.below(commune_id, Level.VILLAGE), key=lambda village: village.code)


def teams_in_force(session: Session, village_ids: Iterable[UUID], now: datetime) -> list[Team]:
    """The teams in force that stand on some pieces of ground, by name."""
    wanted = (Team.home_village_id.in_(list(village_ids)), holds(Team, now))
    return sorted(session.scalars(select(Team).where(*wanted)), key=lambda team: sort_key(team.name))


def teams_of(session: Session, pieces: Sequence[AreaOnMap], now: datetime) -> list[TeamLine]:
    """The same with their people, in the order of the villages' codes."""
    by_id = {piece.id: piece for piece in pieces}
    teams = teams_in_force(session, by_id, now)
    people = lines(session, now, Team.home_village_id.in_(by_id), holds(Team, now), holds(Membership, now))
    found = {team.id: TeamLine(team, by_id[team.home_village_id], []) for team in teams}
    for line in people:
        if line.team_id in found:  # else it was made since
            found[line.team_id].people.append(line)
    return sorted(found.values(), key=lambda line: line.village.code)


def people_of(session: Session, village_ids: Iterable[UUID], now: datetime) -> list[Line]:
    """Everybody now in a team that stands on some pieces of ground, by name; once for each team."""
    found = lines(session, now, Team.home_village_id.in_(list(village_ids)), holds(Team, now), holds(Membership, now))
    return sorted(found, key=lambda line: name_key(line.name))


def told_by_home(areas: AreaMap, people: Iterable[Line]) -> list[Line]:
    """The same lines with their teams called so that teams of villages of one name are told apart."""
    return [replace(line, team=told_on(areas, line.team, line.home_id)) for line in people]


def former_people_of(session: Session, village_ids: Iterable[UUID], now: datetime) -> list[Line]:
    """Who was in such a team and is in none of them now, by name."""
    village_ids = list(village_ids)
    current = {line.member_id for line in people_of(session, village_ids, now)}
    past = lines(session, now, Team.home_village_id.in_(village_ids), Membership.ended_at <= now)
    latest = {line.member_id: line for line in sorted(past, key=lambda line: line.started_at)}
    return sorted(
        (line for line in latest.values() if line.member_id not in current), key=lambda line: name_key(line.name)
    )


def served_by(session: Session, team_id: UUID) -> list[TeamVillage]:
    """The villages that a team serves or served, in the order of beginning."""
    statement = select(TeamVillage).where(TeamVillage.team_id == team_id).order_by(TeamVillage.started_at)
    return list(session.scalars(statement))


def devices_of(session: Session, user: User, now: datetime) -> list[DeviceLine]:
    """Where an account signed in, the latest contact first; what came without a device is one line."""
    contacts: dict[UUID, datetime] = {}
    of_member = DeviceContact.member_id == user.member_id
    for device_id, at in session.execute(select(DeviceContact.device_id, DeviceContact.last_at).where(of_member)):
        contacts[device_id] = max(at, contacts.get(device_id, at))
    signed_in: dict[UUID | None, list[SignIn]] = {}
    for sign_in in session.scalars(select(SignIn).where(SignIn.user_id == user.id)):
        signed_in.setdefault(sign_in.device_id, []).append(sign_in)
    known = {device.id: device for device in session.scalars(select(Device).where(Device.id.in_(contacts)))}
    known |= {device.id: device for device in session.scalars(select(Device).where(Device.id.in_(_ids(signed_in))))}
    found = [
        _device(device_id, known.get(device_id) if device_id else None, signed_in.get(device_id, []), contacts, now)
        for device_id in {*signed_in, *contacts}
    ]
    return sorted(found, key=lambda line: line.last_at, reverse=True)


def _ids(keys: Iterable[UUID | None]) -> list[UUID]:
    return [key for key in keys if key is not None]


def _device(
    device_id: UUID | None, device: Device | None, sign_ins: list[SignIn], contacts: dict[Any, datetime], now: datetime
) -> DeviceLine:
    moments = [one.created_at for one in sign_ins]
    first = min([*moments, *([device.first_seen_at] if device else [])])
    last = max([*moments, *([contacts[device_id]] if device_id in contacts else []), first])
    is_open = any(one.revoked_at is None and one.expires_at > now for one in sign_ins)
    is_open = is_open and (device is None or device.revoked_at is None)
    return DeviceLine(device_id, first, last, device.app_version if device else "", is_open)
