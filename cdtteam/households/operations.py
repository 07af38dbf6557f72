"""Households are created, updated field by field, withdrawn, moved, merged and erased."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from cdtteam.access.models import Actor, Permission, Place
from cdtteam.access.policy import require
from cdtteam.core.problems import Problem
from cdtteam.households.erasing import (
    empty_household,
    erase_household,
    erase_phone,
    kept_of,
    refuses_contact,
    refuses_name,
)
from cdtteam.households.fields import NAMED, field_of, moment, source_of
from cdtteam.households.group import decision_on, hold, standing
from cdtteam.households.models import (
    Decided,
    Household,
    HouseholdChange,
    HouseholdMove,
    check_contact,
    without_recorder,
)
from cdtteam.households.queries import village_at
from cdtteam.households.refusals import keep_refusals
from cdtteam.replica.work import Work


@dataclass(frozen=True, slots=True)
class Entry:
    """Who entered something, on which device, and when by the corrected clock."""

    author_id: UUID | None
    device_id: UUID | None
    at: datetime


def create_household(
    actor: Actor, work: Work, entry: Entry, *, household_id: UUID, village_id: UUID, fields: dict[str, Any]
) -> Household:
    """A new household; `fields` as wire.household_fields gives them.

    Of one that refuses to be named nothing is kept but its id, so that the visits to it count as not named.
    """
    require(actor, Permission.HOUSEHOLD_WRITE, Place(village_id, entry.at), session=work.session, now=work.now)
    check_contact(fields, {})
    household = Household(
        id=household_id, village_id=village_id, version=0, indicators={}, consents={}, sources={},
        author_id=entry.author_id, device_id=entry.device_id, entered_at=entry.at,
    )  # fmt: skip
    for name, value in fields.items():
        _set(household, name, value, entry)
    if refuses_name(fields):
        refusal = household.consents["named"]
        keep_refusals(work, [village_id], [fields["head_name"]])
        empty_household(household)
        household.consents, household.erased_at = {"named": refusal}, work.now
    work.session.add(household)
    work.changed("household", household, village_id, gone=household.gone)
    household.created_version = household.version
    return household


def update_household(
    actor: Actor, work: Work, entry: Entry, household: Household, *, base_version: int | None, fields: dict[str, Any]
) -> bool:
    """Merges `fields` into the household; answers whether somebody else had changed one of them since `base_version`.

    Rules: sync protocol, "Conflicts". What is said of a merged one is of the one that it is now. Problem `withdrawn`
    when there is nothing left to change. A refusal to be named, unless somebody heard a later word, empties the
    household for good; one to be contacted takes its number out.
    """
    require(actor, Permission.HOUSEHOLD_WRITE, _place(work, household, entry), session=work.session, now=work.now)
    is_merged = household.merged_into_id is not None
    if is_merged:
        household, base_version = standing(work.session, household), None
        work.hold(household.village_id)
    return _put(work, entry, household, fields, base_version=base_version, is_merged=is_merged)


def correct_at_desk(actor: Actor, work: Work, household: Household, fields: dict[str, Any]) -> None:
    """An officer sets fields of a household that stands, of which the form that was seen still holds.

    What phones send later of an earlier moment gives way as before any other entry. Problem `withdrawn`.
    """
    require(actor, Permission.HOUSEHOLD_MANAGE)
    hold(actor, work, [household])
    entry = Entry(None, None, work.now)
    _put(work, entry, household, fields, base_version=household.version, officer_id=actor.user_id)


def _put(
    work: Work,
    entry: Entry,
    household: Household,
    fields: dict[str, Any],
    *,
    base_version: int | None,
    is_merged: bool = False,
    officer_id: UUID | None = None,
) -> bool:
    """Merges fields into a household, and keeps what was asked for and what it replaced."""
    if household.gone:
        raise Problem("withdrawn")
    check_contact(fields, household.consents)
    before = {name: field_of(household, name) for name in fields}
    asked = fields.keys() - {name for name in fields if is_merged and before[name] is None}  # what it lacks it takes
    clashes = {name for name in asked if _clashes(household, name, fields[name], base_version, entry)}
    lost = sorted(name for name in clashes if _is_later(household, name, entry))
    changed = _without_what_stays(household, entry, {name: value for name, value in fields.items() if name not in lost})
    if refuses_name(changed):
        _set(household, NAMED, changed[NAMED], entry)
        erase_household(work, household, household.consents["named"])
        fields, before, lost = {NAMED: changed[NAMED]}, {}, []
    elif changed:
        _change(work, entry, household, changed)
    kept = HouseholdChange(
        household_id=household.id, author_id=entry.author_id, device_id=entry.device_id, officer_id=officer_id,
        at=entry.at, received_at=work.now, wanted=kept_of(household, fields), before=kept_of(household, before),
        lost=lost,
    )  # fmt: skip
    work.session.add(kept)
    return bool(clashes)


def _without_what_stays(household: Household, entry: Entry, fields: dict[str, Any]) -> dict[str, Any]:
    """Setting what it is already counts as setting it last: whose turn came first must not matter."""
    return {
        name: value
        for name, value in fields.items()
        if field_of(household, name) != value or not _is_later(household, name, entry)
    }


def _change(work: Work, entry: Entry, household: Household, fields: dict[str, Any]) -> None:
    """Sets fields, with where they come from; who is not to be called has no number any more."""
    for name, value in fields.items():
        _set(household, name, value, entry)
    if refuses_contact(fields):
        erase_phone(work, household)
        fields = {**fields, "phone": None}
    work.changed("household", household, household.village_id)
    source = [household.version, str(entry.device_id), moment(entry.at)]
    household.sources = household.sources | dict.fromkeys(fields, source)


def withdraw_household(actor: Actor, work: Work, entry: Entry, household: Household, *, reason: str) -> None:
    """The household moved away or was entered by mistake; its visits stay."""
    require(actor, Permission.HOUSEHOLD_WRITE, _place(work, household, entry), session=work.session, now=work.now)
    if household.gone:
        return
    household.withdrawn_at = entry.at
    household.withdrawn_reason = reason
    work.changed("household", household, household.village_id, gone="withdrawn")


def withdraw_at_desk(actor: Actor, work: Work, household: Household, *, reason: str) -> None:
    """An officer withdraws a household that stands, and may restore it; Problem `withdrawn` when it is gone already."""
    require(actor, Permission.HOUSEHOLD_MANAGE)
    hold(actor, work, [household])
    if household.gone:
        raise Problem("withdrawn")
    household.withdrawn_at, household.withdrawn_reason = work.now, reason
    work.changed("household", household, household.village_id, gone="withdrawn")
    work.session.add(decision_on(actor, work, household, Decided.WITHDRAWN, reason))


def restore_household(actor: Actor, work: Work, household: Household) -> None:
    """Brings a withdrawn household back, as it was; Problem `changed_meanwhile` when it is not withdrawn any more."""
    require(actor, Permission.HOUSEHOLD_MANAGE)
    hold(actor, work, [household])
    if household.gone != "withdrawn":
        raise Problem("changed_meanwhile")
    household.withdrawn_at = household.withdrawn_reason = None
    work.changed("household", household, household.village_id)
    work.session.add(decision_on(actor, work, household, Decided.RESTORED))


def move_household(actor: Actor, work: Work, household: Household, to_village_id: UUID, *, at: datetime) -> None:
    """Moves a household to another village; the phones of the old one drop it, its visits stay where they were made."""
    require(actor, Permission.HOUSEHOLD_MANAGE, Place(to_village_id, work.now), session=work.session, now=work.now)
    hold(actor, work, [household], to_village_id)
    old = household.village_id
    if old == to_village_id:
        return
    move = {"from_village_id": old, "to_village_id": to_village_id, "moved_at": at, "moved_by": actor.user_id}
    work.session.add(HouseholdMove(household_id=household.id, **move))
    work.left(household, "household", old)
    household.village_id = to_village_id
    household.has_moved = True
    work.changed("household", household, to_village_id, gone=household.gone, into=household.merged_into_id)


def _place(work: Work, household: Household, entry: Entry) -> Place:
    """Where the household was when the entry was made: moving it later takes nothing back."""
    return Place(village_at(work.session, household, entry.at), entry.at)


def _set(household: Household, name: str, value: Any, entry: Entry) -> None:
    group, dot, key = name.partition(".")
    if dot:
        if group == "consents":
            value = without_recorder(value) | ({"by": str(entry.author_id)} if entry.author_id else {})
        setattr(household, group, (getattr(household, group) or {}) | {key: value})
    else:
        setattr(household, name, value)


def _clashes(household: Household, name: str, value: Any, base_version: int | None, entry: Entry) -> bool:
    version, device_id, _ = source_of(household, name)
    newer = base_version is None or version > base_version
    return newer and device_id != str(entry.device_id) and field_of(household, name) != value


def _is_later(household: Household, name: str, entry: Entry) -> bool:
    """Whether a field was set last at a later time than the entry's; in one moment the greater device id is later."""
    _, device_id, at = source_of(household, name)
    return (datetime.fromisoformat(at), device_id) > (entry.at, str(entry.device_id))
