"""Devices and the days on which they reached us."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from cdtteam.accounts.models import Device, DeviceContact
from cdtteam.core.clock import civil_date

FRESH = timedelta(minutes=10)  # a contact this recent is not written again
DRIFT = 60_000  # milliseconds by which a clock's error must change to be written again


@dataclass(frozen=True, slots=True)
class Sighting:
    """A device as it shows itself in a request."""

    device_id: UUID
    member_id: UUID
    app_version: str
    clock_error: timedelta


def is_noteworthy(session: Session, seen: Sighting, now: datetime) -> bool:
    """Whether the sighting says anything that is not on record."""
    device, contact = _on_record(session, seen, now)
    return _outdated(device, seen) or _overdue(contact, now)


def note_device(session: Session, seen: Sighting, now: datetime) -> None:
    """Puts a sighting on record."""
    device, contact = _on_record(session, seen, now)
    if device is None:
        device = Device(id=seen.device_id, first_seen_at=now)
        session.add(device)
    if _outdated(device, seen):
        device.app_version = seen.app_version
        device.clock_error_ms = _milliseconds(seen)
        session.flush()
    if contact is None:
        key = {"device_id": seen.device_id, "member_id": seen.member_id, "on": civil_date(now)}
        session.add(DeviceContact(**key, last_at=now))
    elif _overdue(contact, now):
        contact.last_at = now


_RECORD = (
    select(Device, DeviceContact)
    .outerjoin(
        DeviceContact,
        and_(
            DeviceContact.device_id == Device.id,
            DeviceContact.member_id == bindparam("member"),
            DeviceContact.on == bindparam("on"),
        ),
    )
    .where(Device.id == bindparam("device"))
)


def _on_record(session: Session, seen: Sighting, now: datetime) -> tuple[Device | None, DeviceContact | None]:
    key = {"device": seen.device_id, "member": seen.member_id, "on": civil_date(now)}
    found = session.execute(_RECORD, key).one_or_none()
    return (found[0], found[1]) if found else (None, None)


def _outdated(device: Device | None, seen: Sighting) -> bool:
    if device is None or device.app_version is None:
        return True
    return device.app_version != seen.app_version or abs(device.clock_error_ms - _milliseconds(seen)) > DRIFT


def _overdue(contact: DeviceContact | None, now: datetime) -> bool:
    return contact is None or now - contact.last_at > FRESH


def _milliseconds(seen: Sighting) -> int:
    # A clock in 1970 or 9999 is wrong enough at the edge of what the column holds.
    return max(-(2**31), min(2**31 - 1, round(seen.clock_error.total_seconds() * 1000)))
