"""Other households stay; words about them that call one by name go when it is to be forgotten."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import select

from cdtteam.access.models import Actor, Permission
from cdtteam.access.policy import require
from cdtteam.core.text import TAKEN_OUT, taken_out, texts_in
from cdtteam.households.models import Household, HouseholdChange, HouseholdDecision
from cdtteam.replica.work import Work

_WORDS = ("note", "withdrawn_reason", "extra")  # their names and hamlets are their own


def forget_in_households(actor: Actor, work: Work, village_ids: set[UUID], names_it: Callable[[str], bool]) -> None:
    """Takes out what was noted of households in villages, which must be locked, that names the one to be forgotten."""
    require(actor, Permission.HOUSEHOLD_MANAGE)
    work.write_rows()
    here = Household.village_id.in_(village_ids)
    for household in work.session.scalars(select(Household).where(here).order_by(Household.village_id, Household.id)):
        named = [name for name in _WORDS if any(map(names_it, texts_in(getattr(household, name))))]
        for name in named:
            setattr(household, name, None if name == "extra" else TAKEN_OUT)
        if named and household.gone is None:  # else phones have dropped it
            work.changed("household", household, household.village_id)
    of_theirs = select(HouseholdChange).join(Household, Household.id == HouseholdChange.household_id)
    for change in work.session.scalars(of_theirs.where(here)):
        change.wanted, change.before = (_without(fields, names_it) for fields in (change.wanted, change.before))
    decided = select(HouseholdDecision).join(Household, Household.id == HouseholdDecision.household_id)
    for decision in work.session.scalars(decided.where(here)):
        decision.reason = taken_out(decision.reason, names_it)


def _without(fields: dict[str, Any], names_it: Callable[[str], bool]) -> dict[str, Any]:
    """Flat fields, without words that name it."""
    told = {name for name in fields if name in _WORDS or name.startswith("extra.")}
    return {name: taken_out(value, names_it) if name in told else value for name, value in fields.items()}
