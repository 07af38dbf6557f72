"""Tasks on the phone: kept, answered without a network, counted from visits, and what is said when one is gone."""

from playwright.sync_api import expect

from tests.e2e.field_app import open_screen, save
from tests.field.task_phone import ASKED, HOMES, NAMES, OTHER_TASK, TASK, Volunteer, day, task, words
from tests.field.wire import VILLAGE
from tests.support.axe import axe_findings
from tests.support.browser import ContextFactory

NEVER_READ = """() => {
  const read = IDBIndex.prototype.getAll;
  const never = new Promise(() => undefined);
  IDBIndex.prototype.getAll = function (...args) { return this.name === "village" ? never : read.apply(this, args); };
  window.readAgain = () => { IDBIndex.prototype.getAll = read; };
}"""
"""Thousands of visits take an old phone long."""


def test_the_list_stands_before_the_visits_are_counted(told: Volunteer) -> None:
    page = told.page
    page.evaluate(NEVER_READ)
    open_screen(page, "/tasks")
    row = page.locator("#main .rows .row")
    expect(row).to_contain_text(ASKED)
    expect(row.locator(".uncounted")).to_have_count(1)
    expect(row.locator(".uncounted")).not_to_be_visible()
    page.evaluate("() => readAgain()")
    open_screen(page, "/")
    open_screen(page, "/tasks")
    expect(row.locator(".uncounted")).to_have_count(0)
    expect(row).to_contain_text("0 trên 120 hộ")


def test_home_says_in_one_line_what_there_is_to_do(phone: ContextFactory) -> None:
    one = task(due_on=day(2))
    late = task(id=OTHER_TASK, title="Chợ Tết không tiền mặt", due_on=day(-1), state="accepted")
    volunteer = Volunteer(phone, one, late)
    page = volunteer.page
    line = volunteer.home()
    expect(line).to_contain_text("2 nhiệm vụ")
    expect(line).to_contain_text("1 quá hạn · 1 sắp đến hạn")
    line.click()
    rows = page.locator("#main .rows .row")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text("Chợ Tết không tiền mặt")
    expect(rows.nth(0)).to_contain_text("Quá hạn")
    expect(rows.nth(0)).to_contain_text("Đã nhận")
    expect(rows.nth(1)).to_contain_text("0 trên 120 hộ")
    expect(rows.nth(1)).to_contain_text("Sắp đến hạn")
    assert axe_findings(page) == []


def test_without_tasks_home_says_nothing_of_them(phone: ContextFactory) -> None:
    volunteer = Volunteer(phone)
    expect(volunteer.home()).to_have_count(0)
    open_screen(volunteer.page, "/tasks")
    expect(volunteer.page.get_by_text("Tổ chưa được giao nhiệm vụ nào")).to_be_visible()


def test_opening_says_seen_once(told: Volunteer) -> None:
    page = told.page
    for _ in range(2):
        open_screen(page, f"/task/{TASK}")
        expect(page.get_by_text("Đã xem")).to_be_visible()
        expect(page.get_by_text("Ưu tiên hộ có người già")).to_be_visible()
        expect(page.get_by_text("123/KH-UBND")).to_be_visible()
        told.online()
    assert told.sent("task.progress") == [{"id": TASK, "state": "seen"}]


def test_accepted_recorded_and_counted_without_a_network(told: Volunteer) -> None:
    page = told.page
    told.offline()
    told.home().click()
    page.get_by_role("link", name=ASKED).click()  # home, which may still be shown, has a row too
    page.get_by_role("button", name="Nhận việc").click()
    expect(page.get_by_text("Đã nhận")).to_be_visible()
    page.get_by_role("link", name="Ghi lượt hỗ trợ").click()
    page.locator(".rows a.row").first.click()
    expect(page.get_by_text(f"Ghi cho nhiệm vụ: {ASKED}")).to_be_visible()
    expect(page.locator("#services").get_by_label("VNeID")).to_be_checked()
    save(page)
    page.get_by_role("link", name="Về nhiệm vụ").click()
    expect(page.get_by_role("heading", name="1 trên 120 hộ")).to_be_visible()
    page.get_by_role("link", name="Ghi nhiều hộ một lần").click()
    for at in range(3):
        page.locator(".rows label").nth(at).click()
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.locator("#services").get_by_label("VNeID")).to_be_checked()
    save(page)
    page.get_by_role("link", name="Về nhiệm vụ").click()
    expect(page.get_by_role("heading", name="trên 120 hộ")).to_be_visible()
    shown = page.locator("#progress").text_content()
    open_screen(page, "/visits")
    page.locator("#main .row").first.click()
    expect(page.locator(".facts")).to_contain_text(ASKED)
    open_screen(page, f"/task/{TASK}")
    page.reload()
    expect(page.locator("#progress")).to_have_text(shown or "")
    page.get_by_role("button", name="Đã xong").click()
    page.get_by_role("dialog").get_by_role("button", name="Đã xong").click()
    expect(page.locator(".badge.good")).to_have_text("Đã xong")
    told.online()
    assert [said["state"] for said in told.sent("task.progress")] == ["seen", "accepted", "done"]
    visits = told.sent("visit.record")
    assert [visit["task_id"] for visit in visits] == [TASK] * 4
    assert shown == f"{len({visit['household_id'] for visit in visits})} trên 120 hộ"
    assert told.wire.row(TASK)["state"] == "done"


