"""Households are created, updated field by field, withdrawn, moved, merged and erased."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from cdtteam.access.models import Actor, Permission, Place
from cdtteam.access.policy import require
from cdtteam.core.clock import wire_instant
from cdtteam.core.problems import Problem
from cdtteam.households.models import Household, HouseholdChange, HouseholdMove
from cdtteam.replica.work import Work


@dataclass(frozen=True, slots=True)
class Entry:
    """Who entered something, on which device, and when by the corrected clock."""

    author_id: UUID | None
    device_id: UUID | None
    at: datetime


def create_household(
    actor: Actor, work: Work, entry: Entry, *, id: UUID, village_id: UUID, fields: dict[str, Any]
) -> Household:
    """A new household; `fields` as wire.household_fields gives them."""
    require(actor, Permission.HOUSEHOLD_WRITE, Place(village_id, entry.at), session=work.session, now=work.now)
    _check_contact(fields, {})
    household = Household(
        id=id, village_id=village_id, version=0, indicators={}, consents={}, sources={},
        author_id=entry.author_id, device_id=entry.device_id, entered_at=entry.at,
    )  # fmt: skip
    for name, value in fields.items():
        _set(household, name, value)
    work.session.add(household)
    work.changed("household", household, village_id)
    household.created_version = household.version
    return household


def update_household(
    actor: Actor, work: Work, entry: Entry, household: Household, *, base_version: int | None, fields: dict[str, Any]
) -> bool:
    """Merges `fields` into the household; answers whether somebody else had changed one of them since `base_version`.

    Rules: sync protocol, "Conflicts". Problem `withdrawn` when there is nothing left to change.
    """
    require(
        actor, Permission.HOUSEHOLD_WRITE, Place(household.village_id, entry.at), session=work.session, now=work.now
    )
    if household.gone:
        raise Problem("withdrawn")
    _check_contact(fields, household.consents)
    before = {name: _get(household, name) for name in fields}
    clashes = {name for name in fields if _clashes(household, name, fields[name], base_version, entry)}
    lost = sorted(name for name in clashes if _last_at(household, name) > entry.at)
    changed = {name: value for name, value in fields.items() if name not in lost}
    if any(before[name] != value for name, value in changed.items()):
        for name, value in changed.items():
            _set(household, name, value)
        work.changed("household", household, household.village_id)
        source = [household.version, str(entry.device_id), wire_instant(entry.at)]
        household.sources = household.sources | dict.fromkeys(changed, source)
    work.session.add(
        HouseholdChange(
            household_id=household.id,
            author_id=entry.author_id,
            device_id=entry.device_id,
            at=entry.at,
            received_at=work.now,
            wanted=fields,
            before=before,
            lost=lost,
        )  # fmt: skip
    )
    return bool(clashes)


def withdraw_household(actor: Actor, work: Work, entry: Entry, household: Household, *, reason: str) -> None:
    """The household moved away or was entered by mistake; its visits stay."""
    require(
        actor, Permission.HOUSEHOLD_WRITE, Place(household.village_id, entry.at), session=work.session, now=work.now
    )
    if household.gone:
        return
    household.withdrawn_at = entry.at
    household.withdrawn_reason = reason
    work.changed("household", household, household.village_id, gone="withdrawn")


def move_household(actor: Actor, work: Work, household: Household, to_village_id: UUID, *, at: datetime) -> None:
    """Moves a household to another village; the phones of the old one drop it, its visits stay where they were made."""
    require(actor, Permission.TEAM_MANAGE, Place(household.village_id, work.now), session=work.session, now=work.now)
    require(actor, Permission.TEAM_MANAGE, Place(to_village_id, work.now), session=work.session, now=work.now)
    old = household.village_id
    if old == to_village_id:
        return
    work.lock([old, to_village_id])
    work.session.add(
        HouseholdMove(household_id=household.id, from_village_id=old, to_village_id=to_village_id, moved_at=at)
    )
    work.left(household, "household", old)
    household.village_id = to_village_id
    household.has_moved = True
    work.changed("household", household, to_village_id)


def _check_contact(fields: dict[str, Any], consents: dict[str, Any]) -> None:
    contact = fields.get("consents.contact", consents.get("contact")) or {}
    if fields.get("phone") is not None and contact.get("given") is not True:
        raise Problem("invalid_field", field="phone")


def _get(household: Household, name: str) -> Any:
    group, dot, key = name.partition(".")
    return getattr(household, group).get(key) if dot else getattr(household, name)


def _set(household: Household, name: str, value: Any) -> None:
    group, dot, key = name.partition(".")
    if dot:
        setattr(household, group, getattr(household, group) | {key: value})
    elif name == "extra":
        household.extra = (household.extra or {}) | value
    else:
        setattr(household, name, value)


def _clashes(household: Household, name: str, value: Any, base_version: int | None, entry: Entry) -> bool:
    version, device_id, _ = _source(household, name)
    newer = base_version is None or version > base_version
    return newer and device_id != str(entry.device_id) and _get(household, name) != value


def _last_at(household: Household, name: str) -> datetime:
    return datetime.fromisoformat(_source(household, name)[2])


def _source(household: Household, name: str) -> tuple[int, str, str]:
    """The version, the device and the time that set a field last."""
    created = (household.created_version, str(household.device_id), wire_instant(household.entered_at))
    version, device_id, at = household.sources.get(name, created)
    return version, device_id, at
