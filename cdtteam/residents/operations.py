"""What coordinators set for the public page."""

from collections.abc import Set
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor, Permission, Place
from cdtteam.access.policy import require
from cdtteam.residents.models import CommuneContact, HiddenName
from cdtteam.teams.models import Team
from cdtteam.teams.queries import members_of_teams

MANAGE = Permission.TEAM_MANAGE


def set_commune_phone(actor: Actor, session: Session, commune_id: UUID, phone: str | None, *, now: datetime) -> None:
    """Gives a commune the number that residents may call, or takes it away."""
    require(actor, MANAGE, commune_id)
    contact = session.get(CommuneContact, commune_id)
    if contact is None:
        contact = CommuneContact(area_id=commune_id, version=0)
        session.add(contact)
    contact.phone, contact.version = phone, contact.version + 1
    contact.changed_at, contact.changed_by = now, actor.user_id


def show_names(actor: Actor, session: Session, team: Team, shown: Set[UUID], *, now: datetime) -> None:
    """Shows exactly `shown` of a team's members on the public page."""
    require(actor, MANAGE, Place(team.home_village_id, now), session=session, now=now)
    members = {mate.id for mate in members_of_teams(session, [team.id], now)}
    hidden = {
        row.member_id: row for row in session.scalars(select(HiddenName).where(HiddenName.member_id.in_(members)))
    }
    for member_id in members:
        if member_id in shown and member_id in hidden:
            session.delete(hidden[member_id])
        elif member_id not in shown and member_id not in hidden:
            session.add(HiddenName(member_id=member_id, since_at=now, hidden_by=actor.user_id))
