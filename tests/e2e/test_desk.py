"""The desk in a real browser: at 360 and 1280 px, with htmx, without JavaScript, without a network."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.desk_walk import routes_of, walk
from tests.support.axe import axe_findings
from tests.support.browser import NETWORK_ERRORS, ContextFactory, http_errors
from tests.support.desk_places import open_place
from tests.support.looks import is_fine_on_both, too_wide

STAFF = {"province": ("tinh", "bien-xanh"), "coordinator": ("vinhson", "bien-xanh")}
PAGES = {
    "coordinator": ("/desk/area/21787001", "/desk/?period=2019-05"),
    "province": (
        "/desk/",
        "/desk/?by=commune&sort=-visits",
        "/desk/?period=2026",
        "/desk/area/546",
        "/desk/?by=commune&against=before&map=end",
    ),
}
LOOKED_AT_ELSEWHERE = {
    "/desk/attendance/<uuid:team_id>/forgotten",
    "/desk/entry/visits/<uuid:visit_id>/amend",
    "/desk/entry/visits/<uuid:visit_id>/withdraw",
    "/desk/households/<uuid:household_id>/merge/<uuid:other_id>",
    "/desk/households/<uuid:household_id>/part",
    "/desk/households/<uuid:household_id>/restore",
    "/desk/imports/<uuid:upload_id>",
    "/desk/jobs/<uuid:job_id>",
    "/desk/notices/sent/<uuid:notice_id>",
    "/desk/notices/sent/<uuid:notice_id>/withdraw",
    "/desk/people/<uuid:member_id>/devices",
    "/desk/reorganisations/<uuid:record_id>",
    "/desk/reorganisations/drafts/<uuid:draft_id>",
    "/desk/reports/editions/<uuid:edition_id>",
    "/desk/requests/<uuid:request_id>",
    "/desk/requests/<uuid:request_id>/close",
    "/desk/requests/<uuid:request_id>/pass-on",
    "/desk/review/looks/<sign>/<key>",
    "/desk/review/visits/<uuid:visit_id>",
    "/desk/review/visits/<uuid:visit_id>/amend",
    "/desk/review/visits/<uuid:visit_id>/restore",
    "/desk/review/visits/<uuid:visit_id>/withdraw",
    "/desk/tasks/<uuid:task_id>",
    "/desk/tasks/<uuid:task_id>/extend",
    "/desk/tasks/<uuid:task_id>/reassign",
    "/desk/tasks/<uuid:task_id>/reopen",
    "/desk/tasks/<uuid:task_id>/withdraw",
    "/desk/tasks/campaigns/<uuid:campaign_id>",
    "/desk/tasks/campaigns/<uuid:campaign_id>/close",
    "/desk/tasks/campaigns/<uuid:campaign_id>/extend",
    "/desk/teams/<uuid:team_id>/villages/<uuid:term_id>/end",
}
"""What nobody has on the first day, some of it of a month: each of them is looked at by its own room's test."""


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


@pytest.mark.timeout(600)  # there are more pages with every room
def test_every_page_is_accessible(
    shared_server: str, desk: ContextFactory, small_demo_sqlite_url: str, tmp_path: Path
) -> None:
    routes = routes_of(small_demo_sqlite_url, tmp_path)
    known: set[str] = set()
    for role, others in PAGES.items():
        page = signed_in(desk(shared_server), role)
        for rule in walk(page, routes, known):
            look(page, rule)
        for path in others:
            page.goto(path)
            look(page, path)
    assert routes.pages - known <= LOOKED_AT_ELSEWHERE, "no link leads there"
    page.context.clear_cookies()
    page.goto("/desk/sign-in")
    look(page, "sign-in")


def look(page: Page, what: str) -> None:
    """Nothing grave for axe, nothing scrolls sideways; on a phone that is smaller, in large text, neither."""
    is_fine_on_both(page, what)
    size = page.viewport_size
    assert size is not None
    page.set_viewport_size({"width": 320, "height": 640})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert too_wide(page) == 0, what
    page.set_viewport_size(size)


