"""Warnings and messages: previewed, sent once, followed until everybody has them, taken back."""

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select, update

from cdtteam.access.models import SYSTEM, Actor, Role
from cdtteam.accounts.models import SignIn, User
from cdtteam.areas.queries import area_map
from cdtteam.core import clock
from cdtteam.core.clock import civil_date
from cdtteam.core.db import db
from cdtteam.core.ids import new_id
from cdtteam.core.problems import Problem
from cdtteam.households.models import Household
from cdtteam.notices.models import Notice
from cdtteam.notices.operations import Message, send_notice
from cdtteam.notify.models import Notification
from cdtteam.replica.work import Work
from cdtteam.teams.models import Member, Position, Team
from cdtteam.teams.operations import add_member
from cdtteam.web.transactions import writing
from tests.admin.test_pages import hidden
from tests.desk.test_pages import assert_valid, page, text_of
from tests.support.inboxes import pull
from tests.support.noticing import delivered, read_by, rings, told
from tests.support.world import LONG_AGO, World

SENT, NEW = "/desk/notices/sent", "/desk/notices/new"
WARNING = {
    "is_urgent": "yes", "subject": "Lũ lên nhanh trên sông Kôn", "whole": "all",
    "text": "Giúp bà con lên nhà văn hoá.\r\nGọi xã khi cần thuyền.",
}  # fmt: skip


@pytest.fixture
def near(world: World) -> FlaskClient:
    return world.client("xa")


def preview(client: FlaskClient, path: str = NEW, **typed: Any) -> Any:
    return client.post(path, data=hidden(page(client, path)) | {"step": "preview"} | WARNING | typed)


def fields(html: str) -> dict[str, Any]:
    """What the preview's form sends by itself; a place may stand there several times."""
    return hidden(html) | {"place": re.findall(r'name="place" value="([^"]*)"', html), "step": "send"}


def sent(client: FlaskClient, path: str = NEW, **typed: Any) -> str:
    """The address of a notice that has been sent."""
    answer = client.post(path, data=fields(preview(client, path, **typed).get_data(as_text=True)))
    assert answer.status_code == 303, text_of(answer.get_data(as_text=True))
    return str(answer.location)


def hours_ago(world: World) -> datetime:
    """Lets all have rung five hours ago; answers when."""
    with world.app.app_context(), writing(db.session()):
        at = clock.now() - timedelta(hours=5)
        db.session.execute(update(Notification).values(due_at=at))
    return at


def handles(world: World, notifications: list[Notification]) -> set[str]:
    names = {member_id: handle for handle, member_id in world.members.items()}
    return {names[one.member_id] for one in notifications if one.member_id}


def test_what_is_written_is_looked_at_and_then_sent_once(world: World, near: FlaskClient) -> None:
    world.client("an")
    world.client("binh")
    rings(world, "an")
    assert "Không ghi tên người dân" in text_of(page(near, NEW)), "said beside the field"
    looked_at = preview(near)
    html = looked_at.get_data(as_text=True)
    assert looked_at.status_code == 200
    assert_valid(html)
    text = text_of(html)
    assert "Khẩn: Lũ lên nhanh trên sông Kôn Giúp bà con lên nhà văn hoá. Gọi xã khi cần thuyền. – Xã near" in text
    assert "3 người , 2 tổ Máy đổ chuông 1 Chỉ khi mở ứng dụng 1 Chưa vào ứng dụng 1" in text
    assert told(world) == [], "nothing was sent yet"
    first, second = near.post(NEW, data=fields(html)), near.post(NEW, data=fields(html))
    assert (first.status_code, first.location) == (second.status_code, second.location)
    found = told(world)
    assert handles(world, found) == {"an", "binh", "chi"}
    assert len(found) == 3, "sent twice, it was sent once"
    assert {(one.topic, one.urgent, one.link) for one in found} == {("warning", True, "/inbox")}
    assert {one.due_at for one in found} == {found[0].made_at}, "it rings at night as well"
    assert_valid(page(near, first.location))
    assert "Lũ lên nhanh trên sông Kôn Xã near" in text_of(page(near, SENT))