def test_declining_and_being_stuck_take_a_reason(phone: ContextFactory) -> None:
    volunteer = Volunteer(phone, task(), task(id=OTHER_TASK, title="Chợ Tết", state="accepted"))
    page = volunteer.page
    open_screen(page, f"/task/{TASK}")
    page.get_by_role("button", name="Không nhận").click()
    expect(page.get_by_role("dialog")).to_contain_text("chỉ xã mới mở lại được nhiệm vụ")
    page.get_by_role("dialog").get_by_label("Không phải địa bàn của tổ").check()
    page.get_by_role("dialog").get_by_role("button", name="Không nhận").click()
    expect(page.get_by_role("button", name="Nhận việc")).to_have_count(0)
    expect(page.locator(".banner")).to_contain_text("Tổ đã báo: Không phải địa bàn của tổ")
    open_screen(page, f"/task/{OTHER_TASK}")
    page.get_by_role("button", name="Đang vướng").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Báo đang vướng").click()
    expect(dialog.get_by_role("alert")).to_have_text("Xin chọn một lý do.")
    dialog.get_by_label("Lý do khác").check()
    dialog.get_by_role("button", name="Báo đang vướng").click()
    expect(dialog.get_by_role("alert")).to_have_text("Xin ghi lý do bằng vài chữ.")
    assert axe_findings(page) == []
    dialog.get_by_label("Lý do, vài chữ").fill("Đường ngập, chưa vào được xóm 3")
    page.get_by_role("dialog").get_by_role("button", name="Báo đang vướng").click()
    expect(page.locator(".banner")).to_contain_text("Tổ đã báo: Đường ngập, chưa vào được xóm 3")
    volunteer.online()
    said = {(one["id"], one["state"]): one.get("note") for one in volunteer.sent("task.progress")}
    assert said[TASK, "declined"] == "Không phải địa bàn của tổ"
    assert said[OTHER_TASK, "blocked"] == "Đường ngập, chưa vào được xóm 3"
    open_screen(page, f"/task/{OTHER_TASK}")
    expect(page.locator(".banner")).to_contain_text("Đường ngập, chưa vào được xóm 3")


def test_a_task_for_a_list_shows_who_still_waits(phone: ContextFactory) -> None:
    volunteer = Volunteer(phone, task(household_ids=[*HOMES[:3], "0197b0c2-0000-7000-8000-0000000000ff"], target=None))
    page = volunteer.page
    open_screen(page, f"/task/{TASK}")
    expect(page.get_by_role("heading", name="0 trên 4 hộ")).to_be_visible()
    expect(page.get_by_role("heading", name="Còn 3 hộ chưa hỗ trợ")).to_be_visible()
    expect(page.get_by_text("1 hộ trong danh sách giao không còn ở danh sách của thôn")).to_be_visible()
    page.get_by_role("link", name=NAMES[1]).click()
    save(page)
    page.get_by_role("link", name="Về nhiệm vụ").click()
    expect(page.get_by_role("heading", name="1 trên 4 hộ")).to_be_visible()
    page.get_by_text("Đã hỗ trợ 1 hộ").click()
    expect(page.locator("details").get_by_text(NAMES[1])).to_be_visible()
    page.get_by_role("link", name="Ghi nhiều hộ một lần").click()
    expect(page.locator(".rows label")).to_have_count(3)
    assert axe_findings(page) == []


