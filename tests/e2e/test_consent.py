"""Asking a household whether it may be named, at the door."""

from playwright.sync_api import Page, expect

from tests.e2e.field_app import first_service, open_screen, save, stored
from tests.support.axe import axe_findings

SPOKEN = "Tổ xin ghi tên chủ hộ và nội dung đã hướng dẫn để báo cáo xã và tiện quay lại hỗ trợ."


def test_a_household_that_was_never_asked_is_asked_and_may_refuse(volunteer: Page) -> None:
    first, second, *_ = stored(volunteer, "households")
    open_screen(volunteer, f"/household/{first['id']}")
    volunteer.get_by_text("Chưa hỏi về việc ghi tên").click()
    expect(volunteer.locator("#main")).to_contain_text(SPOKEN)
    assert axe_findings(volunteer) == []
    volunteer.get_by_role("button", name="Đồng ý", exact=True).click()
    expect(volunteer.get_by_text("Chưa hỏi về việc ghi tên")).to_have_count(0)
    (kept,) = [one for one in stored(volunteer, "households") if one["id"] == first["id"]]
    assert (kept["consents"]["named"]["given"], kept["consents"]["named"]["notice"]) == (True, "2026-1")
    open_screen(volunteer, f"/household/{second['id']}")
    volunteer.get_by_text("Chưa hỏi về việc ghi tên").click()
    volunteer.get_by_role("button", name="Không đồng ý").click()
    expect(volunteer.get_by_role("heading", level=1)).to_have_text("Hộ không ghi tên")
    assert second["id"] not in {one["id"] for one in stored(volunteer, "households")}
    first_service(volunteer).click()
    save(volunteer)
    assert stored(volunteer, "myVisits")[0]["household_id"] is None


def test_the_first_visit_asks_and_a_refusal_leaves_the_visit(volunteer: Page) -> None:
    household = stored(volunteer, "households")[0]
    open_screen(volunteer, f"/visit/new/{household['id']}")
    first_service(volunteer).click()
    save(volunteer)
    recorded = stored(volunteer, "myVisits")[0]["id"]
    volunteer.get_by_text("Chưa hỏi về việc ghi tên").click()
    volunteer.get_by_role("button", name="Không đồng ý").click()
    expect(volunteer.get_by_role("link", name="Ghi lượt hỗ trợ")).to_be_visible()
    assert household["id"] not in {one["id"] for one in stored(volunteer, "households")}
    assert recorded in {visit["id"] for visit in stored(volunteer, "myVisits")}
    expect(volunteer.locator("body")).not_to_contain_text(household["head_name"])


def test_nothing_is_ticked_beforehand_and_a_refusal_stores_nothing(volunteer: Page) -> None:
    before = len(stored(volunteer, "households"))
    open_screen(volunteer, "/household/new?then=visit")
    consent = volunteer.get_by_role("group", name="Hộ có đồng ý cho tổ ghi tên không?").get_by_role("radio")
    expect(consent).to_have_count(2)
    expect(consent.and_(volunteer.locator(":checked"))).to_have_count(0)
    consent.first.check()
    volunteer.get_by_role("button", name="Bỏ chọn, chưa hỏi").click()
    expect(consent.and_(volunteer.locator(":checked"))).to_have_count(0)
    volunteer.get_by_label("Họ và tên chủ hộ").fill("Đinh Thị Quyên")
    volunteer.get_by_role("radio", name="Không đồng ý").check()
    expect(volunteer.get_by_label("Họ và tên chủ hộ")).to_have_count(0)
    assert axe_findings(volunteer) == []
    volunteer.get_by_role("button", name="Lưu").click()
    expect(volunteer.get_by_role("heading", level=1)).to_have_text("Hộ không ghi tên")
    assert len(stored(volunteer, "households")) == before
    assert stored(volunteer, "drafts") == []


def test_an_agreement_is_kept_with_the_household(volunteer: Page) -> None:
    open_screen(volunteer, "/household/new")
    volunteer.get_by_label("Họ và tên chủ hộ").fill("Đinh Thị Quyên")
    volunteer.get_by_role("radio", name="Đồng ý", exact=True).check()
    volunteer.get_by_role("button", name="Lưu").click()
    expect(volunteer.locator("#say")).to_have_text("Đã lưu hộ.")
    (kept,) = [one for one in stored(volunteer, "households") if one["head_name"] == "Đinh Thị Quyên"]
    assert kept["consents"]["named"]["given"] is True