def test_it_can_be_changed_before_it_is_sent(world: World, near: FlaskClient) -> None:
    html = preview(near).get_data(as_text=True)
    again = near.post(NEW, data=fields(html) | {"step": "edit"})
    assert again.status_code == 200
    form = again.get_data(as_text=True)
    assert_valid(form)
    assert "Lũ lên nhanh trên sông Kôn" in form
    assert "Gọi xã khi cần thuyền.</textarea>" in form
    assert told(world) == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"subject": "  "}, "subject"),
        ({"subject": "x" * 81}, "subject"),
        ({"text": "x" * 601}, "text"),
        ({"text": "a\x00b"}, "text"),
        ({"is_urgent": "perhaps"}, "is_urgent"),
        ({"whole": "some"}, "whole"),
        ({"whole": "some", "place": "nobody"}, "whole"),
    ],
)
def test_what_is_wrong_stands_at_its_field(world_on_sqlite: World, wrong: dict[str, str], field: str) -> None:
    near = world_on_sqlite.client("xa")
    for step in ("preview", "send"):
        answer = preview(near, **(wrong | {"step": step}))
        html = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert f'id="{field}-error"' in html
        assert_valid(html)
    assert told(world_on_sqlite) == []


def test_names_and_numbers_in_it_are_pointed_out_and_not_forbidden(world: World, near: FlaskClient) -> None:
    with world.app.app_context(), writing(db.session()):
        for village, name in (("a", "Đinh Lớp"), ("c", "Siu Kră")):
            home = Household(id=new_id(), village_id=world.villages[village], head_name=name, entered_at=clock.now())
            db.session.add(home)
    written = {"text": "Nhắc hộ ĐINH LỚP, rồi hộ Siu Kră (số 0905 123 456).", "is_urgent": "no"}
    text = text_of(preview(near, **written).get_data(as_text=True))
    assert "Có hộ tên Đinh Lớp." in text, "another commune's household is none of ours to tell"
    assert "Có số điện thoại 0905 123 456." in text
    assert "Chưa có số điện thoại của 3 người" in text
    sent(near, **written)
    assert len(told(world)) == 3
    plain = text_of(preview(near).get_data(as_text=True))
    assert "Có hộ tên" not in plain
    assert "Có số điện thoại" not in plain


def test_what_is_too_long_is_said_with_numbers_and_not_cut(world_on_sqlite: World) -> None:
    near = world_on_sqlite.client("xa")
    assert "maxlength" not in page(near, NEW).partition("<textarea")[2].partition(">")[0]
    answer = preview(near, text="x" * 640).get_data(as_text=True)
    assert "Dài quá: 640 ký tự, nhiều nhất 600." in text_of(answer)
    assert "x" * 640 in answer


def test_a_phone_that_was_signed_out_is_not_said_to_ring(world_on_sqlite: World) -> None:
    near = world_on_sqlite.client("xa")
    world_on_sqlite.client("an")
    rings(world_on_sqlite, "an")
    with world_on_sqlite.app.app_context(), writing(db.session()):
        its = select(User.id).where(User.handle == "an").scalar_subquery()
        db.session.execute(update(SignIn).where(SignIn.user_id == its).values(revoked_at=clock.now()))
    text = text_of(preview(near).get_data(as_text=True))
    assert "Chỉ khi mở ứng dụng 1 Chưa vào ứng dụng 2" in text
    assert "Máy đổ chuông" not in text


def test_chosen_teams_alone_get_it(world: World, near: FlaskClient) -> None:
    far_team = world.teams["c"].hex
    sent(near, whole="some", place=[world.teams["b"].hex, far_team], is_urgent="no")
    found = told(world)
    assert handles(world, found) == {"chi"}, "another commune's team is not to be ticked"
    assert not found[0].urgent


def test_no_officer_writes_to_another_communes_teams(world: World) -> None:
    with world.app.app_context(), writing(db.session()):
        work = Work(db.session(), clock.now())
        area = area_map(work.session, civil_date(work.now)).by_id[world.communes["near"]]
        teams = [work.session.get_one(Team, world.teams[name]) for name in "ac"]
        message = Message("Lũ", "Lên nhà văn hoá", is_urgent=True)
        for role, code in (
            (Role.COORDINATOR, "out_of_scope"),
            (Role.ADMIN, "forbidden"),
            (Role.VOLUNTEER, "forbidden"),
        ):
            with pytest.raises(Problem) as refused:
                send_notice(Actor(role, area_id=area.id), work, area, message, teams)
            assert refused.value.code == code
    assert told(world) == []


