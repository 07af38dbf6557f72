"""From the desk to the phone: what deserves a look is put right or not counted, and the author reads why, offline."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.field_app import await_offline, open_screen, sign_in, until
from tests.e2e.test_requests import at_desk, online, stands
from tests.support.browser import NETWORK_ERRORS, ContextFactory, http_errors
from tests.support.field_server import FieldServer
from tests.support.looks import is_fine_on_both, picture
from tests.support.world import PASSWORD

TOTALS = """async () => {
    const main = document.querySelector('script[type=module]').src;
    const { openStore } = await import(new URL('store/index.js', main).href);
    const store = await openStore({});
    const { visits, people } = await store.totals(new Date(Date.now() + 7 * 3600000).toISOString().slice(0, 7));
    return `${visits} ${people}`;
}"""


def crowds(server: FieldServer) -> list[dict[str, Any]]:
    """Two sessions with very many people, which have arrived."""
    phone, village = server.world.phone("an"), server.world.villages["a"]
    made = [phone.visit(village, kind="group", participants=number, note=f"họp {number}") for number in (900, 500)]
    assert {result["status"] for result in phone.send(*made)} == {"applied"}
    return made


def open_look(page: Page, number: str) -> None:
    """From the list to the only visit of something that deserves a look."""
    page.get_by_role("link", name="Nên xem lại").first.click()
    page.get_by_role("link", name=f"{number} người").click()
    expect(page.get_by_text("Có thể là buổi họp cả làng")).to_be_visible()


def review(page: Page) -> None:
    """Puts the first visit right, and does not count the other one."""
    page.get_by_role("link", name="Nên xem lại").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Nên xem lại")
    is_fine_on_both(page, "desk-review")
    open_look(page, "900")
    picture(page, "desk-look")
    page.locator("#form-page .rows a").click()
    is_fine_on_both(page, "desk-visit")
    page.get_by_role("link", name="Sửa lượt này").click()
    page.get_by_label("Số người").fill("90")
    picture(page, "desk-visit-amend")
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_text("Chưa lưu")).to_be_visible()
    page.get_by_label("Lý do").fill("Gõ thừa một số 0, tổ đã xác nhận.")
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_text("Số người trước đó: 900")).to_be_visible()
    open_look(page, "500")
    page.locator("#form-page .rows a").click()
    page.get_by_role("link", name="Không tính lượt này").click()
    page.get_by_label("Lý do").fill("Buổi họp này thôn bên đã ghi.")
    picture(page, "desk-visit-withdraw")
    page.get_by_role("button", name="Không tính").click()
    expect(page.get_by_role("link", name="Tính lại lượt này")).to_be_visible()
    is_fine_on_both(page, "desk-visit-withdrawn")
    page.get_by_role("link", name="Nên xem lại").first.click()
    expect(page.get_by_text("Không có gì cần xem lại.")).to_be_visible()
    page.get_by_role("link", name="Đã làm gì").click()
    expect(page.get_by_text("Gõ thừa một số 0")).to_be_visible()
    is_fine_on_both(page, "desk-review-done")


@pytest.mark.timeout(400)
def test_the_author_reads_what_was_decided_and_asks_back(
    field_server: FieldServer, phone: ContextFactory, desk: ContextFactory
) -> None:
    amended, withdrawn = crowds(field_server)
    context = phone(field_server.url, allow=[NETWORK_ERRORS, http_errors(401)])
    page = context.new_page()
    sign_in(page, field_server.url, "an", PASSWORD)
    await_offline(page)
    before = [int(number) for number in page.evaluate(TOTALS).split()]
    commune = at_desk(desk, field_server, "xa")
    review(commune)

    open_screen(page, "/visits")
    page.evaluate("() => dispatchEvent(new Event('online'))")
    row = page.locator(f'a[href="#/visit/{withdrawn["args"]["id"]}"]')
    expect(row).to_contain_text("Không tính", timeout=20_000)
    context.set_offline(True)
    expect(page.locator(f'a[href="#/visit/{amended["args"]["id"]}"]')).to_contain_text("Xã đã sửa")
    picture(page, "phone-visits-reviewed")
    visits, people = (int(number) for number in page.evaluate(TOTALS).split())
    assert (visits, people) == (before[0] - 1, before[1] - 810 - 500)
    page.reload()
    page.locator("header .bell").click()
    told = page.locator("#main a.notice", has_text="Xã đã sửa lượt của bạn lúc")
    expect(told).to_contain_text("Đã hỗ trợ: ")
    told.click()
    until(page, f"() => location.hash === '#/visit/{amended['args']['id']}'")
    expect(page.get_by_text("Gõ thừa một số 0, tổ đã xác nhận.")).to_be_visible()
    expect(page.locator("#main .banner")).to_contain_text("Xã near đã sửa ngày")
    expect(page.locator("#main .banner")).to_contain_text("Số người được hỗ trợ: 900 → 90")
    expect(page.get_by_text("Bạn sửa bây giờ thì bản của bạn thay bản xã đã sửa.")).to_be_visible()
    stands(page, "phone-visit-amended")
    open_screen(page, f"/visit/{withdrawn['args']['id']}")
    expect(page.locator("#main .banner")).to_contain_text("Xã near không tính lượt này")
    expect(page.locator("#main .banner")).to_contain_text("Buổi họp này thôn bên đã ghi.")
    stands(page, "phone-visit-withdrawn")

    page.get_by_role("link", name="Nhờ xã xem lại lượt này").click()
    until(page, "() => location.hash.startsWith('#/request/new')")
    text = page.get_by_label("Tổ cần xã giúp gì?")
    text.fill(f"{text.input_value()}thôn A họp riêng")
    picture(page, "phone-ask-about-visit")
    page.get_by_role("button", name="Gửi lên xã").click()
    expect(page.locator("#main li.card")).to_contain_text("thôn A họp riêng")
    online(page, context)
    commune.get_by_role("link", name="Đề nghị hỗ trợ").first.click()
    commune.get_by_role("link", name="thôn A họp riêng").click()
    picture(commune, "desk-request-about-visit")
    commune.get_by_role("link", name="Mở lượt hỗ trợ").click()
    commune.get_by_role("link", name="Tính lại lượt này").click()
    commune.get_by_label("Lý do").fill("Tổ đã giải thích.")
    commune.get_by_role("button", name="Tính lại").click()
    expect(commune.get_by_role("link", name="Sửa lượt này")).to_be_visible()
    open_screen(page, f"/visit/{withdrawn['args']['id']}")
    page.evaluate("() => dispatchEvent(new Event('online'))")
    expect(page.locator("#main .banner")).to_contain_text("Đã tính lại.", timeout=20_000)
