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
    key = {"device": seen.device_id, "member": seen.member_id, "on": civil_date(now)}
    found = session.connection().execute(_RECORD, key).one_or_none()
    if found is None or found.last_at is None or now - found.last_at > FRESH:
        return True
    return bool(found.app_version != seen.app_version or abs(found.clock_error_ms - _milliseconds(seen)) > DRIFT)


def note_device(session: Session, seen: Sighting, now: datetime) -> None:
    """Puts a sighting on record, if it says anything new."""
    if not is_noteworthy(session, seen, now):
        return
    device = session.get(Device, seen.device_id) or Device(id=seen.device_id, first_seen_at=now)
    device.app_version = seen.app_version
    device.clock_error_ms = _milliseconds(seen)
    session.add(device)
    session.flush()
    key = (seen.device_id, seen.member_id, civil_date(now))
    contact = session.get(DeviceContact, key) or DeviceContact(device_id=key[0], member_id=key[1], on=key[2])
    contact.last_at = now
    session.add(contact)


_RECORD = (
    select(Device.app_version, Device.clock_error_ms, DeviceContact.last_at)
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


def _milliseconds(seen: Sighting) -> int:
    # A clock in 1970 or 9999 is wrong enough at the edge of what the column holds.
    return max(-(2**31), min(2**31 - 1, round(seen.clock_error.total_seconds() * 1000)))
