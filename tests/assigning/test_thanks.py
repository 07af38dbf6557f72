"""Closing a campaign: who took part is thanked with their own share, once, and nobody else is."""

from sqlalchemy import select

from cdtteam.core.db import db
from cdtteam.notify.models import Notification, Topic
from cdtteam.notify.wording import said_in
from tests.admin.test_pages import hidden
from tests.desk.test_pages import assert_valid, page, text_of
from tests.support.assigning import Officer
from tests.support.wire import unlimited
from tests.support.world import World


def thanks(world: World, handle: str) -> list[tuple[str, str, str]]:
    """Title, text and link of what stands in somebody's inbox about thanks."""
    with world.app.app_context():
        own = (Notification.member_id == world.members[handle], Notification.topic == Topic.THANKS)
        rows = db.session().scalars(select(Notification).where(*own)).all()
        return [(*said_in("vi", row.title, row.body), row.link) for row in rows]


def closed(world: World, **typed: str) -> tuple[str, str]:
    """A campaign in which An and Binh helped a household, closed at the desk twice: its page, and what that says."""
    officer, an = Officer(unlimited(world)), world.phone("an")
    campaign = officer.issue(title="Tuần lễ VNeID")
    tasks = officer.give(officer.order(target=10), officer.order("b", target=10), campaign_id=campaign)
    home = an.household(world.villages["a"])
    crew = [str(world.members[name]) for name in ("an", "binh")]
    both = an.visit(world.villages["a"], task_id=tasks[0], member_ids=crew, household_id=home["args"]["id"])
    an.send(home, both, an.visit(world.villages["a"], task_id=tasks[0]))
    desk, path = world.client("xa"), f"/desk/tasks/campaigns/{campaign}"
    form = page(desk, f"{path}/close")
    assert "Lời cảm ơn" in text_of(form)
    body = hidden(form) | {"thanks": "Xã cảm ơn các anh chị!", "note": ""} | typed
    assert [desk.post(f"{path}/close", data=body).status_code for _again in range(2)] == [303, 409]
    html = page(desk, path)
    assert_valid(html)
    return path, text_of(html)


def test_who_took_part_is_thanked_once_with_their_share(world: World) -> None:
    _, shown = closed(world)
    assert "Đã gửi lời cảm ơn đến 2 thành viên." in shown
    title = "Cảm ơn anh/chị về đợt “Tuần lễ VNeID”"
    words = "Xã cảm ơn các anh chị! Anh/chị đã tham gia %s lượt hỗ trợ, giúp %s hộ."
    assert thanks(world, "an") == [(title, words % (2, 2), "/visits?mine=1")]
    assert thanks(world, "binh") == [(title, words % (1, 1), "/visits?mine=1")]
    assert thanks(world, "chi") == []


def test_without_a_word_nobody_is_thanked(world_on_sqlite: World) -> None:
    _, shown = closed(world_on_sqlite, thanks="")
    assert "lời cảm ơn" not in shown
    assert thanks(world_on_sqlite, "an") == []
