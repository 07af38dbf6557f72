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
    "attendance": "/attendance",
    "attendance-days": "/attendance/days",
    "share": "/share",
    "tasks": "/tasks",
    "next": "/next",
    "households": "/households",
    "household": "/household/{household}",
    "household-edit": "/household/{household}/edit",
    "household-new": "/household/new",
    "visits": "/visits",
    "mine": "/visits?mine=1",
    "visit": "/visit/{visit}",
    "visit-edit": "/visit/{visit}/edit",
    "saved": "/saved/1/{household}",
    "attention": "/attention",
    "requests": "/requests",
    "request-new": "/request/new",
    "inbox": "/inbox",
    "bell": "/bell",
    "more": "/more",
    "account": "/account",
    "pin": "/pin",
    "carry": "/carry",
    "help": "/help",
}
"""Every screen of a signed-in volunteer, by its address."""

CUT = """() => {
    const canvas = document.createElement("canvas").getContext("2d");
    return [...document.querySelectorAll("#app *")].filter((element) => {
        const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
        if (!own || element.closest(".visually-hidden, svg, option, select")) return false;
        const style = getComputedStyle(element);
        canvas.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
        const ink = canvas.measureText("ẾỖẨỰỢỵ");
        return parseFloat(style.lineHeight) < ink.actualBoundingBoxAscent + ink.actualBoundingBoxDescent;
    }).map((element) => `${element.className} ${element.textContent.trim().slice(0, 30)}`);
}"""
"""Elements whose line is lower than a capital with two accents and a letter with a dot below."""

WIDE = """() => document.documentElement.scrollWidth > innerWidth
    ? [...document.querySelectorAll("#app *")]
        .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
        .map((element) => element.className + " " + element.textContent.trim().slice(0, 30)).slice(0, 5)
    : []"""


def sign_in(page: Page, url: str, name: str, password: str) -> None:
    """Signs in and waits until the village's households are on the phone."""
    page.goto(f"{url}/")
    page.get_by_label("Tên đăng nhập").fill(name)
    page.get_by_label("Mật khẩu", exact=True).fill(password)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("link", name="Ghi lượt hỗ trợ")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("Đang tải danh sách hộ")).to_have_count(0, timeout=60_000)


def await_offline(page: Page) -> None:
    """Waits until the whole app is on the phone, so that it opens without a network."""
    until(page, "() => navigator.serviceWorker.controller !== null", limit=90)


GO = """(path) => {
    const app = document.querySelector("#app");
    if (location.hash !== `#${path}`) delete app.dataset.at;
    location.hash = path;
}"""
"""Where the app was drawn before may be there too, and says nothing of what is to come."""


def open_screen(page: Page, path: str) -> None:
    """Goes to an address of the app and waits until its screen is drawn and has the focus."""
    page.evaluate(GO, path)
    until(page, "path => document.querySelector('#app').dataset.at === '#' + path", path)
    page.wait_for_timeout(150)  # what was saved just now is counted on every screen after 120 ms


IS_SENT = """async () => {
    const main = document.querySelector('script[type=module]').src;
    const { openStore } = await import(new URL('store/index.js', main).href);
    return (await (await openStore({})).outboxSize()) === 0;
}"""
"""Whether nothing is left to send, by the phone's own storage: what a screen says may be a moment old."""


def await_sent(page: Page) -> None:
    """Waits until nothing is left to send."""
    until(page, IS_SENT, limit=30)


LAST_CONTACT = """async (before = null) => {
    const main = document.querySelector('script[type=module]').src;
    const { openStore } = await import(new URL('store/index.js', main).href);
    const last = JSON.stringify((await (await openStore({})).lastSent()).last_contact_at);
    return last === before ? null : last;
}"""


def last_contact(page: Page) -> str | None:
    """When the server last answered a sync, as `await_contact` is told it."""
    found: str | None = page.evaluate(LAST_CONTACT)
    return found


def await_contact(page: Page, before: str | None) -> None:
    """Waits until the server has answered a sync since then: where nothing is to be sent nothing else tells of it."""
    until(page, LAST_CONTACT, before, limit=60)


def until(page: Page, condition: str, argument: Any = None, limit: float = 20) -> None:
    """Polls a condition in the page (the page's CSP forbids Playwright's own way of waiting)."""
    end = time.monotonic() + limit
    while not page.evaluate(condition, argument):
        if time.monotonic() > end:
            raise AssertionError(f"never true: {condition}")
        page.wait_for_timeout(10)


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


def record_without_network(page: Page) -> None:
    """Leaves the network, once the app is on the phone, and saves a visit to a household that is not named."""
    await_offline(page)
    page.context.set_offline(True)
    open_screen(page, "/visit/new/unnamed")
    first_service(page).click()
    save(page)


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


def await_draft(page: Page, **fields: Any) -> dict[str, Any]:
    """Waits until the phone keeps a form that was left in the middle with these values, and answers it."""
    end = time.monotonic() + 20
    while True:
        drafts = stored(page, "drafts")
        for draft in drafts:
            if fields.items() <= draft["value"].items():
                return draft
        if time.monotonic() > end:
            raise AssertionError(f"no draft with {fields}: {drafts}")
        page.wait_for_timeout(10)
