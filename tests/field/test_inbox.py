"""The inbox on the phone: told, read and marked without a network, a way to what it is about, and what may ring."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from cdtteam.core.ids import new_id
from tests.e2e.field_app import open_screen
from tests.field.engine import Engine, Model, send_now, until
from tests.field.task_phone import TASK, Volunteer, task
from tests.field.test_model import NOW
from tests.field.wire import Json, account
from tests.support.axe import axe_findings
from tests.support.browser import ContextFactory

ASKED = "Xã giao việc mới"


def notice(**more: Any) -> Json:
    """A notification of an hour ago, as the server tells it."""
    made_at = datetime.now(UTC) - timedelta(hours=1)
    told = {"topic": "task", "title": ASKED, "text": "Cài VNeID cho bà con, hạn 04/12/2026", "link": f"/task/{TASK}"}
    return {
        "id": str(new_id()), "village_id": None, **told, "urgent": False,
        "made_at": made_at.isoformat(), "read_at": None, **more,
    }  # fmt: skip


def said(volunteer: Volunteer, kind: str) -> list[Json]:
    return volunteer.sent(f"notification.{kind}")


def bell(page: Page) -> str:
    return page.locator("header .bell").inner_text()


@pytest.mark.browser
def test_unread_stand_first_and_the_others_by_day(model: Model) -> None:
    told = [
        {"id": "a", "made_at": "2026-11-23T01:00:00Z", "read_at": "2026-11-23T02:00:00Z"},
        {"id": "b", "made_at": "2026-11-20T01:00:00Z", "urgent": True},
        {"id": "c", "made_at": "2026-11-23T17:30:00Z", "read_at": "2026-11-23T18:00:00Z"},
        {"id": "d", "made_at": "2026-11-23T03:00:00Z", "read_at": "2026-11-23T03:00:00Z"},
        {"id": "e", "made_at": "2026-11-24T01:00:00Z"},
    ]
    ordered = model("notice", "inOrderOfNews", told)
    assert [one["id"] for one in ordered["unread"]] == ["b", "e"]
    days = [[day, [one["id"] for one in some]] for day, some in ordered["days"]]
    assert days == [["2026-11-24", ["c"]], ["2026-11-23", ["d", "a"]]]


@pytest.mark.browser
@pytest.mark.parametrize(
    ("made_at", "contact", "heard"),
    [("2026-11-24T01:00:00Z", NOW, True), ("2026-11-24T03:13:00Z", NOW, False), ("2026-11-24T01:00:00Z", None, False),
     (None, NOW, False)],
)  # fmt: skip
def test_what_is_not_here_is_gone_only_if_the_phone_would_have_heard(
    model: Model, made_at: str | None, contact: int | None, *, heard: bool
) -> None:
    assert model("notice", "isHeard", made_at, contact) is heard


@pytest.mark.browser
def test_links_lead_into_the_app_and_nowhere_else(model: Model) -> None:
    links = ["/task/1", "/requests", "/inbox", "/desk/notices", "//evil.example", "https://evil.example", "", None]
    assert [model("notice", "inApp", link) for link in links] == ["/task/1", "/requests", "", "", "", "", "", ""]


@pytest.mark.browser
@pytest.mark.parametrize(
    ("text", "called"),
    [("Trực ban xã 0256 3888 123.", ["02563888123"]), ("(0256) 3888123, 0905.123.456", ["02563888123", "0905123456"]),
     ("+84 905 123 456", ["0905123456"]), ("Trước 17 giờ ngày 03.12.2026 08 hộ, mã 0123456789012", [])],
)  # fmt: skip
def test_a_number_in_a_warning_is_called_and_a_date_is_not(model: Model, text: str, called: list[str]) -> None:
    parts = model("numbers", "withNumbers", text)
    assert "".join(part["words"] for part in parts) == text
    assert [part["number"] for part in parts if "number" in part] == called


def test_told_is_counted_read_offline_and_reported_once(phone: ContextFactory) -> None:
    engine = Engine(phone)
    first, second, old = notice(), notice(read_at="2026-11-26T01:00:00Z"), notice()
    old["id"] = "0191b0c2-0000-7000-8000-0000000000f1"
    for one in (first, second, old):
        engine.wire.put("notification", one)
    page = engine.open(account(), sync=True)
    until(page, "(await store.frame()).unread === 1")
    assert engine.wire.requests[0]["inbox"] is True
    # What the server would not send any more is dropped.
    assert {one["id"] for one in page.evaluate("() => store.notices()")} == {first["id"], second["id"]}
    engine.wire.faults.append(lambda route, _body: not route.abort())
    page.evaluate("([id]) => store.markRead([id], true)", [first["id"]])
    until(page, "(await store.frame()).unread === 0")
    assert page.evaluate("async () => [(await store.frame()).waiting, await store.outboxSize()]") == [0, 1]
    engine.wire.faults.clear()
    send_now(page)
    until(page, "(await store.outboxSize()) === 0 && sync.state().phase === 'idle'")
    assert engine.wire.row(first["id"])["read_at"]
    engine.wire.put("notification", second, gone="withdrawn")
    send_now(page)
    until(page, "(await store.notices()).length === 1")
    assert page.evaluate("async () => (await store.notices())[0].title") == ASKED
    # Who serves nowhere any more keeps nothing of it.
    engine.wire.put("inbox", {"id": account()["member_id"], "village_id": None}, gone="left_scope")
    send_now(page)
    until(page, "(await store.notices()).length === 0")
    # Another member was signed in, or this one serves nowhere any more.
    engine.wire.put("inbox", {"id": str(new_id()), "village_id": None}, gone="left_scope")
    send_now(page)
    until(page, "(await store.notices()).length === 0")


def test_an_urgent_warning_is_confirmed_on_home(phone: ContextFactory) -> None:
    volunteer = Volunteer(phone)
    warning = {"topic": "warning", "title": "Khẩn: Bão số 12", "text": "Đưa bà con đi tránh. Gọi 0256 3888 123."}
    told = [notice(**warning, link="/inbox", urgent=True) for _ in range(2)]
    for one in told:
        volunteer.wire.put("notification", one)
    volunteer.online()
    page = volunteer.page
    bands = page.locator(".banner.bad", has_text="Bão số 12")
    expect(bands).to_have_count(2)
    volunteer.offline()
    expect(bands.first.get_by_role("link", name="0256 3888 123")).to_have_attribute("href", "tel:02563888123")
    assert axe_findings(page) == []
    bands.first.get_by_role("button", name="Đã hiểu").click()
    expect(bands).to_have_count(1)
    volunteer.online()
    assert [(one["opened"], len(one["ids"])) for one in said(volunteer, "read")] == [(True, 1)]
    # Taken back, the one that was read is shown as such, and the other one is gone.
    for one in told:
        volunteer.wire.put("notification", one, gone="withdrawn")
    page.get_by_role("button", name="Gửi ngay").click()
    expect(bands).to_have_count(0)
    page.locator("header .bell").click()
    expect(page.locator(".notice", has_text="Bão số 12")).to_have_count(1)
    badge = page.locator(".notice .badge", has_text="Đã rút lại").bounding_box()
    assert badge is not None
    assert badge["height"] < 40, "on one line of a small phone"
    assert axe_findings(page) == []
    open_screen(page, f"/inbox/{said(volunteer, 'read')[0]['ids'][0]}")
    expect(page.get_by_text("Cảnh báo này đã được rút lại, không còn hiệu lực.")).to_be_visible()
    # Told so once more, because a household that it names was erased, the phone keeps nothing of it.
    for one in told:
        volunteer.wire.put("notification", one, gone="withdrawn")
    open_screen(page, "/")
    page.get_by_role("button", name="Gửi ngay").click()
    until(page, "document.querySelector('.sync:not(.waiting) button:enabled')")
    page.locator("header .bell").click()
    expect(page.get_by_text("Chưa có thông báo nào")).to_be_visible()


def test_opening_one_leads_to_its_task_without_a_network_and_marks_it(phone: ContextFactory) -> None:
    volunteer = Volunteer(phone, task())
    wire, page = volunteer.wire, volunteer.page
    warning = {"topic": "warning", "title": "Bão số 12", "text": "Đưa bà con vùng trũng đi tránh.", "link": "/inbox"}
    for one in (notice(), notice(**warning, urgent=True), notice(link="/task/gone", title="Việc đã rút")):
        wire.put("notification", one)
    volunteer.online()
    expect(page.locator("header .bell")).to_contain_text("3 chưa đọc")
    volunteer.offline()
    # An urgent one stands on home with its text until it is confirmed.
    band = page.locator(".banner.bad", has_text="Bão số 12")
    expect(band).to_contain_text("Đưa bà con vùng trũng đi tránh.")
    assert axe_findings(page) == []
    page.locator("header .bell").click()
    expect(page.get_by_role("heading", name="3 thông báo chưa đọc")).to_be_visible()
    assert axe_findings(page) == []
    page.get_by_role("link", name=ASKED).click()
    expect(page.get_by_role("button", name="Nhận việc")).to_be_visible()
    page.get_by_role("button", name="Quay lại").click()
    # One that leads nowhere was read where it stood, whole, in the list.
    expect(page.get_by_role("heading", name="1 thông báo chưa đọc")).to_be_visible()
    page.get_by_role("link", name="Bão số 12").click()
    expect(page.get_by_role("heading", level=1, name="Bão số 12")).to_be_visible()
    expect(page.get_by_text("Đưa bà con vùng trũng đi tránh.")).to_be_visible()
    open_screen(page, "/")
    expect(band).to_have_count(0)
    page.locator("header .bell").click()
    page.get_by_role("button", name="Đánh dấu đã đọc hết").click()
    # Told an hour ago, which early in the day is yesterday.
    expect(page.get_by_role("heading", name=re.compile("^Hôm (nay|qua)$"))).to_be_visible()
    # What the task was is gone, and the phone says so.
    page.get_by_role("link", name="Việc đã rút").click()
    expect(page.get_by_text("Lượt đã ghi vẫn được tính.")).to_be_visible()
    # The phone's own screen tells of a visit before the phone has heard anything of it.
    told = {"to": "/visit/to-come", "at": datetime.now(UTC).isoformat()}
    page.goto(f"/#/inbox/{new_id()}?{urlencode(told)}")
    expect(page.get_by_text("Nội dung này chưa về máy")).to_be_visible()
    volunteer.online()
    expect(page.locator("header .bell .count")).to_have_count(0)
    assert sorted((one["opened"], len(one["ids"])) for one in said(volunteer, "read")) == [
        (False, 1),
        (False, 1),
        (True, 1),
        (True, 1),
    ]


def test_a_warning_is_read_once_its_end_was_before_the_eyes(phone: ContextFactory) -> None:
    volunteer = Volunteer(phone, task())
    wire, page = volunteer.wire, volunteer.page
    long = "Đưa bà con vùng trũng đi tránh.\n" * 40
    below = notice(topic="warning", title="Bão số 12", text=long, link="/inbox", urgent=True)
    wire.put("notification", below)
    wire.put("notification", notice())
    volunteer.online()
    page.locator("header .bell").click()
    expect(page.get_by_role("heading", name="2 thông báo chưa đọc")).to_be_visible()
    end = page.locator("[data-ends]")
    assert not page.evaluate("(end) => end.getBoundingClientRect().top < innerHeight", end.element_handle())
    assert said(volunteer, "read") == []
    end.scroll_into_view_if_needed()
    page.mouse.wheel(0, 200)
    while not said(volunteer, "read"):
        page.wait_for_timeout(25)
    expect(page.get_by_role("heading", name="2 thông báo chưa đọc")).to_be_attached()
    page.get_by_role("button", name="Quay lại").click()
    expect(page.locator("header .bell")).to_contain_text("1 chưa đọc")
    volunteer.online()
    assert said(volunteer, "read") == [{"ids": [below["id"]], "opened": False}]
