"""A call for help from a phone without a network to the desk and back: asked, passed on, answered, read offline."""

from datetime import timedelta

from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from cdtteam.core.db import db
from cdtteam.requests.models import Request
from tests.e2e.field_app import (
    CUT,
    WIDE,
    await_contact,
    await_draft,
    await_offline,
    await_sent,
    last_contact,
    open_screen,
    sign_in,
    until,
)
from tests.support.asking import asked
from tests.support.axe import axe_findings
from tests.support.browser import NETWORK_ERRORS, ContextFactory, http_errors
from tests.support.desk_places import enter_desk
from tests.support.field_server import FieldServer
from tests.support.looks import is_fine_on_both, picture
from tests.support.wire import reassign
from tests.support.world import PASSWORD

WANTED = "Làng không có sóng, tổ phải lên đồi mới gửi được.\nNhờ xã hỏi nhà mạng."

SERVES = """async (village) => {
    const main = document.querySelector('script[type=module]').src;
    const { openStore } = await import(new URL('store/index.js', main).href);
    return (await (await openStore({})).account()).village_ids.join() === village;
}"""
"""The phone asks where it serves now as soon as it is told of a change: a moment later than of what was sent back."""


def stands(page: Page, name: str) -> None:
    """A screen of the phone is accessible, cuts nothing, and is no wider than the phone."""
    picture(page, name)
    assert axe_findings(page) == [], name
    assert (page.evaluate(WIDE), page.evaluate(CUT)) == ([], []), name


def at_desk(desk: ContextFactory, server: FieldServer, handle: str) -> Page:
    """An officer before the list of requests."""
    page = desk(server.url, allow=[http_errors(422)]).new_page()
    enter_desk(page, handle)
    page.get_by_role("link", name="Đề nghị hỗ trợ").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Đề nghị hỗ trợ")
    return page


def ask_offline(page: Page, context: BrowserContext) -> None:
    """Writes a request without a network; a draft that was left in the middle is still there."""
    context.set_offline(True)
    open_screen(page, "/more")
    page.get_by_role("link", name="Nhờ xã hỗ trợ").click()
    page.get_by_role("link", name="Gửi đề nghị mới").click()
    page.get_by_role("button", name="Gửi lên xã").click()
    expect(page.get_by_text("Hãy chọn việc cần nhờ.")).to_be_visible()
    expect(page.get_by_text("Hãy viết tổ cần xã giúp gì.")).to_be_visible()
    stands(page, "phone-ask-wrong")
    page.get_by_label("Không có sóng, mất mạng").check()
    page.get_by_label("Tổ cần xã giúp gì?").fill(WANTED)
    expect(page.get_by_text("Đang giữ bản ghi dở trên máy")).to_be_visible()
    await_draft(page, text=WANTED)
    stands(page, "phone-ask")
    open_screen(page, "/requests")
    page.locator("section[aria-labelledby=drafts] a").click()
    expect(page.get_by_label("Tổ cần xã giúp gì?")).to_have_value(WANTED)
    page.get_by_role("button", name="Gửi lên xã").click()
    own = page.locator("#main li.card")
    expect(own).to_contain_text("tổ phải lên đồi mới gửi được")
    expect(own).to_contain_text("Đã lưu trên máy")
    expect(own).to_contain_text("hôm nay")
    stands(page, "phone-asked-offline")


def online(page: Page, context: BrowserContext) -> None:
    """Back in the network, until all is sent and received."""
    before = last_contact(page)
    context.set_offline(False)
    await_contact(page, before)
    all_sent(page)


def all_sent(page: Page) -> None:
    """Home says that nothing is left to send."""
    open_screen(page, "/")
    await_sent(page)
    expect(page.get_by_text("Đã gửi hết")).to_be_visible(timeout=20_000)


