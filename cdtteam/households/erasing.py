"""What a household no longer agrees to goes at once, in all its rows, for good.

Of one that refuses to be named all that could tell who it is; its id stays, so that what phones still send of it is
known, and the refusal itself. Of one that does not want to be contacted its number.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import delete, or_, select, update

from cdtteam.core.db import ERASED
from cdtteam.core.text import fold
from cdtteam.households.fields import CONTACT, NAMED
from cdtteam.households.group import with_merged
from cdtteam.households.models import Decided, Household, HouseholdChange, HouseholdDecision, HouseholdMove
from cdtteam.households.naming import is_named
from cdtteam.households.refusals import keep_refusals
from cdtteam.replica.work import Work

_CONTENT = ("code", "hamlet", "phone", "people", "adults", "note", "extra", "withdrawn_reason")


@dataclass
class Forgotten:
    """Under which ids, by which names (as they were written) and in which villages refusing households were known."""

    ids: set[UUID] = field(default_factory=set)
    called: set[str] = field(default_factory=set)
    village_ids: set[UUID] = field(default_factory=set)

    @property
    def names(self) -> set[str]:
        """The names, folded."""
        return {fold(name) for name in self.called}

    def is_named_in(self, text: str) -> bool:
        """Whether a text calls it by one of its names."""
        return any(is_named(name, text) for name in self.called)


def refuses_name(fields: Mapping[str, Any]) -> bool:
    """Whether flat fields say that the household does not want to be named."""
    return (fields.get(NAMED) or {}).get("given") is False


def refuses_contact(fields: Mapping[str, Any]) -> bool:
    """Whether flat fields say that the household does not want to be contacted."""
    return (fields.get(CONTACT) or {}).get("given") is False


def known_as(work: Work, household: Household) -> Forgotten:
    """All that a household was ever known by, those that were merged into it included."""
    work.write_rows()  # its history may be of this very transaction
    group = with_merged(work.session, household)
    ids = {one.id for one in group}
    history = work.session.execute(
        select(HouseholdChange.wanted, HouseholdChange.before).where(HouseholdChange.household_id.in_(ids))
    )
    texts = [texts.get("head_name") for row in history for texts in row] + [one.head_name for one in group]
    moves = select(HouseholdMove.from_village_id).where(HouseholdMove.household_id.in_(ids))
    villages = {one.village_id for one in group} | set(work.session.scalars(moves))
    return Forgotten(ids, {text for text in texts if isinstance(text, str) and text}, villages)


def ids_of(work: Work, household: Household) -> set[UUID]:
    """The ids of a household and of those that were merged into it."""
    return {one.id for one in with_merged(work.session, household)}


def erase_household(work: Work, household: Household, refusal: dict[str, Any]) -> None:
    """Empties the household, those merged into it and their history; phones drop all of them at their next contact.

    Lists pass it over from now on. The villages of all of them must be locked.
    """
    work.session.info[ERASED] = True
    known = known_as(work, household)
    keep_refusals(work, known.village_ids, known.names)
    group = with_merged(work.session, household)
    for one in group:
        empty_household(one)
        one.erased_at = work.now
        work.changed("household", one, one.village_id, gone="erased")
    household.consents = {"named": refusal}
    ids, connection = [one.id for one in group], work.session.connection()
    history = update(HouseholdChange).where(HouseholdChange.household_id.in_(ids))
    connection.execute(history.values(wanted={}, before={}, lost=[]))
    mine, others = HouseholdDecision.household_id.in_(ids), HouseholdDecision.into_id.in_(ids)
    # A merger that was taken back would tell which household somebody took it for, and so would that they are two.
    of_two = HouseholdDecision.kind.in_((Decided.MERGED, Decided.APART))
    connection.execute(delete(HouseholdDecision).where(of_two, or_(mine, others)))
    connection.execute(update(HouseholdDecision).where(mine).values(reason=None))


def erase_phone(work: Work, household: Household) -> None:
    """Takes the number out of the household, those merged into it and their history."""
    work.session.info[ERASED] = True
    work.write_rows()
    group = with_merged(work.session, household)
    for one in group:
        one.phone = None
    history = select(HouseholdChange).where(HouseholdChange.household_id.in_([one.id for one in group]))
    for change in work.session.scalars(history):
        change.wanted, change.before = _without_phone(change.wanted), _without_phone(change.before)


def kept_of(household: Household, fields: dict[str, Any]) -> dict[str, Any]:
    """What the history may keep of flat fields: of a household that does not want to be contacted no number."""
    return _without_phone(fields) if refuses_contact({CONTACT: household.consents.get("contact")}) else fields


def empty_household(household: Household) -> None:
    """Takes out all that was known of a household: a tombstone has no content (sync protocol, "Response")."""
    household.head_name = ""
    for name in _CONTENT:
        setattr(household, name, None)
    household.indicators, household.consents, household.sources = {}, {}, {}


def _without_phone(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name != "phone"}
