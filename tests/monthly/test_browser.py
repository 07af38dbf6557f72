"""The report in a real browser, on a phone and at a desk: written, closed, downloaded, and sound by axe."""

from pathlib import Path

from playwright.sync_api import expect

from tests.e2e.test_desk import signed_in
from tests.monthly.files import whole_text, word
from tests.support.browser import ContextFactory, http_errors
from tests.support.desk_places import open_place
from tests.support.looks import is_fine_on_both

CLOSED_WITHIN_MS = 60_000  # two files are written, twice for a double click; a loaded machine is slow


def test_a_coordinator_writes_and_closes_the_month(server: str, desk: ContextFactory, tmp_path: Path) -> None:
    page = signed_in(desk(server, allow=[http_errors(422)]), "coordinator")
    open_place(page, "Báo cáo")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Báo cáo: ")
    is_fine_on_both(page, page.url)
    page.get_by_label("Khó khăn, vướng mắc").fill("Sóng yếu ở làng K3.")
    page.get_by_label("Ngày báo cáo").fill("2026-02-05")
    page.get_by_text("Nơi nhận và chữ ký").click()
    page.get_by_label("Họ tên người ký").fill("Đinh Văn Nhân")
    page.get_by_role("button", name="Lưu bản nháp").click()
    expect(page.get_by_role("status")).to_contain_text("Đã lưu lúc")
    with page.expect_download() as download:
        page.get_by_role("link", name="Word (.docx)").click()
    download.value.save_as(tmp_path / "report.docx")
    said = whole_text((tmp_path / "report.docx").read_bytes())
    assert "ngày 05 tháng 02 năm 2026" in said
    assert "Sóng yếu ở làng K3." in said
    for summary in ("Theo nội dung hỗ trợ", "Theo tổ và địa bàn"):
        page.locator("summary", has_text=summary).click()
    is_fine_on_both(page, page.url)
    page.locator("summary", has_text="Chốt báo cáo…").click()
    page.get_by_role("button", name="Chốt báo cáo").dblclick()
    expect(page.get_by_role("heading", name="Đến sau khi chốt")).to_be_visible(timeout=CLOSED_WITHIN_MS)
    expect(page.get_by_text("Bản 1, ")).to_be_visible()
    is_fine_on_both(page, page.url)


def test_templates_are_put_up_and_explained(server: str, desk: ContextFactory, tmp_path: Path) -> None:
    page = signed_in(desk(server, allow=[http_errors(422)]), "province")
    page.goto("/desk/reports")
    is_fine_on_both(page, page.url)
    page.get_by_role("link", name="Mẫu báo cáo").click()
    (tmp_path / "mẫu sai.docx").write_bytes(word("Tổng {{ tong_luot }}"))
    (tmp_path / "mẫu.docx").write_bytes(word("Tổng {{ luot }}"))
    page.get_by_label("Tệp (.docx").set_input_files(tmp_path / "mẫu sai.docx")
    page.get_by_role("button", name="Đưa lên").click()
    expect(page.get_by_role("alert")).to_contain_text("Không có chỗ điền nào tên “tong_luot”")
    is_fine_on_both(page, page.url)
    page.get_by_label("Tệp (.docx").set_input_files(tmp_path / "mẫu.docx")
    page.get_by_role("button", name="Đưa lên").click()
    expect(page.get_by_role("status")).to_contain_text("mẫu dùng được")
    is_fine_on_both(page, page.url)
    page.get_by_role("link", name="Tất cả chỗ điền").click()
    expect(page.get_by_role("cell", name="ngày 05 tháng 02 năm 2026")).to_be_visible()
    is_fine_on_both(page, page.url)
    page.goto("/desk/reports")
    expect(page.get_by_label("Theo mẫu khác")).not_to_have_value("")
    page.get_by_role("button", name="Tạo tệp").dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tạo tệp báo cáo")
    expect(page.get_by_text("Sẽ bắt đầu ngay sau đây.")).to_be_visible()
    is_fine_on_both(page, page.url)
