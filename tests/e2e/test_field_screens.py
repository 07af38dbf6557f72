"""What a volunteer sees and touches: the commonest visit, several households, a new one, and every screen's manners."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.field_app import SCREENS, await_offline, count_taps, first_service, open_screen, save, sign_in, stored
from tests.support.axe import axe_findings
from tests.support.browser import NETWORK_ERRORS, ContextFactory, http_errors
from tests.support.field_server import FieldServer


@pytest.fixture
def volunteer(phone: ContextFactory, field_server: FieldServer) -> Page:
    """A phone on which a volunteer has signed in and the village is there."""
    page = phone(allow=[NETWORK_ERRORS, http_errors(401)]).new_page()
    sign_in(page, field_server.url, field_server.sign_in, field_server.password)
    return page


def addresses(page: Page) -> dict[str, str]:
    """The screens with ids of this village filled in; one visit is recorded for it."""
    household = stored(page, "households")[0]["id"]
    open_screen(page, f"/visit/new/{household}")
    first_service(page).click()
    save(page)
    visit = stored(page, "myVisits")[0]["id"]
    return {name: path.format(household=household, visit=visit) for name, path in SCREENS.items()}


def test_the_commonest_visit_takes_at_most_five_taps_and_no_typing(volunteer: Page) -> None:
    before = len(stored(volunteer, "myVisits"))
    counted = count_taps(volunteer)
    volunteer.get_by_role("link", name="Ghi lượt hỗ trợ").click()
    volunteer.locator(".rows a").first.click()
    first_service(volunteer).click()
    save(volunteer)
    taps, keys = counted()
    assert taps <= 5
    assert keys == 0
    visits = stored(volunteer, "myVisits")
    assert len(visits) == before + 1
    newest = visits[0]
    assert (newest["kind"], newest["participants"]) == ("home", 1)
    assert [service["outcome"] for service in newest["services"]] == ["done"]


def test_before_the_households_are_here_no_figures_are_shown(phone: ContextFactory, field_server: FieldServer) -> None:
    page = phone(allow=[NETWORK_ERRORS, http_errors(401)]).new_page()
    page.context.route("**/api/v1/sync", lambda _: None)
    page.goto(f"{field_server.url}/")
    page.get_by_label("Tên đăng nhập").fill(field_server.sign_in)
    page.get_by_label("Mật khẩu", exact=True).fill(field_server.password)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_text("Đang tải danh sách hộ")).to_be_visible(timeout=20_000)
    main = page.locator("#main")
    for words in ("lượt hỗ trợ", "Tháng này không phát sinh", "Đã gửi hết", "Đang gửi"):
        expect(main.get_by_text(words, exact=True)).to_have_count(0)
    page.context.unroute("**/api/v1/sync")
    expect(page.locator("#waiting")).to_have_text("Đã gửi hết", timeout=30_000)
    expect(main.get_by_text("lượt hỗ trợ", exact=True)).to_be_visible()


def test_the_number_of_people_is_seen_above_the_save_bar(volunteer: Page) -> None:
    open_screen(volunteer, f"/visit/new/{stored(volunteer, 'households')[0]['id']}")
    people = volunteer.get_by_label("Hỗ trợ mấy người?").bounding_box()
    bar = volunteer.locator(".save-bar").bounding_box()
    assert people
    assert bar
    assert people["y"] + people["height"] <= bar["y"]


def test_a_day_to_come_back_sets_the_result_and_another_day_is_not_today(volunteer: Page) -> None:
    open_screen(volunteer, "/visit/new/unnamed")
    today = volunteer.evaluate("() => new Date().toLocaleDateString('sv')")
    volunteer.get_by_role("radio", name="Ngày khác").check()
    day = volunteer.get_by_label("Ngày", exact=True)
    assert day.input_value() < today
    first_service(volunteer).click()
    volunteer.get_by_text("Thêm chi tiết").click()
    result = volunteer.get_by_label("Kết quả:", exact=False)
    expect(result).to_have_value("done")
    back = volunteer.get_by_label("Ngày hẹn quay lại", exact=False)
    back.fill(today)
    back.blur()
    expect(result).to_have_value("needs_follow_up")
    back.fill("")
    back.blur()
    expect(result).to_have_value("done")
    back.fill(today)
    back.blur()
    save(volunteer)
    visit = stored(volunteer, "myVisits")[0]
    assert (visit["follow_up_on"], visit["services"][0]["outcome"]) == (today, "needs_follow_up")


def test_counts_of_a_household_are_steppers(volunteer: Page) -> None:
    household = stored(volunteer, "households")[0]["id"]
    open_screen(volunteer, f"/household/{household}/edit")
    volunteer.get_by_text("Thêm chi tiết").click()
    count = volunteer.get_by_label("Số người trưởng thành có VNeID mức 2")
    around = volunteer.locator(".stepper").filter(has=count)
    around.get_by_role("button", name="Thêm một").click()
    around.get_by_role("button", name="Thêm một").click()
    expect(count).to_have_value("2")
    volunteer.get_by_role("button", name="Lưu").click()
    expect(volunteer.locator("#say")).to_have_text("Đã lưu trên máy")
    assert [row["indicators"] for row in stored(volunteer, "households") if row["id"] == household] == [
        {"adults_vneid2": 2}
    ]


def test_my_visits_say_how_far_each_has_come(volunteer: Page) -> None:
    await_offline(volunteer)
    volunteer.context.set_offline(True)
    open_screen(volunteer, "/visit/new/unnamed")
    first_service(volunteer).click()
    save(volunteer)
    open_screen(volunteer, "/visits")
    row = volunteer.locator(".rows li").first
    expect(row).to_contain_text("Đã lưu trên máy")
    open_screen(volunteer, "/")
    expect(volunteer.locator("#waiting")).to_have_text("Còn 1 mục chưa gửi")
    volunteer.context.set_offline(False)
    volunteer.get_by_role("button", name="Gửi ngay").click()
    expect(volunteer.locator("#waiting")).to_have_text("Đã gửi hết", timeout=20_000)
    open_screen(volunteer, "/visits")
    expect(row).to_contain_text("Đã tính vào báo cáo")


def test_two_taps_on_save_make_one_visit(volunteer: Page) -> None:
    before = len(stored(volunteer, "myVisits"))
    open_screen(volunteer, "/visit/new/unnamed")
    first_service(volunteer).click()
    volunteer.evaluate("() => { const b = document.querySelector('.save-bar button'); b.click(); b.click(); }")
    expect(volunteer.get_by_role("heading", name="Đã lưu trên máy")).to_be_visible()
    assert len(stored(volunteer, "myVisits")) == before + 1


def test_several_households_at_once(volunteer: Page) -> None:
    before = len(stored(volunteer, "myVisits"))
    volunteer.get_by_role("link", name="Ghi nhiều hộ một lần").click()
    ticks = volunteer.locator(".rows label")
    for at in range(4):
        ticks.nth(at).click()
    volunteer.get_by_role("button", name="Tiếp tục với 4 hộ").click()
    first_service(volunteer).click()
    volunteer.get_by_role("button", name="Lưu 4 lượt").click()
    expect(volunteer.get_by_role("heading", name="Đã lưu trên máy")).to_be_visible()
    visits = stored(volunteer, "myVisits")
    assert len(visits) == before + 4
    assert len({visit["household_id"] for visit in visits[:4]}) == 4
    assert stored(volunteer, "drafts") == []


def test_a_new_household_and_a_visit_to_it_without_a_network(volunteer: Page) -> None:
    await_offline(volunteer)
    volunteer.context.set_offline(True)
    volunteer.get_by_role("link", name="Ghi lượt hỗ trợ").click()
    volunteer.get_by_role("link", name="Hộ mới").click()
    volunteer.get_by_label("Họ và tên chủ hộ").fill("Nguyễn Thị Ưng Ửng")
    volunteer.get_by_role("button", name="Lưu").click()
    said = volunteer.locator("#say")
    expect(said).to_have_text("Đã lưu hộ. Chọn nội dung hỗ trợ.")
    expect(volunteer.get_by_role("heading", level=1)).to_have_text("Nguyễn Thị Ưng Ửng")
    first = volunteer.locator("#main > *").first.bounding_box()
    words = said.bounding_box()
    assert first
    assert words
    assert words["y"] + words["height"] <= first["y"]
    first_service(volunteer).click()
    save(volunteer)
    assert stored(volunteer, "myVisits")[0]["household_name"] == "Nguyễn Thị Ưng Ửng"
    open_screen(volunteer, "/households")
    volunteer.get_by_role("searchbox").fill("ung ung nguyen")
    expect(volunteer.locator(".rows a")).to_have_count(1)


def test_a_household_that_declines_to_be_named_is_one_tap(volunteer: Page) -> None:
    volunteer.get_by_role("link", name="Ghi lượt hỗ trợ").click()
    counted = count_taps(volunteer)
    volunteer.get_by_role("link", name="Hộ không muốn ghi tên").click()
    assert counted()[0] == 1
    first_service(volunteer).click()
    save(volunteer)
    assert stored(volunteer, "myVisits")[0]["household_id"] is None


def test_search_finds_words_in_any_order_without_accents(volunteer: Page) -> None:
    household = stored(volunteer, "households")[7]
    words = household["head_name"].split()
    open_screen(volunteer, "/households")
    find = volunteer.get_by_role("searchbox")
    find.fill(" ".join(reversed(words)))
    expect(volunteer.locator(".rows .title").first).to_be_visible()
    titles = volunteer.locator(".rows .title").all_inner_texts()
    assert titles
    assert all(set(words) <= set(title.split()) for title in titles if set(title.split()) == set(words))
    assert household["head_name"] in titles
    find.fill("zzzz")
    expect(volunteer.get_by_text("Không thấy hộ nào")).to_be_visible()


def test_never_visited_households_come_first(volunteer: Page) -> None:
    households = stored(volunteer, "households")
    open_screen(volunteer, "/households")
    shown = volunteer.locator(".rows .detail").all_inner_texts()
    never = sum(1 for household in households if not household["last_visit_at"])
    expected = [at < never for at in range(len(shown))]
    assert ["Chưa thăm" in text for text in shown] == expected


def test_the_back_button_leads_back_and_keeps_what_was_typed(volunteer: Page) -> None:
    volunteer.get_by_role("link", name="Ghi lượt hỗ trợ").click()
    name = volunteer.locator(".rows .title").first.inner_text()
    volunteer.locator(".rows a").first.click()
    first_service(volunteer).click()
    volunteer.get_by_text("Thêm chi tiết").click()
    volunteer.get_by_label("Ghi chú").fill("hẹn mang máy mới")
    volunteer.go_back()
    expect(volunteer.get_by_role("heading", level=1)).to_have_text("Hỗ trợ hộ nào?")
    volunteer.go_back()
    expect(volunteer.get_by_role("heading", name="Đang ghi dở")).to_be_visible()
    volunteer.get_by_role("link", name=re.compile(re.escape(name))).click()
    expect(volunteer.get_by_label("Ghi chú")).to_have_value("hẹn mang máy mới")
    expect(volunteer.locator("#services input").first).to_be_checked()


def test_what_is_missing_is_said_beside_the_field(volunteer: Page) -> None:
    open_screen(volunteer, "/household/new")
    volunteer.get_by_role("button", name="Lưu").click()
    name = volunteer.get_by_label("Họ và tên chủ hộ")
    expect(name).to_have_attribute("aria-invalid", "true")
    expect(name).to_be_focused()
    assert stored(volunteer, "drafts") == []


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


def test_a_visit_is_amended_and_withdrawn_with_a_reason(volunteer: Page) -> None:
    open_screen(volunteer, "/visit/new/unnamed")
    first_service(volunteer).click()
    save(volunteer)
    visit = stored(volunteer, "myVisits")[0]["id"]
    open_screen(volunteer, f"/visit/{visit}")
    volunteer.get_by_role("link", name="Sửa").click()
    volunteer.get_by_label("Lý do sửa").fill("ghi thiếu người")
    volunteer.get_by_role("button", name="Thêm một").click()
    volunteer.get_by_role("button", name="Lưu phần sửa").click()
    expect(volunteer.get_by_text("2 người")).to_be_visible()
    volunteer.get_by_role("button", name="Rút lại").click()
    dialog = volunteer.get_by_role("dialog")
    expect(dialog.get_by_role("radio", checked=True)).to_have_count(0)
    own = dialog.get_by_role("textbox")
    expect(own).to_be_hidden()
    dialog.get_by_role("button", name="Rút lại lượt này").click()
    expect(dialog).to_be_visible()
    dialog.get_by_text("Lý do khác").click()
    own.fill("nhầm buổi")
    dialog.get_by_role("button", name="Rút lại lượt này").click()
    expect(dialog).to_be_hidden()
    volunteer.wait_for_timeout(300)
    assert visit not in [row["id"] for row in stored(volunteer, "myVisits") if not row.get("gone")]
    open_screen(volunteer, "/visits")
    row = volunteer.locator(".rows li").first
    expect(row).to_contain_text("Đã rút lại")
    expect(volunteer.locator("#main")).not_to_contain_text("Không tính vào báo cáo")
    row.locator("a").click()
    expect(volunteer.locator("#main")).to_contain_text("Người ghi đã rút lại lượt này")
    open_screen(volunteer, "/help")
    expect(volunteer.locator("#main")).to_contain_text("Đã rút lại")


def test_signing_out_warns_of_what_is_not_sent(volunteer: Page) -> None:
    await_offline(volunteer)
    volunteer.context.set_offline(True)
    open_screen(volunteer, "/visit/new/unnamed")
    first_service(volunteer).click()
    save(volunteer)
    open_screen(volunteer, "/account")
    volunteer.get_by_role("button", name="Đăng xuất").click()
    expect(volunteer.get_by_role("dialog")).to_contain_text("Còn 1 mục chưa gửi")
    volunteer.get_by_role("button", name="Quay lại").last.click()
    expect(volunteer.get_by_role("heading", level=1)).to_have_text("Tài khoản")


def test_a_wrong_password_is_said_in_words(phone: ContextFactory, field_server: FieldServer) -> None:
    page = phone(allow=[NETWORK_ERRORS, http_errors(401)]).new_page()
    page.goto(f"{field_server.url}/")
    page.get_by_label("Tên đăng nhập").fill(field_server.sign_in)
    page.get_by_label("Mật khẩu", exact=True).fill("không phải")
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("alert")).to_contain_text("chưa đúng")


@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_grave_on_any_screen(volunteer: Page, width: int) -> None:
    paths = addresses(volunteer)
    volunteer.set_viewport_size({"width": width, "height": 800})
    findings = {}
    for name, path in paths.items():
        open_screen(volunteer, path)
        for details in volunteer.locator("#main details").all():
            details.evaluate("element => { element.open = true; }")
        if found := axe_findings(volunteer):
            findings[name] = found
    assert findings == {}


CUT = """() => {
    const canvas = document.createElement("canvas").getContext("2d");
    return [...document.querySelectorAll("#app *")].filter((element) => {
        const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
        if (!own || element.closest(".visually-hidden, svg, option, select")) return false;
        const style = getComputedStyle(element);
        canvas.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
        const ink = canvas.measureText("ẾỖẨỰỢỵ");
        return parseFloat(style.lineHeight) < ink.actualBoundingBoxAscent + ink.actualBoundingBoxDescent;
    }).map((element) => `${element.className} ${element.textContent.trim().slice(0, 30)}`);
}"""
"""Elements whose line is lower than a capital with two accents and a letter with a dot below."""

WIDE = """() => document.documentElement.scrollWidth > innerWidth
    ? [...document.querySelectorAll("#app *")]
        .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
        .map((element) => element.className + " " + element.textContent.trim().slice(0, 30)).slice(0, 5)
    : []"""


def test_large_text_on_a_narrow_phone_needs_no_sideways_scroll_and_cuts_no_accent(volunteer: Page) -> None:
    paths = addresses(volunteer)
    volunteer.set_viewport_size({"width": 320, "height": 640})
    volunteer.evaluate("() => { document.documentElement.style.fontSize = '200%'; }")
    wide, cut = {}, {}
    for name, path in paths.items():
        open_screen(volunteer, path)
        for details in volunteer.locator("#main details").all():
            details.evaluate("element => { element.open = true; }")
        if found := volunteer.evaluate(WIDE):
            wide[name] = found
        if found := volunteer.evaluate(CUT):
            cut[name] = found
    assert wide == {}
    assert cut == {}


def test_demonstration_data_is_marked_on_every_screen(volunteer: Page) -> None:
    for path in addresses(volunteer).values():
        open_screen(volunteer, path)
        expect(volunteer.get_by_text("Dữ liệu minh họa")).to_be_visible()
