"""A task from the desk to the phone and back on the real server: answered and counted offline, and taken away."""

import time
from collections.abc import Callable
from uuid import UUID

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from cdtteam.assigning.progress import progress_of
from cdtteam.core.db import db
from cdtteam.tasks.models import Task
from cdtteam.tasks.operations import reassign_task, reopen_task, withdraw_task
from tests.e2e.field_app import CUT, WIDE, await_offline, await_sent, open_screen, save, sign_in, stored
from tests.support.assigning import Officer
from tests.support.axe import axe_findings
from tests.support.browser import NETWORK_ERRORS, ContextFactory, http_errors
from tests.support.field_server import FieldServer
from tests.support.world import PASSWORD


@pytest.fixture
def officer(field_server: FieldServer) -> Officer:
    """The coordinator of the village's commune."""
    return Officer(field_server.world)


@pytest.fixture
def context(field_server: FieldServer, phone: ContextFactory) -> BrowserContext:
    """A phone that complains of nothing but the network."""
    return phone(field_server.url, allow=[NETWORK_ERRORS, http_errors(401)])


def volunteer(context: BrowserContext, field_server: FieldServer) -> Page:
    """Signed in, with what the desk has given out so far."""
    page = context.new_page()
    sign_in(page, field_server.url, "an", PASSWORD)
    return page


def sent(page: Page) -> None:
    """Back in the network with something to send, until everything has arrived."""
    open_screen(page, "/")
    expect(page.locator(".sync.waiting")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("Đã gửi hết")).to_be_visible(timeout=20_000)


def on_record(officer: Officer, task_id: str) -> tuple[str, int]:
    """The task's state and its progress, as the desk has them."""
    with officer.world.app.app_context():
        task = db.session.get_one(Task, UUID(task_id))
        return task.state, progress_of(db.session(), [task])[task.id]


def await_state(page: Page, officer: Officer, task_id: str, state: str) -> None:
    """Waits until the desk has heard it."""
    end = time.monotonic() + 20
    while on_record(officer, task_id)[0] != state:
        assert time.monotonic() < end, f"never {state}"
        page.wait_for_timeout(50)


def test_a_task_is_accepted_and_recorded_offline_and_counts_alike(
    field_server: FieldServer, context: BrowserContext, officer: Officer
) -> None:
    [task_id] = officer.give()
    page = volunteer(context, field_server)
    await_offline(page)
    context.set_offline(True)
    line = page.locator("a[href='#/tasks']")
    expect(line).to_contain_text("1 nhiệm vụ")
    line.click()
    expect(page.locator("#main .row")).to_contain_text("0 trên 120 hộ")
    page.locator("#main .row").click()
    page.get_by_role("button", name="Nhận việc").click()
    for _ in range(2):
        page.get_by_role("link", name="Ghi lượt hỗ trợ").click()
        page.locator(".rows a.row").first.click()
        expect(page.locator("#services input:checked")).to_have_count(1)
        save(page)
        page.get_by_role("link", name="Về nhiệm vụ").click()
    expect(page.locator("#progress")).to_have_text("2 trên 120 hộ")
    assert on_record(officer, task_id) == ("sent", 0)
    sent(page)
    assert on_record(officer, task_id) == ("accepted", 2)
    open_screen(page, f"/task/{task_id}")
    expect(page.locator("#progress")).to_have_text("2 trên 120 hộ")


def withdraw(officer: Officer, task_id: str) -> None:
    officer.do(withdraw_task, task_id, note="Trùng với đợt của tỉnh")


def reassign(officer: Officer, task_id: str) -> None:
    officer.do(reassign_task, task_id, officer.world.teams["b"], officer.world.villages["b"])


@pytest.mark.parametrize(
    ("leave", "said", "refused"),
    [
        (withdraw, "Nhiệm vụ này đã được rút lại", 1),
        (reassign, "Nhiệm vụ này đã giao cho tổ khác", 0),
    ],
)
def test_f31_f32_a_task_that_left_keeps_its_visits_and_its_draft(
    field_server: FieldServer,
    context: BrowserContext,
    officer: Officer,
    leave: Callable[[Officer, str], None],
    said: str,
    refused: int,
) -> None:
    [task_id] = officer.give()
    page = volunteer(context, field_server)
    await_offline(page)
    first, second = (household["id"] for household in stored(page, "households")[:2])
    context.set_offline(True)
    open_screen(page, f"/task/{task_id}")
    page.get_by_role("button", name="Nhận việc").click()
    open_screen(page, f"/visit/new/{first}?task={task_id}")
    save(page)
    open_screen(page, f"/visit/new/{second}?task={task_id}")
    page.get_by_label("Hôm qua").check()
    leave(officer, task_id)
    sent(page)
    open_screen(page, f"/task/{task_id}")
    expect(page.locator(".banner")).to_contain_text(said)
    page.get_by_role("link", name="Bản ghi dở").click()
    expect(page.get_by_label("Hôm qua")).to_be_checked()
    save(page)
    await_sent(page)
    made = [visit for visit in stored(page, "myVisits") if visit.get("task_id") == task_id]
    assert [visit["counted"] for visit in made] == [True, True]
    open_screen(page, "/attention")
    expect(page.get_by_role("heading", name="Trả lời nhiệm vụ")).to_have_count(refused)


def test_asked_again_the_phone_says_what_the_commune_said(
    field_server: FieldServer, context: BrowserContext, officer: Officer
) -> None:
    [task_id] = officer.give()
    page = volunteer(context, field_server)
    open_screen(page, f"/task/{task_id}")
    page.get_by_role("button", name="Đang vướng").click()
    page.get_by_role("dialog").get_by_label("Không có mạng hoặc không có máy").check()
    page.get_by_role("dialog").get_by_role("button", name="Báo đang vướng").click()
    await_state(page, officer, task_id, "blocked")
    officer.do(reopen_task, task_id, note="Xã đã cấp hai máy")
    open_screen(page, "/")
    page.get_by_role("button", name="Gửi ngay").click()
    open_screen(page, f"/task/{task_id}")
    expect(page.get_by_text("Xã nhắn: Xã đã cấp hai máy")).to_be_visible(timeout=20_000)
    await_state(page, officer, task_id, "seen")
    page.reload()
    expect(page.get_by_text("Xã nhắn: Xã đã cấp hai máy")).to_be_visible()


def test_a_tasks_page_is_for_everybody(field_server: FieldServer, context: BrowserContext, officer: Officer) -> None:
    [task_id] = officer.give()
    page = volunteer(context, field_server)
    for width, size in ((360, "100%"), (1280, "100%"), (320, "200%")):
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate("size => { document.documentElement.style.fontSize = size; }", size)
        for path in (f"/task/{task_id}", "/tasks", "/next", f"/visit/new?task={task_id}", f"/several?task={task_id}"):
            open_screen(page, path)
            assert axe_findings(page) == [], (path, width)
            assert page.evaluate(WIDE) == [], (path, width)
            assert size == "100%" or page.evaluate(CUT) == [], (path, width)


def test_in_english(field_server: FieldServer, context: BrowserContext, officer: Officer) -> None:
    [task_id] = officer.give()
    page = volunteer(context, field_server)
    open_screen(page, "/more")
    page.get_by_role("button", name="English").click()
    open_screen(page, f"/task/{task_id}")
    expect(page.get_by_role("heading", name="0 of 120 households")).to_be_visible()
    expect(page.get_by_role("button", name="Accept the task")).to_be_visible()
