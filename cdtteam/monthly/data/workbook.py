"""The report's figures as a workbook: the area's, by content of support, by team, and who is silent."""

import io

from openpyxl import Workbook
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

FONT = "Times New Roman"
LINES = 400  # rows below which no pillar stands
_THIN = Side(style="thin")
_GRID = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_HEAD = PatternFill("solid", fgColor="DFF0EC")
_WORDS = (".ten }}", ".dia_ban }}", "trang_thai }}", "ly_do }}")
_LINE = ("tt", "ten", "luot", "nguoi", "nam_luot", "nam_nguoi")
_LINE_HEADS = ("TT", "Nội dung", "Lượt trong kỳ", "Người trong kỳ", "Lượt lũy kế năm", "Người lũy kế năm")
FIGURES = (
    ("Tổ công nghệ số cộng đồng", "tổ", "to_tong"),
    ("Tổ có hoạt động", "tổ", "to_hoat_dong"),
    ("Tỷ lệ tổ có hoạt động", "%", "ty_le_to"),
    ("Tổ báo không phát sinh", "tổ", "to_khong_phat_sinh"),
    ("Tổ chưa ghi nhận hoạt động", "tổ", "to_chua_ghi_nhan"),
    ("Thành viên", "người", "thanh_vien_tong"),
    ("Thành viên tham gia", "người", "thanh_vien_hoat_dong"),
    ("Lượt hỗ trợ", "lượt", "luot"),
    ("Lượt người được hỗ trợ", "lượt người", "nguoi"),
    ("Hộ gia đình được hỗ trợ", "hộ", "ho"),
    ("Lượt tại nhà hộ không ghi tên", "lượt", "ho_khong_ten"),
)


def make_workbook() -> bytes:
    """The template's file, as openpyxl writes it."""
    workbook = Workbook()
    _figures(workbook.active)
    _contents(workbook.create_sheet("Nội dung"))
    _list(
        workbook.create_sheet("Nội dung chung cả nước"), "KẾT QUẢ THEO NHÓM NỘI DUNG CHUNG CỦA CẢ NƯỚC", _LINE_HEADS,
        "muc_quoc_gia", _LINE, (6, 52, 14, 14, 14, 14),
    )  # fmt: skip
    teams = workbook.create_sheet("Các tổ")
    _list(
        teams, "HOẠT ĐỘNG THEO TỪNG TỔ, TỪNG ĐỊA BÀN",
        ("TT", "Tổ", "Địa bàn", "Lượt", "Người", "Hộ", "Lượt không ghi tên", "Thành viên tham gia", "Trạng thái"),
        "cac_to", ("tt", "ten", "dia_ban", "luot", "nguoi", "ho", "ho_khong_ten", "thanh_vien", "trang_thai"),
        (6, 30, 22, 10, 10, 10, 12, 14, 44),
    )  # fmt: skip
    _note(teams, 5, "{{ ghi_chu_doi_to }}", 9)
    _list(
        workbook.create_sheet("Chưa ghi nhận"), "CÁC TỔ CHƯA GHI NHẬN HOẠT ĐỘNG", ("TT", "Tổ", "Địa bàn", "Lý do"),
        "to_im_lang", ("tt", "ten", "dia_ban", "ly_do"), (6, 34, 34, 26),
    )  # fmt: skip
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def _figures(sheet: Worksheet) -> None:
    sheet.title = "Số liệu"
    _title(sheet, "KẾT QUẢ HOẠT ĐỘNG CỦA TỔ CÔNG NGHỆ SỐ CỘNG ĐỒNG", (6, 44, 14, 14, 16))
    _row(sheet, 6, ("TT", "Chỉ tiêu", "Đơn vị", "Trong kỳ", "Lũy kế năm"), is_head=True)
    for number, (name, unit, key) in enumerate(FIGURES, 1):
        _row(sheet, 6 + number, (str(number), name, unit, f"{{{{ {key} }}}}", f"{{{{ nam_{key} }}}}"))
    last = 8 + len(FIGURES)
    _note(sheet, last - 1, "{{ nam_ghi_chu_doi_to }}", 5)
    _note(sheet, last, "Dấu “–” là chưa có số liệu. Lũy kế tính từ ngày {{ nam_tu_ngay }}.", 5)
    for at, (name, key) in enumerate((("Khó khăn, vướng mắc", "kho_khan"), ("Đề xuất, kiến nghị", "kien_nghi"))):
        sheet.cell(last + 2 + 2 * at, 1, name).font = Font(FONT, 12, bold=True)
        _note(sheet, last + 3 + 2 * at, f"{{{{ {key} }}}}", 5)
        sheet.row_dimensions[last + 3 + 2 * at].height = 80


def _contents(sheet: Worksheet) -> None:
    _list(sheet, "KẾT QUẢ THEO NỘI DUNG HỖ TRỢ", _LINE_HEADS, "bang_noi_dung", _LINE, (6, 52, 14, 14, 14, 14))
    pillar = FormulaRule(formula=['AND($A7<>"",ISERROR(VALUE($A7)))'], font=Font(bold=True))
    sheet.conditional_formatting.add(f"A7:F{LINES}", pillar)


def _list(
    sheet: Worksheet, title: str, heads: tuple[str, ...], name: str, keys: tuple[str, ...], widths: tuple[int, ...]
) -> None:
    _title(sheet, title, widths)
    _row(sheet, 6, heads, is_head=True)
    _row(sheet, 7, tuple(f"{{{{ {name}.{key} }}}}" for key in keys))
    sheet.freeze_panes = "A7"
    sheet.print_title_rows = "6:6"


def _title(sheet: Worksheet, title: str, widths: tuple[int, ...]) -> None:
    columns = len(widths)
    for at, width in enumerate(widths):
        sheet.column_dimensions["ABCDEFGHI"[at]].width = width
    lines = (
        ("ỦY BAN NHÂN DÂN {{ dia_ban_hoa }}", Font(FONT, 12, bold=True)),
        (title, Font(FONT, 14, bold=True)),
        ("{{ ten_ky }} (từ ngày {{ tu_ngay }} đến ngày {{ den_ngay }})", Font(FONT, 12, italic=True)),
        ("{{ trang_thai }}; địa bàn theo ngày {{ ngay_ban_do }}", Font(FONT, 11, italic=True)),
    )
    for row, (text, font) in enumerate(lines, 1):
        cell = sheet.cell(row, 1, text)
        cell.font = font
        cell.alignment = Alignment(horizontal="left" if row == 1 else "center", vertical="center", wrap_text=True)
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=columns)
    sheet.page_setup.paperSize, sheet.page_setup.fitToHeight = sheet.PAPERSIZE_A4, 0
    sheet.page_setup.orientation = "landscape" if columns > 6 else "portrait"
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _row(sheet: Worksheet, row: int, texts: tuple[str, ...], *, is_head: bool = False) -> None:
    if is_head:
        sheet.row_dimensions[row].height = 34
    for column, text in enumerate(texts, 1):
        cell = sheet.cell(row, column, text)
        cell.font, cell.border = Font(FONT, 12, bold=is_head), _GRID
        is_words = not is_head and (column == 2 or text.endswith(_WORDS))
        cell.alignment = Alignment(horizontal="left" if is_words else "center", vertical="center", wrap_text=True)
        cell.number_format = "#,##0"
        cell.fill = _HEAD if is_head else PatternFill()


def _note(sheet: Worksheet, row: int, text: str, columns: int) -> None:
    cell = sheet.cell(row, 1, text)
    cell.font, cell.alignment = Font(FONT, 12), Alignment(vertical="top", wrap_text=True)
    sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=columns)
