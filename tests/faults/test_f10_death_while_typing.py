"""F10: the process dies while somebody types: at most the last field is lost, and nothing that came before it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.e2e.field_app import await_draft, first_service, open_screen, sign_in
from tests.support.browser import NETWORK_ERRORS, ContextFactory, http_errors, kill
from tests.support.field_server import FieldServer, serving
from tests.support.world import World


@pytest.fixture
def village(world_on_sqlite: World) -> Iterator[FieldServer]:
    """The application on a loopback port, with a village to work in."""
    with serving(world_on_sqlite) as server:
        yield server


def test_at_most_the_last_field_is_lost(phone: ContextFactory, village: FieldServer) -> None:
    context = phone(allow=[NETWORK_ERRORS, http_errors(401)])
    page = context.new_page()
    sign_in(page, village.url, village.sign_in, village.password)
    open_screen(page, "/visit/new/unnamed")
    first_service(page).click()
    page.get_by_text("Thêm chi tiết").click()
    page.get_by_label("Qua điện thoại").check()
    await_draft(page, kind="phone")
    page.get_by_label("Ghi chú").press_sequentially("đã cài xong, còn")
    address = page.url
    kill(page)

    again = context.new_page()
    again.goto(address)
    expect(again.locator("#services input").first).to_be_checked()
    expect(again.get_by_label("Qua điện thoại")).to_be_checked()
    note = again.get_by_label("Ghi chú").input_value()
    assert "đã cài xong, còn".startswith(note)
