"""Takes a picture of every screen, below build/screens: `python -m tests.e2e.screens [--docs]`.

The field app at 360 × 740 px, the desk at 360 and 1,280 px, on a small demonstration made for the occasion. With --docs
those that README and the guides show are renewed.
"""

import shutil
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from playwright.sync_api import Browser, Page
from sqlalchemy import select

from cdtteam.access.models import Actor, Role
from cdtteam.campaigns.models import Brief
from cdtteam.core import clock
from cdtteam.core.clock import civil_date
from cdtteam.core.db import db
from cdtteam.households.models import Household
from cdtteam.replica.work import Work
from cdtteam.tasks.giving import Order, give_tasks
from cdtteam.web.transactions import writing
from tests.e2e.desk_walk import Routes, routes_of, walk
from tests.e2e.field_app import SCREENS, await_offline, first_service, open_screen, save, sign_in, stored
from tests.support.apps import running_app
from tests.support.browser import DEVICES, VIETNAM, launch, started_playwright
from tests.support.demo_db import accounts_at, load_small, running_server
from tests.support.schema import ROOT, migrate

FOLDER = ROOT / "build" / "screens"
DOCS = ROOT / "docs" / "screens"
PHONE: dict[str, Any] = {**DEVICES["phone"], **VIETNAM}
WIDTHS: dict[int, Any] = {width: {"width": width, "height": 800} for width in (360, 1280)}
WHOLE = {
    "home", "visit-form", "visit-unnamed", "household", "household-edit", "household-new", "visit", "visit-edit",
    "task",
}  # fmt: skip
"""Screens longer than a phone, pictured to their end as well."""


def main(options: list[str]) -> int:
    """Makes the demonstration, serves it, and takes the pictures."""
    with tempfile.TemporaryDirectory(prefix="cdtteam-screens-") as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'demo.sqlite3'}"
        migrate(url)
        load_small(url, folder)
        people = {account["role"]: account for account in reversed(accounts_at(url, folder))}
        tasks = give_work(url, folder, people["volunteer"])
        with running_server(url, folder) as server, started_playwright() as api:
            browser = launch(api)
            take_field(browser, server.url, people["volunteer"], tasks[0])
            take_desk(
                browser, server.url, [people[role] for role in ("coordinator", "province")], routes_of(url, folder)
            )
            browser.close()
    if "--docs" in options:
        for shown in DOCS.glob("*.png"):
            shutil.copy(FOLDER / shown.name, shown)
    sys.stdout.write(f"{len(list(FOLDER.glob('*.png')))} pictures in {FOLDER.relative_to(ROOT)}\n")
    return 0


def give_work(url: str, folder: Path, volunteer: dict[str, Any]) -> list[UUID]:
    """Two tasks for the volunteer's team: one that the visits of the month count for, and one for a few households."""
    with running_app(url, folder) as app, app.app_context(), writing(db.session()):
        work = Work(db.session(), clock.now())
        today = civil_date(work.now)
        actor = Actor(Role.PROVINCE)
        team_id, village_id = UUID(volunteer["team_id"]), UUID(volunteer["village_ids"][0])
        here = select(Household.id).where(Household.village_id == village_id).order_by(Household.id)
        few = list(work.session.scalars(here.limit(4)))
        begun = {"from_on": today - timedelta(days=12), "document": "123/KH-UBND"}
        vneid = Brief(
            "Kích hoạt VNeID mức 2", "Để bà con làm thủ tục hành chính trên mạng. Ưu tiên hộ có người cao tuổi.",
            due_on=today + timedelta(days=12), service="vneid_level2", is_focus=True, **begun,
        )  # fmt: skip
        safety = Brief(
            "Cảnh báo lừa đảo cho các hộ đã bị gọi", "Các hộ này đã nhận cuộc gọi giả danh công an.",
            due_on=today + timedelta(days=2), service="online_safety", **begun,
        )  # fmt: skip
        orders = (Order(team_id, village_id, target=10), Order(team_id, village_id, household_ids=few))
        given = [*give_tasks(actor, work, vneid, orders[:1]), *give_tasks(actor, work, safety, orders[1:])]
        work.flush()
        return given


def picture(page: Page, name: str, *, whole: bool = False) -> None:
    """Keeps what the page shows from its top."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    page.evaluate("() => window.scrollTo(0, 0)")
    page.screenshot(path=FOLDER / f"{name}.png")
    if whole:
        page.screenshot(path=FOLDER / f"{name}-whole.png", full_page=True)


def take_field(browser: Browser, url: str, volunteer: dict[str, Any], task: UUID) -> None:
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
    open_screen(page, f"/task/{task}")
    page.get_by_role("button", name="Nhận việc").click()
    page.get_by_text("Đã nhận").wait_for()
    page.locator("#say:empty").wait_for(state="attached")
    for name, path in {**SCREENS, "task": f"/task/{task}"}.items():
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
    open_screen(page, "/")
    page.get_by_role("button", name="Để sau").click()  # the question about a PIN, asked once
    for name, path in (("home", "/"), ("visits", "/visits"), ("account", "/account")):
        open_screen(page, path)
        page.wait_for_timeout(400)
        picture(page, f"field-{name}-waiting")
    page.get_by_role("button", name="Đăng xuất").click()
    picture(page, "field-sign-out")


def take_desk(browser: Browser, url: str, staff: list[dict[str, Any]], routes: Routes) -> None:
    """The desk's pages at both widths: all that the first role reaches, and what the others reach beyond that."""
    known: set[str] = set()
    for account in staff:
        page = browser.new_context(**VIETNAM, base_url=url, viewport=WIDTHS[1280]).new_page()
        page.goto("/desk/sign-in")
        take_widths(page, "desk-sign-in")
        page.locator("input[name=sign_in]").fill(account["sign_in"])
        page.locator("input[name=password]").fill(account["password"])
        page.locator("form:has(input[name=password]) button").click()
        page.wait_for_load_state("networkidle")
        for rule in walk(page, routes, known):
            name = "-".join(part for part in rule.split("/") if part and "<" not in part) + "-one" * rule.endswith(">")
            take_widths(page, f"{name}-{account['role']}")
        known.discard("/desk/")
        page.context.close()


def take_widths(page: Page, name: str) -> None:
    """The page at both widths."""
    for width, viewport in WIDTHS.items():
        page.set_viewport_size(viewport)
        picture(page, f"{name}-{width}", whole=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
