"""A day's attendance on the wire: what is taken, what is not and why, and what teammates receive."""

from datetime import timedelta
from typing import Any

import pytest

from cdtteam.attendance.models import Attendance
from cdtteam.core import clock
from cdtteam.core.ids import new_id
from tests.support.days import today
from tests.support.wire import row_of, unlimited
from tests.support.world import Phone, World
from tests.sync.test_scope import check_order, head, put


def day(phone: Phone, world: World, *names: str, **args: Any) -> dict[str, Any]:
    """An attendance.record of members by their handles."""
    given = {
        "id": str(new_id()), "village_id": str(world.villages["a"]), "on": today().isoformat(), "activity": "visits",
        "member_ids": [str(world.members[name]) for name in names], "note": None,
    }  # fmt: skip
    return phone.mutation("attendance.record", given | args)


def outcome(phone: Phone, mutation: dict[str, Any]) -> tuple[str, str | None]:
    result = phone.send(mutation)[0]
    return result.get("code", result["status"]), result.get("field")


def test_a_day_is_recorded_and_teammates_receive_it(world: World) -> None:
    an, binh, chi = world.phone("an"), world.phone("binh"), world.phone("chi")
    sent = day(an, world, "an", "binh", "an", note="Trời mưa", weather="rain")
    assert outcome(an, sent) == ("applied", None)
    assert an.send(sent)[0]["status"] == "duplicate"
    binh.send()
    [row] = binh.kind("attendance").values()
    assert row["member_ids"] == [str(world.members["an"]), str(world.members["binh"])]
    assert (row["on"], row["activity"], row["note"]) == (today().isoformat(), "visits", "Trời mưa")
    assert (row["author_id"], row["team_id"]) == (str(world.members["an"]), str(world.teams["a"]))
    assert row["received_at"].endswith("Z")
    assert row["weather"] == "rain", "what we do not know is kept"
    assert "entered_for" not in row
    chi.send()
    assert chi.kind("attendance") == {}


def test_a_day_may_have_several(world: World) -> None:
    phone = world.phone("an")
    sent = [day(phone, world, "an", activity=activity) for activity in ("visits", "meeting", "visits")]
    assert {result["status"] for result in phone.send(*sent)} == {"applied"}
    assert len(phone.kind("attendance")) == 3


@pytest.mark.parametrize(
    ("days", "said"), [(-1, "implausible_time"), (0, "applied"), (400, "applied"), (401, "implausible_time")]
)
def test_days_ahead_and_long_past_are_refused(world_on_sqlite: World, days: int, said: str) -> None:
    phone = world_on_sqlite.phone("an")
    sent = day(phone, world_on_sqlite, "an", on=(today() - timedelta(days=days)).isoformat())
    assert outcome(phone, sent)[0] == said


def test_only_who_was_in_a_team_of_the_village_attended(world: World) -> None:
    phone = world.phone("an")
    assert outcome(phone, day(phone, world, "an", "chi")) == ("invalid_field", "member_ids")
    assert outcome(phone, day(phone, world)) == ("invalid_field", "member_ids")
    assert outcome(phone, day(phone, world, "an", activity="sleeping")) == ("invalid_field", "activity")
    assert outcome(phone, day(phone, world, "chi", village_id=str(world.villages["b"])))[0] == "out_of_scope"


def test_the_order_of_the_refusals(world_on_sqlite: World) -> None:
    world = unlimited(world_on_sqlite)
    phone = world.phone("an")
    first = day(phone, world, "an")
    phone.send(first)
    faults = {
        "id_reused": put(id=first["args"]["id"]),
        "invalid_field": put(activity="sleeping"),
        "implausible_time": put(on=(today() + timedelta(days=2)).isoformat()),
        "wrong_author": head(member_id=str(world.members["chi"])),
        "out_of_scope": put(village_id=str(world.villages["c"])),
    }
    check_order(phone, lambda: day(phone, world, "an"), faults)


@pytest.mark.parametrize("years", [-9, 5])
def test_a_phone_whose_clock_is_years_off_still_means_today(world: World, years: int) -> None:
    phone = world.phone("an", clock_error=timedelta(days=365 * years))
    claimed = clock.civil_date(phone.now())
    sent = day(phone, world, "an", on=claimed.isoformat())
    assert outcome(phone, sent) == ("applied", None)
    row = row_of(world, Attendance, sent["args"]["id"])
    assert (row.on, row.on_raw) == (today(), claimed)
