"""Every screen's manners: what it says, that axe and large text find nothing, and the way back and out."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from cdtteam.core.clock import day_start
from tests.e2e.field_app import (
    CUT,
    SCREENS,
    WIDE,
    await_offline,
    first_service,
    open_screen,
    record_without_network,
    save,
    stored,
)
from tests.support.axe import axe_findings
from tests.support.browser import NETWORK_ERRORS, ContextFactory, http_errors
from tests.support.days import today
from tests.support.field_server import FieldServer


def addresses(page: Page) -> dict[str, str]:
    """The screens with ids of this village filled in; one visit is recorded for it."""
    household = stored(page, "households")[0]["id"]
    open_screen(page, f"/visit/new/{household}")
    first_service(page).click()
    save(page)
    visit = stored(page, "myVisits")[0]["id"]
    return {name: path.format(household=household, visit=visit) for name, path in SCREENS.items()}


def test_the_back_button_leads_back_and_keeps_what_was_typed(volunteer: Page) -> None:
    volunteer.get_by_role("link", name="Ghi lượt hỗ trợ").click()
    name = volunteer.locator(".rows .title").first.inner_text()
    volunteer.locator(".rows a").first.click()
    first_service(volunteer).click()
    volunteer.get_by_text("Thêm chi tiết").click()
    volunteer.get_by_label("Ghi chú").fill("hẹn mang máy mới")
    volunteer.go_back()
    expect(volunteer.get_by_role("heading", level=1)).to_have_text("Hỗ trợ hộ nào?")
    volunteer.go_back()
    expect(volunteer.get_by_role("heading", name="Đang ghi dở")).to_be_visible()
    volunteer.get_by_role("link", name=re.compile(re.escape(name))).click()
    expect(volunteer.get_by_label("Ghi chú")).to_have_value("hẹn mang máy mới")
    expect(volunteer.locator("#services input").first).to_be_checked()


def test_what_is_missing_is_said_beside_the_field(member: Page) -> None:
    open_screen(member, "/household/new")
    member.get_by_role("button", name="Lưu").click()
    name = member.get_by_label("Họ và tên chủ hộ")
    expect(name).to_have_attribute("aria-invalid", "true")
    expect(name).to_be_focused()
    assert stored(member, "drafts") == []


def test_a_home_that_was_left_open_over_the_end_of_a_month_comes_to_the_new_one(volunteer: Page) -> None:
    month = volunteer.get_by_role("heading", name="Tổ trong tháng")
    expect(month).to_have_text(f"Tổ trong tháng {today().month}/{today().year}")
    coming = (today().replace(day=1) + timedelta(days=31)).replace(day=1)
    volunteer.context.clock.set_system_time(day_start(coming) + timedelta(hours=8))
    volunteer.get_by_role("button", name="Gửi ngay").click()
    expect(month).to_have_text(f"Tổ trong tháng {coming.month}/{coming.year}")
    expect(volunteer.locator(".tile .figure").first).to_have_text("0")


OFFER = """() => {
    const offer = new Event("beforeinstallprompt", { cancelable: true });
    offer.prompt = async () => { window.isAsked = true; };
    offer.userChoice = Promise.resolve({ outcome: "accepted" });
    dispatchEvent(offer);
}"""
"""What Chrome does when it would put the app on the phone's screen."""


def test_how_the_app_comes_onto_the_phones_screen(volunteer: Page) -> None:
    card = volunteer.get_by_role("region", name="Biểu tượng trên màn hình chính")
    for path in ("/more", "/help"):
        open_screen(volunteer, path)
        expect(card).to_contain_text("bấm dấu ba chấm ở góc trên bên phải rồi chọn Thêm vào màn hình chính")
    volunteer.evaluate(OFFER)
    open_screen(volunteer, "/more")
    card.get_by_role("button", name="Đưa ra màn hình chính").click()
    expect(card).to_have_count(0)
    assert volunteer.evaluate("() => window.isAsked")


def test_signing_out_warns_of_what_is_not_sent(volunteer: Page) -> None:
    record_without_network(volunteer)
    open_screen(volunteer, "/account")
    expect(volunteer.locator("#main")).to_contain_text("Còn 1 mục chưa gửi")
    volunteer.get_by_role("button", name="Đăng xuất").click()
    expect(volunteer.get_by_role("dialog")).to_contain_text("Còn 1 mục chưa gửi")
    volunteer.get_by_role("button", name="Quay lại").last.click()
    expect(volunteer.get_by_role("heading", level=1)).to_have_text("Tài khoản")


def test_a_wrong_password_is_said_in_words(phone: ContextFactory, field_server: FieldServer) -> None:
    page = phone(allow=[NETWORK_ERRORS, http_errors(401)]).new_page()
    page.goto(f"{field_server.url}/")
    page.get_by_label("Tên đăng nhập").fill(field_server.sign_in)
    page.get_by_label("Mật khẩu", exact=True).fill("không phải")
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("alert")).to_contain_text("chưa đúng")
    await_offline(page)  # a page that is closed while its worker is fetched complains


def troubles(page: Page) -> dict[str, list[str]]:
    """What is wrong with a screen: for axe on a phone and where there is room, in large text on a small phone."""
    found = {}
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        found[f"axe at {width}"] = axe_findings(page)
    page.set_viewport_size({"width": 320, "height": 640})
    page.evaluate("() => { document.documentElement.style.fontSize = '200%'; }")
    found |= {"scrolls sideways": page.evaluate(WIDE), "cuts accents": page.evaluate(CUT)}
    page.evaluate("() => { document.documentElement.style.fontSize = ''; }")
    return {where: what for where, what in found.items() if what}


@pytest.mark.timeout(400)  # there are more screens with every room
def test_every_screen_is_accessible_and_says_that_its_data_are_a_demonstration(volunteer: Page) -> None:
    """In large text on a narrow phone none needs to be scrolled sideways, and no accent is cut."""
    findings = {}
    for name, path in addresses(volunteer).items():
        open_screen(volunteer, path)
        expect(volunteer.get_by_text("Dữ liệu minh họa")).to_be_visible()
        volunteer.evaluate("() => { for (const one of document.querySelectorAll('#main details')) one.open = true; }")
        if found := troubles(volunteer):
            findings[name] = found
    assert findings == {}
