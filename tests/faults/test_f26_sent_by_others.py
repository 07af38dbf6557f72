"""F25, F26: what a member left unsent is sent sealed by whoever signs in there, or by a teammate with its file."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from cdtteam.core.db import db
from cdtteam.visits.models import Visit
from tests.e2e.field_app import await_offline, first_service, open_screen, save, sign_in, stored, until
from tests.field.phonestore import stored_text
from tests.support.axe import axe_findings
from tests.support.browser import NETWORK_ERRORS, ContextFactory, http_errors
from tests.support.field_server import FieldServer, serving
from tests.support.wire import ledger
from tests.support.world import World

NOTE = "Nhà bà Rơ Châm H'Bia"


@pytest.fixture
def village(world_on_sqlite: World) -> Iterator[FieldServer]:
    """The application on a loopback port, with a village to work in."""
    with serving(world_on_sqlite) as server:
        yield server


@pytest.fixture
def away(village: FieldServer, phone: ContextFactory) -> tuple[BrowserContext, Page]:
    """A phone without a network on which two visits wait."""
    context = phone(allow=[NETWORK_ERRORS, http_errors(401)])
    page = context.new_page()
    sign_in(page, village.url, village.sign_in, village.password)
    await_offline(page)
    context.set_offline(True)
    for _ in range(2):
        open_screen(page, "/visit/new/unnamed")
        first_service(page).tap()
        page.get_by_text("Thêm chi tiết").tap()
        page.get_by_label("Ghi chú").fill(NOTE)
        save(page)
    return context, page


def no_session(page: Page) -> bool:
    """Whether the server knows nobody on this phone any more."""
    status: int = page.evaluate("async () => (await fetch('/api/v1/session')).status")
    return status == 401


def authors(village: FieldServer) -> list[str]:
    """Who made the visits with our note."""
    with village.world.app.app_context():
        found = db.session.scalars(select(Visit.author_id).where(Visit.note == NOTE))
        names = {str(identifier): name for name, identifier in village.world.members.items()}
        return [names[str(author)] for author in found]


def test_a_file_goes_by_way_of_a_teammate(
    away: tuple[BrowserContext, Page], phone: ContextFactory, village: FieldServer, tmp_path: Path
) -> None:
    context, page = away
    before = ledger(village.world)
    open_screen(page, "/more")
    page.get_by_role("link", name="Gửi nhờ").tap()
    assert axe_findings(page) == []
    with page.expect_download() as download:
        page.get_by_role("button", name="Lưu ra tệp").tap()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    expect(page.get_by_text("Đã lưu 2 mục ra tệp")).to_be_visible()
    assert file.name.startswith("cdtteam-gui-nho-")
    content = json.loads(file.read_text(encoding="utf-8"))
    assert (content["protocol"], len(content["entries"])) == (1, 2)
    assert NOTE not in file.read_text(encoding="utf-8")

    mate = phone(allow=[NETWORK_ERRORS, http_errors(401)]).new_page()
    sign_in(mate, village.url, "binh", village.password)
    open_screen(mate, "/carry")
    wrong = tmp_path / "other.json"
    wrong.write_text('{"protocol": 1}', encoding="utf-8")
    mate.locator("input[type=file]").set_input_files(wrong)
    expect(mate.get_by_text("Tệp này không có mục nào")).to_be_visible()
    for _ in range(2):
        mate.locator("input[type=file]").set_input_files(file)
        expect(mate.get_by_text("Đã gửi 2 mục thay đồng đội")).to_be_visible(timeout=20_000)
        open_screen(mate, "/more")
        open_screen(mate, "/carry")
    assert len(ledger(village.world) - before) == 2

    context.set_offline(False)
    open_screen(page, "/")
    expect(page.locator("#waiting")).to_have_text("Đã gửi hết", timeout=30_000)
    assert len(ledger(village.world) - before) == 2
    assert authors(village) == ["an", "an"]
    expect(page.get_by_text("cần xem lại")).to_have_count(0)


def test_whoever_signs_in_next_sends_it(away: tuple[BrowserContext, Page], village: FieldServer) -> None:
    context, page = away
    before = ledger(village.world)
    open_screen(page, "/account")
    page.get_by_role("button", name="Đăng xuất").tap()
    page.get_by_role("dialog").get_by_role("button", name="Đăng xuất").tap()
    expect(page.get_by_text("Máy này còn giữ 2 mục chưa gửi")).to_be_visible()
    assert "Nguyễn Thị Hằng" not in stored_text(page)
    context.set_offline(False)
    sign_in(page, village.url, "binh", village.password)
    until(page, "() => document.querySelector('#waiting')?.textContent === 'Đã gửi hết'", limit=30)
    assert len(ledger(village.world) - before) == 2
    assert authors(village) == ["an", "an"]
    assert [visit for visit in stored(page, "myVisits") if visit["note"] == NOTE] == []

    open_screen(page, "/account")
    page.get_by_role("button", name="Đăng xuất").tap()
    page.get_by_role("dialog").get_by_role("button", name="Đăng xuất").tap()
    expect(page.get_by_label("Tên đăng nhập")).to_be_visible()
    sign_in(page, village.url, village.sign_in, village.password)
    expect(page.locator("#waiting")).to_have_text("Đã gửi hết", timeout=30_000)
    assert len(ledger(village.world) - before) == 2
    mine = [visit for visit in stored(page, "myVisits") if visit["note"] == NOTE]
    assert [visit["status"]["step"] for visit in mine] == ["counted", "counted"]


def test_sent_while_signing_out_where_there_is_a_network(
    away: tuple[BrowserContext, Page], village: FieldServer
) -> None:
    """The request to sign out has the sealed entries go before it."""
    context, page = away
    before = ledger(village.world)
    context.route("**/api/v1/sync", lambda route: route.abort())
    context.set_offline(False)
    open_screen(page, "/account")
    # By the keyboard: what stands above it changes its height while the phone tries to send.
    page.get_by_role("button", name="Đăng xuất").press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="Đăng xuất").tap()
    expect(page.get_by_label("Tên đăng nhập")).to_be_visible(timeout=20_000)
    for _ in range(100):
        if len(ledger(village.world) - before) == 2 and no_session(page):
            return
        page.wait_for_timeout(200)
    raise AssertionError("not sent, or not signed out")
