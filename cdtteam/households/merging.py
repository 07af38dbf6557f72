"""Two households that are one: the one that stays takes what it lacks, and all of it can be taken back.

The row of the merged one stays as it is, and so do the visits that name it: whoever reads them asks for the household
that it is now. So taking a merger back is a matter of one reference, and of the fields that were taken.
"""

from datetime import datetime
from typing import Any

from cdtteam.access.models import Actor, Permission
from cdtteam.access.policy import require
from cdtteam.core.problems import Problem
from cdtteam.households.erasing import erase_phone, refuses_contact
from cdtteam.households.fields import CONTACT, field_of, known_fields, raw_field, set_raw, source_of
from cdtteam.households.group import hold
from cdtteam.households.models import Decided, Household, HouseholdDecision
from cdtteam.replica.work import Work


def merge_households(actor: Actor, work: Work, household: Household, into: Household) -> HouseholdDecision:
    """Makes `household` one with `into`, which takes the fields that it lacks; of two words the later holds.

    Both must stand, and not be the same: Problem `withdrawn`. Visits are told again by the room of visits.
    """
    require(actor, Permission.HOUSEHOLD_MANAGE)
    hold(actor, work, [household, into])
    if household.gone or into.gone or household.id == into.id:
        raise Problem("withdrawn")
    household.merged_into_id = into.id
    work.changed("household", household, household.village_id, gone="merged", into=into.id)
    work.changed("household", into, into.village_id)
    earlier = {name: raw_field(into, name) for name in _overruled(into, household)}
    taken = sorted({*earlier, *_lacking(into, household, earlier)})
    for name in taken:
        _version, device_id, at = source_of(household, name)
        set_raw(into, name, raw_field(household, name))
        into.sources = into.sources | {name: [into.version, device_id, at]}
    if refuses_contact({CONTACT: into.consents.get("contact")}):
        erase_phone(work, into)
    decision = HouseholdDecision(
        household_id=household.id, kind=Decided.MERGED, decided_at=work.now, decided_by=actor.user_id,
        into_id=into.id, into_version=into.version, taken=taken, earlier=earlier,
    )  # fmt: skip
    work.session.add(decision)
    return decision


def undo_merger(actor: Actor, work: Work, decision: HouseholdDecision) -> Household:
    """Takes a merger back: the merged household stands again as it was, the other gives back what it took.

    What came since stays with the other one. Problem `changed_meanwhile` where the merger does not stand alone: it was
    taken back already, either was erased, or the other one was merged in turn.
    """
    require(actor, Permission.HOUSEHOLD_MANAGE)
    session = work.session
    household = session.get_one(Household, decision.household_id)
    into = session.get_one(Household, decision.into_id)
    hold(actor, work, [household, into])
    session.refresh(decision)
    if not can_be_undone(decision, household, into):
        raise Problem("changed_meanwhile")
    household.merged_into_id = None
    decision.undone_at, decision.undone_by = work.now, actor.user_id
    work.changed("household", household, household.village_id, gone=household.gone)
    for name in _unchanged(into, household, decision):
        _give_back(into, name, decision.earlier.get(name))
    work.changed("household", into, into.village_id, gone=into.gone)
    return household


def can_be_undone(decision: HouseholdDecision, household: Household, into: Household) -> bool:
    """Whether a merger is the last thing that was done of both."""
    stands = decision.undone_at is None and household.merged_into_id == into.id == decision.into_id
    return stands and into.merged_into_id is None and household.erased_at is None and into.erased_at is None


def _overruled(into: Household, household: Household) -> list[str]:
    """The consents on which both have a word, and another one, and that of `household` is the later."""
    return [
        name
        for name in known_fields(household)
        if name.startswith("consents.")
        and (given := field_of(into, name)) is not None
        and given.get("given") is not field_of(household, name).get("given")
        and _moment_of(household, name) > _moment_of(into, name)
    ]


def _lacking(into: Household, household: Household, overruled: dict[str, Any]) -> set[str]:
    """What is known of `household` and not of `into`; a number only where the word on calling allows it."""
    names = known_fields(household).keys() - known_fields(into).keys()
    word = field_of(household if CONTACT in overruled or CONTACT in names else into, CONTACT) or {}
    return set(names) if word.get("given") is True else names - {"phone"}


def _unchanged(into: Household, household: Household, decision: HouseholdDecision) -> list[str]:
    """The fields that `into` took and nobody has set since.

    A refusal to be called stays, and so does the word on which a number is kept.
    """
    same = [
        name
        for name in decision.taken
        if source_of(into, name)[0] == decision.into_version and raw_field(into, name) == raw_field(household, name)
    ]
    keeps_number = into.phone is not None and "phone" not in same
    return [
        name
        for name in same
        if not (name == CONTACT and (keeps_number or refuses_contact({CONTACT: field_of(into, CONTACT)})))
    ]


def _give_back(into: Household, name: str, earlier: Any) -> None:
    set_raw(into, name, earlier)
    into.sources = {field: source for field, source in into.sources.items() if field != name}


def _moment_of(household: Household, name: str) -> datetime:
    """When a word was given, as far as is known."""
    said = (field_of(household, name) or {}).get("at")
    return datetime.fromisoformat(said or source_of(household, name)[2])