@pytest.mark.parametrize("has_script", [True, False])
def test_the_head_is_one_line_on_a_phone_and_opens_into_a_menu(
    shared_server: str, desk: ContextFactory, *, has_script: bool
) -> None:
    viewport = {"width": 360, "height": 740}
    page = signed_in(desk(shared_server, viewport=viewport, java_script_enabled=has_script), "coordinator")
    head = page.locator(".desk-top").bounding_box()
    assert head is not None
    assert head["height"] < 72, "the page begins in the first tenth of the screen"
    expect(page.get_by_role("link", name="Nhập danh sách")).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    places = page.get_by_role("navigation", name="Các trang").get_by_role("link")
    expect(places.first).to_have_attribute("aria-current", "page")
    sizes = places.evaluate_all("links => links.map((link) => link.getBoundingClientRect().height)")
    assert min(sizes) >= 48
    assert too_wide(page) == 0
    if has_script:
        assert axe_findings(page) == []
    page.keyboard.press("Escape")
    expect(places.first).to_be_hidden()
    open_place(page, "Nhập danh sách")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Nhập danh sách")
    page.set_viewport_size({"width": 1280, "height": 740})
    expect(places).to_have_count(10)
    rows = places.evaluate_all("links => new Set(links.map((link) => link.getBoundingClientRect().top)).size")
    assert rows == 1, "all places of a commune in one row"


def test_what_is_chosen_about_the_period_takes_one_row_of_a_wide_screen(
    shared_server: str, desk: ContextFactory
) -> None:
    """The figures of the month begin right below it, for who has half a minute."""
    page = signed_in(desk(shared_server), "province")
    tops = "parts => new Set(parts.map((part) => Math.round(part.getBoundingClientRect().top))).size"
    assert page.locator(".period > nav, .period > details").evaluate_all(tops) == 1
    page.locator("summary", has_text="So sánh kỳ").click()
    assert page.locator(".period > nav, .period > details").evaluate_all(tops) == 2
    assert too_wide(page) == 0


def test_period_and_sorting_swap_the_report_in_place(shared_server: str, desk: ContextFactory) -> None:
    page = signed_in(desk(shared_server), "province")
    page.evaluate("window.stayed = true")
    page.get_by_role("link", name="Theo xã").click()
    expect(page.get_by_role("heading", name="Các xã, phường, thị trấn (3)")).to_be_visible()
    page.locator("#sort-visits").click()
    expect(page.locator("th[aria-sort=descending]")).to_contain_text("Lượt hỗ trợ")
    numbers = page.locator("table.figures tbody tr td:nth-child(6)").all_inner_texts()
    assert numbers == sorted(numbers, key=lambda text: -int(text.replace(".", "")))
    expect(page.locator("#sort-visits")).to_be_focused()
    page.get_by_role("link", name="Năm nay").click()
    expect(page.locator("#report")).to_contain_text("Năm 2026" if "2026" in page.url else "Năm")
    expect(page.locator("#said")).to_contain_text("Đang xem")
    assert page.evaluate("window.stayed") is True
    expect(page).to_have_url(re.compile("sort=-visits"))
    page.go_back()
    expect(page.locator("#period-2")).to_have_attribute("aria-current", "page")


def test_the_last_of_two_clicks_wins(shared_server: str, desk: ContextFactory) -> None:
    page = signed_in(desk(shared_server, allow=[NETWORK_ERRORS]), "province")
    page.route("**/desk/?*", lambda _: None)
    page.get_by_role("link", name="Tháng trước").click()
    page.get_by_role("link", name="Năm nay").click()
    page.wait_for_timeout(300)
    page.unroute("**/desk/?*")
    expect(page.get_by_role("link", name="Năm nay")).to_have_attribute("aria-current", "page")
    expect(page.get_by_role("link", name="Tháng trước")).not_to_have_attribute("aria-current", "page")
    expect(page.locator("#no-connection")).to_be_hidden()


def test_a_page_that_is_not_ones_own_still_lets_one_sign_out(shared_server: str, desk: ContextFactory) -> None:
    page = signed_in(desk(shared_server, allow=[http_errors(403)]), "coordinator")
    name = page.locator(".desk-name").inner_text()
    page.goto("/desk/area/52")
    expect(page.get_by_text("Địa bàn này không thuộc phạm vi của tài khoản.")).to_be_visible()
    expect(page.locator(".desk-name")).to_have_text(name)
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page.get_by_role("heading", name="Đăng nhập")).to_be_visible()


