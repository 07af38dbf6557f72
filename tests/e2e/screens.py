"""Takes a picture of every screen, below build/screens: `python -m tests.e2e.screens [DESK-PATH …]`.

The field app at 360 × 740 px, the desk at 360 and 1,280 px, on a small demonstration made for the occasion.
"""

import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from tests.e2e.field_app import SCREENS, await_offline, first_service, open_screen, save, sign_in, stored
from tests.support.browser import DEVICES, VIETNAM, launch, started_playwright
from tests.support.demo_db import accounts_at, load_small, running_server
from tests.support.schema import ROOT, migrate

FOLDER = ROOT / "build" / "screens"
PHONE: dict[str, Any] = {**DEVICES["phone"], **VIETNAM}
DESK = ("/desk/",)
WHOLE = {"home", "visit-form", "visit-unnamed", "household", "household-edit", "household-new", "visit", "visit-edit"}
"""Screens longer than a phone, pictured to their end as well."""


def main(desk_paths: list[str]) -> int:
    """Makes the demonstration, serves it, and takes the pictures."""
    with tempfile.TemporaryDirectory(prefix="cdtteam-screens-") as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'demo.sqlite3'}"
        migrate(url)
        load_small(url, folder)
        people = {account["role"]: account for account in reversed(accounts_at(url, folder))}
        with running_server(url, folder) as server, started_playwright() as api:
            browser = launch(api)
            take_field(browser, server.url, people["volunteer"])
            for role in ("coordinator", "province"):
                take_desk(browser, server.url, people[role], desk_paths or list(DESK))
            browser.close()
    sys.stdout.write(f"{len(list(FOLDER.glob('*.png')))} pictures in {FOLDER.relative_to(ROOT)}\n")
    return 0


def picture(page: Page, name: str, *, whole: bool = False) -> None:
    """Keeps what the page shows now."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=FOLDER / f"{name}.png")
    if whole:
        page.screenshot(path=FOLDER / f"{name}-whole.png", full_page=True)


def take_field(browser: Browser, url: str, volunteer: dict[str, Any]) -> None:
    """The field app: sign-in, then every screen, then home without a network."""
    page = browser.new_context(**PHONE).new_page()
    page.goto(f"{url}/")
    page.get_by_role("button", name="Đăng nhập").wait_for()
    picture(page, "field-sign-in")
    sign_in(page, url, volunteer["sign_in"], volunteer["password"])
    await_offline(page)
    household = stored(page, "households")[3]["id"]
    open_screen(page, f"/visit/new/{household}")
    first_service(page).click()
    save(page)
    visit = stored(page, "myVisits")[0]["id"]
    for name, path in SCREENS.items():
        open_screen(page, path.format(household=household, visit=visit))
        page.wait_for_timeout(400)
        picture(page, f"field-{name}", whole=name in WHOLE)
    take_without_network(page)
    page.context.close()


def take_without_network(page: Page) -> None:
    """Several households at once, and home with what waits."""
    page.context.set_offline(True)
    open_screen(page, "/several")
    for at in range(3):
        page.locator(".rows label").nth(at).click()
    picture(page, "field-several-ticked")
    page.get_by_role("button", name="Tiếp tục").click()
    first_service(page).click()
    picture(page, "field-several-content")
    page.locator(".save-bar button").click()
    page.get_by_role("heading", name="Đã lưu trên máy").wait_for()
    for name, path in (("home", "/"), ("visits", "/visits"), ("account", "/account")):
        open_screen(page, path)
        page.wait_for_timeout(400)
        picture(page, f"field-{name}-waiting")
    page.get_by_role("button", name="Đăng xuất").click()
    picture(page, "field-sign-out")


def take_desk(browser: Browser, url: str, account: dict[str, Any], paths: list[str]) -> None:
    """The desk's pages as one role sees them, on a phone and on a desk."""
    for width in (360, 1280):
        options: dict[str, Any] = {**VIETNAM, "viewport": {"width": width, "height": 800}}
        page = browser.new_context(**options).new_page()
        page.goto(f"{url}/desk/sign-in")
        picture(page, f"desk-sign-in-{width}")
        page.locator("input[name=sign_in]").fill(account["sign_in"])
        page.locator("input[name=password]").fill(account["password"])
        page.locator("form:has(input[name=password]) button").click()
        page.wait_for_load_state("networkidle")
        for at, path in enumerate(paths):
            page.goto(url + path)
            page.wait_for_load_state("networkidle")
            picture(page, f"desk-{account['role']}-{at}-{width}", whole=True)
        page.context.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
