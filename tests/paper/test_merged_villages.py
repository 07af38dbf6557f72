"""Paper of a team whose village has ended: its sheet and visits go on under the village that stands in its place."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.desk.test_pages import assert_valid, page, text_of
from tests.paper.test_entry import row, visits
from tests.support.days import this_month
from tests.support.merged import merge_villages
from tests.support.world import World

BOTH = "Thôn Hợp Nhất (Thôn B cũ)"


@pytest.fixture
def desk(world: World) -> FlaskClient:
    """The coordinator, after Thôn B went into Thôn Hợp Nhất; a household of it is known."""
    chi = world.phone("chi")
    chi.send(chi.household(world.villages["b"], "Nguyễn Thị Bốn"))
    merge_villages(world, "b", into="a", name="Thôn Hợp Nhất")
    return world.client("xa")


def form_of(html: str, **chosen: Any) -> dict[str, Any]:
    ids = dict(re.findall(r'<input type="hidden" name="((?:id|home)-\d)" value="([^"]*)">', html))
    kinds = {f"{name}-{n}": value for n in range(1, 9) for name, value in (("kind", "home"), ("outcome", "done"))}
    return ids | kinds | chosen


def test_visits_are_entered_for_its_ground(world: World, desk: FlaskClient) -> None:
    place = f"/desk/entry/{world.teams['b']}"
    teams = text_of(page(desk, "/desk/entry"))
    assert BOTH in teams
    html = page(desk, place)
    assert_valid(html)
    assert BOTH in html
    assert "Nguyễn Thị Bốn" in html
    who = {"village": str(world.villages["b"]), "author": str(world.members["chi"])}
    form = form_of(html, **who) | row(1, household="nguyen thi bon", people="4")
    assert desk.post(place, data=form).status_code == 303
    (made,) = visits(world)
    assert (made.village_id, made.participants, made.household_id is not None) == (world.villages["b"], 4, True)
    lines = page(desk, place)
    amend = re.findall(r'href="(/desk/entry/visits/[^"]+/amend)"', lines)
    assert amend
    assert_valid(page(desk, amend[0]))
    nothing = page(desk, f"{place}/nothing")
    assert BOTH in text_of(nothing)


def test_its_team_stands_on_the_sheet_with_the_days_that_were_forgotten(world: World, desk: FlaskClient) -> None:
    chi = world.phone("chi")
    chi.send(chi.visit(world.villages["b"]))
    shown = text_of(page(desk, f"/desk/attendance?month={this_month()}"))
    assert all(name in shown for name in ("Tổ CNSCĐ thôn A", "Tổ CNSCĐ thôn B", "Trần Văn Chi"))
    blank = text_of(page(desk, f"/desk/paper?month={this_month()}&team={world.teams['b']}"))
    assert BOTH in blank
