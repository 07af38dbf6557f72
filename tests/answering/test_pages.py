"""The desk's pages of requests: what waits first, answering, passing on, closing, and who sees what."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from cdtteam.access.models import Actor, Role
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.requests.models import Request
from cdtteam.requests.operations import answer_request, close_request, pass_on_request
from cdtteam.teams.models import Member
from cdtteam.web.transactions import writing
from tests.admin.test_pages import hidden, send
from tests.desk.test_pages import assert_valid, page, text_of
from tests.support.asking import asked, at_desk
from tests.support.inboxes import titles
from tests.support.wire import row_of
from tests.support.world import World
from tests.todo.test_todo import settled, todos

HOME = "/desk/requests"


@pytest.fixture
def near(world: World) -> FlaskClient:
    return world.client("xa")


@pytest.fixture
def officer(world: World) -> Actor:
    """The coordinator of the near commune."""
    return Actor(Role.COORDINATOR, area_id=world.communes["near"])


def age(world: World, request_id: str, days: float) -> None:
    """Lets a request have waited for so long."""
    with world.app.app_context(), writing(db.session()):
        raised = clock.now() - timedelta(days=days)
        db.session.execute(update(Request).where(Request.id == UUID(request_id)).values(raised_at=raised))


def before(text: str, *parts: str) -> bool:
    """Whether the parts stand in a text, in this order."""
    places = [text.index(part) for part in parts]
    return places == sorted(places)


def test_the_longest_wait_stands_first_with_its_age(world: World, near: FlaskClient) -> None:
    young, old = asked(world, text="Sạc hỏng"), asked(world, "chi", "b", topic="device", text="Máy không lên nguồn")
    asked(world, "dung", "c", text="Việc của xã khác")
    age(world, old, 3)
    html = page(near, HOME)
    assert_valid(html)
    text = text_of(html)
    assert before(text, "đã 3 ngày", "Máy không lên nguồn", "hôm nay", "Sạc hỏng")
    assert "Thôn B" in text
    assert "Việc của xã khác" not in text
    assert near.get(f"{HOME}/{young}").status_code == 200


def test_an_answer_reaches_the_team_and_stands_with_its_history(world: World, near: FlaskClient) -> None:
    request_id = asked(world, text="Làng không có sóng\nTổ không gửi được")
    place = f"{HOME}/{request_id}"
    empty = send(near, place, answer="  ")
    assert empty.status_code == 422
    assert 'id="answer-error"' in empty.get_data(as_text=True)
    answer = send(near, place, answer="Mai xã cử người đến.\r\nTổ chờ ở nhà văn hoá.")
    assert (answer.status_code, answer.location) == (303, place)
    phone = world.phone("binh")
    phone.send()
    row = phone.kind("request")[request_id]
    assert (row["state"], row["answer"]) == ("answered", "Mai xã cử người đến.\nTổ chờ ở nhà văn hoá.")
    assert row["answered_by"] == "commune"
    html = page(near, place)
    assert_valid(html)
    assert before(text_of(html), "Làng không có sóng", "Đã trả lời tổ", "Mai xã cử người đến.", "trả lời: “Mai")
    assert "Không có tổ nào đang chờ trả lời." in text_of(page(near, HOME))
    assert "Làng không có sóng" in text_of(page(near, f"{HOME}?show=done"))


def test_of_what_was_answered_the_newest_are_listed(world_on_sqlite: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world = world_on_sqlite
    officer = Actor(Role.COORDINATOR, area_id=world.communes["near"])
    for text, days in (("Việc cũ nhất", 5), ("Việc mới", 2), ("Việc vừa rồi", 1)):
        request_id = asked(world, text=text)
        age(world, request_id, days)
        at_desk(world, officer, close_request, request_id)
    monkeypatch.setattr("cdtteam.answering.views.MOST", 2)
    text = text_of(page(world.client("xa"), f"{HOME}?show=done"))
    assert before(text, "(0)", "(3)", "Việc vừa rồi", "Việc mới", "Chỉ hiện 2 đề nghị mới nhất.")
    assert "Việc cũ nhất" not in text


def test_what_is_passed_on_stands_first_for_the_province(world: World, near: FlaskClient) -> None:
    old, passed = asked(world, text="Chờ lâu ở xã"), asked(world, "chi", "b", text="Cần trạm phát sóng")
    age(world, old, 9)
    age(world, passed, 1)
    assert send(near, f"{HOME}/{passed}/pass-on", words="Xã không có kinh phí").status_code == 303
    assert before(text_of(page(near, HOME)), "Chờ lâu ở xã", "Cần trạm phát sóng"), "the commune sees to its own"
    province = world.client("tinh")
    html = page(province, HOME)
    assert_valid(html)
    assert before(text_of(html), "Xã near", "Cần trạm phát sóng", "Chờ lâu ở xã")
    own = page(province, f"{HOME}/{passed}")
    assert "“Xã không có kinh phí”" in text_of(own)
    assert "pass-on" not in own, "there is nobody above"
    assert send(province, f"{HOME}/{passed}", answer="Có trạm vào tháng 12").status_code == 303
    assert row_of(world, Request, passed).state == "answered"
    assert titles(world, "xa") == ["Tổ CNSCĐ thôn A đề nghị hỗ trợ", "Tỉnh đã trả lời đề nghị của Tổ CNSCĐ thôn B"]
    phone = world.phone("chi")
    phone.send()
    assert phone.kind("request")[passed]["answered_by"] == "province"


def test_who_asks_can_be_called_and_looked_up(world_on_sqlite: World) -> None:
    world = world_on_sqlite
    with world.app.app_context(), writing(db.session()):
        db.session.get_one(Member, world.members["an"]).phone = "0912345678"
    html = page(world.client("xa"), f"{HOME}/{asked(world)}")
    assert f'href="/desk/people/{world.members["an"]}"' in html
    assert 'href="tel:0912345678"' in html
    assert "0912 345 678" in text_of(html)


def test_a_form_sent_twice_answers_once(world: World, near: FlaskClient) -> None:
    place = f"{HOME}/{asked(world)}"
    body = hidden(page(near, place)) | {"answer": "Đã rõ"}
    first, second = near.post(place, data=body), near.post(place, data=body)
    assert (first.status_code, first.location) == (second.status_code, second.location)
    assert text_of(page(near, place)).count("trả lời: “Đã rõ”") == 1


def test_what_somebody_else_said_meanwhile_is_shown_and_not_overwritten(
    world: World, near: FlaskClient, officer: Actor
) -> None:
    request_id = asked(world)
    place = f"{HOME}/{request_id}"
    old = hidden(page(near, place))
    at_desk(world, officer, answer_request, request_id, "Tuần sau có người đến")
    answer = near.post(place, data=old | {"answer": "Xã chưa có cách"})
    html = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Hiện đang là: Tuần sau có người đến" in html
    assert "Xã chưa có cách</textarea>" in html
    assert_valid(html)
    assert row_of(world, Request, request_id).answer == "Tuần sau có người đến"
    assert near.post(place, data=hidden(html) | {"answer": "Xã chưa có cách"}).status_code == 303
    assert row_of(world, Request, request_id).answer == "Xã chưa có cách"


def test_what_was_closed_meanwhile_is_said_and_what_was_typed_stays(
    world: World, near: FlaskClient, officer: Actor
) -> None:
    request_id = asked(world)
    place = f"{HOME}/{request_id}"
    old, passing = hidden(page(near, place)), hidden(page(near, f"{place}/pass-on"))
    at_desk(world, officer, close_request, request_id)
    answer = near.post(place, data=old | {"answer": "Xã chưa có cách"})
    html = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Câu trả lời chưa được gửi:" in text_of(html)
    assert "Xã chưa có cách" in text_of(html)
    assert "<textarea" not in html
    assert_valid(html)
    assert near.post(f"{place}/pass-on", data=passing).status_code == 409
    assert row_of(world, Request, request_id).state == "closed"


def test_a_last_word_closes_it(world: World, near: FlaskClient) -> None:
    request_id = asked(world)
    assert send(near, f"{HOME}/{request_id}/close", words="Đã gọi điện trao đổi").status_code == 303
    row = row_of(world, Request, request_id)
    assert (row.state, row.answer) == ("closed", "Đã gọi điện trao đổi")
    html = page(near, f"{HOME}/{request_id}")
    assert_valid(html)
    assert "Đề nghị này đã đóng." in text_of(html)


def test_another_communes_request_is_not_shown_and_not_touched(world: World, near: FlaskClient) -> None:
    request_id = asked(world, "dung", "c")
    form = hidden(page(world.client("tinh"), f"{HOME}/{request_id}"))
    for action in ("", "/pass-on", "/close"):
        assert near.get(f"{HOME}/{request_id}{action}").status_code == 403
        assert near.post(f"{HOME}/{request_id}{action}", data=form | {"answer": "x"}).status_code == 403
    assert row_of(world, Request, request_id).state == "open"


def test_what_has_waited_over_two_days_is_to_be_done(world: World, officer: Actor) -> None:
    desk = settled(world)
    fresh, old, passed = asked(world), asked(world), asked(world, "chi", "b")
    age(world, old, 2.1)
    age(world, passed, 5)
    at_desk(world, officer, pass_on_request, passed)
    assert [line.split(" hơn hai ngày")[0] for line in todos(desk)] == ["1 đề nghị hỗ trợ của tổ đã chờ"]
    age(world, fresh, 4)
    assert todos(desk)[0].startswith("2 đề nghị hỗ trợ của tổ đã chờ hơn hai ngày.")
    assert "2 ngày" in todos(desk)[0]
    assert f'href="{HOME}"' in page(desk, "/desk/")
