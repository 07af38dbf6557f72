"""The households of a commune that may be one: shown two by two, made one, or told apart for good."""

import re

from flask.testing import FlaskClient
from sqlalchemy import func, select

from cdtteam.core.db import db
from cdtteam.core.ids import new_id
from cdtteam.households.models import Decided, HouseholdDecision
from tests.admin.test_pages import send
from tests.desk.test_pages import assert_valid, page, text_of
from tests.register.acting import erase, merge, part, two
from tests.register.test_pages import place
from tests.support.world import World
from tests.todo.test_todo import settled, todos

DOUBLES = "/desk/households/doubles"


def shown(client: FlaskClient) -> str:
    html = page(client, f"{DOUBLES}?commune=21601")
    assert_valid(html)
    return text_of(html)


def told_apart(client: FlaskClient, times: int = 1) -> list[int]:
    """Says of the first pair that they are two, as its form does."""
    html = page(client, DOUBLES)
    found = re.search(r'action="([^"]+/apart/[^"]+)"><input type="hidden" name="form_id" value="([^"]+)"', html)
    assert found
    return [client.post(found[1], data={"form_id": found[2]}).status_code for _ in range(times)]


def decisions(world: World) -> int:
    with world.app.app_context():
        counted = select(func.count()).where(HouseholdDecision.kind == Decided.APART)
        return db.session.scalar(counted) or 0


def test_a_pair_is_shown_until_somebody_says_that_they_are_two(world: World) -> None:
    _an, double, kept = two(world)
    chi, dung = world.phone("chi"), world.phone("dung")
    chi.send(chi.household(world.villages["b"], "Rơ Châm Suệ"), chi.household(world.villages["b"], "Lê Thị Tư"))
    dung.send(*(dung.household(world.villages["c"], "Đinh Văn Ê") for _ in range(2)))
    desk = settled(world)
    assert "1 cặp hộ đang chờ quyết định" in shown(desk)
    assert "Đinh Văn Ê" not in shown(desk), "another commune's"
    assert place(double, f"/merge/{kept['args']['id']}") in page(desk, DOUBLES)
    assert [one for one in todos(desk) if "trùng" in one] == ["1 cặp hộ có thể trùng nhau. khi thuận tiện"]
    assert told_apart(desk, times=2) == [303, 303]
    assert decisions(world) == 1
    html = shown(desk)
    assert "Không có cặp hộ nào chờ quyết định" in html
    assert "Hộ cùng tên ở xóm khác, thôn khác thì xem ở trang của hộ" in html, (
        "the page does not deny what that one says"
    )
    assert [one for one in todos(desk) if "trùng" in one] == []
    own = text_of(page(desk, place(double)))
    assert "Không phải một hộ với: Rơ Châm Suệ" in own
    assert own.count("cùng tên, ở thôn khác") == 1, "the other village's is still proposed"
    assert " cùng tên " not in own.replace("cùng tên, ở thôn khác", "")


def test_of_two_that_are_two_what_one_is_merged_into_is_not_asked_again(world: World) -> None:
    an, double, kept = two(world)
    third = an.household(world.villages["a"], "Ro Cham Sue", hamlet="Xóm Đông")
    desk = world.client("xa")
    assert told_apart(desk) == [303]
    an.send(third)
    assert "2 cặp hộ đang chờ quyết định" in shown(desk)
    merge(world, double, third)
    assert "Không có cặp hộ nào" in shown(desk), "the third is the first now, and that one is not the second"
    part(world, double)
    assert "2 cặp hộ đang chờ quyết định" in shown(desk)
    answer = send(desk, place(double, f"/merge/{kept['args']['id']}"), stays=kept["args"]["id"])
    assert "Xem cặp tiếp theo: còn 1 cặp hộ" in text_of(page(desk, answer.location))
    erase(world, kept)
    assert decisions(world) == 0, "nothing tells which household it was taken for"
    answer = desk.post(place(double, f"/apart/{third['args']['id']}"), data={"form_id": str(new_id())})
    assert (answer.status_code, decisions(world)) == (303, 0), "one that is gone is no pair any more"


def test_beside_each_other_they_can_be_told_apart_as_well(world_on_sqlite: World) -> None:
    world = world_on_sqlite
    _an, double, kept = two(world)
    desk = world.client("xa")
    html = page(desk, place(double, f"/merge/{kept['args']['id']}"))
    assert_valid(html)
    found = re.search(r'action="([^"]+/apart/[^"]+)"><input type="hidden" name="form_id" value="([^"]+)"', html)
    assert found
    answer = desk.post(found[1], data={"form_id": found[2]})
    assert answer.status_code == 303
    told = page(desk, answer.location)
    assert "Đã ghi nhận: đây là hai hộ" in text_of(told)
    assert f'href="{place(double)}"' in told, "the way back to where one came from"
