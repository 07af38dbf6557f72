"""A village has ended and another stands in its place: its teams and people are found, named and managed from there.

Thôn B is part of Thôn Hợp Nhất, which was Thôn A, since yesterday; each of the two teams serves its ground.
"""

import re
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from cdtteam.core.db import db
from cdtteam.teams.models import Team, TeamVillage
from tests.admin.test_pages import new_member, send
from tests.desk.test_pages import assert_valid, page, text_of
from tests.support.days import today
from tests.support.merged import merge_villages
from tests.support.world import World

MERGED = "Thôn Hợp Nhất"
BOTH = "Thôn Hợp Nhất (Thôn B cũ)"


@pytest.fixture
def merged(world: World) -> World:
    """The small province after the merger; what each team had done before."""
    for handle, village in (("an", "a"), ("chi", "b")):
        phone = world.phone(handle)
        home = phone.household(world.villages[village], f"Nguyễn Thị {village.upper()}")
        phone.send(home, phone.visit(world.villages[village], household_id=home["args"]["id"]))
    merge_villages(world, "b", into="a", name=MERGED)
    return world


@pytest.fixture
def desk_of_near(merged: World) -> FlaskClient:
    return merged.client("xa")


def served(world: World, team_id: UUID) -> set[str]:
    """The villages that a team serves, by their names in the small province."""
    names = {id_: name for name, id_ in world.villages.items()}
    with world.app.app_context():
        terms = select(TeamVillage.village_id).join(Team, Team.id == TeamVillage.team_id)
        return {names[id_] for id_ in db.session.scalars(terms.where(Team.id == team_id))}


def test_lists_hold_the_teams_and_people_of_all_the_ground(merged: World, desk_of_near: FlaskClient) -> None:
    teams = text_of(page(desk_of_near, "/desk/teams"))
    assert "2 tổ với 3 thành viên" in teams
    assert f"{BOTH} ·" in teams
    assert f"{MERGED} ·" in teams
    assert "Thôn chưa có tổ riêng" not in teams
    people = text_of(page(desk_of_near, "/desk/people"))
    assert all(f"Trần Văn {name}" in people for name in ("An", "Binh", "Chi"))
    households = text_of(page(desk_of_near, "/desk/households"))
    assert re.search(rf"{MERGED} 0 0 2\b", households), households
    assert "Thôn B" not in households


def test_the_team_of_the_ended_village_is_managed_as_before(merged: World, desk_of_near: FlaskClient) -> None:
    team_b = f"/desk/teams/{merged.teams['b']}"
    html = page(desk_of_near, team_b)
    assert_valid(html)
    assert text_of(html).count(BOTH) == 2
    assert "Xã near" in text_of(html)
    answer = send(desk_of_near, f"{team_b}/members/new", **new_member())
    assert answer.status_code == 303
    for path in (team_b, "/desk/invitations"):
        assert "Rơ Châm Suệ" in text_of(page(desk_of_near, path))
    known = page(desk_of_near, f"{team_b}/members/known")
    assert "Trần Văn An" in text_of(known)
    assert merged.client("xakhac").get(team_b).status_code == 403
    person = text_of(page(desk_of_near, f"/desk/people/{merged.members['chi']}"))
    assert "Chuyển" in person


def test_people_move_between_the_teams_of_one_village(merged: World, desk_of_near: FlaskClient) -> None:
    html = page(desk_of_near, f"/desk/people/{merged.members['chi']}")
    move = re.findall(r'href="(/desk/memberships/[^"]+/move)"', html)[0]
    answer = send(desk_of_near, move, team_id=str(merged.teams["a"]), from_on=today().isoformat())
    assert answer.status_code == 303
    assert "Trần Văn Chi" in text_of(page(desk_of_near, f"/desk/teams/{merged.teams['a']}"))
    html = page(merged.client("tinh"), f"/desk/people/{merged.members['chi']}")
    move = re.findall(r'href="(/desk/memberships/[^"]+/move)"', html)[0]
    assert "Xã near – Tổ CNSCĐ thôn B" in text_of(page(merged.client("tinh"), move))


def test_who_serves_a_village_serves_all_of_its_ground(merged: World, desk_of_near: FlaskClient) -> None:
    team_b = f"/desk/teams/{merged.teams['b']}"
    html = page(desk_of_near, f"{team_b}/villages/new")
    assert re.findall(r'<option value="([^"]+)"', html) == [str(merged.villages["a"])]
    given = {"village_id": str(merged.villages["a"]), "started_on": today().isoformat()}
    assert send(desk_of_near, f"{team_b}/villages/new", **given).status_code == 303
    assert served(merged, merged.teams["b"]) == {"a", "b"}
    leave = re.findall(r'href="(/desk/teams/[^"]+/end)">Thôi', page(desk_of_near, team_b))
    assert len(leave) == 1
    assert MERGED in text_of(page(desk_of_near, leave[0]))
    founded = {"village_id": str(merged.villages["a"]), "name": "Tổ mới", "started_on": today().isoformat()}
    answer = send(desk_of_near, "/desk/teams/new", **founded)
    assert answer.status_code == 303
    assert served(merged, UUID(answer.location.rsplit("/", 1)[1])) == {"a", "b"}


def test_the_villages_page_shows_what_was_done_on_all_of_it(merged: World, desk_of_near: FlaskClient) -> None:
    now = text_of(page(desk_of_near, "/desk/area/va"))
    assert all(name in now for name in ("Nguyễn Thị A", "Nguyễn Thị B", "Tổ CNSCĐ thôn A", "Tổ CNSCĐ thôn B"))
    before = text_of(page(desk_of_near, "/desk/area/vb?map=2020-01-01"))
    assert "Nguyễn Thị B" in before
    assert "Nguyễn Thị A" not in before
    assert merged.client("tinh").get("/desk/area/vb").location.startswith("/desk/area/va"), "it leads to what it became"
