"""Whoever has gone on while the phone was still reading or writing is told what became of it, and not called back."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.field_app import await_draft, open_screen, until
from tests.e2e.test_field_haste import go_on, slow
from tests.field.engine import hold_next, the_held
from tests.field.task_phone import HOMES, Volunteer
from tests.field.test_inbox import notice
from tests.field.test_lock import ADOPT
from tests.field.wire import account, relay_key
from tests.support.browser import ContextFactory


def test_a_name_that_was_refused_is_told_where_one_is(phone: ContextFactory) -> None:
    volunteer = Volunteer(phone)
    other, page = volunteer.engine.open(), volunteer.page
    other.evaluate(ADOPT, [account(), relay_key()])  # it is sealed then: there is no text of its own to be hidden
    other.close()
    open_screen(page, f"/household/{HOMES[0]}")
    page.get_by_text("Chưa hỏi về việc ghi tên").click()
    slow(page, "encrypt")
    page.get_by_role("button", name="Không đồng ý").click()
    until(page, "() => window.isHeld")
    open_screen(page, "/help")
    go_on(page)
    expect(page.locator("#say")).to_have_text("Đã bỏ tên hộ.")
    stays_at_help(page)


def tick_one(page: Page) -> None:
    open_screen(page, "/several")
    slow(page, "encrypt")
    page.locator("#main .rows label.row").first.click()
    page.get_by_role("button", name="Tiếp tục với 1 hộ").click()


def discard(page: Page) -> None:
    open_screen(page, "/household/new")
    name = page.get_by_label("Họ và tên chủ hộ")
    name.fill("Đinh Thị Lễ")
    await_draft(page, head_name="Đinh Thị Lễ")
    slow(page, "encrypt")
    name.fill("Đinh Thị Lệ")
    page.get_by_role("button", name="Bỏ bản ghi dở này").click()


def choose_the_content_of_nothing(page: Page) -> None:
    page.reload()
    expect(page.get_by_text("Đã gửi hết")).to_be_visible()
    slow(page, "decrypt")
    page.evaluate("() => { location.hash = '/several/content'; }")


@pytest.mark.parametrize("leave", [tick_one, discard, choose_the_content_of_nothing])
def test_a_form_that_is_left_leads_nowhere_afterwards(phone: ContextFactory, leave: Callable[[Page], None]) -> None:
    page = Volunteer(phone).page
    leave(page)
    until(page, "() => window.isHeld")
    open_screen(page, "/help")
    go_on(page)
    stays_at_help(page)


def test_a_screen_that_was_left_before_it_came_leads_nowhere(phone: ContextFactory) -> None:
    volunteer = Volunteer(phone, service_workers="block")
    page = volunteer.page
    told = notice(link="/households")
    volunteer.wire.put("notification", told)
    volunteer.online()
    open_screen(page, "/help")
    held = hold_next(page, "**/screens/inbox.js")
    page.reload()
    request = the_held(page, held)
    page.evaluate("to => { location.hash = to; }", f"/inbox/{told['id']}")
    open_screen(page, "/help")
    request.continue_()
    stays_at_help(page)


def stays_at_help(page: Page) -> None:
    page.wait_for_timeout(500)  # every screen has heard of it after 120 ms
    assert page.evaluate("() => location.hash") == "#/help"
    expect(page.get_by_role("heading", level=1)).to_have_text("Hướng dẫn")
