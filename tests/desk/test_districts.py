"""A province of which some communes lie in districts and others do not, as after a merger: no commune is in no row."""

import re

import pytest
from sqlalchemy import update

from cdtteam.areas.models import BEGINNING, Area, AreaTerm, Level
from cdtteam.core.db import db
from cdtteam.core.ids import new_id
from cdtteam.web.transactions import writing
from tests.desk.test_comparing import days, rows_of
from tests.desk.test_pages import assert_valid, busy, month, page, text_of
from tests.reorganisations.desk import HEAD, province
from tests.support.world import World


def in_a_district(world: World, *communes: str) -> None:
    """Puts communes into a district."""
    with world.app.app_context(), writing(db.session()):
        session, district = db.session(), Area(id=new_id(), level=Level.DISTRICT)
        session.add(district)
        session.flush()
        session.add(
            AreaTerm(
                area_id=district.id, from_on=BEGINNING, code="540", name="Huyện B", kind="district",
                parent_id=world.province,
            )
        )  # fmt: skip
        session.flush()
        ids = [world.communes[name] for name in communes]
        session.execute(update(AreaTerm).where(AreaTerm.area_id.in_(ids)).values(parent_id=district.id))


def lines(html: str) -> list[str]:
    """The rows of the table, as they are read."""
    return [text_of(row) for row in re.findall(r'<tr><th scope="row" class="first">(.*?)</tr>', html)]


@pytest.fixture
def mixed(world: World) -> World:
    """A busy commune that left its district, and one that stays in it."""
    in_a_district(world, "far")
    return busy(world)


def test_every_commune_is_in_a_row_of_the_first_page(mixed: World) -> None:
    html = page(mixed.client("tinh"), "/desk/")
    assert_valid(html)
    assert [line.split(" ")[1] for line in lines(html)] == ["far", "near", "cộng"]
    assert "Xã near 50% 1/2 0 1 1/3 4 1.234 1 0" in lines(html)
    chosen = re.search(r'aria-current="true">([^<]*)', html[html.index('id="by-1"') :])
    assert chosen
    assert chosen[1] == "Theo xã"


def test_by_district_the_rows_add_up(mixed: World) -> None:
    client = mixed.client("tinh")
    html = page(client, f"/desk/?period={month()}&by=district&sort=name")
    assert_valid(html)
    assert "Các huyện, thị xã, thành phố (1)" in text_of(html)
    assert lines(html) == [
        "Các xã không thuộc huyện 50% 1/2 0 1 1/3 4 1.234 1 0",
        "Huyện B 0% 0/1 0 1 0/1 0 0 0 0",
        "Tổng cộng 33,3% 1/3 0 2 1/4 4 1.234 1 0",
    ]
    link = re.search(r'<a href="([^"]*)">Các xã không thuộc huyện', html)
    assert link
    assert len(lines(page(client, link[1].replace("&amp;", "&")))) == 3
    first, last = days(9, 0)
    before, until = days(25, 10)
    compared = page(client, f"/desk/?from={first}&to={last}&by=district&against={before}..{until}&sort=name")
    assert rows_of(compared, 1) == [
        "Các xã không thuộc huyện 4 0 nhiều hơn 4",
        "Huyện B 0 0 không đổi",
        "Tổng cộng 4 0 nhiều hơn 4",
    ]


def test_where_every_commune_has_a_district_nothing_changes(world_on_sqlite: World) -> None:
    in_a_district(world_on_sqlite, "far", "near")
    html = page(world_on_sqlite.client("tinh"), "/desk/")
    assert [line.split(" 0%")[0] for line in lines(html)] == ["Huyện B", "Tổng cộng"]


def test_the_api_answers_by_the_level_below_as_ever(mixed: World) -> None:
    answer = mixed.client("tinh").get(f"/api/v1/participation?period={month()}").json
    assert [row["name"] for row in answer["rows"]] == ["Huyện B"]


def test_a_commune_that_leaves_its_district_is_said_before(world: World) -> None:
    in_a_district(world, "far", "near")
    desk = province(world)
    shown = desk.read(desk.draft([HEAD, ("21601", "", "30001", "Phường Near", "Phường")]))
    assert "từ Xã near Không còn thuộc Huyện B mà trực thuộc tỉnh." in shown
    whole = desk.read(desk.draft([HEAD, *[(code, "", "30001", "Phường Một", "Phường") for code in ("21601", "21604")]]))
    assert "Không còn thuộc" not in whole
    assert "Huyện B kết thúc: không còn xã nào." in whole
