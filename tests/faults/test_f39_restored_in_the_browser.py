"""F39, from command line to phone: last night's backup is restored, and the day's visits come back by themselves."""

import time
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.field_app import first_service, open_screen, save, sign_in, stored
from tests.e2e.test_doorstep_to_province import account, figures
from tests.support.backups import command
from tests.support.browser import NETWORK_ERRORS, ContextFactory, http_errors
from tests.support.demo_db import Accounts, RunningServer, ServerFactory
from tests.support.ports import free_port

COUNTED = "Đã tính vào báo cáo"


def record(page: Page, number: int) -> None:
    """Visits to as many households, from the form."""
    for household in stored(page, "households")[:number]:
        open_screen(page, f"/visit/new/{household['id']}")
        first_service(page).click()
        save(page)


def expect_counted(page: Page, number: int) -> None:
    """Waits until the phone shows so many visits of today as counted, and nothing else of today."""
    open_screen(page, "/visits")
    expect(page.get_by_text(COUNTED)).to_have_count(number, timeout=30_000)


def opened(context: BrowserContext, server: RunningServer) -> Page:
    page = context.new_page()
    page.goto(f"{server.url}/")
    expect(page.get_by_role("link", name="Ghi lượt hỗ trợ")).to_be_visible(timeout=20_000)
    return page


def test_last_nights_backup(
    phone: ContextFactory, small_demo_sqlite_url: str, server_of: ServerFactory, accounts: Accounts, tmp_path: Path
) -> None:
    port, file = free_port(), tmp_path / "nightly.backup"
    volunteer, province = account(accounts, "volunteer"), account(accounts, "province")
    server = server_of(small_demo_sqlite_url, port=port)
    before = figures(server.url, province)
    context = phone(allow=[NETWORK_ERRORS, http_errors(401, 503)])
    page = context.new_page()
    sign_in(page, server.url, volunteer["sign_in"], volunteer["password"])
    own = len(stored(page, "myVisits"))
    record(page, 1)
    expect_counted(page, own + 1)
    assert command(small_demo_sqlite_url, tmp_path, "backup", str(file)).code == 0
    record(page, 3)
    expect_counted(page, own + 4)
    assert figures(server.url, province)["visits"] == before["visits"] + 4
    page.close()

    said = command(small_demo_sqlite_url, tmp_path, "restore", str(file))
    assert said.code == 1, "nothing is taken away from a server that runs"
    server.stop()
    assert command(small_demo_sqlite_url, tmp_path, "restore", str(file)).code == 0
    server = server_of(small_demo_sqlite_url, port=port)
    assert figures(server.url, province)["visits"] == before["visits"] + 1

    page = opened(context, server)
    deadline = time.monotonic() + 30
    while (after := figures(server.url, province))["visits"] < before["visits"] + 4 and time.monotonic() < deadline:
        page.wait_for_timeout(300)
    assert after["visits"] == before["visits"] + 4
    assert after["households"] <= before["households"] + 3
    expect(page.get_by_text("Đang tải danh sách hộ")).to_have_count(0, timeout=30_000)
    expect_counted(page, own + 4)
    assert len(stored(page, "myVisits")) == own + 4
