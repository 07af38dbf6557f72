"""What was refused says why, and is sent again or given up."""

from playwright.sync_api import Page, expect

from tests.e2e.field_app import first_service, open_screen, stored

REFUSED = """async (household) => {
    const main = document.querySelector('script[type=module]').src;
    const { openStore } = await import(new URL('store/index.js', main).href);
    const { uuid7 } = await import(new URL('model/ids.js', main).href);
    const store = await openStore({});
    const account = await store.account();
    await store.recordVisits([{
        id: uuid7(), village_id: account.village_ids[0], household_id: household, kind: "home", participants: 1,
        member_ids: [account.member_id], services: [{ code: "of_last_year", people: 1, outcome: "done" }],
    }]);
}"""
"""A visit with a kind of support that the catalogue no longer has."""


def test_what_was_refused_says_why_and_is_sent_once_corrected(volunteer: Page) -> None:
    household = stored(volunteer, "households")[0]
    volunteer.evaluate(REFUSED, household["id"])
    volunteer.get_by_role("button", name="Gửi ngay").click()
    expect(volunteer.get_by_text("1 mục cần xem lại").first).to_be_visible(timeout=20_000)
    volunteer.get_by_role("link", name="Xem", exact=True).click()
    expect(volunteer.locator("#main")).to_contain_text("không còn trong danh mục")
    expect(volunteer.locator("#main")).to_contain_text(household["head_name"])
    volunteer.get_by_role("link", name="Sửa").click()
    first_service(volunteer).click()
    volunteer.get_by_role("button", name="Lưu và gửi lại").click()
    expect(volunteer.get_by_text("Không có mục nào cần xem lại")).to_be_visible()
    open_screen(volunteer, "/visits")
    expect(volunteer.locator(".rows li").first).to_contain_text("Đã tính vào báo cáo", timeout=20_000)


def test_giving_up_asks_first(volunteer: Page) -> None:
    volunteer.evaluate(REFUSED, stored(volunteer, "households")[0]["id"])
    volunteer.get_by_role("button", name="Gửi ngay").click()
    expect(volunteer.get_by_text("1 mục cần xem lại").first).to_be_visible(timeout=20_000)
    open_screen(volunteer, "/attention")
    volunteer.get_by_role("button", name="Bỏ", exact=True).click()
    volunteer.get_by_role("dialog").get_by_role("button", name="Quay lại").click()
    expect(volunteer.get_by_role("button", name="Bỏ", exact=True)).to_be_visible()
    volunteer.get_by_role("button", name="Bỏ", exact=True).click()
    volunteer.get_by_role("button", name="Bỏ mục này").click()
    expect(volunteer.get_by_text("Không có mục nào cần xem lại")).to_be_visible()