def test_a_village_explains_its_counts_and_its_place(shared_server: str, desk: ContextFactory) -> None:
    page = signed_in(desk(shared_server), "coordinator")
    page.goto(PAGES["coordinator"][0])
    expect(page.locator("#report")).to_contain_text("Lượt đi cùng nhau được tính cho từng thành viên")
    last = page.get_by_role("navigation", name="Địa bàn cấp trên").get_by_role("listitem").last
    assert last.evaluate("element => getComputedStyle(element, '::after').content") == "none"


def test_a_period_of_ones_own(shared_server: str, desk: ContextFactory) -> None:
    page = signed_in(desk(shared_server), "province")
    page.get_by_text("Chọn kỳ khác").click()
    page.get_by_label("Từ ngày").fill("2026-11-03")
    page.get_by_label("Đến ngày").fill("2026-11-05")
    page.get_by_role("button", name="Xem", exact=True).click()
    expect(page.locator("p.strong")).to_contain_text("Từ 03/11/2026 đến 05/11/2026")


def test_periods_are_compared_in_place(shared_server: str, desk: ContextFactory) -> None:
    page = signed_in(desk(shared_server), "province")
    page.evaluate("window.stayed = true")
    page.get_by_text("So sánh kỳ, chọn địa giới").click()
    page.get_by_label("So sánh với").select_option("Cùng kỳ năm trước")
    page.get_by_label("Xem theo địa giới").select_option(label="Địa giới hôm nay")
    page.get_by_role("button", name="Xem theo lựa chọn").click()
    expect(page.get_by_role("heading", name="So với: Tháng")).to_be_visible()
    page.get_by_role("link", name="Lượt người").click()
    expect(page.locator("#figure-3")).to_have_attribute("aria-current", "true")
    page.get_by_role("link", name="Tháng trước").click()
    expect(page.locator("#period-3")).to_have_attribute("aria-current", "page")
    expect(page.locator("#comparison .difference").first).to_be_visible()
    assert page.evaluate("window.stayed") is True


def test_everything_works_without_javascript(shared_server: str, desk: ContextFactory) -> None:
    page = signed_in(desk(shared_server, java_script_enabled=False), "province")
    page.get_by_role("link", name="Theo xã").click()
    page.locator("#sort-people").click()
    expect(page.locator("th[aria-sort=descending]")).to_contain_text("Lượt người")
    page.locator("table.figures tbody a").first.click()
    expect(page.get_by_role("navigation", name="Địa bàn cấp trên")).to_be_visible()
    page.locator("table.figures tbody a").first.click()
    expect(page.get_by_role("heading", name="Các tổ", exact=True)).to_be_visible()
    page.get_by_text("So sánh kỳ, chọn địa giới").click()
    page.get_by_label("So sánh với").select_option("Kỳ liền trước")
    page.get_by_role("button", name="Xem theo lựa chọn").click()
    expect(page.get_by_role("heading", name="So với: Tháng")).to_be_visible()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_it_says_when_there_is_no_connection(shared_server: str, desk: ContextFactory) -> None:
    context = desk(shared_server, allow=[NETWORK_ERRORS, "Failed to fetch"])
    page = signed_in(context, "province")
    note = page.get_by_text("Không có kết nối mạng.")
    expect(note).to_be_hidden()
    context.set_offline(True)
    expect(note).to_be_visible()
    page.evaluate("document.getElementById('no-connection').hidden = true")
    page.get_by_role("link", name="Tháng trước").click()
    expect(note).to_be_visible()
    expect(page.locator("table.figures")).to_be_visible()
    context.set_offline(False)
    expect(note).to_be_hidden()
    page.get_by_role("link", name="Tháng trước").click()
    expect(page.locator("#period-3")).to_have_attribute("aria-current", "page")


def test_a_session_that_ended_leads_to_the_sign_in(shared_server: str, desk: ContextFactory) -> None:
    context = desk(shared_server)
    page = signed_in(context, "province")
    context.clear_cookies()
    page.get_by_role("link", name="Năm nay").click()
    expect(page.get_by_role("heading", name="Đăng nhập")).to_be_visible()
