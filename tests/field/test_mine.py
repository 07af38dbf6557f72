"""What a member sees of their own part: counted on the phone, with those who took them along, compared with nobody."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.field_app import open_screen
from tests.field.engine import Engine, Model
from tests.field.task_phone import HOMES, Volunteer, day, task
from tests.field.wire import TEAM, VILLAGE, Json, account
from tests.support.axe import axe_findings
from tests.support.browser import ContextFactory

ME = account()["member_id"]
MATE = account(2)["member_id"]


def visit(number: int, **more: Any) -> Json:
    fields = {
        "id": f"0197b0c2-0000-7000-8000-0000000000c{number}", "village_id": VILLAGE, "team_id": TEAM, "author_id": MATE,
        "member_ids": [MATE], "kind": "home", "household_id": HOMES[0], "participants": 2, "note": None,
        "services": [{"code": "vneid", "people": 2, "outcome": "done"}], "occurred_at": f"{day(0)}T00:05:00+07:00",
        "received_at": f"{day(0)}T00:06:00+07:00", "counted": True, "follow_up_on": None, "task_id": None,
    }  # fmt: skip
    return {**fields, **more}


@pytest.mark.parametrize(
    ("span", "days"),
    [
        ("month", ["2026-01-01", "2026-01-27"]),
        ("before", ["2025-12-01", "2025-12-31"]),
        ("year", ["2026-01-01", "2026-01-27"]),
    ],
)
def test_the_days_of_a_span(phone: ContextFactory, span: str, days: list[str]) -> None:
    engine = Engine(phone)
    assert Model(engine.blank(), engine.base())("mine", "daysOf", span, "2026-01-27") == days


def test_who_was_taken_along_has_a_part(phone: ContextFactory) -> None:
    volunteer = Volunteer(phone, task(issuer="Tỉnh Bình Định"))
    put = volunteer.wire.put
    put("visit", visit(1, member_ids=[MATE, ME]))
    put("visit", visit(2, author_id=ME, member_ids=[ME]))
    put("visit", visit(3))
    put("visit", visit(4, member_ids=[MATE, ME], household_id=None, participants=1))
    volunteer.online()
    page = volunteer.page
    open_screen(page, "/visits")
    page.get_by_role("link", name="Tôi đã làm được").click()
    tiles = page.locator(".tile")
    expect(tiles).to_have_text(["3lượt hỗ trợ", "1hộ", "5lượt người", "1hộ không ghi tên"])
    expect(page.locator(".facts dd")).to_have_text("3 lượt hỗ trợ")
    assert axe_findings(page) == []
    page.get_by_role("radio", name="Tháng trước").check()
    expect(page.get_by_text("Thời gian này chưa ghi lượt nào.")).to_be_visible()
    open_screen(page, "/tasks")
    expect(page.locator("#main .rows .row")).to_contain_text("Tỉnh Bình Định")
    page.locator("#main .rows .row").click()
    expect(page.locator(".facts").filter(has_text="Nơi giao việc")).to_contain_text("Tỉnh Bình Định")
