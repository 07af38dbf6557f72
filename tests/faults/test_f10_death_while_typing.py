"""F10: the process dies while somebody types: at most the last field is lost, and nothing that came before it."""

from typing import Any

from playwright.sync_api import expect

from tests.e2e.field_app import first_service, open_screen, sign_in
from tests.support.browser import ContextFactory, kill


def test_at_most_the_last_field_is_lost(phone: ContextFactory, server: Any) -> None:
    context = phone()
    page = context.new_page()
    account = server.volunteer()
    sign_in(page, server.url, account["sign_in"], account["password"])
    open_screen(page, "/visit/new/unnamed")
    first_service(page).click()
    page.get_by_text("Thêm chi tiết").click()
    page.get_by_text("Qua điện thoại").click()
    page.get_by_label("Ghi chú").press_sequentially("đã cài xong, còn")
    address = page.url
    kill(page)

    again = context.new_page()
    again.goto(address)
    expect(again.locator("#services input").first).to_be_checked()
    expect(again.get_by_label("Qua điện thoại")).to_be_checked()
    note = again.get_by_label("Ghi chú").input_value()
    assert "đã cài xong, còn".startswith(note)
