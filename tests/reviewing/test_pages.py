"""The desk's pages of reviewing: calm words, three ways out, the author told on the phone, and nobody else's visits."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.ids import new_id
from cdtteam.reviewing.models import Review
from cdtteam.reviewing.signs import A_DAY
from cdtteam.visits.models import Visit, VisitChange
from cdtteam.web.transactions import writing
from tests.admin.test_pages import hidden, send
from tests.desk.test_pages import assert_valid, page, text_of
from tests.paper.test_amending import chosen
from tests.support.inboxes import inbox
from tests.support.merged import merge_villages
from tests.support.wire import row_of
from tests.support.world import Phone, World
from tests.todo.test_todo import settled, todos

HOME = "/desk/review"


@pytest.fixture
def near(world: World) -> FlaskClient:
    return world.client("xa")


@pytest.fixture
def an(world: World) -> Phone:
    return world.phone("an")


def crowd(world: World, an: Phone, **said: Any) -> str:
    """The id of a group session with very many people."""
    made = an.visit(world.villages["a"], kind="group", participants=900, **said)
    assert an.send(made)[0]["status"] == "applied"
    return str(made["args"]["id"])


def many(world: World, an: Phone, number: int = A_DAY + 1) -> None:
    """More visits than a day holds."""
    results = an.send(*(an.visit(world.villages["a"]) for _ in range(number)))
    assert {result["status"] for result in results} == {"applied"}


def looks(client: FlaskClient) -> list[str]:
    """Where the things lead that deserve a look."""
    return re.findall(r'href="(/desk/review/looks/[^"]+)"', page(client, HOME))


def figures(client: FlaskClient) -> tuple[int, int]:
    answer = client.get(f"/api/v1/participation?area=21601&period={clock.civil_date(clock.now()):%Y-%m}").json
    return answer["visits"], answer["people"]


def test_what_is_seen_is_said_with_its_good_reason_and_leaves_for_good(
    world: World, near: FlaskClient, an: Phone
) -> None:
    assert "Không có gì cần xem lại." in text_of(page(near, HOME))
    many(world, an)
    html = page(near, HOME)
    assert_valid(html)
    text = text_of(html)
    assert "Nhiều lượt trong một ngày 33 lượt" in text
    assert "Có thể nhập bù cho cả tuần" in text
    assert looks(world.client("xakhac")) == []
    (place,) = looks(near)
    html = page(near, place)
    assert_valid(html)
    assert html.count('href="/desk/review/visits/') == A_DAY + 1
    assert "Lượt nào sai thì bấm vào lượt đó" in text_of(html)
    visit = unescape(re.findall(r'href="(/desk/review/visits/[^"]+)"', html)[0])
    back = unescape(page(near, visit))
    assert f'<a href="{place}">' in back
    amending = unescape(page(near, next(iter(re.findall(r'href="([^"]+/amend[^"]*)"', back)))))
    assert f'<li><a href="{visit}">' in amending, "the way back to the case is kept"
    body = hidden(html)
    first, second = near.post(place, data=body), near.post(place, data=body)
    assert (first.status_code, first.location) == (second.status_code, second.location) == (303, f"{HOME}?done=kept")
    assert "Đã ghi nhận: giữ nguyên." in text_of(page(near, first.location))
    assert looks(near) == []
    done = page(near, f"{HOME}?show=done")
    assert_valid(done)
    assert "Nhiều lượt trong một ngày" in text_of(done)
    assert "· xa" in text_of(done).lower()
    with world.app.app_context():
        assert len(db.session.scalars(select(Review)).one().subjects) == A_DAY + 1
    assert "Đã có người xem việc này" in text_of(page(near, place))
    an.send(an.visit(world.villages["a"]))
    assert looks(near) == [], "one more says nothing new"


def test_what_changed_meanwhile_is_shown_and_not_passed_over(world: World, near: FlaskClient, an: Phone) -> None:
    visit_id = crowd(world, an)
    (place,) = looks(near)
    old = hidden(page(near, place))
    an.send(an.mutation("visit.amend", {"id": visit_id, "reason": "đếm lại", "participants": 500}))
    answer = near.post(place, data=old)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Có thay đổi trong lúc bạn đang xem." in text_of(html)
    assert "500 người" in text_of(html)
    assert near.post(place, data=hidden(html)).status_code == 303
    assert looks(near) == []


def test_a_visit_that_is_put_right_counts_at_once_and_its_author_reads_why(
    world: World, near: FlaskClient, an: Phone
) -> None:
    visit_id = crowd(world, an, note="họp thôn")
    place = f"{HOME}/visits/{visit_id}/amend"
    assert figures(near) == (1, 900)
    html = page(near, place)
    assert_valid(html)
    form = chosen(html)
    assert (form["people"], form["kind"], form["topic_dvc_online"]) == ("900", "group", "done")
    answer = send(near, place, **form | {"people": "90", "note": "họp thôn", "reason": "Gõ thừa số 0, đã hỏi tổ"})
    assert (answer.status_code, answer.location) == (303, f"{HOME}/visits/{visit_id}?done=amended")
    assert figures(near) == (1, 90)
    an.send()
    row = an.kind("visit")[visit_id]
    assert (row["participants"], row["counted"]) == (90, True)
    said = row["review"]
    assert (said["act"], said["by"], said["reason"]) == ("amended", "Xã near", "Gõ thừa số 0, đã hỏi tổ")
    assert said["fields"] == ["participants"]
    assert said["was"] == {"participants": 900}
    html = page(near, answer.location)
    assert_valid(html)
    assert "Đã sửa. Số liệu đã theo bản sửa" in text_of(html)
    assert "Số người trước đó: 900" in text_of(html)
    assert "Nội dung trước đó" not in text_of(html), "the topics are what they were"
    assert looks(near) == []
    done = text_of(page(near, f"{HOME}?show=done"))
    assert "Lượt hỗ trợ lúc" in done
    assert "Trần Văn An · Tổ CNSCĐ thôn A" in done, "whose it was"
    assert "Gõ thừa số 0" in done


def test_a_visit_that_is_not_counted_stays_with_its_author_and_leaves_the_others(
    world: World, near: FlaskClient, an: Phone
) -> None:
    visit_id, binh = crowd(world, an), world.phone("binh")
    binh.send()
    assert visit_id in binh.kind("visit")
    place = f"{HOME}/visits/{visit_id}"
    assert send(near, f"{place}/withdraw", reason=" ").status_code == 422
    assert send(near, f"{place}/withdraw", reason="Buổi họp này thôn khác đã ghi").status_code == 303
    assert figures(near) == (0, 0)
    binh.send()
    assert visit_id not in binh.kind("visit")
    again = world.phone("an")
    for phone in (an, again):
        phone.send()
        row = phone.kind("visit")[visit_id]
        assert (row["counted"], row["review"]["act"]) == ("Buổi họp này thôn khác đã ghi", "withdrawn")
    assert an.send(an.mutation("visit.amend", {"id": visit_id, "reason": "x", "participants": 3}))[0]["code"] == (
        "withdrawn"
    )
    ((title, text, link),) = inbox(world, "an")
    assert re.fullmatch(r"Lượt của bạn lúc \d\d:\d\d ngày \d\d/\d\d/\d{4} không được tính.", title), "of many on a day"
    assert text == "Đã hỗ trợ: Nộp hồ sơ qua mạng. Mở lượt hỗ trợ để đọc lý do.", "the reason may name somebody"
    assert link == f"/visit/{visit_id}"
    html = page(near, place)
    assert_valid(html)
    assert "Không tính: “Buổi họp này" in text_of(html)
    assert "Lượt này không còn được tính." in text_of(page(near, f"{place}/amend"))
    assert send(near, f"{place}/restore", reason="Tổ đã giải thích").status_code == 303
    assert figures(near) == (1, 900)
    for phone in (an, binh):
        phone.send()
        assert phone.kind("visit")[visit_id]["counted"] is True
    assert an.kind("visit")[visit_id]["review"]["reason"] == "Tổ đã giải thích"
    with world.app.app_context():
        changes = db.session.scalars(select(VisitChange).order_by(VisitChange.at)).all()
        assert [one.reason for one in changes] == ["Buổi họp này thôn khác đã ghi", "Tổ đã giải thích"]


def test_what_its_author_took_back_is_not_counted_again(world: World, near: FlaskClient, an: Phone) -> None:
    visit_id = crowd(world, an)
    an.send(an.mutation("visit.withdraw", {"id": visit_id, "reason": "ghi hai lần"}))
    place = f"{HOME}/visits/{visit_id}"
    assert "Người ghi đã tự rút." in text_of(page(near, place))
    assert near.get(f"{place}/restore").status_code == 404
    assert visit_id not in an.kind("visit")
    new = world.phone("an")
    new.send()
    assert visit_id not in new.kind("visit")


def test_what_the_author_corrected_meanwhile_is_shown_and_not_overwritten(
    world: World, near: FlaskClient, an: Phone
) -> None:
    visit_id = crowd(world, an)
    place = f"{HOME}/visits/{visit_id}/amend"
    html = page(near, place)
    old, form = hidden(html), chosen(html) | {"people": "90", "reason": "hỏi lại tổ"}
    an.send(an.mutation("visit.amend", {"id": visit_id, "reason": "đếm lại", "participants": 88}))
    wrong = near.post(place, data=old | form | {"reason": ""})
    assert wrong.status_code == 422
    answer = near.post(place, data=hidden(wrong.get_data(as_text=True)) | form)
    assert answer.status_code == 409, "a slip of the pen makes nothing new of what was seen"
    assert "Hiện đang là: 88" in text_of(answer.get_data(as_text=True))
    assert row_of(world, Visit, visit_id).participants == 88
    body = hidden(answer.get_data(as_text=True)) | form
    first, second = near.post(place, data=body), near.post(place, data=body)
    assert first.status_code == second.status_code == 303
    assert row_of(world, Visit, visit_id).participants == 90
    with world.app.app_context():
        assert len(db.session.scalars(select(VisitChange)).all()) == 2


@pytest.mark.parametrize("field", ["on", "people", "topic_dvc_online", "kind", "reason"])
def test_what_is_wrong_stands_at_its_field(world_on_sqlite: World, field: str) -> None:
    world, near = world_on_sqlite, world_on_sqlite.client("xa")
    place = f"{HOME}/visits/{crowd(world, world.phone('an'))}/amend"
    tomorrow = (clock.civil_date(clock.now()) + timedelta(days=1)).isoformat()
    wrong = {"on": tomorrow, "people": "2001", "topic_dvc_online": "drop", "kind": "fête", "reason": ""}
    answer = send(near, place, **chosen(page(near, place)) | {"reason": "sửa", field: wrong[field]})
    assert answer.status_code == 422
    assert f'id="{"more" if field.startswith("topic") else field}-error"' in answer.get_data(as_text=True)


def test_another_communes_visits_are_not_there(world: World, near: FlaskClient) -> None:
    dung = world.phone("dung")
    made = dung.visit(world.villages["c"], kind="group", participants=900)
    dung.send(made)
    other = world.client("xakhac")
    (place,) = looks(other)
    path = f"{HOME}/visits/{made['args']['id']}"
    form = hidden(page(other, f"{path}/withdraw")) | {"reason": "không"}
    assert near.get(path).status_code == 404
    for action in ("amend", "withdraw", "restore"):
        assert near.get(f"{path}/{action}").status_code == 404
        assert near.post(f"{path}/{action}", data=form).status_code == 404
    assert "không còn gì cần xem" in text_of(page(near, place))
    assert row_of(world, Visit, made["args"]["id"]).withdrawn_at is None
    for nothing in (f"{HOME}/looks/nothing/x", f"{HOME}?show=all", f"{HOME}/visits/{new_id()}"):
        assert near.get(nothing).status_code == 404


def test_the_ground_of_a_village_that_ended_is_reviewed_by_whose_commune_it_is(
    world: World, near: FlaskClient, an: Phone
) -> None:
    visit_id = crowd(world, an)
    merge_villages(world, "a", into="b")
    (place,) = looks(near)
    assert "Thôn C mới" in text_of(page(near, place))
    assert send(near, f"{HOME}/visits/{visit_id}/withdraw", reason="nhầm").status_code == 303
    assert row_of(world, Visit, visit_id).withdrawn_reason == "nhầm"
    assert looks(near) == []


def test_words_that_did_not_stand_and_entries_that_wait_are_told(world: World, near: FlaskClient, an: Phone) -> None:
    home = an.household(world.villages["a"], "Nguyễn Văn An")
    an.send(home)
    binh = world.phone("binh")
    binh.send()
    home_id, version = home["args"]["id"], an.kind("household")[home["args"]["id"]]["version"]
    earlier = binh.mutation(
        "household.update", {"id": home_id, "base_version": version, "hamlet": "Xóm Trong"},
        at=(binh.now() - timedelta(minutes=1)).isoformat(),
    )  # fmt: skip
    an.send(an.mutation("household.update", {"id": home_id, "base_version": version, "hamlet": "Xóm Ngoài"}))
    assert binh.send(earlier)[0]["status"] == "conflict"
    assert an.send(an.visit(world.villages["a"], participants=0))[0]["status"] == "refused"
    html = page(near, HOME)
    assert_valid(html)
    assert "Hai người cùng sửa một hộ" in text_of(html)
    assert "Mục đang chờ trên máy của tổ 1 mục" in text_of(html)
    told = []
    for place in looks(near):
        html = page(near, place)
        assert_valid(html)
        told.append(text_of(html))
        assert near.post(place, data=hidden(html)).status_code == 303
    said = next(text for text in told if "Mở hộ này" in text)
    assert "“Xóm Trong” (Trần Văn Binh" in said
    assert "Hiện đang là: Xóm Ngoài" in said
    assert looks(near) == []


def test_what_waits_is_to_be_done_and_read_only_once(world: World) -> None:
    desk, an = settled(world), world.phone("an")
    crowd(world, an)
    assert todos(desk) == ["Có 1 việc trong các lượt hỗ trợ nên xem lại. khi thuận tiện"]
    (place,) = looks(desk)
    assert desk.post(place, data=hidden(page(desk, place))).status_code == 303
    assert todos(desk) == []


@pytest.mark.parametrize("since", ["received_at", "occurred_at"])
def test_what_arrived_or_took_place_long_ago_is_looked_at_no_more(world_on_sqlite: World, since: str) -> None:
    world, near = world_on_sqlite, world_on_sqlite.client("xa")
    crowd(world, world.phone("an"))
    assert len(looks(near)) == 1
    with world.app.app_context(), writing(db.session()):
        db.session.execute(update(Visit).values({since: clock.now() - timedelta(days=63)}))
    world.phone("an").send(world.phone("an").visit(world.villages["a"]))
    assert looks(near) == []
