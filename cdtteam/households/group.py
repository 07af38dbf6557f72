"""A household and those that were merged into it, and how an officer takes hold of some."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor, Permission, Place
from cdtteam.access.policy import require
from cdtteam.households.models import Decided, Household, HouseholdDecision
from cdtteam.replica.work import Work


def standing(session: Session, household: Household) -> Household:
    """The household itself, or the one that it was merged into in the end."""
    while household.merged_into_id:
        household = session.get_one(Household, household.merged_into_id)
    return household


def with_merged(session: Session, household: Household) -> list[Household]:
    """A household, then those that were merged into it, over others too."""
    group, found = [household], {household.id}
    while found:
        merged = select(Household).where(Household.merged_into_id.in_(found))
        rows = [one for one in session.scalars(merged) if one not in group]
        group += rows
        found = {one.id for one in rows}
    return group


def hold(actor: Actor, work: Work, households: Collection[Household], *other_villages: UUID) -> None:
    """Locks the villages of households that the actor may manage, and others, and reads the households again.

    They were read before the locks, so somebody may have changed or moved one meanwhile.
    """
    _require_all(actor, work, households)
    while True:
        work.lock([*(one.village_id for one in households), *other_villages])
        for one in households:
            work.session.refresh(one)
        if all(work.is_locked(one.village_id) for one in households):
            break
    _require_all(actor, work, households)


def decision_on(
    actor: Actor, work: Work, household: Household, kind: Decided, reason: str | None = None
) -> HouseholdDecision:
    """What is written down of an officer's decision."""
    about: dict[str, Any] = {"household_id": household.id, "kind": kind, "reason": reason}
    return HouseholdDecision(decided_at=work.now, decided_by=actor.user_id, taken=[], earlier={}, **about)


def _require_all(actor: Actor, work: Work, households: Collection[Household]) -> None:
    for one in households:
        place = Place(one.village_id, work.now)
        require(actor, Permission.HOUSEHOLD_MANAGE, place, session=work.session, now=work.now)
