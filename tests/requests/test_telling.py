"""A request is told to those who answer it, and the answer to who asked and who leads the team."""

import pytest
from sqlalchemy import select

from cdtteam.access.models import Actor, Role
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.households.models import Household
from cdtteam.notify.models import Notification
from cdtteam.notify.operations import notify
from cdtteam.register.operations import erase_on_request
from cdtteam.requests.operations import answer_request, close_request, pass_on_request
from cdtteam.teams.models import Member, Position, Team
from cdtteam.teams.operations import add_member
from tests.register.acting import id_of
from tests.support.asking import asked, at_desk
from tests.support.assigning import Officer
from tests.support.inboxes import a_letter, at_work, inbox, titles, who
from tests.support.wire import reassign
from tests.support.world import OFFICER, World


@pytest.fixture
def officer(world: World) -> Actor:
    """The coordinator of the near commune."""
    return Actor(Role.COORDINATOR, area_id=world.communes["near"])


def test_it_is_told_upwards_and_answered_downwards(world: World, officer: Actor) -> None:
    request_id = asked(world)
    assert inbox(world, "xa") == [
        ("Tổ CNSCĐ thôn A đề nghị hỗ trợ", "Mở đề nghị để đọc và trả lời.", f"/desk/requests/{request_id}")
    ]
    assert titles(world, "xakhac") == titles(world, "tinh") == []
    at_desk(world, officer, pass_on_request, request_id)
    assert (titles(world, "xa"), titles(world, "tinh")) == ([], ["Xã chuyển lên đề nghị của Tổ CNSCĐ thôn A"])
    at_desk(world, officer, answer_request, request_id, "Viettel dựng trạm trong tháng 12")
    assert titles(world, "tinh") == []
    assert inbox(world, "an") == [("Đề nghị hỗ trợ của bạn đã có trả lời", "Mở đề nghị để đọc trả lời.", "/requests")]
    assert titles(world, "binh") == []
    assert titles(world, "xa") == [], "its own answer is no news to it"
    at_desk(world, Actor(Role.PROVINCE, area_id=world.province), close_request, request_id)
    assert titles(world, "an") == ["Đề nghị hỗ trợ của bạn đã đóng"]
    assert titles(world, "xa") == ["Tỉnh đã đóng đề nghị của Tổ CNSCĐ thôn A"]


def test_the_leader_hears_it_and_who_has_left_does_not(world: World, officer: Actor) -> None:
    first, second = asked(world), asked(world, "binh")
    with at_work(world) as work:
        team = work.session.get_one(Team, world.teams["a"])
        chi = work.session.get_one(Member, world.members["chi"])
        add_member(OFFICER, work, team, chi, Position.LEADER, started_at=work.now)
    reassign(world, "an", "c", clock.now())
    for request_id in (first, second):
        at_desk(world, officer, close_request, request_id, words="Mai có người đến")
    assert len(titles(world, "chi")) == 2
    assert (len(titles(world, "an")), len(titles(world, "binh"))) == (1, 1), "an inbox is its member's anywhere"


def test_no_inbox_names_a_household_and_what_was_typed_is_forgotten_with_it(world: World) -> None:
    name = "Đinh Thị Lan"
    phone = world.phone("an")
    home = phone.household(world.villages["a"], name)
    phone.send(home)
    asked(world, text=f"Hộ {name} chưa có điện thoại")
    task_officer = Officer(world)
    task_officer.give(title="Cài VNeID")
    with world.app.app_context():
        assert all(name not in f"{row.title}{row.body}" for row in db.session.scalars(select(Notification)))
    task_officer.give(title=f"Giúp hộ {name}")
    with at_work(world) as work:
        notify(work, who(work, world, "an", "binh", "dung"), a_letter("Họp", body=f"Bàn về hộ {name}"))
        notify(work, who(work, world, "an"), a_letter("Họp", body="Bàn về đường dây"))
    with at_work(world) as work:
        erase_on_request(OFFICER, work, work.session.get_one(Household, id_of(home)))
    assert titles(world, "an").count("–") == 2
    assert "Họp" in titles(world, "an")
    with world.app.app_context():
        near = select(Notification).where(Notification.member_id != world.members["dung"])
        assert all(name not in f"{row.title}{row.body}" for row in db.session.scalars(near))
