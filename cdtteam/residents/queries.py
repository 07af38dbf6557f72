"""What the public page and the desk's page beside it tell."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from cdtteam.areas.models import Area, AreaTerm, Level
from cdtteam.areas.queries import AreaMap, AreaOnMap, area_in_place_of, in_force, with_ground
from cdtteam.core.clock import civil_date
from cdtteam.residents.models import CommuneContact, HiddenName
from cdtteam.support.models import Service
from cdtteam.support.queries import services_in_order
from cdtteam.teams.models import Team, TeamVillage, by_position
from cdtteam.teams.queries import TeamMate, holds, members_of_teams


@dataclass(frozen=True, slots=True)
class PublicTeam:
    """A team and those of its members who are in force and shown, with how many are not."""

    name: str
    members: Sequence[TeamMate]
    unnamed: int


@dataclass(frozen=True, slots=True)
class PublicVillage:
    """A village of today's map, its commune, and the teams that serve it now."""

    id: UUID
    code: str
    name: str
    commune: str
    phone: str | None
    teams: Sequence[PublicTeam]


def public_village(session: Session, code: str, now: datetime) -> PublicVillage | None:
    """The village that has `code` on today's map, as residents may see it.

    Cards hang beside doors for years: a code that no village has any more leads to the one that stands where it was.
    """
    today = in_force(civil_date(now))
    village_id = _village_with(session, code, civil_date(now))
    columns = (AreaTerm.code, AreaTerm.name, AreaTerm.parent_id)
    found = session.execute(select(*columns).where(AreaTerm.area_id == village_id, today)).first()
    if village_id is None or found is None:
        return None
    own_code, name, commune_id = found
    commune = session.scalar(select(AreaTerm.name).where(AreaTerm.area_id == commune_id, today)) or ""
    contact = contact_of(session, commune_id) if commune_id else None
    phone = contact.phone if contact else None
    return PublicVillage(village_id, own_code, name, commune, phone, _teams(session, village_id, now))


def _village_with(session: Session, code: str, on: date) -> UUID | None:
    """The village that has a code on a date, or the one in the place of whichever had it last."""
    had = select(AreaTerm.area_id).join(Area, Area.id == AreaTerm.area_id)
    had = had.where(AreaTerm.code == code, Area.level == Level.VILLAGE, AreaTerm.from_on <= on)
    latest = (case((in_force(on), 0), else_=1), AreaTerm.from_on.desc())
    area_id = session.scalar(had.order_by(*latest).limit(1))
    return area_in_place_of(session, area_id, on) if area_id else None


def _teams(session: Session, village_id: UUID, now: datetime) -> list[PublicTeam]:
    on = civil_date(now)
    village = select(AreaTerm.area_id).where(AreaTerm.area_id == village_id, in_force(on))
    ground = set(session.scalars(with_ground(village, on)))
    statement = (
        select(Team.id, Team.name, Team.home_village_id)
        .join(TeamVillage, TeamVillage.team_id == Team.id)
        .where(TeamVillage.village_id.in_(ground), holds(TeamVillage, now), holds(Team, now))
        .distinct()
    )
    teams = sorted(session.execute(statement).all(), key=lambda row: (row[2] not in ground, row[1]))
    mates = members_of_teams(session, [team_id for team_id, *_ in teams], now)
    hidden = hidden_names(session, [mate.id for mate in mates])
    found = []
    for team_id, name, _ in teams:
        own = [mate for mate in mates if mate.team_id == team_id]
        shown = in_order(mate for mate in own if mate.id not in hidden)
        found.append(PublicTeam(name, shown, len(own) - len(shown)))
    return found


def in_order(mates: Iterable[TeamMate]) -> list[TeamMate]:
    """People by position and then by given name."""
    return sorted(mates, key=lambda mate: by_position(mate.position, mate.name))


def hidden_names(session: Session, member_ids: Iterable[UUID]) -> set[UUID]:
    """Those of the members who are left out of the public page."""
    wanted = HiddenName.member_id.in_(set(member_ids))
    return set(session.scalars(select(HiddenName.member_id).where(wanted)))


def contact_of(session: Session, commune_id: UUID) -> CommuneContact | None:
    """What residents are told of a commune's office."""
    return session.get(CommuneContact, commune_id)


def teams_serving(
    session: Session, areas: AreaMap, villages: Iterable[AreaOnMap], now: datetime
) -> dict[UUID, list[Team]]:
    """The teams that serve each village of the map, or a part of its ground, now."""
    village_of = {piece: village.id for village in villages for piece in areas.ground(village.id)}
    statement = (
        select(TeamVillage.village_id, Team)
        .join(Team, Team.id == TeamVillage.team_id)
        .where(TeamVillage.village_id.in_(village_of), holds(TeamVillage, now), holds(Team, now))
    )
    found: dict[UUID, list[Team]] = {}
    for piece, team in session.execute(statement):
        serving = found.setdefault(village_of[piece], [])
        if team not in serving:
            serving.append(team)
    return found


def services_by_pillar(session: Session) -> dict[str, list[Service]]:
    """What teams help with now, by pillar, in the catalogue's order."""
    found: dict[str, list[Service]] = {}
    for service in services_in_order(session):
        if service.is_active:
            found.setdefault(service.pillar, []).append(service)
    return found
