"""The desk in a real browser: at 360 and 1280 px, with htmx, without JavaScript, without a network."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.support.axe import axe_findings
from tests.support.browser import NETWORK_ERRORS, ContextFactory, http_errors

STAFF = {"province": ("tinh", "bien-xanh"), "coordinator": ("vinhson", "bien-xanh")}
PAGES = {
    "province": ("/desk/", "/desk/?by=commune&sort=-visits", "/desk/?period=2026", "/desk/area/546"),
    "coordinator": ("/desk/", "/desk/area/21787001", "/desk/?period=2019-05"),
}


def signed_in(context: BrowserContext, role: str) -> Page:
    """A page at the desk's first page."""
    page = context.new_page()
    page.goto("/desk/")
    handle, password = STAFF[role]
    page.get_by_label("Tên đăng nhập").fill(handle)
    page.get_by_label("Mật khẩu").fill(password)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.wait_for_url("**/desk/")
    return page


def too_wide(page: Page) -> int:
    """How many pixels the page scrolls sideways."""
    found: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return found


@pytest.mark.parametrize("device", ["phone", "desk"])
def test_pages_are_accessible(request: pytest.FixtureRequest, server: str, device: str) -> None:
    contexts: ContextFactory = request.getfixturevalue(device)
    for role, paths in PAGES.items():
        page = signed_in(contexts(server), role)
        for path in paths:
            page.goto(path)
            assert axe_findings(page) == [], path
            assert too_wide(page) == 0, path
    page = contexts(server).new_page()
    page.goto("/desk/sign-in")
    assert axe_findings(page) == []


def test_nothing_scrolls_sideways_at_320_px_and_large_text(server: str, phone: ContextFactory) -> None:
    context = phone(server, viewport={"width": 320, "height": 640})
    for role, paths in PAGES.items():
        page = signed_in(context, role)
        for path in paths:
            page.goto(path)
            page.evaluate("document.documentElement.style.fontSize = '200%'")
            assert too_wide(page) == 0, path
        context.clear_cookies()


def test_period_and_sorting_swap_the_report_in_place(server: str, desk: ContextFactory) -> None:
    page = signed_in(desk(server), "province")
    page.evaluate("window.stayed = true")
    page.get_by_role("link", name="Theo xã").click()
    expect(page.get_by_role("heading", name="Các xã, phường, thị trấn (3)")).to_be_visible()
    page.locator("#sort-visits").click()
    expect(page.locator("th[aria-sort=descending]")).to_contain_text("Lượt hỗ trợ")
    numbers = page.locator("table.figures tbody tr td:nth-child(6)").all_inner_texts()
    assert numbers == sorted(numbers, key=lambda text: -int(text.replace(".", "")))
    assert page.evaluate("document.activeElement.id") == "sort-visits"
    page.get_by_role("link", name="Năm nay").click()
    expect(page.locator("#report")).to_contain_text("Năm 2026" if "2026" in page.url else "Năm")
    expect(page.locator("#said")).to_contain_text("Đang xem")
    assert page.evaluate("window.stayed") is True
    assert "sort=-visits" in page.url
    page.go_back()
    expect(page.locator("#period-2")).to_have_attribute("aria-current", "page")


def test_the_last_of_two_clicks_wins(server: str, desk: ContextFactory) -> None:
    page = signed_in(desk(server, allow=[NETWORK_ERRORS]), "province")
    page.route("**/desk/?*", lambda _: None)
    page.get_by_role("link", name="Tháng trước").click()
    page.get_by_role("link", name="Năm nay").click()
    page.wait_for_timeout(300)
    page.unroute("**/desk/?*")
    expect(page.get_by_role("link", name="Năm nay")).to_have_attribute("aria-current", "page")
    expect(page.get_by_role("link", name="Tháng trước")).not_to_have_attribute("aria-current", "page")
    expect(page.locator("#no-connection")).to_be_hidden()


def test_a_page_that_is_not_ones_own_still_lets_one_sign_out(server: str, desk: ContextFactory) -> None:
    page = signed_in(desk(server, allow=[http_errors(403)]), "coordinator")
    name = page.locator(".desk-name").inner_text()
    page.goto("/desk/area/52")
    expect(page.get_by_text("Địa bàn này không thuộc phạm vi của tài khoản.")).to_be_visible()
    expect(page.locator(".desk-name")).to_have_text(name)
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page.get_by_role("heading", name="Đăng nhập")).to_be_visible()


def test_a_village_explains_its_counts_and_its_place(server: str, desk: ContextFactory) -> None:
    page = signed_in(desk(server), "coordinator")
    page.goto(PAGES["coordinator"][1])
    expect(page.locator("#report")).to_contain_text("Lượt đi cùng nhau được tính cho từng thành viên")
    last = page.get_by_role("navigation", name="Địa bàn cấp trên").get_by_role("listitem").last
    assert last.evaluate("element => getComputedStyle(element, '::after').content") == "none"


def test_a_period_of_ones_own(server: str, desk: ContextFactory) -> None:
    page = signed_in(desk(server), "province")
    page.get_by_text("Chọn kỳ khác").click()
    page.get_by_label("Từ ngày").fill("2026-11-03")
    page.get_by_label("Đến ngày").fill("2026-11-05")
    page.get_by_role("button", name="Xem", exact=True).click()
    expect(page.locator("p.strong")).to_contain_text("Từ 03/11/2026 đến 05/11/2026")


def test_everything_works_without_javascript(server: str, desk: ContextFactory) -> None:
    page = signed_in(desk(server, java_script_enabled=False), "province")
    page.get_by_role("link", name="Theo xã").click()
    page.locator("#sort-people").click()
    expect(page.locator("th[aria-sort=descending]")).to_contain_text("Lượt người")
    page.locator("table.figures tbody a").first.click()
    expect(page.get_by_role("navigation", name="Địa bàn cấp trên")).to_be_visible()
    page.locator("table.figures tbody a").first.click()
    expect(page.get_by_role("heading", name="Tổ công nghệ số cộng đồng")).to_be_visible()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_it_says_when_there_is_no_connection(server: str, desk: ContextFactory) -> None:
    context = desk(server, allow=[NETWORK_ERRORS, "Failed to fetch"])
    page = signed_in(context, "province")
    note = page.get_by_text("Không có kết nối mạng.")
    expect(note).to_be_hidden()
    context.set_offline(True)
    expect(note).to_be_visible()
    page.get_by_role("link", name="Tháng trước").click()
    expect(note).to_be_visible()
    expect(page.locator("table.figures")).to_be_visible()
    context.set_offline(False)
    expect(note).to_be_hidden()
    page.get_by_role("link", name="Tháng trước").click()
    expect(page.locator("#period-3")).to_have_attribute("aria-current", "page")


def test_a_session_that_ended_leads_to_the_sign_in(server: str, desk: ContextFactory) -> None:
    context = desk(server)
    page = signed_in(context, "province")
    context.clear_cookies()
    page.get_by_role("link", name="Năm nay").click()
    expect(page.get_by_role("heading", name="Đăng nhập")).to_be_visible()