def test_its_page_tells_how_far_it_has_come_and_whom_to_call(world: World, near: FlaskClient) -> None:
    world.client("an")
    world.client("binh")
    rings(world, "an")
    with world.app.app_context(), writing(db.session()):
        db.session.execute(update(Member).where(Member.id == world.members["chi"]).values(phone="0912345678"))
    place = sent(near)
    assert "sau 10 phút còn 10 phút nữa sau 60 phút còn 60 phút nữa" in text_of(page(near, place)), "no 0 that is none"
    made_at = hours_ago(world)
    soon, later = made_at + timedelta(minutes=3), made_at + timedelta(minutes=50)
    read_by(world, "an", soon)
    text = text_of(page(near, place))
    assert "1 trên 3 người đã thấy Có trong hộp thông báo của 2 người Chưa vào ứng dụng 1 người" in text
    assert "Đã gửi cho 3 người lúc" in text
    assert "sau 10 phút 1 / 3 sau 60 phút 1 / 3 sau 240 phút 1 / 3" in text
    assert "Chưa đến được (2) Thôn A Trần Văn Binh Tổ CNSCĐ thôn A Chỉ khi mở ứng dụng Nhập số" in text
    assert "Thôn B Trần Văn Chi Tổ CNSCĐ thôn B Chưa vào ứng dụng 0912 345 678" in text
    html = page(near, place)
    assert_valid(html)
    assert 'href="tel:0912345678"' in html
    assert f'href="/desk/people/{world.members["binh"]}/edit"' in html
    message = re.search(r'id="zalo-text">(.*?)</p>', html, re.DOTALL)
    assert message
    assert message[1].splitlines() == [
        "Khẩn: Lũ lên nhanh trên sông Kôn", "Giúp bà con lên nhà văn hoá.", "Gọi xã khi cần thuyền.", "– Xã near",
    ], "nobody is shamed before a group"  # fmt: skip
    read_by(world, "binh", later, opened=True)
    text = text_of(page(near, place))
    assert "sau 10 phút 1 / 3 sau 60 phút 2 / 3" in text
    assert "Đã mở 1 người" in text
    assert "Chưa đến được (1)" in text


def test_who_signs_in_with_a_number_is_called_by_it(world: World, near: FlaskClient) -> None:
    with world.app.app_context(), writing(db.session()):
        for handle, number in (("an", "0900000001"), ("binh", "0900000001-2")):
            db.session.execute(update(User).where(User.handle == handle).values(handle=number))
    text = text_of(page(near, sent(near)))
    assert "Trần Văn An Tổ CNSCĐ thôn A Chưa vào ứng dụng 0900 000 001" in text
    assert "Trần Văn Binh Tổ CNSCĐ thôn A Chưa vào ứng dụng Nhập số" in text


def test_phones_tell_what_they_showed(world: World, near: FlaskClient) -> None:
    for handle in ("an", "binh"):
        world.client(handle)
    phone, tablet, other = rings(world, "an"), rings(world, "an", "tablet"), rings(world, "binh")
    place = sent(near)
    by_member = {one.member_id: one for one in told(world)}
    of_an, of_binh = (by_member[world.members[handle]] for handle in ("an", "binh"))
    made_at = hours_ago(world)
    delivered(world, of_an, phone, sent_at=made_at, shown_at=made_at + timedelta(minutes=30), opened_at=None)
    delivered(world, of_an, tablet, sent_at=made_at, shown_at=made_at + timedelta(minutes=2), opened_at=None)
    delivered(world, of_binh, other, sent_at=made_at, shown_at=None, opened_at=None)
    text = text_of(page(near, place))
    assert "1 trên 3 người đã thấy" in text
    assert "Máy đã đổ chuông 2 người Đã hiện trên máy hoặc đã đọc 1 người Đã mở 0 người" in text
    assert "sau 10 phút 1 / 3" in text, "the first of two phones"
    assert "Trần Văn Binh Tổ CNSCĐ thôn A Đã gửi, máy chưa hiện" in text


