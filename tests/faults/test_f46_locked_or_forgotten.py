"""F46: the phone is locked, or its PIN forgotten, with a queue on it: sealed entries arrive, the replica comes back."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from cdtteam.notify.operations import notify
from tests.e2e.field_app import await_offline, first_service, open_screen, save, sign_in, until
from tests.field.phonestore import stored_text
from tests.support.browser import NETWORK_ERRORS, ContextFactory, http_errors
from tests.support.field_server import NAMES, FieldServer, serving
from tests.support.inboxes import a_letter, at_work, who
from tests.support.wire import ledger
from tests.support.world import World

PIN = "290473"
NOTE = "Hẹn chị Rơ Châm H'Bia sáng thứ bảy"


@pytest.fixture
def village(world_on_sqlite: World) -> Iterator[FieldServer]:
    """The application on a loopback port, with a village to work in."""
    with serving(world_on_sqlite) as server:
        yield server


def type_pin(page: Page, pin: str) -> None:
    """Types a PIN with the thumb, until it was judged: meanwhile no key is taken."""
    typed = page.locator(".dots .full")
    for at, digit in enumerate(pin, start=1):
        page.get_by_role("button", name=digit, exact=True).tap()
        expect(typed).to_have_count(at % len(pin))


def set_pin(page: Page) -> None:
    """Sets a PIN from the card of the home screen."""
    open_screen(page, "/")
    page.get_by_role("link", name="Đặt mã PIN").tap()
    type_pin(page, PIN)
    expect(page.get_by_text("Nhập lại một lần nữa")).to_be_visible()
    type_pin(page, PIN)
    expect(page.get_by_role("link", name="Ghi lượt hỗ trợ")).to_be_visible(timeout=20_000)


def record(page: Page) -> None:
    """A visit with a name in its note."""
    open_screen(page, "/visit/new/unnamed")
    first_service(page).tap()
    page.get_by_text("Thêm chi tiết").tap()
    page.get_by_label("Ghi chú").fill(NOTE)
    save(page)


@pytest.fixture
def locked(village: FieldServer, phone: ContextFactory) -> tuple[BrowserContext, Page]:
    """A phone with a PIN on which two visits wait, opened anew without a network."""
    context = phone(allow=[NETWORK_ERRORS, http_errors(401)])
    page = context.new_page()
    sign_in(page, village.url, village.sign_in, village.password)
    await_offline(page)
    set_pin(page)
    context.set_offline(True)
    record(page)
    record(page)
    page.reload()
    expect(page.get_by_role("heading", name="Máy đang khóa")).to_be_visible()
    return context, page


def test_a_locked_phone_sends_and_shows_no_name(locked: tuple[BrowserContext, Page], village: FieldServer) -> None:
    context, page = locked
    expect(page.locator("#waiting")).to_have_text("Còn 2 mục chưa gửi")
    before = ledger(village.world)
    everything = stored_text(page)
    assert [name for name in (*NAMES, NOTE, "H'Bia") if name in everything] == []
    assert village.url not in page.title()
    context.set_offline(False)
    until(page, "() => document.querySelector('#waiting')?.textContent === 'Đã gửi hết'", limit=30)
    assert len(ledger(village.world) - before) == 2
    type_pin(page, PIN)
    expect(page.get_by_role("heading", name="Đã lưu trên máy")).to_be_visible(timeout=20_000)
    open_screen(page, "/")
    expect(page.locator("#waiting")).to_have_text("Đã gửi hết", timeout=20_000)
    assert len(ledger(village.world) - before) == 2
    open_screen(page, "/visits")
    expect(page.locator(".rows li").first).to_contain_text("Đã tính vào báo cáo")
    expect(page.get_by_text("cần xem lại")).to_have_count(0)
    open_screen(page, "/more")
    page.get_by_role("button", name="Khóa máy").tap()
    with at_work(village.world) as work:
        notify(work, who(work, village.world, village.sign_in), a_letter("Bão số 12", urgent=True))
    type_pin(page, PIN)
    expect(page.locator(".banner.bad", has_text="Bão số 12")).to_be_visible(timeout=20_000)
    expect(page.get_by_role("link", name="Ghi lượt hỗ trợ")).to_be_visible()


def test_a_forgotten_pin_loses_nothing(locked: tuple[BrowserContext, Page], village: FieldServer) -> None:
    context, page = locked
    before = ledger(village.world)
    forgotten = page.get_by_role("button", name="Quên mã PIN?")
    forgotten.tap()
    expect(page.get_by_role("alert")).to_contain_text("Chưa có mạng")
    expect(page.get_by_role("alert")).to_contain_text("gọi tổ trưởng hoặc cán bộ xã")
    expect(page.locator("#waiting")).to_have_text("Còn 2 mục chưa gửi")
    context.set_offline(False)
    forgotten.tap()
    page.get_by_role("button", name="Xóa và đăng nhập lại").tap()
    expect(page.get_by_label("Tên đăng nhập")).to_be_visible(timeout=30_000)
    assert len(ledger(village.world) - before) == 2
    sign_in(page, village.url, village.sign_in, village.password)
    expect(page.locator("#waiting")).to_have_text("Đã gửi hết", timeout=30_000)
    assert len(ledger(village.world) - before) == 2
    open_screen(page, "/visits")
    expect(page.locator(".rows li").first).to_contain_text("Đã tính vào báo cáo", timeout=20_000)
    open_screen(page, "/households")
    expect(page.locator(".rows a").first).to_be_visible()


def test_ten_wrong_pins_lock_this_phone_alone(locked: tuple[BrowserContext, Page], village: FieldServer) -> None:
    context, page = locked
    before = ledger(village.world)
    for at in range(1, 10):
        type_pin(page, "111222")
        expect(page.get_by_role("alert")).to_contain_text("Mã PIN chưa đúng", timeout=20_000)
        expect(page.get_by_role("button", name="1", exact=True)).to_be_enabled()
        if at >= 7:
            expect(page.get_by_role("alert")).to_contain_text(f"Còn {10 - at} lần thử")
    type_pin(page, "111222")
    expect(page.get_by_label("Tên đăng nhập")).to_be_visible(timeout=20_000)
    everything = stored_text(page)
    assert json.dumps(NAMES[0], ensure_ascii=False)[1:-1] not in everything
    kept = page.get_by_text("Máy này còn giữ 2 mục chưa gửi. Máy tự gửi khi có mạng")
    expect(kept).to_be_visible()
    context.set_offline(False)
    expect(kept).to_have_count(0, timeout=20_000)
    assert len(ledger(village.world) - before) == 2
    page.reload()
    expect(page.get_by_label("Tên đăng nhập")).to_be_visible(timeout=20_000)
    page.wait_for_timeout(1500)
    expect(page.get_by_label("Tên đăng nhập")).to_be_visible()
    assert village.world.client("an").get("/api/v1/session").status_code == 200
