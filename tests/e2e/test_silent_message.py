"""The message for the group of the silent teams: one tap copies it, without JavaScript it can be marked."""

from playwright.sync_api import expect

from tests.support.browser import ContextFactory
from tests.support.field_server import serving
from tests.support.looks import is_fine_on_both
from tests.support.world import PASSWORD, World

MESSAGE = "Các tổ chưa báo cáo tháng này: Tổ CNSCĐ thôn B."


def test_one_tap_copies_the_message(desk: ContextFactory, world_on_sqlite: World) -> None:
    with serving(world_on_sqlite, visited=0) as server:
        an = world_on_sqlite.phone("an")
        an.send(an.visit(world_on_sqlite.villages["a"]))
        context = desk(server.url)
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = context.new_page()
        page.goto("/desk/")
        page.get_by_label("Tên đăng nhập").fill("xa")
        page.get_by_label("Mật khẩu").fill(PASSWORD)
        page.get_by_role("button", name="Đăng nhập").click()
        page.get_by_role("link", name="Tháng trước").click()
        expect(page.locator("#silent-text")).to_contain_text("Tổ CNSCĐ thôn A")
        page.get_by_role("link", name="Tháng này", exact=True).click()
        expect(page.locator("#silent-text")).to_have_text(MESSAGE)
        page.get_by_role("button", name="Sao chép tin nhắn").click()
        expect(page.locator("#silent-copied")).to_have_text("Đã sao chép. Mời dán vào nhóm.")
        assert page.evaluate("navigator.clipboard.readText()") == MESSAGE
        is_fine_on_both(page, "silent")
