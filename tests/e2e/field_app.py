"""The field app as a volunteer uses it: what tests tap, read and count."""

import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, expect

TAPS = """() => {
    window.taps = 0; window.keys = 0;
    addEventListener("click", (event) => { if (event.isTrusted && event.detail) window.taps += 1; }, true);
    addEventListener("keydown", () => { window.keys += 1; }, true);
}"""

SCREENS = {
    "home": "/",
    "pick-household": "/visit/new",
    "visit-form": "/visit/new/{household}",
    "visit-unnamed": "/visit/new/unnamed",
    "several": "/several",
    "households": "/households",
    "household": "/household/{household}",
    "household-edit": "/household/{household}/edit",
    "household-new": "/household/new",
    "visits": "/visits",
    "visit": "/visit/{visit}",
    "visit-edit": "/visit/{visit}/edit",
    "saved": "/saved/1/{household}",
    "attention": "/attention",
    "more": "/more",
    "account": "/account",
    "help": "/help",
}
"""Every screen of a signed-in volunteer, by its address."""


def sign_in(page: Page, url: str, name: str, password: str) -> None:
    """Signs in and waits until the village's households are on the phone."""
    page.goto(f"{url}/")
    page.get_by_label("Tên đăng nhập").fill(name)
    page.get_by_label("Mật khẩu", exact=True).fill(password)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("link", name="Ghi lượt hỗ trợ")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("Đang tải danh sách hộ")).to_have_count(0, timeout=60_000)


def await_offline(page: Page) -> None:
    """Waits until the whole app is on the phone, so that it opens without a network."""
    until(page, "() => navigator.serviceWorker.controller !== null", limit=30)


def open_screen(page: Page, path: str) -> None:
    """Goes to an address of the app and waits for its heading."""
    page.evaluate("path => { location.hash = path; }", path)
    until(page, "path => location.hash === '#' + path && document.querySelector('#main') !== null", path)
    page.wait_for_timeout(150)


def until(page: Page, condition: str, argument: Any = None, limit: float = 10) -> None:
    """Polls a condition in the page (the page's CSP forbids Playwright's own way of waiting)."""
    end = time.monotonic() + limit
    while not page.evaluate(condition, argument):
        if time.monotonic() > end:
            raise AssertionError(f"never true: {condition}")
        page.wait_for_timeout(30)


def count_taps(page: Page) -> Callable[[], tuple[int, int]]:
    """Counts from now on; the function tells taps and keys."""
    page.evaluate(TAPS)
    return lambda: tuple(page.evaluate("() => [window.taps, window.keys]"))


def first_service(page: Page) -> Locator:
    """The first large button of the visit form."""
    return page.locator("#services .pick").first


def save(page: Page) -> None:
    """Taps "Save" and waits until it is said to be saved."""
    page.get_by_role("button", name="Lưu", exact=False).click()
    expect(page.get_by_role("heading", name="Đã lưu trên máy")).to_be_visible()


def stored(page: Page, kind: str) -> list[dict[str, Any]]:
    """The rows that the screens would read: `households` of the first village, or `myVisits`."""
    calls = {
        "myVisits": "store.myVisits({limit: 500})",
        "households": "store.villages().then((all) => store.households(all[0].id))",
        "drafts": "store.drafts()",
    }
    found: list[dict[str, Any]] = page.evaluate(
        f"""async () => {{
            const main = document.querySelector('script[type=module]').src;
            const {{ openStore }} = await import(new URL('store/index.js', main).href);
            const store = await openStore({{}});
            return {calls[kind]};
        }}"""
    )
    return found
