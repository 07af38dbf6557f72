"""A household that may be in the list already is hinted at while one enters it, offline, and nothing is in the way."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.field_app import await_offline, first_service, open_screen, save, sign_in, stored
from tests.register.acting import agreed
from tests.support.browser import NETWORK_ERRORS, ContextFactory, http_errors
from tests.support.field_server import FieldServer
from tests.support.looks import is_fine

HINT = "Có thể đã có trong danh sách"


@pytest.fixture
def volunteer(field_server: FieldServer, phone: ContextFactory) -> Page:
    """A phone of team A, on which a member of another team of the village has entered two households."""
    world, binh = field_server.world, field_server.world.phone("binh")
    number = {"phone": "0912345678", "consents": agreed(binh, contact=True)}
    binh.send(
        binh.household(world.villages["a"], "Rơ Châm Mỹ", hamlet="Xóm Đông", **number),
        binh.household(world.villages["a"], "Đinh Văn Ê"),
    )
    page = phone(allow=[NETWORK_ERRORS, http_errors(401)], viewport={"width": 360, "height": 740}).new_page()
    sign_in(page, field_server.url, field_server.sign_in, field_server.password)
    await_offline(page)
    page.context.set_offline(True)
    return page


def test_who_may_be_there_is_named_and_opened_or_is_a_new_one(volunteer: Page) -> None:
    page = volunteer
    before = len(stored(page, "households"))
    open_screen(page, "/household/new?then=visit")
    name, number = page.get_by_label("Họ và tên chủ hộ"), page.get_by_label("Điện thoại (nếu hộ đồng ý)")
    name.fill("ro cham m")
    expect(page.get_by_text(HINT)).to_have_count(0)
    name.press_sequentially("i")
    expect(page.get_by_text(HINT)).to_be_visible()
    found = page.get_by_role("link", name="Rơ Châm Mỹ")
    expect(found).to_contain_text("Xóm Đông")
    expect(found).to_contain_text("cùng tên")
    is_fine(page, "by-name")
    page.get_by_role("button", name="Không, vẫn là hộ mới").click()
    expect(page.get_by_text(HINT)).to_have_count(0)
    name.fill("Siu Blan")
    number.fill("0912 345 678")
    expect(page.get_by_text(HINT)).to_have_count(0)
    name.fill("Đinh Văn Ê")
    expect(page.get_by_role("link", name="Đinh Văn Ê")).to_be_visible()
    page.get_by_text("Hộ đồng ý").last.click()
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đinh Văn Ê")
    assert len(stored(page, "households")) == before + 1, "nothing was in the way of a new one"


def test_by_its_number_it_is_found_too_and_leads_to_its_visit(volunteer: Page) -> None:
    page = volunteer
    before = len(stored(page, "households"))
    open_screen(page, "/household/new?then=visit")
    page.get_by_label("Họ và tên chủ hộ").fill("Con của Mỹ")
    page.get_by_label("Điện thoại (nếu hộ đồng ý)").fill("+84 912 345 678")
    expect(page.get_by_text("cùng số điện thoại")).to_be_visible()
    is_fine(page, "by-number")
    page.get_by_role("link", name="Rơ Châm Mỹ").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Rơ Châm Mỹ")
    first_service(page).click()
    save(page)
    assert stored(page, "myVisits")[0]["household_name"] == "Rơ Châm Mỹ"
    assert len(stored(page, "households")) == before
