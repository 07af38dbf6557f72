"""The pages of imports in a browser: a file is chosen, looked over, mended by a column, taken in, taken back."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from playwright.sync_api import Page, expect

from tests.imports.desk import HOUSEHOLDS, PEOPLE
from tests.support.browser import ContextFactory
from tests.support.desk_places import enter_desk, open_place
from tests.support.field_server import serving
from tests.support.looks import is_fine_on_both
from tests.support.spreadsheets import workbook
from tests.support.world import World

pytestmark = pytest.mark.own_app
ROWS = [
    (*HOUSEHOLDS[:5], "Số CCCD", "Địa chỉ"),
    ("H1", "Nguyễn Văn Ổn", "Thôn A", "Xóm Trên", 4, "052099001234", "nhà cuối đường"),
    ("H2", "Rơ Châm Suệ", "Thôn A", "Xóm Dưới", 5, "052099001235", ""),
    ("H3", "", "Thôn A", "Xóm Dưới", 5, "052099001236", ""),
    ("H4", "Đinh Thị Lễ", "Thôn Z", "Xóm Dưới", 60, "052099001237", ""),
    ("H1", "Nguyễn Văn Ổn", "Thôn A", "Xóm Trên", 4, "052099001234", "nhà cuối đường"),
]


@pytest.fixture
def place(world_on_sqlite: World) -> Iterator[str]:
    """The application's address."""
    with serving(world_on_sqlite) as server:
        yield server.url


def signed_in(page: Page) -> None:
    enter_desk(page, "xa")
    open_place(page, "Nhập danh sách")


def put_up(page: Page, kind: str, file: Path) -> None:
    page.get_by_label(kind, exact=True).check()
    page.get_by_label("Tệp (.xlsx hoặc .csv").set_input_files(file)
    page.get_by_role("button", name="Xem trước").click()


def walk(page: Page, folder: Path) -> None:
    """The whole way of a list of households, and a look at one of people."""
    households, people = folder / "Hộ thôn A.xlsx", folder / "to-cnscd.xlsx"
    households.write_bytes(workbook(ROWS))
    people.write_bytes(
        workbook([PEOPLE, ("Lê Hữu Phước", "0912345678", "Thôn A", "Tổ phó", "Công an xã", "01/03/2024")])
    )
    signed_in(page)
    is_fine_on_both(page, "home")
    put_up(page, "Hộ gia đình", households)
    expect(page.get_by_role("heading", name="Các dòng có lỗi")).to_be_visible()
    expect(page.get_by_text("“Số CCCD”: số căn cước")).to_be_visible()
    is_fine_on_both(page, "preview")
    page.evaluate("window.stayed = true")
    page.locator("summary", has_text="Các cột trong tệp").click()
    page.get_by_label("Địa chỉ").select_option(label="Ghi chú")
    page.get_by_role("button", name="Dùng các cột này").click()
    expect(page.get_by_role("columnheader", name="Ghi chú").first).to_be_visible()
    page.get_by_text("Bỏ qua 2 dòng có lỗi").click()
    is_fine_on_both(page, "columns")
    page.get_by_role("button", name="Nhập 2 dòng mới vào hệ thống").click()
    expect(page.get_by_text("Đã nhập lúc")).to_be_visible()
    is_fine_on_both(page, "taken-in")
    page.get_by_role("button", name="Hoàn tác danh sách này").click()
    expect(page.get_by_text("Danh sách này đã được hoàn tác lúc")).to_be_visible()
    is_fine_on_both(page, "taken-back")
    page.get_by_role("navigation", name="Nhập danh sách").get_by_role("link").click()
    put_up(page, "Thành viên tổ", people)
    expect(page.get_by_role("button", name="Nhập 1 dòng mới vào hệ thống")).to_be_visible()
    is_fine_on_both(page, "people")
    page.get_by_role("navigation", name="Nhập danh sách").get_by_role("link").click()
    expect(page.get_by_text("Đã hoàn tác")).to_be_visible()
    expect(page.get_by_text("Chưa nhập", exact=True)).to_be_visible()
    is_fine_on_both(page, "home-later")


def test_a_list_from_file_to_system_and_back(place: str, desk: ContextFactory, tmp_path: Path) -> None:
    walk(desk(place).new_page(), tmp_path)


