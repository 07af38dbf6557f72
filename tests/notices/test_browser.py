"""An urgent warning from the desk in a browser, on a phone's width and a desk's, with JavaScript and without."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.teams.models import Member
from cdtteam.web.transactions import writing
from tests.notices.test_inbox import tell
from tests.support.browser import ContextFactory, http_errors
from tests.support.desk_places import enter_desk, open_place
from tests.support.field_server import serving
from tests.support.looks import is_fine
from tests.support.noticing import read_by, rings
from tests.support.world import World

pytestmark = pytest.mark.own_app


@pytest.mark.parametrize(("width", "has_script"), [(360, True), (1280, True), (1280, False)])
def test_a_warning_goes_out_and_is_followed(
    world_on_sqlite: World, desk: ContextFactory, width: int, *, has_script: bool
) -> None:
    world = world_on_sqlite
    rings(world, "an")
    tell(world, "xa", *(f"Tổ thôn A không nhận nhiệm vụ {number}" for number in range(22)))
    with world.app.app_context(), writing(db.session()):
        db.session.execute(update(Member).where(Member.id == world.members["chi"]).values(phone="0912345678"))
    with serving(world) as server:
        context = desk(
            server.url, viewport={"width": width, "height": 800}, java_script_enabled=has_script,
            allow=[http_errors(422)],
        )  # fmt: skip
        page = context.new_page()
        enter_desk(page, "xa")
        read_the_inbox(page, has_script=has_script)
        open_place(page, "Nhắn các tổ")
        is_fine(page, "sent-none", has_script=has_script)
        page.locator("#main").get_by_role("link", name="Nhắn các tổ", exact=True).click()
        page.get_by_role("button", name="Xem trước").click()
        expect(page.get_by_text("Chưa gửi: mời xem lại chỗ được đánh dấu.")).to_be_visible()
        page.get_by_label("Cảnh báo khẩn", exact=True).check()
        page.get_by_label("Tiêu đề ngắn").fill("Lũ lên nhanh trên sông Kôn")
        page.get_by_label("Cần biết gì, cần làm gì").fill("Giúp bà con lên nhà văn hoá.\nGọi xã khi cần thuyền.")
        is_fine(page, "new", has_script=has_script)
        page.get_by_role("button", name="Xem trước").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Trên máy sẽ hiện như thế này")
        is_fine(page, "preview", has_script=has_script)
        page.get_by_role("button", name="Gửi cảnh báo khẩn").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Lũ lên nhanh trên sông Kôn")
        read_by(world, "an", clock.now(), opened=True)
        page.reload()
        expect(page.get_by_text("trên 3 người đã thấy")).to_be_visible()
        expect(page.get_by_role("link", name="Gọi Trần Văn Chi, 0912 345 678")).to_be_visible()
        is_fine(page, "notice", has_script=has_script)
        page.get_by_role("link", name="Rút lại").click()
        is_fine(page, "withdraw", has_script=has_script)
        page.get_by_role("button", name="Rút lại").click()
        expect(page.get_by_text("Đã rút lại lúc")).to_be_visible()


def read_the_inbox(page: Page, *, has_script: bool) -> None:
    """The number at the bell, older ones below or on the next page, and all marked as read."""
    page.get_by_role("link", name="Thông báo chưa đọc: 22").click()
    is_fine(page, "inbox", has_script=has_script)
    page.get_by_role("link", name="Xem thông báo cũ hơn").click()
    expect(page.locator(".notice-row")).to_have_count(22 if has_script else 2)
    is_fine(page, "inbox-older", has_script=has_script)
    page.get_by_role("button", name="Đánh dấu đã đọc hết").click()
    expect(page.locator(".desk-count")).to_have_count(0)
    expect(page.locator(".notice-row.unread")).to_have_count(0)
