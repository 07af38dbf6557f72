"""The flat names of fields: plain ones, `indicators.<code>`, `consents.<purpose>`, `extra.<unknown>`."""

from datetime import UTC, datetime
from typing import Any

from cdtteam.households.models import Household, without_recorder

PLAIN = ("code", "head_name", "hamlet", "phone", "people", "adults", "note")
NAMED, CONTACT = "consents.named", "consents.contact"
_GROUPS = ("indicators", "consents", "extra")


def field_of(household: Household, name: str) -> Any:
    """A field as phones say it; None where it was never set."""
    value = raw_field(household, name)
    return without_recorder(value) if name.startswith("consents.") and value else value


def raw_field(household: Household, name: str) -> Any:
    """A field as the row keeps it: a consent with the member who recorded it."""
    group, dot, key = name.partition(".")
    return (getattr(household, group) or {}).get(key) if dot else getattr(household, name)


def set_raw(household: Household, name: str, value: Any) -> None:
    """Sets a field to what a row keeps; None takes one that has no column of its own out again."""
    group, dot, key = name.partition(".")
    if not dot:
        setattr(household, name, value)
        return
    rest = {one: kept for one, kept in (getattr(household, group) or {}).items() if one != key}
    setattr(household, group, rest if value is None else rest | {key: value})


def known_fields(household: Household) -> dict[str, Any]:
    """All that is known of a household, as the row keeps it."""
    plain = {name: getattr(household, name) for name in PLAIN}
    rest = {
        f"{group}.{key}": value for group in _GROUPS for key, value in (getattr(household, group) or {}).items()
    }  # fmt: skip
    return {name: value for name, value in (plain | rest).items() if value is not None}


def source_of(household: Household, name: str) -> tuple[int, str, str]:
    """The version, the device and the time that set a field last."""
    created = (household.created_version, str(household.device_id), moment(household.entered_at))
    version, device_id, at = household.sources.get(name, created)
    return version, device_id, at


def moment(at: datetime) -> str:
    """An instant in full: two entries may lie less than a millisecond apart."""
    return at.astimezone(UTC).isoformat()