def test_it_works_without_javascript(place: str, desk: ContextFactory, tmp_path: Path) -> None:
    page = desk(place, java_script_enabled=False).new_page()
    file = tmp_path / "hộ.xlsx"
    file.write_bytes(workbook([("A", "B"), ("Võ Minh Ánh", "Thôn B")]))
    signed_in(page)
    put_up(page, "Hộ gia đình", file)
    page.get_by_label("A", exact=True).select_option(label="Họ tên chủ hộ")
    page.get_by_label("B", exact=True).select_option(label="Thôn")
    page.get_by_role("button", name="Dùng các cột này").click()
    page.get_by_role("button", name="Nhập 1 dòng mới vào hệ thống").click()
    expect(page.get_by_text("Đã nhập lúc")).to_be_visible()


def crowded_book() -> bytes:
    """Two sheets of which the first is no list; headings in two rows that nobody can guess at, some never taken."""
    made = Workbook()
    note: Any = made.active
    note.title = "Hướng dẫn"
    note.append(["Đọc kỹ trước khi nhập"])
    sheet: Any = made.create_sheet("Hộ thôn A")
    for row in (
        ("UBND XÃ VĨNH SƠN",), ("STT", "Ai là chủ", "Nơi sống", "", "Năm sinh", "", "Dân tộc"),
        ("", "", "Ở đâu", "Xóm", "Nam", "Nữ", ""), ("(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)"),
        (1, "Nguyễn Văn Ổn", "Thôn A", "Xóm Trên", 1980, "", "Kinh"),
        (2, "Rơ Châm Suệ", "Thôn A", "Xóm Dưới", "", 1985, "Ba Na"), ("", "Tổng cộng: 2 hộ"),
    ):  # fmt: skip
        sheet.append(row)
    for area in ("A2:A3", "B2:B3", "C2:D2", "E2:F2", "G2:G3"):
        sheet.merge_cells(area)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def choose(page: Page) -> None:
    """Says on which sheet the list is and what its columns hold, and takes it in."""
    expect(page.get_by_label("Danh sách nằm ở trang")).to_have_value("Hộ thôn A")
    page.get_by_label("Danh sách nằm ở trang").select_option("Hướng dẫn")
    page.get_by_role("button", name="Xem trang này").click()
    expect(page.get_by_text("trang tính “Hướng dẫn”")).to_be_visible()
    page.get_by_label("Danh sách nằm ở trang").select_option("Hộ thôn A")
    page.get_by_role("button", name="Xem trang này").click()
    expect(page.get_by_text("trang tính “Hộ thôn A”")).to_be_visible()
    expect(page.get_by_text("“Năm sinh · Nữ”: ngày sinh")).to_be_visible()
    expect(page.get_by_text("“Dân tộc”: dân tộc")).to_be_visible()
    page.get_by_label("Ai là chủ").select_option(label="Họ tên chủ hộ")
    page.get_by_label("Nơi sống · Ở đâu").select_option(label="Thôn")


def test_the_page_where_columns_are_chosen(place: str, desk: ContextFactory, tmp_path: Path) -> None:
    map_columns(desk(place).new_page(), tmp_path)


def test_columns_are_chosen_without_javascript(place: str, desk: ContextFactory, tmp_path: Path) -> None:
    map_columns(desk(place, java_script_enabled=False).new_page(), tmp_path, is_plain=True)


def map_columns(page: Page, folder: Path, *, is_plain: bool = False) -> None:
    """The way of a file that nobody could guess at, and of the next one, at which nothing has to be said."""
    file = folder / "hộ.xlsx"
    file.write_bytes(crowded_book())
    signed_in(page)
    put_up(page, "Hộ gia đình", file)
    choose(page)
    if not is_plain:
        is_fine_on_both(page, "mapping")
    page.get_by_role("button", name="Dùng các cột này").click()
    expect(page.get_by_text("Các dòng ngoài bảng được bỏ qua")).to_contain_text("dòng 4, 7")
    page.get_by_role("button", name="Nhập 2 dòng mới vào hệ thống").click()
    expect(page.get_by_text("Đã nhập lúc")).to_be_visible()
    page.get_by_role("navigation", name="Nhập danh sách").get_by_role("link").click()
    put_up(page, "Hộ gia đình", file)
    expect(page.get_by_text("2 dòng đã có")).to_be_visible()
    page.locator("summary", has_text="Các cột trong tệp").click()
    expect(page.get_by_text("như lần gần nhất bạn chọn")).to_be_visible()
    if not is_plain:
        is_fine_on_both(page, "remembered")