def test_the_province_warns_communes_and_their_officers_hear_of_it(world: World, near: FlaskClient) -> None:
    province = world.client("tinh")
    unchosen = preview(province, whole="")
    assert unchosen.status_code == 422, "nobody warns a whole province by leaving a choice as it was"
    place = sent(province, whole="some", place="21601")
    assert handles(world, told(world, Notification.member_id.is_not(None))) == {"an", "binh", "chi"}
    html = page(province, place)
    assert_valid(html)
    assert "Xã near 0 trên 3 người đã thấy" in text_of(html)
    assert "Trần Văn An" not in text_of(html), "whom to call is the commune's page"
    assert "Trần Văn An" in text_of(page(province, f"{place}?commune=21601"))
    officer = text_of(page(near, "/desk/notices"))
    assert "Khẩn: Lũ lên nhanh trên sông Kôn" in officer
    inbox = re.search(r"/desk/notices/[0-9a-f-]{36}/open", page(near, "/desk/notices"))
    assert inbox
    assert near.post(inbox[0]).location == place
    text = text_of(page(near, place))
    assert "Trần Văn An" in text
    assert "Rút lại" not in text, "it is the province's to take back"
    for answer in (near.get(f"{place}/withdraw"), near.post(f"{place}/withdraw", data=hidden(page(near, NEW)))):
        assert answer.status_code == 403
    far = world.client("xakhac")
    assert far.get(place).status_code == 403
    assert "Lũ lên nhanh" not in text_of(page(far, SENT))
    read_by(world, "an", clock.now())
    sent(province, whole="all", is_urgent="no")
    lines = text_of(page(near, SENT))
    assert "0 trên 3 người đã thấy" in lines, "the commune's, not all the province's"
    assert "1 trên 3 người đã thấy" in lines
    assert "0 trên 4 người đã thấy" in text_of(page(province, SENT))


def test_one_taken_back_leaves_all_inboxes_and_tells_its_readers(world: World, near: FlaskClient) -> None:
    subscription = rings(world, "binh")
    place = sent(near)
    (to_binh,) = told(world, Notification.member_id == world.members["binh"])
    delivered(world, to_binh, subscription, sent_at=clock.now())
    read_by(world, "an", clock.now())
    phone = world.phone("an")
    [warning] = pull(phone)
    stale = hidden(page(near, f"{place}/withdraw"))
    assert near.post(f"{place}/withdraw", data=stale | {"version": "0"}).status_code == 409
    first, second = (near.post(f"{place}/withdraw", data=stale) for _ in range(2))
    assert (first.status_code, first.location) == (second.status_code, second.location) == (303, place)
    standing = told(world, Notification.withdrawn_at.is_(None))
    assert handles(world, standing) == {"an", "binh"}, "whose phone showed it without being opened hears of it as well"
    assert [one.title.get("message") for one in standing] == ["Taken back: %(subject)s"] * 2
    assert all(one.urgent for one in standing), "as loud as what was wrong"
    changes = phone.post(inbox=True).json["changes"]
    assert [one["id"] for one in changes if one.get("gone") == "withdrawn"] == [warning], "who has read it too"
    text = text_of(page(near, place))
    assert "Đã rút lại lúc" in text
    assert "Tin nhắn cho nhóm Zalo" not in text
    assert "Chưa đến được" not in text, "nobody is to be called for what does not hold"
    assert "phút nữa" not in text
    assert world.client("xakhac").get(f"{place}/withdraw").status_code == 403
    assert near.get(f"{SENT}/{UUID(int=7)}").status_code == 404


def test_writing_to_many_costs_no_more_questions(world_on_sqlite: World) -> None:
    world = world_on_sqlite
    near = world.client("xa")
    few = statements_of(world, lambda: sent(near, whole="some", place=world.teams["b"].hex))
    with world.app.app_context(), writing(db.session()):
        work = Work(db.session(), clock.now())
        team = work.session.get_one(Team, world.teams["b"])
        for number in range(40):
            add_member(
                SYSTEM, work, team, Member(id=new_id(), name=f"Người {number}"), Position.MEMBER, started_at=LONG_AGO
            )
        work.flush()
    many = statements_of(world, lambda: sent(near, whole="some", place=world.teams["b"].hex))
    assert len(told(world)) == 1 + 41
    assert many <= few + 2


def statements_of(world: World, act: Any) -> int:
    """How many statements the database was sent meanwhile."""
    count = 0

    def counted(*_: object) -> None:
        nonlocal count
        count += 1

    with world.app.app_context():
        event.listen(db.engine, "before_cursor_execute", counted)
        try:
            act()
        finally:
            event.remove(db.engine, "before_cursor_execute", counted)
    return count


def test_a_notice_is_kept_with_what_it_said(world_on_sqlite: World) -> None:
    sent(world_on_sqlite.client("xa"))
    with world_on_sqlite.app.app_context():
        [notice] = db.session.scalars(select(Notice)).all()
        assert (notice.people, notice.is_urgent, notice.subject) == (3, True, WARNING["subject"])
        assert notice.text == WARNING["text"].replace("\r\n", "\n")
