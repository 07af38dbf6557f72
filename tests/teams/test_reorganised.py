"""When communes become another, those who work in them follow on the day, and nothing that was counted moves."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from cdtteam.core import clock
from tests.support.merged import merge_villages
from tests.support.world import Phone, World

HEAD = "old_code,new_code,new_name,new_kind\n"
MERGER = HEAD + "21601,30001,Xã Chung,commune\n21604,30001,Xã Chung,commune\n"

Merge = Callable[[date], str]


@pytest.fixture
def merge(world: World, tmp_path: Path) -> Merge:
    """Merges both communes into one on a day; answers the id by which it is undone."""

    def run(on: date) -> str:
        path = tmp_path / "merger.csv"
        path.write_text(MERGER, encoding="utf-8")
        done = command(world, "reorganise", str(path), "--effective", on.isoformat())
        return done.split()[-1].rstrip(".")

    return run


def command(world: World, *words: str) -> str:
    """Runs `flask areas …`, which must succeed."""
    done = world.app.test_cli_runner().invoke(args=["areas", *words])
    assert done.exit_code == 0, done.output
    return done.output


def today() -> date:
    """The civil day."""
    return clock.civil_date(clock.now())


def figures(world: World, **asked: str) -> dict[str, Any]:
    """The province's figures of this year, without what names the question."""
    period = f"{today():%Y}"
    answer = world.client("tinh").get("/api/v1/participation", query_string={"period": period, **asked})
    assert answer.status_code == 200, answer.json
    return {key: answer.json[key] for key in ("teams", "members", "visits", "people", "households", "services")}


def names(phone: Phone, world: World, village: str) -> Any:
    """What the phone knows of a village: the commune's name today, and the moves."""
    (team,) = (team for team in phone.kind("team").values() if team["home_village_id"] == str(world.villages[village]))
    (place,) = team["villages"]
    return place["commune_name"], [tuple(move.values()) for move in place.get("moves", [])]


def test_the_provinces_totals_are_the_same_on_every_map(world: World, merge: Merge) -> None:
    for handle, village in (("an", "a"), ("chi", "b"), ("dung", "c")):
        phone = world.phone(handle)
        phone.send(phone.household(world.villages[village]), phone.visit(world.villages[village], participants=3))
    before = figures(world)
    assert before["visits"] == 3
    merge(today())
    yesterday = (today() - timedelta(days=1)).isoformat()
    assert figures(world) == before
    assert figures(world, map=yesterday) == before
    phone = world.phone("an")
    phone.send(phone.visit(world.villages["a"]))
    assert figures(world) == figures(world, map=yesterday) != before
    whole = world.client("tinh").get("/api/v1/participation?period=2020&area=30001&by=village").json
    assert [row["code"] for row in whole["rows"]] == ["va", "vb", "vc"]


def test_both_coordinators_see_every_team_from_the_day_on(
    world: World, merge: Merge, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, other = world.client("xa"), world.client("xakhac")
    tomorrow = today() + timedelta(days=1)
    merge(tomorrow)

    def seen(client: Any, team: str) -> int:
        status: int = client.get(f"/desk/teams/{world.teams[team]}").status_code
        return status

    assert [seen(own, "a"), seen(own, "c"), seen(other, "a"), seen(other, "c")] == [200, 403, 403, 200]
    real = clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + timedelta(days=1))
    assert [seen(client, team) for client in (own, other) for team in ("a", "b", "c")] == [200] * 6
    assert b"X\xc3\xa3 Chung" in own.get("/desk/").data
    assert own.get("/desk/area/30001").status_code == 200


def test_phones_are_told_beforehand_without_fetching_again(world: World, merge: Merge) -> None:
    phone = world.phone("an")
    phone.send(phone.visit(world.villages["a"]))
    waiting = phone.visit(world.villages["a"])
    assert names(phone, world, "a") == ("Xã near", [])
    on = today() + timedelta(days=3)
    identifier = merge(on)
    kinds = [change["kind"] for change in phone.post().json["changes"]]
    assert kinds == ["team"], "nothing else comes again"
    assert phone.send(waiting)[0]["status"] == "applied"
    assert names(phone, world, "a") == ("Xã near", [(on.isoformat(), "Xã Chung")])
    assert len(phone.kind("visit")) == 2
    command(world, "undo", identifier)
    phone.send()
    assert names(phone, world, "a") == ("Xã near", [])


def test_phones_are_told_of_a_change_that_has_come(world: World, merge: Merge) -> None:
    phone = world.phone("dung")
    phone.send()
    merge(today())
    phone.send()
    assert names(phone, world, "c") == ("Xã Chung", [(today().isoformat(), "Xã Chung")])


def test_phones_on_the_ground_of_a_village_that_ended_are_told_too(world: World, merge: Merge) -> None:
    merge_villages(world, "b", into="a")
    phone = world.phone("chi")
    phone.send()
    identifier = merge(today() + timedelta(days=3))
    assert [change["id"] for change in phone.post().json["changes"]] == [str(world.teams["b"])]
    phone.send()
    command(world, "undo", identifier)
    assert [change["id"] for change in phone.post().json["changes"]] == [str(world.teams["b"])]
