"""Where households belonged."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cdtteam.core.text import fold
from cdtteam.households.models import Decided, Household, HouseholdDecision, HouseholdMove


class Home(Protocol):
    """What a visit asks of its household: where it belonged and whether it stands."""

    @property
    def id(self) -> UUID: ...
    @property
    def village_id(self) -> UUID: ...
    @property
    def has_moved(self) -> bool: ...
    @property
    def merged_into_id(self) -> UUID | None: ...
    @property
    def erased_at(self) -> datetime | None: ...


def now_known_as(session: Session, household_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """For those of some households that were merged, the one that each is now."""
    found: dict[UUID, UUID] = {}
    asked = set(household_ids)
    while asked:
        merged = select(Household.id, Household.merged_into_id).where(
            Household.id.in_(asked), Household.merged_into_id.is_not(None)
        )
        step = {id_: into for id_, into in session.execute(merged) if into is not None}
        found |= step
        asked = set(step.values()) - found.keys()
    return {id_: _end(id_, found) for id_ in household_ids if id_ in found}


def was_ever_in(session: Session, household: Home, village_id: UUID) -> bool:
    """Whether a household belongs to a village or ever did."""
    if household.village_id == village_id or not household.has_moved:
        return household.village_id == village_id
    moves = select(HouseholdMove.id).where(HouseholdMove.household_id == household.id)
    return session.scalar(moves.where(HouseholdMove.from_village_id == village_id).limit(1)) is not None


def is_forgotten(session: Session, household: Home) -> bool:
    """Whether a household was erased at a resident's request, by itself or with the one that it was merged into."""
    if household.erased_at is None:
        return False
    id_ = now_known_as(session, [household.id]).get(household.id, household.id)
    asked = (HouseholdDecision.household_id == id_, HouseholdDecision.kind == Decided.ERASED)
    return session.scalar(select(HouseholdDecision.id).where(*asked).limit(1)) is not None


def households_by_village(session: Session) -> dict[UUID, int]:
    """How many households that are not gone each village has."""
    table = Household
    here = (table.withdrawn_at.is_(None), table.merged_into_id.is_(None), table.erased_at.is_(None))
    rows = session.execute(select(table.village_id, func.count()).where(*here).group_by(table.village_id)).all()
    return dict(rows)


def village_at(session: Session, household: Home, at: datetime) -> UUID:
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


def _end(household_id: UUID, merged: Mapping[UUID, UUID]) -> UUID:
    while household_id in merged:
        household_id = merged[household_id]
    return household_id


def households_by_name(session: Session, village_id: UUID) -> dict[str, Household]:
    """A village's households by what the form offers: the name, with code or hamlet where several share it."""
    standing = (Household.withdrawn_at.is_(None), Household.merged_into_id.is_(None), Household.erased_at.is_(None))
    rows = list(session.scalars(select(Household).where(Household.village_id == village_id, *standing)))
    names: dict[str, list[Household]] = {}
    for row in rows:
        if row.head_name:
            names.setdefault(fold(row.head_name), []).append(row)
    found: dict[str, Household] = {}
    for same in names.values():
        for row in same:
            found[row.head_name if len(same) == 1 else _label(row)] = row
    return found


def _label(row: Household) -> str:
    return f"{row.head_name} · {row.code or row.hamlet or str(row.id)[-4:]}"
