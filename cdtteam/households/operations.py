"""Households are created, updated field by field, withdrawn, moved, merged and erased."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from cdtteam.access.models import Actor, Permission, Place
from cdtteam.access.policy import require
from cdtteam.core.problems import Problem
from cdtteam.households.models import Household, HouseholdChange, HouseholdMove, check_contact
from cdtteam.households.queries import village_at
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
    """A new household; `fields` as wire.household_fields gives them."""
    require(actor, Permission.HOUSEHOLD_WRITE, Place(village_id, entry.at), session=work.session, now=work.now)
    check_contact(fields, {})
    household = Household(
        id=household_id, village_id=village_id, version=0, indicators={}, consents={}, sources={},
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
    require(actor, Permission.HOUSEHOLD_WRITE, _place(work, household, entry), session=work.session, now=work.now)
    if household.gone:
        raise Problem("withdrawn")
    check_contact(fields, household.consents)
    before = {name: _get(household, name) for name in fields}
    clashes = {name for name in fields if _clashes(household, name, fields[name], base_version, entry)}
    lost = sorted(name for name in clashes if _is_later(household, name, entry))
    changed = {
        name: value
        for name, value in fields.items()
        # Setting what it is already counts as setting it last: whose turn came first must not matter.
        if name not in lost and (before[name] != value or not _is_later(household, name, entry))
    }
    if changed:
        for name, value in changed.items():
            _set(household, name, value)
        changed |= _forget_phone(household, before)
        work.changed("household", household, household.village_id)
        source = [household.version, str(entry.device_id), _moment(entry.at)]
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
        )
    )
    return bool(clashes)


def withdraw_household(actor: Actor, work: Work, entry: Entry, household: Household, *, reason: str) -> None:
    """The household moved away or was entered by mistake; its visits stay."""
    require(actor, Permission.HOUSEHOLD_WRITE, _place(work, household, entry), session=work.session, now=work.now)
    if household.gone:
        return
    household.withdrawn_at = entry.at
    household.withdrawn_reason = reason
    work.changed("household", household, household.village_id, gone="withdrawn")


def move_household(actor: Actor, work: Work, household: Household, to_village_id: UUID, *, at: datetime) -> None:
    """Moves a household to another village; the phones of the old one drop it, its visits stay where they were made."""
    require(actor, Permission.TEAM_MANAGE, Place(household.village_id, work.now), session=work.session, now=work.now)
    require(actor, Permission.TEAM_MANAGE, Place(to_village_id, work.now), session=work.session, now=work.now)
    work.lock([household.village_id, to_village_id])
    work.session.refresh(household)  # it was read before the lock: somebody may have changed it since
    old = household.village_id
    if old == to_village_id:
        return
    work.session.add(
        HouseholdMove(household_id=household.id, from_village_id=old, to_village_id=to_village_id, moved_at=at)
    )
    work.left(household, "household", old)
    household.village_id = to_village_id
    household.has_moved = True
    work.changed("household", household, to_village_id, gone=household.gone, into=household.merged_into_id)


def _forget_phone(household: Household, before: dict[str, Any]) -> dict[str, None]:
    """Drops the phone of a household that no longer agrees to be contacted; the history keeps it."""
    if household.phone is None or (household.consents.get("contact") or {}).get("given") is True:
        return {}
    before.setdefault("phone", household.phone)
    household.phone = None
    return {"phone": None}


def _place(work: Work, household: Household, entry: Entry) -> Place:
    """Where the household was when the entry was made: moving it later takes nothing back."""
    return Place(village_at(work.session, household, entry.at), entry.at)


def _get(household: Household, name: str) -> Any:
    group, dot, key = name.partition(".")
    return (getattr(household, group) or {}).get(key) if dot else getattr(household, name)


def _set(household: Household, name: str, value: Any) -> None:
    group, dot, key = name.partition(".")
    if dot:
        setattr(household, group, (getattr(household, group) or {}) | {key: value})
    else:
        setattr(household, name, value)


def _clashes(household: Household, name: str, value: Any, base_version: int | None, entry: Entry) -> bool:
    version, device_id, _ = _source(household, name)
    newer = base_version is None or version > base_version
    return newer and device_id != str(entry.device_id) and _get(household, name) != value


def _is_later(household: Household, name: str, entry: Entry) -> bool:
    """Whether a field was set last at a later time than the entry's; in one moment the greater device id is later."""
    _, device_id, at = _source(household, name)
    return (datetime.fromisoformat(at), device_id) > (entry.at, str(entry.device_id))


def _moment(at: datetime) -> str:
    # In full: two entries may lie less than a millisecond apart.
    return at.astimezone(UTC).isoformat()


def _source(household: Household, name: str) -> tuple[int, str, str]:
    """The version, the device and the time that set a field last."""
    created = (household.created_version, str(household.device_id), _moment(household.entered_at))
    version, device_id, at = household.sources.get(name, created)
    return version, device_id, at
