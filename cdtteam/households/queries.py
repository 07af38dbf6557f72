"""Where households belonged."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdtteam.households.models import Household, HouseholdMove


def was_ever_in(session: Session, household: Household, village_id: UUID) -> bool:
    """Whether a household belongs to a village or ever did."""
    if household.village_id == village_id or not household.has_moved:
        return household.village_id == village_id
    moves = select(HouseholdMove.id).where(HouseholdMove.household_id == household.id)
    return session.scalar(moves.where(HouseholdMove.from_village_id == village_id).limit(1)) is not None


def village_at(session: Session, household: Household, at: datetime) -> UUID:
    """The village to which a household belonged at an instant."""
    if not household.has_moved:
        return household.village_id
    later = (
        select(HouseholdMove.from_village_id)
        .where(HouseholdMove.household_id == household.id, HouseholdMove.moved_at > at)
        .order_by(HouseholdMove.moved_at, HouseholdMove.id)
        .limit(1)
    )
    return session.scalar(later) or household.village_id
