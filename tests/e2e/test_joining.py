"""A new member, from the coordinator's form to the home screen of the phone, by way of a browser inside Zalo."""

import re

from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.test_desk import signed_in
from tests.support.browser import ContextFactory, http_errors
from tests.support.desk_places import enter_desk, open_place
from tests.support.looks import is_fine, is_fine_on_both

ZALO = "Mozilla/5.0 (Linux; Android 12; SM-A135F; wv) AppleWebKit/537.36 Version/4.0 Chrome/110.0 Mobile Safari/537.36"
NAME = "Rơ Châm Suệ"
PIN = "290473"


def add_member(page: Page) -> None:
    """The coordinator takes a new person into the first team."""
    open_place(page, "Tổ và người")
    is_fine(page, page.url)
    page.locator("#teams a").first.click()
    is_fine(page, page.url)
    page.get_by_role("link", name="Thêm thành viên").click()
    is_fine(page, page.url)
    page.get_by_label("Họ và tên").fill(NAME)
    page.get_by_label("Số điện thoại").fill("091")
    page.get_by_role("button", name="Thêm thành viên").click()
    expect(page.get_by_text("Đây không phải số điện thoại")).to_be_visible()
    expect(page.get_by_label("Họ và tên")).to_have_value(NAME)
    is_fine(page, page.url)
    page.get_by_label("Số điện thoại").fill("0912 345 678")
    page.get_by_role("button", name="Thêm thành viên").dblclick()
    expect(page.get_by_role("heading", name=NAME)).to_be_visible()
    is_fine(page, page.url)


def make_invitation(page: Page) -> tuple[str, str]:
    """The link and the short code."""
    page.get_by_role("button", name="Tạo lời mời").click()
    expect(page.get_by_role("heading", name=f"Lời mời của {NAME}")).to_be_visible()
    is_fine(page, page.url)
    return page.get_by_role("textbox", name="Đường dẫn").input_value(), page.locator(".short-code").inner_text()


def confirm(page: Page) -> None:
    """Says that it is oneself, sets a PIN, and comes to the home screen with the village's people and households."""
    expect(page.get_by_text(NAME)).to_be_visible()
    is_fine(page, page.url)
    page.get_by_role("button", name="Đúng, là tôi").click()
    for words in ("Chọn sáu chữ số", "Nhập lại một lần nữa"):
        expect(page.get_by_text(words)).to_be_visible(timeout=20_000)
        is_fine(page, page.url)
        for digit in PIN:
            page.get_by_role("button", name=digit, exact=True).click()
    expect(page.get_by_role("link", name="Ghi lượt hỗ trợ")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("Đang tải danh sách hộ")).to_have_count(0, timeout=60_000)
    assert "join" not in page.url


def no_secret_left_the_page(context: BrowserContext, secret: str) -> list[str]:
    """Gathers the addresses that a context asks for."""
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url.partition("#")[0]))
    assert secret
    return asked


def test_from_the_coordinators_form_to_the_home_screen(server: str, phone: ContextFactory) -> None:
    desk = signed_in(phone(server, allow=[http_errors(422)]), "coordinator")
    add_member(desk)
    link, code = make_invitation(desk)
    secret = link.partition("#")[2]

    inside = phone(server, user_agent=ZALO)
    asked = no_secret_left_the_page(inside, secret)
    page = inside.new_page()
    page.goto(link)
    expect(page.get_by_role("heading", name=re.compile("^Mở bằng Chrome"))).to_be_visible()
    expect(page.locator("#code")).to_have_text(code)
    expect(page.get_by_text(NAME)).to_be_visible()
    expect(page.get_by_role("textbox", name="Đường dẫn")).to_have_value(link)
    expect(page.get_by_role("link", name="Mở bằng Chrome")).to_have_attribute(
        "href", re.compile(r"^intent://.*#Intent;")
    )
    is_fine(page, page.url)
    refused = page.evaluate(
        "secret => fetch('/api/v1/invitation', {method: 'POST', body: JSON.stringify({secret})}).then(r => r.status)",
        secret,
    )
    assert refused == 200, "looking at it is no redemption"
    assert not [url for url in asked if secret in url]

    chrome = phone(server)
    asked = no_secret_left_the_page(chrome, secret)
    page = chrome.new_page()
    page.goto(link)
    confirm(page)
    assert not [url for url in asked if secret in url]
    desk.reload()
    desk.goto("/desk/people")
    row = desk.get_by_role("link", name=NAME)
    expect(row).to_contain_text("Đã vào ứng dụng")


def test_the_short_code_is_typed_in_the_real_browser(server: str, phone: ContextFactory) -> None:
    desk = signed_in(phone(server, allow=[http_errors(422)]), "coordinator")
    add_member(desk)
    _, code = make_invitation(desk)
    page = phone(server, allow=[http_errors(404)]).new_page()
    page.goto("/tham-gia")
    page.get_by_role("textbox", name="Mã ngắn").fill("ABCD-2345")
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.get_by_role("alert")).to_contain_text("Không tìm thấy lời mời này")
    is_fine(page, page.url)
    page.get_by_role("textbox", name="Mã ngắn").fill(code.lower().replace("-", " "))
    page.get_by_role("button", name="Tiếp tục").click()
    confirm(page)


def test_the_pages_of_teams_and_people(server: str, desk: ContextFactory) -> None:
    page = signed_in(desk(server), "coordinator")
    page.goto("/desk/teams")
    page.locator("#teams a").first.click()
    page.locator("ul.rows a").first.click()
    expect(page.locator(".chip")).to_have_count(5)
    links = page.locator(".chip").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    devices = page.get_by_role("link", name="Thiết bị").get_attribute("href")
    for path in ["/desk/people", "/desk/teams/new", "/desk/invitations", devices, *links]:
        page.goto(path)
        is_fine_on_both(page, page.url)
    page.goto("/desk/invitations")
    page.get_by_role("button", name="Tạo tờ in").click()
    expect(page.locator(".slip").first).to_be_visible()
    is_fine_on_both(page, page.url)
    page.goto("/desk/people")
    page.get_by_label("Tìm trong danh sách").fill("dinh thi")
    shown = page.locator("#people > li:visible .title").all_inner_texts()
    assert shown
    assert all(name.startswith("Đinh Thị") for name in shown)
    page = signed_in(desk(server), "province")
    page.goto("/desk/teams")
    is_fine_on_both(page, page.url)


def test_forms_work_without_javascript(server: str, phone: ContextFactory) -> None:
    page = phone(server, java_script_enabled=False, allow=[http_errors(422)]).new_page()
    enter_desk(page, "vinhson", "bien-xanh")
    page.goto("/desk/teams")
    page.locator("#teams a").first.click()
    page.get_by_role("link", name="Thêm thành viên").click()
    page.get_by_label("Họ và tên").fill(NAME)
    page.get_by_label("Số điện thoại").fill("x")
    page.get_by_role("button", name="Thêm thành viên").click()
    expect(page.get_by_text("Đây không phải số điện thoại")).to_be_visible()
    page.get_by_label("Số điện thoại").fill("")
    page.get_by_role("button", name="Thêm thành viên").click()
    expect(page.get_by_role("heading", name=NAME)).to_be_visible()
