"""The officer's inbox: the number at the bell, newest first, opened, marked as read, page by page."""

import re
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from cdtteam.accounts.models import User
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.reasons import because
from cdtteam.notify.models import Notification, Topic
from cdtteam.notify.operations import Letter, notify
from cdtteam.notify.queries import Recipient
from cdtteam.replica.work import Work
from cdtteam.web.transactions import writing
from tests.desk.test_pages import assert_valid, page, text_of
from tests.support.noticing import told
from tests.support.world import World

INBOX = "/desk/notices"


def tell(world: World, handle: str, *titles: str, link: str = "/desk/requests") -> None:
    """Writes to an account."""
    with world.app.app_context(), writing(db.session()):
        work = Work(db.session(), clock.now())
        account = work.session.scalars(select(User.id).where(User.handle == handle)).one()
        for title in titles:
            notify(work, [Recipient(account, None)], Letter(Topic.REQUEST, title, "Tổ chờ xã trả lời.", link))
        work.flush()


def bell(client: FlaskClient, path: str = "/desk/") -> str:
    """What the bell says, on any page."""
    found = re.search(r'id="bell".*?</a>', page(client, path), re.DOTALL)
    assert found
    return text_of(f"<a {found[0]}")


@pytest.fixture
def near(world: World) -> FlaskClient:
    return world.client("xa")


def test_the_bell_tells_how_many_and_opening_one_leads_on(world: World, near: FlaskClient) -> None:
    assert bell(near) == "Thông báo"
    assert "Chưa có gì mới." in text_of(page(near, INBOX))
    tell(world, "xa", "Việc cũ", "Việc mới")
    tell(world, "tinh", "Việc của tỉnh")
    assert bell(near) == "Thông báo chưa đọc: 2"
    html = page(near, INBOX)
    assert_valid(html)
    text = text_of(html)
    assert text.index("Việc mới") < text.index("Việc cũ"), "the newest first"
    assert "Việc của tỉnh" not in text
    first = re.search(r'action="(/desk/notices/[0-9a-f-]{36}/open)"', html)
    assert first
    answer = near.post(first[1])
    assert (answer.status_code, answer.location) == (303, "/desk/requests")
    assert bell(near) == "Thông báo chưa đọc: 1"
    opened = told(world, Notification.opened_at.is_not(None))
    assert [one.title for one in opened] == [{"text": "Việc mới"}]
    near.post(first[1])
    assert told(world, Notification.opened_at.is_not(None))[0].opened_at == opened[0].opened_at, "the first time stays"


def test_all_are_marked_as_read_with_htmx_and_without(world: World, near: FlaskClient) -> None:
    tell(world, "xa", "Một", "Hai")
    tell(world, "tinh", "Của tỉnh")
    plain = near.post(f"{INBOX}/read")
    assert (plain.status_code, plain.location) == (303, INBOX)
    assert bell(near) == "Thông báo"
    tell(world, "xa", "Ba")
    swapped = near.post(f"{INBOX}/read", headers={"HX-Request": "true"})
    assert swapped.status_code == 200
    assert 'id="bell"' in swapped.get_data(as_text=True)
    assert bell(near) == "Thông báo"
    assert bell(world.client("tinh")) == "Thông báo chưa đọc: 1"


def test_nobody_opens_what_is_anothers(world_on_sqlite: World) -> None:
    tell(world_on_sqlite, "tinh", "Của tỉnh")
    [other] = told(world_on_sqlite)
    near = world_on_sqlite.client("xa")
    for id_ in (other.id, UUID(int=1)):
        assert near.post(f"{INBOX}/{id_}/open").status_code == 404
    assert near.get(f"{INBOX}?before={other.id}").status_code == 200
    assert near.get(f"{INBOX}?before=nothing").status_code == 200
    assert told(world_on_sqlite)[0].read_at is None


def test_a_link_of_the_phone_leads_back_to_the_inbox(world_on_sqlite: World) -> None:
    tell(world_on_sqlite, "xa", "Ở điện thoại", link="/task/1")
    near = world_on_sqlite.client("xa")
    assert near.post(f"{INBOX}/{told(world_on_sqlite)[0].id}/open").location == INBOX


def test_older_ones_follow_page_by_page(world_on_sqlite: World) -> None:
    tell(world_on_sqlite, "xa", *(f"Việc {number:02}" for number in range(45)))
    near = world_on_sqlite.client("xa")
    seen, path = [], INBOX
    for expected in (20, 20, 5):
        html = page(near, path)
        assert_valid(html)
        titles = re.findall(r"Việc \d\d", html)
        assert len(titles) == expected
        seen += titles
        more = re.search(r'<p class="more"><a class="button" href="([^"]+)"', html)
        path = more[1] if more else ""
    assert seen == [f"Việc {number:02}" for number in reversed(range(45))]
    assert path == ""


def test_it_speaks_the_readers_language(world_on_sqlite: World) -> None:
    with world_on_sqlite.app.app_context(), writing(db.session()):
        work = Work(db.session(), clock.now())
        account = work.session.scalars(select(User.id).where(User.handle == "xa")).one()
        title = because("Answered")
        notify(work, [Recipient(account, None)], Letter(Topic.WARNING, title, "…", "/desk/", urgent=True))
        work.flush()
    near = world_on_sqlite.client("xa")
    assert "Đã trả lời" in text_of(page(near, INBOX))
    near.set_cookie("locale", "en")
    assert "Answered" in text_of(page(near, INBOX))