def test_whom_next_of_a_task_is_about_it_and_who_was_helped_is_marked(phone: ContextFactory) -> None:
    volunteer = Volunteer(phone, task(), task(id=OTHER_TASK, title="Chợ Tết", due_on=day(2)))
    page = volunteer.page
    open_screen(page, f"/task/{TASK}")
    expect(page.locator("#progress")).to_be_visible()  # home, which may still be shown, has a link of that name too
    page.get_by_role("link", name="Đến nhà nào?").click()
    expect(page.locator(".banner")).to_contain_text(ASKED)
    expect(page.locator("#main")).not_to_contain_text("Chợ Tết")
    page.get_by_role("link", name=NAMES[1]).click()
    expect(page.locator(".banner")).to_contain_text(ASKED)
    save(page)
    page.get_by_role("link", name="Ghi hộ khác").click()
    for _ in range(2):
        expect(page.locator(".rows li").filter(has_text=NAMES[1])).to_contain_text("Đã hỗ trợ")
        expect(page.get_by_text("Đã hỗ trợ", exact=True)).to_have_count(1)
        open_screen(page, f"/several?task={TASK}")


def test_a_running_focus_leads_the_visit_form(phone: ContextFactory) -> None:
    volunteer = Volunteer(phone, task(focus=True))
    first = volunteer.page.locator("#services .pick").first
    open_screen(volunteer.page, f"/visit/new/{HOMES[0]}")
    expect(first).to_contain_text("VNeID")
    expect(first).to_contain_text("Nhiệm vụ")
    expect(first.locator("input")).not_to_be_checked()
    volunteer.wire.put("task", task(focus=True, due_on=day(-1)))
    volunteer.online()
    volunteer.page.get_by_role("button", name="Gửi ngay").click()
    expect(volunteer.home()).to_contain_text("1 quá hạn", timeout=20_000)
    open_screen(volunteer.page, f"/visit/new/{HOMES[0]}")
    expect(first).not_to_contain_text("VNeID")


def test_merged_households_of_a_list_are_one(phone: ContextFactory) -> None:
    volunteer = Volunteer(phone, task(household_ids=HOMES[:2], target=None))
    page = volunteer.page
    open_screen(page, f"/task/{TASK}")
    expect(page.get_by_text("Đã xem")).to_be_visible()
    open_screen(page, f"/visit/new/{HOMES[0]}?task={TASK}")
    save(page)
    volunteer.online()
    volunteer.wire.put("household", {"id": HOMES[0], "village_id": VILLAGE}, gone="merged", into=HOMES[2])
    page.get_by_role("button", name="Gửi ngay").click()
    open_screen(page, "/households")
    expect(page.get_by_text(NAMES[0])).to_have_count(0, timeout=20_000)
    open_screen(page, f"/task/{TASK}")
    expect(page.get_by_role("heading", name="1 trên 2 hộ")).to_be_visible()
    page.get_by_text("Đã hỗ trợ 1 hộ").click()
    expect(page.locator("details").get_by_text(NAMES[2])).to_be_visible()


def test_whom_to_visit_next_has_its_reason(phone: ContextFactory) -> None:
    volunteer = Volunteer(phone, task(household_ids=[HOMES[2]], title="Rà soát VNeID", due_on=day(8)))
    page = volunteer.page
    tomorrow = day(1)
    open_screen(page, f"/visit/new/{HOMES[1]}")
    page.locator("#services .pick").first.click()
    page.get_by_text("Thêm chi tiết").click()
    page.get_by_label("Ngày hẹn quay lại").fill(tomorrow)
    save(page)
    open_screen(page, "/households")
    page.get_by_role("link", name="Đến nhà nào?").click()
    sections = page.locator("#main section")
    expect(sections).to_have_count(2)
    first = sections.nth(0)
    expect(first.get_by_role("heading")).to_have_text("Xóm 2")
    expect(first.locator(".row").nth(0)).to_contain_text(NAMES[1])
    expect(first.locator(".row").nth(0)).to_contain_text(f"Hẹn quay lại {tomorrow[8:]}/{tomorrow[5:7]}")
    expect(sections.nth(1).locator(".row").nth(0)).to_contain_text(
        f"{NAMES[2]}Nhiệm vụ: Rà soát VNeID, hạn {words(8)[:5]}"
    )
    expect(first.locator(".row").nth(1)).to_contain_text("Chưa đến lần nào")
    expect(page.locator("#main")).to_contain_text("Xếp theo xóm")
    assert axe_findings(page) == []
    first.locator(".row").nth(0).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(NAMES[1])
