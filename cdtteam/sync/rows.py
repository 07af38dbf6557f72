"""The rows that a batch names, read once and under lock, and what it makes."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, load_only

from cdtteam.core.problems import Problem
from cdtteam.households.models import Household
from cdtteam.households.queries import village_at, was_ever_in
from cdtteam.replica.work import Work
from cdtteam.support.queries import indicator_types, is_service
from cdtteam.visits.models import Visit

# Made once: putting a statement together costs more than running it.
_IDS: Any = bindparam("ids", expanding=True)
_HOUSEHOLDS = select(Household).where(Household.id.in_(_IDS))
_VISITS = select(Visit).where(Visit.id.in_(_IDS))
# A visit asks its household only where it belonged and whether it stands; the rest comes if somebody asks.
_STANDING = (Household.village_id, Household.has_moved, Household.merged_into_id, Household.erased_at)
_VISITED = _HOUSEHOLDS.options(load_only(*_STANDING))
_VILLAGES: dict[Any, Any] = {model: select(model.village_id).where(model.id.in_(_IDS)) for model in (Household, Visit)}


@dataclass(frozen=True, slots=True)
class Named:
    """The ids that a batch's args name; `homeless` are rows that are named without their village."""

    villages: frozenset[UUID]
    households: frozenset[UUID]
    visits: frozenset[UUID]
    homeless: frozenset[UUID]


@dataclass
class Rows:
    """Households and visits by id, as they stand within this transaction."""

    work: Work
    households: dict[UUID, Household]
    visits: dict[UUID, Visit]

    @classmethod
    def under_lock(cls, work: Work, named: Named, extra_villages: frozenset[UUID]) -> "Rows":
        """Locks every village named or found behind a row that is named alone, then reads the rows.

        A visit names its household with its village, which is nearly always right. With `extra_villages`, those that
        an earlier try found missing, the village of each household is looked up too.
        """
        session = work.session
        villages = set(named.villages) | extra_villages
        behind = named.homeless | named.households if extra_villages else named.homeless
        for model in (Household, Visit) if behind else ():
            villages.update(session.scalars(_VILLAGES[model], {"ids": behind}))
        work.lock(villages)
        households = _read(session, _HOUSEHOLDS, named.households & named.homeless)
        visited = _read(session, _VISITED, named.households - named.homeless)
        return cls(work, households | visited, _read(session, _VISITS, named.visits))

    def has_service(self, code: str) -> bool:
        """Whether the catalogue has a service of this code."""
        return is_service(self.work.session, code)

    @cached_property
    def indicator_types(self) -> dict[str, str]:
        """The type of each indicator, by code."""
        return indicator_types(self.work.session)

    def household_of(self, household_id: Any) -> Household | None:
        """The household that args name; Problem `unknown_household`."""
        if household_id is None:
            return None
        household = self.households.get(household_id)
        if household is None:
            raise Problem("unknown_household")
        return household

    def village_at(self, household: Household, at: datetime) -> UUID:
        """The village to which a household belonged at an instant."""
        return village_at(self.work.session, household, at)

    def was_ever_in(self, household: Household, village_id: UUID) -> bool:
        """Whether a household belongs to a village or ever did."""
        return was_ever_in(self.work.session, household, village_id)

    def standing(self, household: Household | None) -> UUID | None:
        """The id under which a household is visited now: a merged one's `into`, none for an erased one."""
        while household is not None and household.merged_into_id:
            household = self.work.session.get(Household, household.merged_into_id)
        return None if household is None or household.erased_at else household.id


def _read(session: Session, statement: Any, ids: frozenset[UUID]) -> dict[UUID, Any]:
    return {row.id: row for row in session.scalars(statement, {"ids": ids})} if ids else {}
