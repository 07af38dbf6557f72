"""Households between JSON and rows (sync protocol, "Household fields")."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from cdtteam.core.never import collectable
from cdtteam.core.phones import normalise_phone
from cdtteam.core.problems import Problem
from cdtteam.core.wire import Reason, unknown_fields
from cdtteam.households.fields import PLAIN
from cdtteam.households.models import Household, without_recorder

_Short = Annotated[str, Meta(max_length=120)]
_Name = Annotated[str, Meta(min_length=1, max_length=120)]
_People = Annotated[int, Meta(ge=1, le=50)]
_Adults = Annotated[int, Meta(ge=0, le=50)]
_Count = Annotated[int, Meta(ge=0, le=1_000_000)]
_Key = Annotated[str, Meta(min_length=1, max_length=40)]


class Consent(Struct):
    """A resident's word on one purpose, and the version of the notice that was read out."""

    given: bool
    notice: Annotated[str, Meta(max_length=40)] = ""
    at: Annotated[datetime, Meta(tz=True)] | None = None


class HouseholdFields(Struct, kw_only=True):
    """What is known of a household; what is absent stays as it is."""

    head_name: _Name | UnsetType = UNSET
    code: _Short | UnsetType | None = UNSET
    hamlet: _Short | UnsetType | None = UNSET
    phone: _Short | UnsetType | None = UNSET
    people: _People | UnsetType | None = UNSET
    adults: _Adults | UnsetType | None = UNSET
    note: Annotated[str, Meta(max_length=500)] | UnsetType | None = UNSET
    indicators: dict[_Key, bool | _Count | None] | UnsetType = UNSET
    consents: dict[_Key, Consent] | UnsetType = UNSET


class CreateHousehold(HouseholdFields, kw_only=True):
    """Args of household.create."""

    id: UUID
    village_id: UUID
    head_name: _Name


class UpdateHousehold(HouseholdFields, kw_only=True):
    """Args of household.update; `base_version` is None until the row has come back to the phone."""

    id: UUID
    base_version: Annotated[int, Meta(ge=0, le=2**62)] | None = None


class WithdrawHousehold(Struct):
    """Args of household.withdraw."""

    id: UUID
    reason: Reason


def household_fields(args: HouseholdFields, given: dict[str, Any], types: dict[str, str]) -> dict[str, Any]:
    """The flat fields that `args` sets: plain ones, `indicators.<code>`, `consents.<purpose>`, and `extra.<unknown>`.

    `types` says of which type each indicator is. Problem `invalid_field`.
    """
    fields = {name: getattr(args, name) for name in PLAIN if getattr(args, name) is not UNSET}
    if "head_name" in fields:
        fields["head_name"] = " ".join(fields["head_name"].split())
        if not fields["head_name"]:
            raise Problem("invalid_field", field="head_name")
    if fields.get("phone") is not None:
        fields["phone"] = normalise_phone(fields["phone"])
        if fields["phone"] is None:
            raise Problem("invalid_field", field="phone")
    for code, value in (args.indicators or {}).items():
        if code not in types or (value is not None and isinstance(value, bool) != (types[code] == "yes_no")):
            raise Problem("invalid_field", field=f"indicators.{code}")
        fields[f"indicators.{code}"] = value
    for purpose in args.consents or {}:
        fields[f"consents.{purpose}"] = collectable(given["consents"][purpose])
    extra = unknown_fields(given, args.__struct_fields__) or {}
    return fields | {f"extra.{name}": value for name, value in extra.items()}


def household_data(household: Household) -> dict[str, Any]:
    """A household for a phone: the names of the args."""
    plain = {name: getattr(household, name) for name in PLAIN}
    consents = {purpose: without_recorder(consent) for purpose, consent in household.consents.items()}
    rest = {"indicators": household.indicators, "consents": consents}
    return {**(household.extra or {}), "id": household.id, "village_id": household.village_id, **plain, **rest}
