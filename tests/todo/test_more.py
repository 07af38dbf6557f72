"""Of phones in trouble, of more than five things to do, and the province's own list."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from cdtteam.access.models import Actor, Role
from cdtteam.accounts.models import Device, DeviceContact
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.requests.models import Request, RequestState
from cdtteam.tasks.models import Task
from cdtteam.teams.models import Member
from cdtteam.web.transactions import writing
from tests.desk.test_pages import page, text_of
from tests.register.acting import two
from tests.support.asking import asked
from tests.support.assigning import Officer
from tests.support.days import today
from tests.support.world import World
from tests.todo.test_todo import close_months, settled, todos


def heard(world: World, days: int) -> None:
    """All phones reached the server last so many days ago."""
    at = clock.now() - timedelta(days=days)
    with world.app.app_context(), writing(db.session()):
        db.session.execute(update(DeviceContact).values(last_at=at, on=clock.civil_date(at)))


def number(world: World, handle: str, phone: str) -> None:
    with world.app.app_context(), writing(db.session()):
        db.session.execute(update(Member).where(Member.id == world.members[handle]).values(phone=phone))


def test_a_phone_that_was_not_heard_of_for_three_days_is_asked_for(world: World) -> None:
    desk = settled(world)
    heard(world, 2)
    assert todos(desk) == []
    heard(world, 4)
    binh = world.phone("binh")
    binh.send(binh.visit(world.villages["a"]))
    number(world, "an", "0912345678")
    (line,) = todos(desk)
    assert line.startswith("2 máy đã hơn ba ngày chưa kết nối")
    html = page(desk, "/desk/")
    assert "Trần Văn An, Trần Văn Chi: xin mở ứng dụng ở nơi có mạng" in text_of(html)
    chi = world.phone("chi")
    chi.send()
    html = page(desk, "/desk/")
    assert "1 máy đã hơn ba ngày chưa kết nối" in text_of(html)
    assert 'href="tel:0912345678"' in html
    assert f"/desk/people/{world.members['an']}" in html
    heard(world, 61)
    assert todos(desk) == [], "who was not heard of for so long is silent, which is said elsewhere"


def test_who_never_recorded_anything_is_not_asked_for_it(world_on_sqlite: World) -> None:
    world = world_on_sqlite
    desk = settled(world)
    heard(world, 61)
    other = world.client("xakhac")
    dung = world.phone("dung")
    dung.send()
    heard(world, 5)
    assert not [one for one in todos(other) if "ba ngày" in one]
    assert [one for one in todos(desk) if "ba ngày" in one]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"clock_error_ms": 119_000}, ""),
        ({"clock_error_ms": -121_000}, "3 máy có đồng hồ sai"),
        ({"app_version": "2026.01.05-abc"}, "3 máy đang dùng phiên bản ứng dụng cũ"),
        ({"app_version": "2099.01.05-abc"}, ""),
        ({"app_version": "2026.99.99"}, ""),
    ],
)
def test_a_phone_whose_clock_is_wrong_or_whose_app_is_old(
    world_on_sqlite: World, values: dict[str, object], said: str
) -> None:
    desk = settled(world_on_sqlite)
    with world_on_sqlite.app.app_context(), writing(db.session()):
        db.session.execute(update(Device).values(**values))
    found = todos(desk)
    assert [one.startswith(said) for one in found] == ([True] if said else [])


def test_what_is_beyond_five_waits_below(world_on_sqlite: World) -> None:
    world = world_on_sqlite
    desk = settled(world)
    two(world)
    heard(world, 4)
    with world.app.app_context(), writing(db.session()):
        db.session.execute(update(Device).values(clock_error_ms=200_000, app_version="2026.01.01-a"))
    for _ in range(2):
        asked(world)
    with world.app.app_context(), writing(db.session()):
        db.session.execute(update(Request).values(raised_at=clock.now() - timedelta(days=3)))
    an = world.phone("an")
    an.send(an.visit(world.villages["a"], participants=0))
    heard(world, 4)
    text = text_of(page(desk, "/desk/"))
    assert len(todos(desk)) == 5
    assert "Còn 1 việc" in text
    assert "1 cặp hộ có thể trùng nhau" in text


def province(world: World) -> FlaskClient:
    """The province, where every report is closed."""
    close_months(world)
    close_months(world, of="far")
    return world.client("tinh")


def test_the_province_has_a_list_of_its_own(world: World) -> None:
    desk = province(world)
    assert todos(desk) == []
    asked(world, text="Làng không có sóng")
    assert todos(desk) == [], "the commune's, until it passes it on"
    with world.app.app_context(), writing(db.session()):
        passed = clock.now() - timedelta(days=1)
        db.session.execute(update(Request).values(state=RequestState.PASSED_ON, passed_on_at=passed))
    assert todos(desk) == ["1 đề nghị hỗ trợ được chuyển lên tỉnh đang chờ. còn 1 ngày"]
    above, here = Officer(world, Actor(Role.PROVINCE, area_id=world.province)), Officer(world)
    here.give()
    above.give(campaign_id=above.issue())
    with world.app.app_context(), writing(db.session()):
        db.session.execute(update(Task).values(due_on=today() - timedelta(days=1)))
    assert todos(desk)[0].startswith("1 nhiệm vụ trong các đợt của tỉnh đã quá hạn. quá hạn 1 ngày")


def test_communes_whose_report_is_not_closed_are_named(world_on_sqlite: World) -> None:
    desk = world_on_sqlite.client("tinh")
    (line,) = todos(desk)
    assert line.startswith("2 xã, phường chưa chốt báo cáo tháng")
    close_months(world_on_sqlite)
    html = page(desk, "/desk/")
    assert "1 xã, phường chưa chốt báo cáo" in text_of(html)
    assert ": Xã far." in text_of(html)
