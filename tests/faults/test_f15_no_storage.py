"""F15: a browser without IndexedDB, or without a service worker, as inside other apps: it is said, and what to do."""

import pytest
from playwright.sync_api import expect

from tests.field.engine import Engine
from tests.support.browser import ContextFactory

ZALO = (
    "Mozilla/5.0 (Linux; Android 12; SM-A125F; wv) AppleWebKit/537.36 Version/4.0 Chrome/120.0 Mobile Zalo android/12"
)
WITHOUT = {
    "none": "Object.defineProperty(window, 'indexedDB', { value: undefined });",
    "forbidden": "IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError'); };",
}


@pytest.mark.parametrize("how", ["none", "forbidden"])
def test_nothing_can_be_kept_and_that_is_said(phone: ContextFactory, how: str) -> None:
    engine = Engine(phone, user_agent=ZALO)
    engine.context.add_init_script(WITHOUT[how])
    page = engine.context.new_page()
    page.goto("/")
    expect(page.get_by_text("Trình duyệt này không lưu được nội dung trên máy.")).to_be_visible()
    chrome = page.get_by_role("link", name="Mở bằng Chrome").get_attribute("href")
    assert chrome is not None
    assert chrome.startswith(
        f"intent://{engine.site.url.removeprefix('http://')}/#Intent;scheme=http;package=com.android"
    )
    expect(page.get_by_label("Địa chỉ của ứng dụng")).to_have_value(engine.site.url)
    page.get_by_role("button", name="Sao chép địa chỉ").click()
    expect(page.locator("#say")).not_to_be_empty()


def test_the_address_can_be_taken_along(phone: ContextFactory) -> None:
    engine = Engine(phone)
    engine.context.grant_permissions(["clipboard-read", "clipboard-write"])
    engine.context.add_init_script(WITHOUT["forbidden"])
    page = engine.context.new_page()
    page.goto("/")
    page.get_by_role("button", name="Sao chép địa chỉ").click()
    expect(page.locator("#say")).to_have_text("Đã sao chép địa chỉ")
    assert page.evaluate("() => navigator.clipboard.readText()") == engine.site.url


def test_without_a_service_worker_it_works_online_and_says_so(phone: ContextFactory) -> None:
    engine = Engine(phone)
    engine.context.add_init_script(
        "Object.defineProperty(Navigator.prototype, 'serviceWorker', { get: () => undefined });"
    )
    page = engine.context.new_page()
    page.goto("/")
    expect(page.get_by_role("link", name="Ghi lượt hỗ trợ")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("ứng dụng chỉ mở được khi có mạng")).to_be_visible()
    page.get_by_role("link", name="Ghi lượt hỗ trợ").click()
    page.get_by_role("link", name="Hộ không muốn ghi tên").click()
    expect(page.get_by_text("ứng dụng chỉ mở được khi có mạng")).to_have_count(0)
    assert page.evaluate("() => location.hash") == "#/visit/new/unnamed"
