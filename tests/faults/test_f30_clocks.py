"""F30 on the wire: the phone's clock is in 2017, in 2031, jumps back, or is set right between entry and sending."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cdtteam.core import clock
from cdtteam.visits.models import Visit
from tests.support.wire import row_of
from tests.support.world import Phone, World

NEAR = timedelta(seconds=20)
WRONG = [
    datetime(2017, 3, 1, tzinfo=UTC),
    datetime(2031, 5, 9, tzinfo=UTC),
    datetime(1970, 1, 1, 0, 5, tzinfo=UTC),
    datetime(2099, 12, 31, tzinfo=UTC),
    datetime(9999, 12, 31, 12, tzinfo=UTC),
]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def is_near(one: datetime, other: datetime) -> bool:
    return abs(one - other) < NEAR


def stored(world: World, visit: dict[str, Any]) -> Visit:
    found: Visit = row_of(world, Visit, visit["args"]["id"])
    return found


@pytest.mark.parametrize("with_after", [False, True])
@pytest.mark.parametrize("wrong", WRONG, ids=lambda moment: str(moment.year))
def test_a_clock_that_is_wrong_throughout(world: World, wrong: datetime, with_after: bool) -> None:
    """Corrected by what the phone says as it sends; the raw time is kept beside."""
    real = clock.now()
    phone = world.phone("an", clock_error=real - wrong)
    after = {"after": (real - timedelta(hours=5)).isoformat()} if with_after else {}
    hour_ago = (phone.now() - timedelta(hours=1)).isoformat()
    plain = phone.visit(world.villages["a"], at=hour_ago, **after)
    earlier = phone.visit(
        world.villages["a"], at=hour_ago, occurred_at=(phone.now() - timedelta(days=1)).isoformat(), **after
    )
    assert [result["status"] for result in phone.send(plain, earlier)] == ["applied", "applied"]
    first, second = stored(world, plain), stored(world, earlier)
    assert is_near(first.occurred_at, real - timedelta(hours=1))
    assert is_near(second.occurred_at, real - timedelta(days=1))
    assert first.entered_raw_at == at(plain["at"])
    assert second.occurred_raw_at == at(earlier["args"]["occurred_at"])
    assert not first.time_uncertain
    assert not second.time_uncertain


def test_up_to_two_minutes_nothing_is_corrected(world: World) -> None:
    for seconds, is_moved in ((-115, False), (115, False), (-130, True), (130, True)):
        phone = world.phone("an", clock_error=timedelta(seconds=seconds))
        visit = phone.visit(world.villages["a"])
        phone.send(visit)
        row = stored(world, visit)
        assert (row.occurred_at != at(visit["at"])) is is_moved
        assert (row.entered_raw_at is not None) is is_moved
        assert not is_moved or is_near(row.occurred_at, clock.now())


@pytest.mark.parametrize("year", [2017, 2031])
def test_set_right_between_entry_and_sending(world: World, year: int) -> None:
    """Entered by a wrong clock, sent by a right one: `after` says that it cannot be, and bounds it."""
    phone = world.phone("an")
    after = clock.now() - timedelta(hours=3)
    wrong = datetime(year, 6, 1, tzinfo=UTC).isoformat()
    visit = phone.visit(world.villages["a"], at=wrong, after=after.isoformat())
    stated = phone.visit(world.villages["a"], at=wrong, occurred_at=wrong, after=after.isoformat())
    assert [result["status"] for result in phone.send(visit, stated)] == ["applied", "applied"]
    for one in (visit, stated):
        row = stored(world, one)
        assert row.time_uncertain
        assert phone.kind("visit")[one["args"]["id"]]["time_uncertain"] is True
        assert is_near(row.occurred_at, after if year == 2017 else clock.now())
        assert row.entered_raw_at == at(wrong)


def test_set_right_without_after_is_implausible(world: World) -> None:
    phone = world.phone("an")
    for wrong in ("2017-06-01T00:00:00Z", "2031-06-01T00:00:00Z"):
        assert phone.send(phone.visit(world.villages["a"], at=wrong))[0]["code"] == "implausible_time"


def test_a_clock_that_jumps_back_between_entries(world: World) -> None:
    """Each is bounded by what the phone had last heard of us, and the order in which they were sent is kept."""
    phone = world.phone("an")
    heard = clock.now() - timedelta(minutes=30)
    good = phone.visit(world.villages["a"], at=phone.now().isoformat(), after=heard.isoformat())
    back = phone.visit(world.villages["a"], at=(phone.now() - timedelta(days=200)).isoformat(), after=heard.isoformat())
    assert [result["status"] for result in phone.send(good, back)] == ["applied", "applied"]
    assert not stored(world, good).time_uncertain
    assert stored(world, back).time_uncertain
    assert is_near(stored(world, back).occurred_at, heard)
    assert stored(world, good).version < stored(world, back).version


def test_the_device_is_known_by_its_error(world: World) -> None:
    from cdtteam.accounts.models import Device  # noqa: PLC0415

    phone = world.phone("an", clock_error=timedelta(days=-3))
    phone.send()
    device: Any = row_of(world, Device, str(phone.device_id))
    assert abs(device.clock_error_ms + 3 * 86_400_000) < 20_000


def test_conflicts_are_judged_by_corrected_times(world: World) -> None:
    """A phone that is years ahead does not win by that."""
    ahead: Phone = world.phone("an", clock_error=timedelta(days=-900))
    right = world.phone("binh")
    household = right.household(world.villages["a"])
    right.send(household)
    base = {"id": household["args"]["id"], "base_version": right.kind("household")[household["args"]["id"]]["version"]}
    early = ahead.mutation("household.update", base | {"people": 3}, at=(ahead.now() - timedelta(hours=2)).isoformat())
    late = right.mutation("household.update", base | {"people": 5}, at=(right.now() - timedelta(hours=1)).isoformat())
    assert right.send(late)[0]["status"] == "applied"
    result = ahead.send(early)[0]
    assert result["status"] == "conflict"
    assert result["current"]["people"] == 5
