"""The public page on a small phone, and the cards as they come out of the printer."""

from playwright.sync_api import expect

from tests.e2e.test_desk import signed_in
from tests.support.axe import axe_findings
from tests.support.browser import ContextFactory, http_errors
from tests.support.looks import is_fine_on_both, too_wide

OVERFLOWS = """() => [...document.querySelectorAll(".slip")].filter(
    (slip) => slip.scrollHeight > slip.clientHeight + 1 || slip.scrollWidth > slip.clientWidth + 1).length"""
HEIGHT = "() => document.querySelector('.sheet').getBoundingClientRect().bottom * 25.4 / 96"


def test_public_page(phone: ContextFactory, shared_server: str) -> None:
    page = phone(shared_server, allow=[http_errors(404)]).new_page()
    for path in ("/to/21787001", "/to/21787001?lang=en", "/to/nowhere"):
        page.goto(path)
        assert axe_findings(page) == [], path
        page.set_viewport_size({"width": 320, "height": 640})
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert too_wide(page) == 0, path


def test_desk_pages(shared_server: str, desk: ContextFactory) -> None:
    page = signed_in(desk(shared_server), "coordinator")
    for path in ("/desk/residents", "/desk/residents/phone", "/desk/residents/cards"):
        page.goto(path)
        is_fine_on_both(page, path)


def test_eight_cards_fill_one_page(desk: ContextFactory, server: str) -> None:
    page = signed_in(desk(server), "coordinator")
    page.goto("/desk/residents/phone")
    page.get_by_label("Số điện thoại").fill("0256 3886 123")
    page.get_by_role("button", name="Lưu").click()
    page.wait_for_url("**/desk/residents?commune=*")
    page.goto("/desk/residents/cards?village=21787001")
    page.set_viewport_size({"width": 718, "height": 1000})  # A4 between its margins of 10 mm
    page.emulate_media(media="print")
    expect(page.locator(".slip")).to_have_count(8)
    assert page.evaluate(OVERFLOWS) == 0
    assert page.evaluate(HEIGHT) <= 277
