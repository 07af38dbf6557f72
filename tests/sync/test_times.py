"""Times at the edges: what is plausible, how instants are written, and which day something falls on."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from cdtteam.core import clock
from cdtteam.visits.models import Visit
from tests.support.wire import hold_oracle, row_of
from tests.support.world import World

IMPLAUSIBLE = [
    "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "1970-01-01T00:00:00Z", "2099-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59-14:00",
]  # fmt: skip


@pytest.mark.parametrize("moment", IMPLAUSIBLE)
def test_far_away_times(world: World, moment: str) -> None:
    phone = world.phone("an")
    village = world.villages["a"]
    heard = (clock.now() - timedelta(hours=1)).isoformat()
    batch = [phone.visit(village, at=moment), phone.visit(village, occurred_at=moment)]
    bounded = phone.visit(village, at=moment, after=heard)
    odd_after = phone.visit(village, after=moment)
    results = phone.send(*batch, bounded, odd_after)
    assert [result.get("code", result["status"]) for result in results] == [
        "implausible_time", "implausible_time", "applied", "applied",
    ]  # fmt: skip
    hold_oracle(world, [*batch, bounded, odd_after])


@pytest.mark.parametrize("moment", IMPLAUSIBLE)
def test_a_request_from_a_clock_that_far_away(world: World, moment: str) -> None:
    """Everything that can be said of such a phone's entries is said; the request itself is taken."""
    phone = world.phone("an")
    mutation = phone.visit(world.villages["a"], at=moment)
    answer = phone.post(mutation, sent_at=moment)
    assert answer.status_code == 200
    assert answer.json["results"][0]["status"] == "applied"
    assert phone.post(sent_at=moment).status_code == 200
    hold_oracle(world, [mutation])


def test_the_edges_of_what_is_plausible(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = world.phone("an")
    now = clock.now().replace(microsecond=0)
    monkeypatch.setattr(clock, "now", lambda: now)
    edges = [
        timedelta(minutes=10),
        timedelta(minutes=10, seconds=1),
        -timedelta(days=400),
        -timedelta(days=400, seconds=1),
    ]
    for name in ("at", "occurred_at"):
        visits = [phone.visit(world.villages["a"], **{name: (now + edge).isoformat()}) for edge in edges]
        results = phone.send(*visits)
        assert [result.get("code", result["status"]) for result in results] == ["applied", "implausible_time"] * 2


WRITTEN = {
    "2026-11-24T10:00:00Z": True, "2026-11-24T10:00:00.1Z": True, "2026-11-24T10:00:00.123456789012Z": True,
    "2026-11-24T17:00:00+07:00": True, "2026-11-24T10:00:00-00:00": True, "2026-11-24t10:00:00z": True,
    "2026-11-24T10:00:00": False, "2026-11-24": False, "2026-11-24T10:00Z": False, "2026-11-24T25:00:00Z": False,
    "2026-02-30T10:00:00Z": False, "1764000000": False, "": False, "2026-11-24T10:00:00+25:00": False,
}  # fmt: skip


@pytest.mark.parametrize("text", WRITTEN)
def test_how_instants_are_written(world: World, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = world.phone("an")
    monkeypatch.setattr(clock, "now", lambda: datetime.fromisoformat("2026-11-24T12:00:00+00:00"))
    visit = phone.visit(world.villages["a"], occurred_at=text)
    result = phone.post(visit, sent_at="2026-11-24T12:00:00Z").json["results"][0]
    if not WRITTEN[text]:
        assert (result["code"], result["field"]) == ("invalid_field", "occurred_at")
        return
    assert result["status"] == "applied"
    row: Any = row_of(world, Visit, visit["args"]["id"])
    assert abs(row.occurred_at - datetime.fromisoformat("2026-11-24T10:00:00+00:00")) < timedelta(seconds=1)


def test_what_comes_back_is_in_utc_with_milliseconds(world: World) -> None:
    phone = world.phone("an")
    when = (clock.now() - timedelta(hours=1)).astimezone(clock.CIVIL_ZONE)
    visit = phone.visit(world.villages["a"], occurred_at=when.isoformat())
    answer = phone.post(visit).json
    phone.take(answer)
    row = phone.kind("visit")[visit["args"]["id"]]
    for text in (row["occurred_at"], row["received_at"], answer["server_time"]):
        assert len(text) == len("2026-11-24T02:30:06.001Z")
        assert text.endswith("Z")
    assert abs(datetime.fromisoformat(row["occurred_at"]) - when) < timedelta(milliseconds=1)


def test_a_visit_that_happened_before_the_phone_last_heard_of_us(world: World) -> None:
    """`after` bounds the entry, not the visit: yesterday's visit entered today keeps its day."""
    phone = world.phone("an")
    yesterday = clock.now() - timedelta(days=1)
    visit = phone.visit(world.villages["a"], occurred_at=yesterday.isoformat(), after=clock.now().isoformat())
    assert phone.send(visit)[0]["status"] == "applied"
    row: Any = row_of(world, Visit, visit["args"]["id"])
    assert abs(row.occurred_at - yesterday) < timedelta(seconds=20)


def test_reports_of_the_current_week_and_month_in_vietnam(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half past midnight in Vietnam on the first of the month is still the month before in UTC."""
    phone = world.phone("an")
    monkeypatch.setattr(clock, "now", lambda: datetime.fromisoformat("2026-11-30T17:30:00+00:00"))
    told = [
        phone.send(phone.mutation("report.nothing", {"village_id": str(world.villages["a"]), "period": period}))[0]
        for period in ("2026-12", "2026-W49", "2026-W50", "2027-01")
    ]
    assert [result["status"] for result in told] == ["applied", "applied", "refused", "refused"]
