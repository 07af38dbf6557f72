"""Attendance sheets, blank sheets and entering for a team in a browser: by keyboard, on paper, on a small screen."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import ContextFactory, http_errors
from tests.support.days import this_month, today
from tests.support.desk_places import enter_desk, open_place
from tests.support.field_server import serving
from tests.support.looks import is_fine_on_both, too_wide
from tests.support.world import World
from tests.sync.test_attendance import day

pytestmark = pytest.mark.own_app
WIDEST_ON_A4 = 1060  # pixels between the margins of a page across


@pytest.fixture
def place(world_on_sqlite: World) -> Iterator[str]:
    """The application's address, after a little work of two teams."""
    world = world_on_sqlite
    an, chi = world.phone("an"), world.phone("chi")
    days = [day(an, world, "an", "binh", on=(today() - timedelta(days=back)).isoformat()) for back in range(3)]
    an.send(an.household(world.villages["a"], "Y Thanh Lan"), *days)
    chi.send(chi.visit(world.villages["b"], participants=4))
    with serving(world) as server:
        yield server.url


def signed_in(page: Page) -> Page:
    enter_desk(page, "xa")
    open_place(page, "Chấm công, giấy")
    return page


def walk(page: Page) -> None:
    """The sheet with its rates, the forgotten day, entering two rows with the keyboard, the blank sheet."""
    page.get_by_role("link", name="Nhập mức chi một ngày").click()
    page.get_by_label("Mức chi một ngày cho mọi tổ").fill("150.000")
    is_fine_on_both(page, "rates")
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_role("link", name="Mức chi một ngày: 150.000 đ")).to_be_visible()
    is_fine_on_both(page, "sheet")
    page.get_by_role("link", name="Thêm 1 ngày còn thiếu").click()
    expect(page.get_by_role("checkbox")).to_be_checked()
    is_fine_on_both(page, "forgotten")
    page.get_by_role("button", name="Thêm các ngày đã đánh dấu").click()
    expect(page.get_by_role("status")).to_contain_text("Đã thêm 1 ngày công")
    page.get_by_role("link", name="Nhập thay").click()
    page.get_by_role("link", name="Tổ CNSCĐ thôn A").click()
    enter_two_rows(page)
    page.get_by_text("Số của từng nội dung hỗ trợ").click()
    is_fine_on_both(page, "entry")
    page.get_by_role("button", name="Lưu các dòng").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("dòng 2")
    is_fine_on_both(page, "entry-wrong")
    page.locator("#services-2").fill("3")
    page.get_by_role("button", name="Lưu các dòng").press("Enter")
    expect(page.get_by_text("xã nhập thay").first).to_be_visible()
    is_fine_on_both(page, "entered")
    page.goto(f"/desk/paper?month={this_month()}")
    is_fine_on_both(page, "blank")


def enter_two_rows(page: Page) -> None:
    page.locator("#on-1").fill(today().isoformat())
    page.locator("#household-1").fill("Y Thanh Lan")
    page.locator("#services-1").fill("1, 2")
    page.locator("#on-2").fill(today().isoformat())
    page.locator("#services-2").fill("x")


def test_for_both_screens(place: str, desk: ContextFactory) -> None:
    page = signed_in(desk(place, allow=[http_errors(422)]).new_page())
    walk(page)


def test_on_paper(desk: ContextFactory, place: str, tmp_path: Path) -> None:
    page = signed_in(desk(place).new_page())
    page.set_viewport_size({"width": WIDEST_ON_A4, "height": 740})
    page.emulate_media(media="print")
    for name, path in (("sheet", "/desk/attendance"), ("blank", "/desk/paper")):
        page.goto(path)
        page.pdf(path=tmp_path / f"{name}.pdf", prefer_css_page_size=True)
        assert too_wide(page) == 0, name
        expect(page.get_by_role("navigation")).to_have_count(0)
        expect(page.get_by_text("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")).to_be_visible()


def test_a_blank_sheet_fits_on_one_page(
    desk: ContextFactory, world_on_sqlite: World, place: str, tmp_path: Path
) -> None:
    """With the names of the team as well, which take a line more."""
    page = signed_in(desk(place).new_page())
    for name, team in (("any", ""), ("with-names", f"&names=yes&team={world_on_sqlite.teams['a']}")):
        page.goto(f"/desk/paper?month={this_month()}{team}")
        page.pdf(path=tmp_path / f"{name}.pdf", prefer_css_page_size=True)
        assert (tmp_path / f"{name}.pdf").read_bytes().count(b"/Type /Page\n") == 1, name


def test_without_javascript(desk: ContextFactory, place: str) -> None:
    page = signed_in(desk(place, java_script_enabled=False).new_page())
    page.get_by_role("link", name="Nhập thay").click()
    page.get_by_role("link", name="Tổ CNSCĐ thôn A").click()
    page.locator("#on-1").fill(today().isoformat())
    page.locator("#services-1").fill("1")
    page.get_by_role("button", name="Lưu các dòng").click()
    expect(page.get_by_text("xã nhập thay").first).to_be_visible()
