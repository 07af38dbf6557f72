"""What a phone says of tasks that the desk took back, gave to others, closed or sent again."""

import pytest
from playwright.sync_api import expect

from tests.e2e.field_app import open_screen, save
from tests.field.task_phone import ASKED, HOMES, NAMES, TASK, Volunteer, day, task, words
from tests.field.wire import VILLAGE, Wire
from tests.support.axe import axe_findings
from tests.support.browser import ContextFactory


def leave(wire: Wire, gone: str) -> None:
    wire.put("task", {"id": TASK, "village_id": VILLAGE}, gone=gone)


@pytest.mark.parametrize(
    ("gone", "said", "named"),
    [
        ("withdrawn", "Nhiệm vụ này đã được rút lại", ASKED),
        ("left_scope", "Nhiệm vụ này đã giao cho tổ khác", "Nhiệm vụ hạn {day}"),
    ],
    ids=["withdrawn", "another team's"],
)
def test_f31_f32_a_task_that_left_while_the_phone_was_away(told: Volunteer, gone: str, said: str, named: str) -> None:
    page = told.page
    due = words(10)  # a run that began yesterday is of today
    open_screen(page, f"/task/{TASK}")
    told.online()
    told.offline()
    open_screen(page, f"/visit/new/{HOMES[0]}?task={TASK}")
    save(page)
    open_screen(page, f"/visit/new/{HOMES[1]}?task={TASK}")
    page.get_by_label("Hôm qua").check()
    open_screen(page, f"/task/{TASK}")
    page.get_by_role("button", name="Nhận việc").click()
    expect(page.get_by_text("Đã nhận")).to_be_visible()
    told.wire.refuse = lambda one: {"code": "withdrawn"} if one["type"] == "task.progress" else None
    leave(told.wire, gone)
    told.online()
    line = told.home()
    expect(line).to_contain_text("1 đã rút lại")
    line.click()
    expect(page.locator(".banner")).to_contain_text(said)
    expect(page.locator(".banner")).to_contain_text("Các lượt đã ghi vẫn được tính")
    expect(page.locator(".banner")).to_contain_text(named.format(day=due))
    assert [visit["household_id"] for visit in told.sent("visit.record")] == [HOMES[0]]

    open_screen(page, f"/task/{TASK}")
    expect(page.locator(".banner")).to_contain_text(said)
    page.get_by_role("link", name=NAMES[1]).click()
    expect(page.locator(".banner")).to_contain_text("Lượt đang ghi vẫn được tính")
    expect(page.get_by_label("Hôm qua")).to_be_checked()
    save(page)
    told.online()
    assert [visit["task_id"] for visit in told.sent("visit.record")] == [TASK, TASK]

    open_screen(page, "/attention")
    expect(page.get_by_role("heading", name="Trả lời nhiệm vụ")).to_contain_text("Đã nhận")
    open_screen(page, "/tasks")
    page.get_by_role("button", name="Đã hiểu").click()
    expect(page.get_by_text("Tổ chưa được giao nhiệm vụ nào")).to_be_visible()
    expect(told.home()).to_have_count(0)


def test_another_teams_task_leaves_nothing_of_its_text(told: Volunteer) -> None:
    leave(told.wire, "left_scope")
    told.page.get_by_role("button", name="Gửi ngay").click()
    expect(told.page.locator("a[href='#/tasks']")).to_contain_text("1 đã rút lại", timeout=20_000)
    kept = told.page.evaluate(
        """() => new Promise((done) => { const r = indexedDB.open('cdtteam'); r.onsuccess = () => {
          const all = r.result.transaction('rows_a').objectStore('rows_a').getAll();
          all.onsuccess = () => done(all.result.filter(({kind}) => kind === 'task').map(({data}) => Object.keys(data)));
        }; })"""
    )
    assert kept == [["id", "village_id", "team_id", "state", "service", "from_on", "due_on"]]


def test_a_refused_answer_needs_a_look_and_is_not_said_again(told: Volunteer) -> None:
    page = told.page
    told.wire.refuse = lambda one: {"code": "out_of_scope"} if one["type"] == "task.progress" else None
    open_screen(page, f"/task/{TASK}")
    expect(page.get_by_role("link", name="Xem cách xử lý")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("Mới", exact=True)).to_be_visible()
    open_screen(page, "/attention")
    expect(page.get_by_role("heading", name=f"Trả lời nhiệm vụ: {ASKED} – Đã xem")).to_be_visible()
    open_screen(page, f"/task/{TASK}")
    told.online()
    assert len(told.sent("task.progress")) == 1


def test_reopened_by_the_commune_it_can_be_accepted(phone: ContextFactory) -> None:
    volunteer = Volunteer(phone, task(state="blocked", reason="Chưa có máy"))
    page = volunteer.page
    open_screen(page, f"/task/{TASK}")
    expect(page.locator(".banner")).to_contain_text("Chưa có máy")
    expect(page.get_by_role("button", name="Nhận việc")).to_have_count(0)
    volunteer.wire.put("task", task(state="sent"))
    volunteer.online()
    page.get_by_role("button", name="Gửi ngay").click()
    open_screen(page, f"/task/{TASK}")
    page.get_by_role("button", name="Nhận việc").click(timeout=20_000)
    expect(page.get_by_text("Đã nhận")).to_be_visible()


def test_a_closed_campaign_has_ended_and_was_not_taken_back(phone: ContextFactory) -> None:
    volunteer = Volunteer(phone, task(state="done", closed=True, ended_on=day(0), note="Cảm ơn các tổ."))
    page = volunteer.page
    open_screen(page, "/")
    expect(page.locator("a[href='#/tasks']")).to_have_count(0)
    open_screen(page, "/tasks")
    expect(page.locator(".rows li")).to_contain_text("Đợt đã kết thúc")
    open_screen(page, f"/task/{TASK}")
    expect(page.get_by_text("Đợt đã kết thúc")).to_have_count(1)
    for said in (f"Đợt đã kết thúc ngày {words(0)}", "Xã nhắn: Cảm ơn các tổ.", "Các lượt đã ghi vẫn được tính."):
        expect(page.locator(".banner")).to_contain_text(said)
    expect(page.get_by_text("rút lại")).to_have_count(0)
    expect(page.get_by_role("link", name="Ghi một lượt hỗ trợ")).to_have_count(0)
    assert axe_findings(page) == []
