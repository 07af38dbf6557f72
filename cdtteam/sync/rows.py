"""The rows that a batch names, read once and under lock, and what it makes."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdtteam.core.problems import Problem
from cdtteam.households.models import Household, HouseholdMove
from cdtteam.replica.work import Work
from cdtteam.support.queries import indicator_types, service_codes
from cdtteam.visits.models import Visit


@dataclass(frozen=True, slots=True)
class Named:
    """The ids that a batch's args name."""

    villages: frozenset[UUID]
    households: frozenset[UUID]
    visits: frozenset[UUID]


@dataclass
class Rows:
    """Households and visits by id, as they stand within this transaction."""

    work: Work
    households: dict[UUID, Household]
    visits: dict[UUID, Visit]
    _moves: dict[UUID, list[HouseholdMove]] = field(default_factory=dict)

    @classmethod
    def under_lock(cls, work: Work, named: Named, extra_villages: Iterable[UUID]) -> "Rows":
        """Locks every village named or found behind a named row, then reads the rows."""
        session = work.session
        villages = set(named.villages) | set(extra_villages)
        if named.households:
            villages.update(session.scalars(select(Household.village_id).where(Household.id.in_(named.households))))
        if named.visits:
            villages.update(session.scalars(select(Visit.village_id).where(Visit.id.in_(named.visits))))
        work.lock(villages)
        return cls(work, _read(session, Household, named.households), _read(session, Visit, named.visits))

    @cached_property
    def service_codes(self) -> frozenset[str]:
        """The codes of the catalogue of services."""
        return service_codes(self.work.session)

    @cached_property
    def indicator_types(self) -> dict[str, str]:
        """The type of each indicator, by code."""
        return indicator_types(self.work.session)

    def household_of(self, household_id: UUID | None | Any) -> Household | None:
        """The household that args name; Problem `unknown_household`."""
        if household_id is None:
            return None
        household = self.households.get(household_id)
        if household is None:
            raise Problem("unknown_household")
        return household

    def village_at(self, household: Household, at: datetime) -> UUID:
        """The village to which a household belonged at an instant."""
        if not household.has_moved:
            return household.village_id
        if household.id not in self._moves:
            moves = (
                select(HouseholdMove).where(HouseholdMove.household_id == household.id).order_by(HouseholdMove.moved_at)
            )
            self._moves[household.id] = list(self.work.session.scalars(moves))
        later = (move.from_village_id for move in self._moves[household.id] if move.moved_at > at)
        return next(later, household.village_id)

    def standing(self, household: Household | None) -> UUID | None:
        """The id under which a household is visited now: a merged one's `into`, none for an erased one."""
        while household is not None and household.merged_into_id:
            household = self.work.session.get(Household, household.merged_into_id)
        return None if household is None or household.erased_at else household.id


def _read(session: Session, model: Any, ids: frozenset[UUID]) -> dict[UUID, Any]:
    return {row.id: row for row in session.scalars(select(model).where(model.id.in_(ids)))} if ids else {}
