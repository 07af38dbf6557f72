"""Figures of a village are those of its ground: every map has the same totals, whatever was merged."""

from collections import Counter
from datetime import timedelta
from typing import Any

from cdtteam.core import clock
from tests.participation.plain_count import plain_figures
from tests.participation.test_figures import SEED, Life, ask, figures_of
from tests.support.merged import merge_villages, yesterday
from tests.support.world import World


def answers(world: World, query: str, places: dict[str, str], map_: str) -> None:
    """The villages of a map have the figures of their ground, by a plain count."""
    today = clock.civil_date(clock.now())
    first = today - timedelta(days=45)
    answer = ask(world, f"from={first}&to={today}&by=village&map={map_}{query}")
    assert [row["code"] for row in answer["rows"]] == list(places)
    for row in answer["rows"]:
        here = [world.villages[name] for name in places[row["code"]]]
        assert figures_of(row) == plain_figures(world.app, here, first, today), row["code"]
    below = [world.villages[name] for names in places.values() for name in names]
    assert figures_of(answer) == plain_figures(world.app, below, first, today)
    assert_sums(answer)


def assert_sums(answer: dict[str, Any]) -> None:
    """An area's figures are its rows', added up."""
    for key in ("teams", "members"):
        added = Counter[str]()
        for row in answer["rows"]:
            added.update(row[key])
        assert dict(added) == Counter(answer[key]), key
    for key in ("visits", "people", "households", "households_unnamed"):
        assert sum(row[key] for row in answer["rows"]) == answer[key]


def test_every_map_has_the_same_totals(world: World) -> None:
    life = Life(world, SEED)
    for _ in range(60):
        life.step()
    before = yesterday() - timedelta(days=1)
    answers(world, "", {"va": "a", "vb": "b", "vc": "c"}, "current")
    merge_villages(world, "b", into="a")
    answers(world, "", {"va": "ab", "vc": "c"}, "current")
    answers(world, "&area=21601", {"va": "ab"}, "current")
    merge_villages(world, "a", into="c", on=clock.civil_date(clock.now()))
    for _ in range(40):
        life.step()
    answers(world, "", {"vc": "cab"}, "current")
    answers(world, "&area=21604", {"vc": "cab"}, "current")
    answers(world, "", {"va": "ab", "vc": "c"}, str(yesterday()))
    answers(world, "", {"va": "a", "vb": "b", "vc": "c"}, str(before))


def test_a_merger_is_seen_though_nothing_else_changed(world: World) -> None:
    """What was kept of the last answer is not taken for the map of now."""
    phone = world.phone("chi")
    phone.send(phone.visit(world.villages["b"]))
    period = f"period={clock.civil_date(clock.now()):%Y-%m}&by=village"
    assert [row["visits"] for row in ask(world, period)["rows"]] == [0, 1, 0]
    merge_villages(world, "b", into="c")
    assert [(row["visits"], row["teams"]["active"]) for row in ask(world, period)["rows"]] == [(0, 0), (1, 1)]