def test_a_call_for_help_goes_up_and_the_answer_comes_down(
    field_server: FieldServer, phone: ContextFactory, desk: ContextFactory
) -> None:
    context = phone(field_server.url, allow=[NETWORK_ERRORS, http_errors(401)])
    page = context.new_page()
    sign_in(page, field_server.url, "an", PASSWORD)
    await_offline(page)
    ask_offline(page, context)
    online(page, context)
    open_screen(page, "/requests")
    expect(page.locator("#main li.card")).to_contain_text("Đang chờ trả lời")
    context.set_offline(True)

    commune = at_desk(desk, field_server, "xa")
    is_fine_on_both(commune, "desk-requests")
    commune.get_by_role("link", name="Không có sóng, mất mạng").click()
    is_fine_on_both(commune, "desk-request")
    commune.get_by_role("link", name="Chuyển lên tỉnh").click()
    commune.get_by_label("Lời nhắn cho tỉnh").fill("Xã đã hỏi, nhà mạng chờ tỉnh.")
    is_fine_on_both(commune, "desk-pass-on")
    commune.get_by_role("button", name="Chuyển lên tỉnh").click()
    expect(commune.get_by_text("Đã chuyển lên tỉnh")).to_be_visible()
    province = at_desk(desk, field_server, "tinh")
    is_fine_on_both(province, "province-requests")
    province.get_by_role("link", name="Không có sóng, mất mạng").click()
    province.get_by_label("Trả lời tổ").fill("Nhà mạng dựng trạm trước 15/12. Trong lúc chờ, gửi nhờ máy của tổ bên.")
    is_fine_on_both(province, "province-request")
    province.get_by_role("button", name="Gửi trả lời").click()
    expect(province.get_by_text("Đã trả lời tổ")).to_be_visible()
    is_fine_on_both(province, "province-answered")

    open_screen(page, "/requests")
    expect(page.locator("#main li.card")).to_contain_text("Đang chờ trả lời")
    online(page, context)
    context.set_offline(True)
    open_screen(page, "/requests")
    expect(page.locator("#main li.card")).to_contain_text("Nhà mạng dựng trạm trước 15/12.")
    expect(page.locator("#main li.card")).to_contain_text("Đã trả lời")
    expect(page.locator("#main li.card")).to_contain_text("Tỉnh trả lời ngày")
    stands(page, "phone-answered")


def test_one_that_is_sent_back_is_said_and_can_be_corrected(field_server: FieldServer, phone: ContextFactory) -> None:
    """The team served elsewhere by then: nothing is lost, and the volunteer reads why."""
    context = phone(field_server.url, allow=[NETWORK_ERRORS, http_errors(401)])
    page = context.new_page()
    sign_in(page, field_server.url, "an", PASSWORD)
    await_offline(page)
    ask_offline(page, context)
    world = field_server.world
    reassign(world, "an", "b", world.phone("an").now() - timedelta(hours=1))
    context.set_offline(False)
    open_screen(page, "/")
    expect(page.locator(".places .count")).to_contain_text("1", timeout=20_000)
    open_screen(page, "/requests")
    expect(page.get_by_text("1 đề nghị bị trả lại.")).to_be_visible()
    page.get_by_role("link", name="Xem cách xử lý").click()
    expect(page.get_by_role("heading", level=2)).to_have_text("Đề nghị hỗ trợ: Không có sóng, mất mạng")
    stands(page, "phone-sent-back")
    until(page, SERVES, str(world.villages["b"]))
    page.get_by_role("link", name="Sửa").click()
    expect(page.get_by_label("Tổ cần xã giúp gì?")).to_have_value(WANTED)
    page.get_by_label("Tổ cần xã giúp gì?").fill("Làng vẫn chưa có sóng")
    page.get_by_role("button", name="Lưu và gửi lại").click()
    expect(page.get_by_text("Không có mục nào cần xem lại")).to_be_visible()
    all_sent(page)
    open_screen(page, "/requests")
    expect(page.locator("#main li.card")).to_contain_text("Làng vẫn chưa có sóng")
    expect(page.locator("#main li.card")).to_contain_text("Đang chờ trả lời")
    with world.app.app_context():
        assert db.session.scalars(select(Request.village_id)).all() == [world.villages["b"]]


def test_it_is_answered_without_javascript(field_server: FieldServer, desk: ContextFactory) -> None:
    asked(field_server.world, topic="device", text="Máy hỏng")
    page = desk(field_server.url, java_script_enabled=False).new_page()
    enter_desk(page, "xa")
    page.get_by_role("link", name="Đề nghị hỗ trợ").first.click()
    page.get_by_role("link", name="Điện thoại, thiết bị").click()
    page.get_by_label("Trả lời tổ").fill("Mang máy lên xã ngày thứ Hai.")
    page.get_by_role("button", name="Gửi trả lời").click()
    expect(page.get_by_role("region", name="Đã trả lời tổ")).to_contain_text("Mang máy lên xã")
    page.get_by_role("link", name="Đóng đề nghị").click()
    page.get_by_role("button", name="Đóng đề nghị").click()
    expect(page.get_by_text("Đề nghị này đã đóng.")).to_be_visible()
