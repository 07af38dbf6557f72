"""F09: the camera or a call kills the page while a form is open: the draft and the place in it come back."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.e2e.field_app import await_draft, first_service, open_screen, sign_in, stored, until
from tests.support.browser import NETWORK_ERRORS, ContextFactory, http_errors, kill
from tests.support.field_server import FieldServer, serving
from tests.support.world import World


@pytest.fixture
def village(world_on_sqlite: World) -> Iterator[FieldServer]:
    """The application on a loopback port, with a village to work in."""
    with serving(world_on_sqlite) as server:
        yield server


def test_the_form_comes_back_with_its_answers_and_its_place(phone: ContextFactory, village: FieldServer) -> None:
    context = phone(allow=[NETWORK_ERRORS, http_errors(401)])
    page = context.new_page()
    sign_in(page, village.url, village.sign_in, village.password)
    household = stored(page, "households")[0]
    open_screen(page, f"/visit/new/{household['id']}")
    first_service(page).click()
    page.get_by_label("Hôm qua").check()
    page.get_by_text("Thêm chi tiết").click()
    page.evaluate("() => window.scrollTo(0, 420)")
    page.get_by_role("button", name="Thêm một").first.dispatch_event("click")
    draft = await_draft(page, participants=2)
    place = page.evaluate("() => window.scrollY")
    assert place > 100
    assert len(stored(page, "drafts")) == 1
    address = page.url
    kill(page)

    again = context.new_page()
    again.goto(address)
    expect(again.get_by_role("heading", level=1)).to_have_text(household["head_name"])
    expect(again.locator("#services input").first).to_be_checked()
    expect(again.get_by_label("Hôm qua")).to_be_checked()
    expect(again.get_by_label("Hỗ trợ mấy người?")).to_have_value("2")
    until(again, "place => Math.abs(window.scrollY - place) < 60", place)
    again.get_by_role("button", name="Lưu").click()
    expect(again.get_by_role("heading", name="Đã lưu trên máy")).to_be_visible()
    assert draft["value"]["id"] in {visit["id"] for visit in stored(again, "myVisits")}
    assert stored(again, "drafts") == []


def test_home_leads_back_to_a_form_that_was_left_in_the_middle(phone: ContextFactory, village: FieldServer) -> None:
    context = phone(allow=[NETWORK_ERRORS, http_errors(401)])
    page = context.new_page()
    sign_in(page, village.url, village.sign_in, village.password)
    open_screen(page, "/household/new")
    page.get_by_label("Họ và tên chủ hộ").fill("Đinh Thị Lễ")
    await_draft(page, head_name="Đinh Thị Lễ")
    kill(page)

    again = context.new_page()
    again.goto(f"{village.url}/")
    again.get_by_role("link", name="Hộ mới: Đinh Thị Lễ").click()
    expect(again.get_by_label("Họ và tên chủ hộ")).to_have_value("Đinh Thị Lễ")
