"""What becomes of a task is told to its team and to who gave it, once, and taken back with it."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from cdtteam.access.models import Actor, Role
from cdtteam.accounts.models import User
from cdtteam.core import clock
from cdtteam.core.clock import civil_date
from cdtteam.core.db import db
from cdtteam.tasks.operations import (
    close_whole_campaign,
    extend_task,
    extend_whole_campaign,
    reassign_task,
    reopen_task,
    withdraw_task,
)
from tests.support.assigning import Officer, says
from tests.support.inboxes import inbox, pull, reads, titles
from tests.support.wire import unlimited
from tests.support.world import World

SOON = civil_date(clock.now()) + timedelta(days=3)
DAY = f"{SOON:%d/%m/%Y}"


@pytest.fixture
def officer(world: World) -> Officer:
    """The coordinator of the near commune, with an account."""
    with unlimited(world).app.app_context():
        user_id = db.session.scalars(select(User.id).where(User.handle == "xa")).one()
    return Officer(world, Actor(Role.COORDINATOR, user_id, area_id=world.communes["near"]))


def test_a_team_is_told_of_its_task_or_the_one_who_is_meant(officer: Officer) -> None:
    world = officer.world
    [task_id] = officer.give(title="Cài VNeID", due_on=SOON)
    assert inbox(world, "an") == [("Nhiệm vụ mới: Cài VNeID", f"Hạn hoàn thành: {DAY}.", f"/task/{task_id}")]
    assert inbox(world, "binh") == inbox(world, "an")
    officer.give(officer.order(member_id=world.members["an"]), title="Riêng An")
    assert (len(titles(world, "an")), len(titles(world, "binh")), titles(world, "chi")) == (2, 1, [])


def test_what_the_desk_does_to_it_takes_the_place_of_what_is_unread(officer: Officer) -> None:
    world, an = officer.world, officer.world.phone("an")
    [task_id] = officer.give(title="Cài VNeID")
    officer.do(extend_task, task_id, SOON)
    assert inbox(world, "an") == [("Đổi hạn: Cài VNeID", f"Hạn mới: {DAY}.", f"/task/{task_id}")]
    pull(an, reads(an, *pull(an)))
    officer.do(withdraw_task, task_id)
    assert titles(world, "an") == ["Đã thu hồi: Cài VNeID"]
    assert titles(world, "binh") == [], "who had read nothing of it has nothing to be told"
    officer.do(withdraw_task, task_id)
    officer.do(reopen_task, task_id)
    assert titles(world, "an") == titles(world, "binh") == ["Giao lại: Cài VNeID"]
    assert [row["title"] for row in pull(an).values() if not row["read_at"]] == ["Giao lại: Cài VNeID"]


def test_others_who_have_it_now_are_told_and_who_had_it_no_more(officer: Officer) -> None:
    world, an = officer.world, officer.world.phone("an")
    [task_id] = officer.give(title="Cài VNeID")
    pull(an, reads(an, *pull(an)))
    officer.do(reassign_task, task_id, world.teams["b"], world.villages["b"])
    assert titles(world, "an") == ["Đã giao cho người khác: Cài VNeID"]
    assert titles(world, "binh") == []
    assert titles(world, "chi") == ["Nhiệm vụ mới: Cài VNeID"]
    officer.do(reassign_task, task_id, world.teams["a"], world.villages["a"], member_id=world.members["binh"])
    assert (titles(world, "an"), titles(world, "chi")) == ([], []), "what is told no more is true of nobody"
    assert titles(world, "binh") == ["Nhiệm vụ mới: Cài VNeID"]


def test_who_gave_it_hears_what_the_team_answers(officer: Officer) -> None:
    world, an = officer.world, officer.world.phone("an")
    [task_id] = officer.give(title="Cài VNeID")
    for state in ("seen", "accepted"):
        an.send(says(an, task_id, state))
    assert titles(world, "xa") == []
    for phone in (an, world.phone("binh")):
        phone.send(says(phone, task_id, "declined", "Hộ bà Đinh Thị Lan không cho vào"))
    [(title, text, link)] = inbox(world, "xa")
    assert (title, link) == ("Tổ CNSCĐ thôn A không nhận: Cài VNeID", f"/desk/tasks/{task_id}")
    assert "Lan" not in text
    officer.do(reopen_task, task_id)
    assert titles(world, "xa") == [], "it was seen to"
    an.send(says(an, task_id, "blocked", "Mất sóng"))
    assert titles(world, "xa") == ["Tổ CNSCĐ thôn A đang vướng: Cài VNeID"]


def test_where_the_giver_is_gone_the_commune_hears_it(officer: Officer) -> None:
    world, an = officer.world, officer.world.phone("an")
    province = Officer(world, Actor(Role.PROVINCE, area_id=world.province))
    [task_id] = province.give()
    an.send(says(an, task_id, "blocked", "Mất sóng"))
    assert len(titles(world, "xa")) == 1
    with officer.at_work() as work:
        work.session.execute(update(User).where(User.handle == "xa").values(disabled_at=work.now))
    officer.do(reopen_task, task_id)
    an.send(says(an, task_id, "done"))
    assert titles(world, "xa") == []


def test_a_campaign_tells_each_team_of_its_task_and_its_officer_of_the_last_that_is_done(officer: Officer) -> None:
    world = officer.world
    campaign = officer.issue(title="Cao điểm")
    tasks = officer.give(officer.order("a"), officer.order("b"), campaign_id=campaign, title="Cao điểm")
    officer.do_with_all(extend_whole_campaign, campaign, SOON)
    for handle in ("an", "binh", "chi"):
        assert titles(world, handle) == ["Đổi hạn: Cao điểm"]
    for handle, task_id in zip(("an", "chi"), tasks, strict=True):
        phone = world.phone(handle)
        phone.send(says(phone, task_id, "done"))
    assert titles(world, "xa") == ["Tổ CNSCĐ thôn B đã làm xong: Cao điểm"]
    officer.do(reopen_task, tasks[0])
    officer.do_with_all(close_whole_campaign, campaign)
    assert titles(world, "an") == titles(world, "binh") == ["Đợt đã kết thúc: Cao điểm"]
