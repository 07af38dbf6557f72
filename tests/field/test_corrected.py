"""A household that the commune corrected says so on the phone, and what it was called, until the member has seen it."""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from tests.e2e.field_app import open_screen
from tests.field.task_phone import HOMES, NAMES, Volunteer
from tests.field.wire import Json
from tests.support.axe import axe_findings
from tests.support.browser import ContextFactory

BECAME = "Đinh Thị Lệ"


def corrected(*corrections: Json) -> Json:
    return {"id": HOMES[0], "head_name": BECAME, "hamlet": "Xóm 1", "corrected": list(corrections)}


def correction(hours: int, *fields: str, **was: str) -> Json:
    """At the commune's desk, so many hours ago."""
    at = datetime.now(UTC) - timedelta(hours=hours)
    return {"by": "Xã Đầu", "at": at.isoformat(), "fields": list(fields), "was": was}


def test_it_says_what_it_was_called_until_the_member_has_seen_it(phone: ContextFactory) -> None:
    volunteer = Volunteer(phone)
    page = volunteer.page
    first = correction(3, "head_name", "hamlet", head_name=NAMES[0])
    volunteer.wire.put("household", corrected(first))
    volunteer.online()
    volunteer.offline()
    open_screen(page, "/households")
    row = page.locator(f"a[href='#/household/{HOMES[0]}']")
    expect(row).to_contain_text("Xã đã sửa")
    expect(page.locator("#main .rows .badge")).to_have_count(1)
    row.click()
    told = page.locator("#main .banner", has_text="Xã Đầu đã sửa thông tin hộ này ngày")
    expect(told).to_contain_text(f"Trước đây ghi là: {NAMES[0]}")
    expect(told).to_contain_text("Đã sửa: Họ và tên chủ hộ, Xóm, cụm dân cư")
    assert axe_findings(page) == []
    told.get_by_role("button", name="Đã hiểu").click()
    expect(told).to_have_count(0)
    open_screen(page, "/households")
    expect(row).to_contain_text(BECAME)
    expect(row).not_to_contain_text("Xã đã sửa")
    volunteer.wire.put("household", corrected(first, correction(1, "people")))
    volunteer.online()
    open_screen(page, f"/household/{HOMES[0]}")
    expect(told).to_contain_text("Đã sửa: Số người trong hộ")
    expect(told).not_to_contain_text(NAMES[0])
