"""A campaign that was closed keeps its figures and stays to be found; its teams read that it ended, with a word."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.notify.models import Notification
from cdtteam.notify.wording import said_in
from cdtteam.tasks.models import Task
from cdtteam.tasks.operations import close_whole_campaign
from tests.admin.test_pages import send
from tests.desk.test_pages import assert_valid, page, text_of
from tests.support.assigning import Officer, says
from tests.support.inboxes import inbox
from tests.support.wire import row_of, unlimited
from tests.support.world import World

NOTE = "Cảm ơn các tổ, tuần sau xã tổng kết."


@pytest.fixture
def officer(world: World) -> Officer:
    return Officer(unlimited(world))


def test_a_closed_campaign_keeps_its_figures_and_is_found(officer: Officer) -> None:
    """No team was done, one was stuck: the page says who waits, and closing changes no number."""
    world, desk, phone = officer.world, officer.world.client("xa"), officer.world.phone("an")
    campaign_id = officer.issue(title="Tuần lễ VNeID")
    tasks = officer.give(officer.order(target=20), officer.order("b", target=40), campaign_id=campaign_id)
    phone.send(phone.visit(world.villages["a"], task_id=tasks[0]), says(phone, tasks[0], "blocked", "Mất sóng"))
    place = f"/desk/tasks/campaigns/{campaign_id}"
    form = page(desk, f"{place}/close")
    assert_valid(form)
    assert "1 tổ còn chờ bạn trả lời: Tổ CNSCĐ thôn A" in text_of(form)
    before = text_of(page(desk, place))
    assert send(desk, f"{place}/close", note=NOTE, thanks="").status_code == 303
    html = page(desk, place)
    assert_valid(html)
    for figures in ("1 trên 60 hộ", "0 trên 2 tổ đã xong", "1 trên 20 hộ", "0 trên 40 hộ"):
        assert figures in before, figures
        assert figures in text_of(html), figures
    assert NOTE in text_of(html)
    assert "Đã rút" not in text_of(html)
    assert "chưa đến máy" not in text_of(html)
    listed = page(desk, "/desk/tasks?show=ended")
    assert_valid(listed)
    for words in ("Đợt đã kết thúc (1)", "Đang làm (0)", "Xong (0)", "Tuần lễ VNeID", "1 trên 60 hộ"):
        assert words in text_of(listed), words
    assert "Tuần lễ VNeID" in text_of(page(world.client("tinh"), "/desk/tasks?show=ended"))
    assert "rút lại" not in text_of(page(desk, f"/desk/tasks/{tasks[0]}")).lower()


def test_teams_read_that_the_campaign_ended_and_why(officer: Officer) -> None:
    """To a client that does not know the word it is done; nobody reads that anything was taken back."""
    world, phone = officer.world, officer.world.phone("an")
    [task_id] = officer.give(campaign_id=officer.issue())
    phone.send(says(phone, task_id, "accepted"))
    officer.do_with_all(close_whole_campaign, row_of(world, Task, task_id).campaign_id, note=NOTE)
    phone.send()
    sent = phone.kind("task")[task_id]
    assert (sent["state"], sent["closed"], sent["note"], sent["reason"]) == ("done", True, NOTE, None)
    with world.app.app_context():
        own = (Notification.member_id == world.members["an"], Notification.withdrawn_at.is_(None))
        rows = db.session().scalars(select(Notification).where(*own)).all()
        told = [tuple(said_in("vi", row.title, row.body)) for row in rows]
    assert told == [("Đợt đã kết thúc: Cài định danh mức 2", f"{NOTE} Những gì đã ghi vẫn giữ và vẫn được tính.")]


def test_a_team_with_two_tasks_of_a_campaign_hears_once_that_it_ended(officer: Officer) -> None:
    """In whole sentences, also where the officer wrote no full stop."""
    world, campaign_id = officer.world, officer.issue()
    officer.give(officer.order(), officer.order(), campaign_id=campaign_id)
    officer.do_with_all(close_whole_campaign, campaign_id, note="Cảm ơn các tổ")
    told = [one for one in inbox(world, "an") if one[0].startswith("Đợt đã kết thúc")]
    assert [text for _title, text, _link in told] == ["Cảm ơn các tổ. Những gì đã ghi vẫn giữ và vẫn được tính."]


@pytest.mark.parametrize(
    ("state", "minutes", "ends"), [("done", -5, "done"), ("done", 5, "sent"), ("blocked", -5, "sent")]
)
def test_a_word_that_comes_late(officer: Officer, state: str, minutes: int, ends: str) -> None:
    """Who was done before the end was done; whatever else is said is kept, and opens nothing again."""
    world, phone = officer.world, officer.world.phone("an")
    [task_id] = officer.give(campaign_id=officer.issue())
    phone.send()
    officer.do_with_all(close_whole_campaign, row_of(world, Task, task_id).campaign_id)
    at = (clock.now() + timedelta(minutes=minutes)).isoformat()
    assert phone.send(says(phone, task_id, state, "Ghi ở nhà", at=at))[0]["status"] == "applied"
    task = row_of(world, Task, task_id)
    assert (task.state, task.withdrawn_at, bool(task.ended_at)) == (ends, None, True)
