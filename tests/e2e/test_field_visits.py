"""Recording a visit: the commonest, several at once, and the one that is put right."""

from playwright.sync_api import Page, expect

from tests.e2e.field_app import (
    await_offline,
    count_taps,
    first_service,
    open_screen,
    record_without_network,
    save,
    stored,
    until,
)
from tests.support.browser import NETWORK_ERRORS, ContextFactory, http_errors
from tests.support.field_server import FieldServer


def test_the_commonest_visit_takes_at_most_five_taps_and_no_typing(member: Page) -> None:
    before = len(stored(member, "myVisits"))
    counted = count_taps(member)
    member.get_by_role("link", name="Ghi lượt hỗ trợ").click()
    member.locator(".rows a").first.click()
    first_service(member).click()
    save(member)
    taps, keys = counted()
    assert taps <= 5
    assert keys == 0
    visits = stored(member, "myVisits")
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


def test_the_number_of_people_is_seen_above_the_save_bar(member: Page) -> None:
    open_screen(member, f"/visit/new/{stored(member, 'households')[0]['id']}")
    people = member.get_by_label("Hỗ trợ mấy người?").bounding_box()
    bar = member.locator(".save-bar").bounding_box()
    assert people
    assert bar
    assert people["y"] + people["height"] <= bar["y"]


def test_a_day_to_come_back_sets_the_result_and_another_day_is_not_today(member: Page) -> None:
    open_screen(member, "/visit/new/unnamed")
    today = member.evaluate("() => new Date().toLocaleDateString('sv')")
    member.get_by_role("radio", name="Ngày khác").check()
    day = member.get_by_label("Ngày", exact=True)
    assert day.input_value() < today
    first_service(member).click()
    member.get_by_text("Thêm chi tiết").click()
    result = member.get_by_label("Kết quả:", exact=False)
    expect(result).to_have_value("done")
    back = member.get_by_label("Ngày hẹn quay lại", exact=False)
    back.fill(today)
    back.blur()
    expect(result).to_have_value("needs_follow_up")
    back.fill("")
    back.blur()
    expect(result).to_have_value("done")
    back.fill(today)
    back.blur()
    save(member)
    [visit] = [visit for visit in stored(member, "myVisits") if visit["follow_up_on"]]
    assert (visit["follow_up_on"], visit["services"][0]["outcome"]) == (today, "needs_follow_up")


def test_my_visits_say_how_far_each_has_come(volunteer: Page) -> None:
    record_without_network(volunteer)
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


def test_two_taps_on_save_make_one_visit(member: Page) -> None:
    before = len(stored(member, "myVisits"))
    open_screen(member, "/visit/new/unnamed")
    first_service(member).click()
    member.evaluate("() => { const b = document.querySelector('.save-bar button'); b.click(); b.click(); }")
    expect(member.get_by_role("heading", name="Đã lưu trên máy")).to_be_visible()
    assert len(stored(member, "myVisits")) == before + 1


def test_several_households_at_once(member: Page) -> None:
    before = len(stored(member, "myVisits"))
    member.get_by_role("link", name="Ghi nhiều hộ một lần").click()
    ticks = member.locator(".rows label")
    for at in range(4):
        ticks.nth(at).click()
    member.get_by_role("button", name="Tiếp tục với 4 hộ").click()
    first_service(member).click()
    member.get_by_role("button", name="Lưu 4 lượt").click()
    expect(member.get_by_role("heading", name="Đã lưu trên máy")).to_be_visible()
    visits = stored(member, "myVisits")
    assert len(visits) == before + 4
    assert len({visit["household_id"] for visit in visits[:4]}) == 4
    assert stored(member, "drafts") == []


def test_a_household_that_declines_to_be_named_is_one_tap(member: Page) -> None:
    member.get_by_role("link", name="Ghi lượt hỗ trợ").click()
    counted = count_taps(member)
    member.get_by_role("link", name="Hộ không muốn ghi tên").click()
    assert counted()[0] == 1
    first_service(member).click()
    save(member)
    assert stored(member, "myVisits")[0]["household_id"] is None


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
    expect(volunteer.locator("#main .badge").filter(has_text="Đã sửa")).to_be_visible()
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
    until(volunteer, "id => location.hash !== `#/visit/${id}`", visit)  # it leads back by itself
    open_screen(volunteer, "/visits")
    row = volunteer.locator(".rows li").first
    expect(row).to_contain_text("Đã rút lại")
    assert visit not in [one["id"] for one in stored(volunteer, "myVisits") if not one.get("gone")]
    expect(volunteer.locator("#main")).not_to_contain_text("Không tính vào báo cáo")
    row.locator("a").click()
    expect(volunteer.locator("#main")).to_contain_text("Người ghi đã rút lại lượt này")
    open_screen(volunteer, "/help")
    expect(volunteer.locator("#main")).to_contain_text("Đã rút lại")


def test_a_corrected_visit_says_so_before_and_after_it_is_sent(volunteer: Page) -> None:
    household = stored(volunteer, "households")[0]["id"]
    open_screen(volunteer, f"/visit/new/{household}")
    first_service(volunteer).click()
    save(volunteer)
    visit = stored(volunteer, "myVisits")[0]["id"]
    open_screen(volunteer, "/visits")
    row = volunteer.locator(".rows li").first
    expect(row).to_contain_text("Đã tính vào báo cáo", timeout=20_000)
    await_offline(volunteer)
    volunteer.context.set_offline(True)
    open_screen(volunteer, f"/visit/{visit}/edit")
    volunteer.get_by_label("Lý do sửa").fill("ghi thiếu người")
    volunteer.get_by_role("button", name="Thêm một").click()
    volunteer.get_by_role("button", name="Lưu phần sửa").click()
    expect(volunteer.get_by_role("heading", name="Sửa lượt")).to_have_count(0)
    for path in ("/visits", f"/household/{household}"):
        open_screen(volunteer, path)
        expect(row).to_contain_text("Đã lưu trên máy")
        expect(row).to_contain_text("Đã sửa")
    volunteer.context.set_offline(False)
    open_screen(volunteer, "/")
    volunteer.get_by_role("button", name="Gửi ngay").click()
    expect(volunteer.locator("#waiting")).to_have_text("Đã gửi hết", timeout=20_000)
    for path in ("/visits", f"/household/{household}"):
        open_screen(volunteer, path)
        expect(row).to_contain_text("Đã tính vào báo cáo", timeout=20_000)
        expect(row).to_contain_text("Đã sửa")
