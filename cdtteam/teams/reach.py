"""Where somebody may answer for a person: the village of a team in which the person is, or was last."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor, Place
from cdtteam.access.policy import visible
from cdtteam.teams.models import Membership, Team
from cdtteam.teams.queries import holds


def place_of_person(session: Session, actor: Actor, member_id: UUID, now: datetime) -> Place | None:
    """The place to ask about when `actor` is to do something with a person; None for one who never was in a team.

    Of several teams in force one within the actor's reach; a former member's is the team that they left last.
    """
    home = Team.home_village_id
    homes = select(home).join(Membership, Membership.team_id == Team.id).where(Membership.member_id == member_id)
    current = homes.where(holds(Membership, now))
    for wanted in (visible(current, actor, home, now), current, homes.order_by(Membership.ended_at.desc())):
        village_id = session.scalar(wanted.limit(1))
        if village_id is not None:
            return Place(village_id, now)
    return None
