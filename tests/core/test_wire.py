"""From JSON to typed values, and instants on the wire."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Annotated
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql, sqlite

from cdtteam.core.clock import wire_instant
from cdtteam.core.db import UtcDateTime
from cdtteam.core.ids import is_uuid7, new_id
from cdtteam.core.problems import Problem
from cdtteam.core.wire import convert, unknown_fields

ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MICROSECONDS = st.integers(-70 * 365 * 86400 * 10**6, 7900 * 365 * 86400 * 10**6)
INSTANTS = st.builds(
    lambda past, zone: (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=past)).astimezone(zone),
    MICROSECONDS,
    ZONES,
)


class Inner(msgspec.Struct):
    people: Annotated[int, msgspec.Meta(ge=1)]


class Outer(msgspec.Struct):
    id: UUID
    parts: list[Inner] = []
    by_code: dict[str, Inner] = {}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "id"),
        ({"id": "x"}, "id"),
        ({"id": str(new_id()), "parts": [{"people": 1}, {"people": 0}]}, "parts"),
        ({"id": str(new_id()), "parts": [{}]}, "parts"),
        ({"id": str(new_id()), "by_code": {"a": {"people": "1"}}}, "by_code"),
        ({"id": str(new_id()), "parts": 3}, "parts"),
    ],
)
def test_what_is_wrong_is_named(given: dict[str, object], field: str) -> None:
    with pytest.raises(Problem) as raised:
        convert(given, Outer)
    assert raised.value.code == "invalid_field"
    assert str(raised.value.field).startswith(field)


def test_what_is_not_known_is_kept_as_it_came() -> None:
    assert unknown_fields({"id": 1, "new": [None]}, ("id",)) == {"new": [None]}
    assert unknown_fields({"id": 1}, ("id",)) is None


@given(INSTANTS)
def test_instants_travel_in_utc_with_milliseconds(instant: datetime) -> None:
    text = wire_instant(instant)
    assert text.endswith("Z")
    assert timedelta() <= instant - datetime.fromisoformat(text) < timedelta(milliseconds=1)


@given(INSTANTS)
def test_instants_come_back_from_both_databases_as_they_were(instant: datetime) -> None:
    kind = UtcDateTime()
    for dialect in (sqlite.dialect(), postgresql.dialect()):
        back: datetime | None = kind.process_result_value(kind.process_bind_param(instant, dialect), dialect)
        assert back == instant
        assert back is not None
        assert back.tzinfo is UTC


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        UtcDateTime().process_bind_param(datetime(2026, 1, 1), sqlite.dialect())  # noqa: DTZ001


def test_ids_are_of_version_7_and_rise() -> None:
    ids = [new_id() for _ in range(100)]
    assert all(is_uuid7(one) for one in ids)
    assert ids == sorted(set(ids))
