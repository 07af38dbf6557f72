"""The pages of reorganisations in a browser: a split is put up, decided, applied, looked at on both maps, undone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.reorganisations.desk import HEAD, HOME, MERGER, SPLIT, VILLAGES, today, yesterday
from tests.support.browser import ContextFactory, http_errors
from tests.support.desk_places import enter_desk, open_place
from tests.support.field_server import serving
from tests.support.looks import is_fine_on_both
from tests.support.spreadsheets import workbook
from tests.support.world import World

pytestmark = pytest.mark.own_app


@pytest.fixture
def place(world_on_sqlite: World) -> Iterator[str]:
    """The application's address."""
    with serving(world_on_sqlite) as server:
        yield server.url


def signed_in(page: Page) -> None:
    enter_desk(page, "tinh")
    open_place(page, "Sắp xếp địa giới")


def put_up(page: Page, file: Path, kind: str = "Xã, phường: nhập, chia") -> None:
    page.get_by_label(kind).check()
    page.get_by_label("Tệp (.xlsx hoặc .csv").set_input_files(file)
    page.get_by_label("Ngày có hiệu lực").fill(today().isoformat())
    page.get_by_label("Số, ký hiệu văn bản").fill("1664/NQ-UBTVQH15")
    page.get_by_label("Ngày của văn bản").fill(yesterday().isoformat())
    page.get_by_label("Nội dung (trích yếu)").fill("Sắp xếp các đơn vị hành chính cấp xã")
    page.get_by_role("button", name="Xem trước").click()


def walk(page: Page, folder: Path) -> None:
    """The whole way of a split: what is wrong, who goes where, what changes, applied, undone."""
    wrong, split = folder / "sai.xlsx", folder / "sắp xếp.xlsx"
    wrong.write_bytes(workbook([HEAD, ("99999", "", "30001", "Phường Đông", "Phường"), ("21601", "", "21601", "", "")]))
    split.write_bytes(workbook(SPLIT))
    signed_in(page)
    is_fine_on_both(page, "home")
    put_up(page, wrong)
    expect(page.get_by_role("heading", name="Cần sửa lại tệp")).to_be_visible()
    is_fine_on_both(page, "faults")
    page.get_by_role("button", name="Bỏ lần sắp xếp này").click()
    put_up(page, split)
    expect(page.get_by_role("heading", name="Các thôn này về đâu?")).to_be_visible()
    is_fine_on_both(page, "split")
    page.get_by_role("button", name="Tất cả về Phường Đông").click()
    expect(page.get_by_role("heading", name="Những gì sẽ thay đổi")).to_be_visible()
    page.get_by_text("Xem hoặc sửa nơi đến").click()
    page.get_by_role("group", name="Thôn B").get_by_label("Xã Tây").check()
    is_fine_on_both(page, "preview")
    page.get_by_role("button", name="Lưu lựa chọn").click()
    page.get_by_text("Xem từng thôn").click()
    expect(page.get_by_text("Xã near → Xã Tây")).to_be_visible()
    is_fine_on_both(page, "villages")
    page.get_by_role("button", name="Thực hiện sắp xếp từ").click()
    expect(page.get_by_role("heading", level=1, name="Sắp xếp các đơn vị hành chính cấp xã")).to_be_visible()
    is_fine_on_both(page, "applied")
    page.get_by_role("link", name="Theo địa giới trước").click()
    expect(page.get_by_role("link", name="Xã near").first).to_be_visible()
    page.go_back()
    page.get_by_text("Tôi muốn dùng lại địa giới").click()
    page.get_by_role("button", name="Hoàn tác lần sắp xếp này").click()
    expect(page.get_by_text("Đã hoàn tác").first).to_be_visible()
    is_fine_on_both(page, "undone")
    page.get_by_role("navigation", name="Quay lại").get_by_role("link").click()
    expect(page.get_by_text("Đã hoàn tác")).to_be_visible()
    is_fine_on_both(page, "home-later")


def walk_villages(page: Page, folder: Path) -> None:
    """A merger of villages: what becomes of the teams is chosen, and it is applied."""
    file = folder / "thôn.xlsx"
    file.write_bytes(workbook(VILLAGES))
    signed_in(page)
    put_up(page, file, "Thôn: nhập, đổi tên")
    expect(page.get_by_role("heading", name="Các tổ thì sao?")).to_be_visible()
    is_fine_on_both(page, "merger")
    page.get_by_role("group", name="Thôn Chung").get_by_label("Gộp tổ").check()
    page.get_by_role("button", name="Lưu lựa chọn").click()
    expect(page.get_by_role("group", name="Thôn Chung").get_by_label("Gộp tổ")).to_be_checked()
    page.get_by_role("button", name="Thực hiện sắp xếp từ").click()
    expect(page.get_by_text("từ Thôn A, Thôn B")).to_be_visible()
    is_fine_on_both(page, "merged")


def test_a_merger_of_villages(place: str, desk: ContextFactory, tmp_path: Path) -> None:
    walk_villages(desk(place).new_page(), tmp_path)


def test_a_split_from_file_to_map_and_back(place: str, desk: ContextFactory, tmp_path: Path) -> None:
    walk(desk(place).new_page(), tmp_path)


def test_it_works_without_javascript(place: str, desk: ContextFactory, tmp_path: Path) -> None:
    page = desk(place, java_script_enabled=False).new_page()
    file = tmp_path / "nhập.xlsx"
    file.write_bytes(workbook(MERGER))
    signed_in(page)
    put_up(page, file)
    page.get_by_role("button", name="Thực hiện sắp xếp từ").click()
    expect(page.get_by_text("Đang áp dụng")).to_be_visible()
    page.get_by_text("Tôi muốn dùng lại địa giới").click()
    page.get_by_role("button", name="Hoàn tác lần sắp xếp này").click()
    expect(page.get_by_text("Đã hoàn tác").first).to_be_visible()


def test_a_stale_page_says_so(place: str, desk: ContextFactory, tmp_path: Path, world_on_sqlite: World) -> None:
    page = desk(place, allow=[http_errors(409)]).new_page()
    file = tmp_path / "nhập.xlsx"
    file.write_bytes(workbook(MERGER))
    signed_in(page)
    put_up(page, file)
    other = tmp_path / "khác.csv"
    other.write_text("old_code,new_code,new_name,new_kind\n21604,21604,Xã Xa,commune\n", encoding="utf-8")
    command = ["areas", "reorganise", str(other), "--effective", yesterday().isoformat()]
    assert world_on_sqlite.app.test_cli_runner().invoke(args=command).exit_code == 0
    page.get_by_role("button", name="Thực hiện sắp xếp từ").click()
    expect(page.get_by_text("Địa giới đã thay đổi trong lúc bạn xem nên chưa ghi gì.")).to_be_visible()
    expect(page.get_by_text("từ Xã near, Xã Xa")).to_be_visible()
    assert HOME in page.url
