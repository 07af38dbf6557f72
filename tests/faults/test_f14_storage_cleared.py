"""F14: the browser is asked to keep the data once there is some; a loss is said, and all that was sent comes back."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from cdtteam.core.db import db
from cdtteam.visits.models import Visit
from tests.e2e.field_app import await_offline, await_sent, first_service, open_screen, save, sign_in, stored, until
from tests.support.browser import NETWORK_ERRORS, ContextFactory, http_errors
from tests.support.field_server import FieldServer, serving
from tests.support.world import World

ASKED = """if (navigator.storage) navigator.storage.persist = async () => {
  sessionStorage.asked = Number(sessionStorage.asked || 0) + 1;
};"""
CLEARED = "Bộ nhớ của trình duyệt trên máy này đã bị xóa"
SYNC = "**/api/v1/sync"
EVICTED = "indexeddb,local_storage,service_workers,cache_storage"


@pytest.fixture
def village(world_on_sqlite: World) -> Iterator[FieldServer]:
    """The application on a loopback port, with a village to work in."""
    with serving(world_on_sqlite) as server:
        yield server


def phone_of(phone: ContextFactory, village: FieldServer) -> tuple[BrowserContext, Page, set[str]]:
    """A phone with visits that are sent and one that is not; the ids of those sent."""
    context = phone(allow=[NETWORK_ERRORS, http_errors(401)])
    context.add_init_script(ASKED)
    # The worker, which no test cuts off, would be woken and send what is to be lost here.
    context.add_init_script("if (self.SyncManager) SyncManager.prototype.register = async () => undefined;")
    page = context.new_page()
    sign_in(page, village.url, village.sign_in, village.password)
    await_offline(page)
    record(page)
    await_sent(page)
    sent = ids(page)
    context.set_offline(True)
    # A page that is being left is online again for a moment, and would send.
    context.route(SYNC, lambda route: route.abort())
    record(page)
    assert len(ids(page) - sent) == 1
    return context, page, sent


def ids(page: Page) -> set[str]:
    """The visits that the phone has of this member."""
    return {visit["id"] for visit in stored(page, "myVisits")}


def arrived(village: FieldServer) -> set[str]:
    """The visits that the server has of this member; a page that is being left may still have sent one."""
    with village.world.app.app_context():
        own = select(Visit.id).where(Visit.author_id == village.world.members["an"])
        return {str(id_) for id_ in db.session().scalars(own)}


def record(page: Page) -> None:
    """A visit to a household that is not named."""
    open_screen(page, "/visit/new/unnamed")
    first_service(page).click()
    save(page)


def clear(context: BrowserContext, page: Page, what: str) -> Page:
    """Clears the storage as the browser or its owner does, while the app is closed."""
    origin = page.evaluate("() => location.origin")
    page.goto("about:blank")
    session = context.new_cdp_session(page)
    session.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": what})
    context.set_offline(False)
    context.unroute(SYNC)
    page.goto(f"{origin}/")
    return page


def comes_back(page: Page, village: FieldServer, sent: set[str]) -> None:
    """The loss is said, what the server has is there again, and the words stay away once understood."""
    expect(page.get_by_text(CLEARED)).to_be_visible(timeout=20_000)
    expect(page.get_by_text("Lượt chưa gửi thì mất")).to_be_visible()
    until(page, "() => document.querySelector('#waiting') !== null", limit=30)
    assert sent <= ids(page) == arrived(village)
    page.get_by_role("button", name="Đã hiểu").click()
    expect(page.get_by_text(CLEARED)).to_have_count(0)
    page.reload()
    expect(page.get_by_role("link", name="Ghi lượt hỗ trợ")).to_be_visible(timeout=20_000)
    page.wait_for_timeout(500)
    expect(page.get_by_text(CLEARED)).to_have_count(0)


def test_the_browser_cleared_it_and_the_session_lives_on(phone: ContextFactory, village: FieldServer) -> None:
    context, page, sent = phone_of(phone, village)
    comes_back(clear(context, page, EVICTED), village, sent)


def test_only_the_server_remembers(phone: ContextFactory, village: FieldServer) -> None:
    context, page, sent = phone_of(phone, village)
    context.clear_cookies(name="cdt_phone")
    comes_back(clear(context, page, EVICTED), village, sent)


def test_a_new_phone_has_lost_nothing(phone: ContextFactory, village: FieldServer) -> None:
    phone_of(phone, village)
    page = phone(allow=[NETWORK_ERRORS, http_errors(401)]).new_page()
    sign_in(page, village.url, village.sign_in, village.password)
    page.wait_for_timeout(500)
    expect(page.get_by_text(CLEARED)).to_have_count(0)


def test_signing_out_is_no_loss(phone: ContextFactory, village: FieldServer) -> None:
    context, page, _ = phone_of(phone, village)
    context.set_offline(False)
    context.unroute(SYNC)
    open_screen(page, "/account")
    page.get_by_role("button", name="Đăng xuất").click()
    page.get_by_role("dialog").get_by_role("button", name="Đăng xuất").click()
    expect(page.get_by_label("Tên đăng nhập")).to_be_visible()
    sign_in(page, village.url, village.sign_in, village.password)
    page.wait_for_timeout(500)
    expect(page.get_by_text(CLEARED)).to_have_count(0)


def test_the_browser_is_asked_to_keep_it_after_the_first_visit(phone: ContextFactory, village: FieldServer) -> None:
    context = phone(allow=[NETWORK_ERRORS, http_errors(401)])
    context.add_init_script(ASKED)
    page = context.new_page()
    sign_in(page, village.url, village.sign_in, village.password)
    page.wait_for_timeout(500)
    assert page.evaluate("() => sessionStorage.asked") is None
    record(page)
    until(page, "() => sessionStorage.asked === '1'")
    record(page)
    page.wait_for_timeout(500)
    assert page.evaluate("() => sessionStorage.asked") == "1"
