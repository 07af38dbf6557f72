"""Files as communes have them, each awkward in its own way, with what is to come of them."""

import io
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font

from tests.support.legacy import to_tcvn3, to_vni, to_windows_1258
from tests.support.spreadsheets import Rows, plain, with_parts, workbook

HOUSEHOLDS, PEOPLE = "households", "people"
SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'


@dataclass(frozen=True, slots=True)
class Awkward:
    """A file, the rows new, there and with problems, the columns left out, who comes in, and what the page says."""

    kind: str
    content: Callable[[], bytes]
    counts: tuple[int, int, int, int]
    names: set[str] = field(default_factory=set)
    says: tuple[str, ...] = ()
    file_name: str = "danh sách.xlsx"


def book(*rows: Any, merged: tuple[str, ...] = (), font: str = "", title: str = "Sheet1") -> bytes:
    """A workbook with its cells merged and in a font."""
    made = Workbook()
    sheet: Any = made.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for area in merged:
        sheet.merge_cells(area)
    if font:
        for row in sheet.iter_rows():
            for cell in row:
                cell.font = Font(name=font)
    return saved(made)


def saved(made: Workbook) -> bytes:
    """A workbook's bytes."""
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def each(convert: Callable[[str], str], rows: Rows) -> list[list[Any]]:
    """Rows with their texts converted."""
    return [[convert(cell) if isinstance(cell, str) else cell for cell in row] for row in rows]


LIST: list[tuple[Any, ...]] = [
    ("Họ và tên chủ hộ", "Thôn", "Số khẩu"),
    ("Nguyễn Văn Hường", "Thôn A", 4),
    ("Trần Thị Thủy", "Thôn B", 3),
    ("Rơ Châm Suệ", "Thôn A", 5),
]
NAMES = {"Nguyễn Văn Hường", "Trần Thị Thủy", "Rơ Châm Suệ"}
ALL = (3, 0, 0, 0)


def titles_and_signatures() -> bytes:
    """Titles above, headings in two rows with merged cells, numbers of columns, totals, signatures."""
    return book(
        ("UBND XÃ VĨNH SƠN", None, None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        ("Ban chỉ đạo chuyển đổi số", None, None, "Độc lập - Tự do - Hạnh phúc"),
        (),
        ("DANH SÁCH HỘ GIA ĐÌNH CẦN HỖ TRỢ\n(Kèm theo Kế hoạch số 12/KH-UBND)",),
        ("Tổng số hộ: 3",),
        ("STT", "HỌ VÀ TÊN\nCHỦ HỘ", "Năm sinh", None, "Địa bàn", None),
        (None, None, "Nam", "Nữ", "Thôn", "Xóm"),
        ("(1)", "(2)", "(3)", "(4)", "(5)", "(6)"),
        (1, "Nguyễn Văn Hường", 1980, None, "Thôn A", "Xóm Trên"),
        (2, "Trần Thị Thủy", None, 1975, None, "Xóm Dưới"),
        ("Cộng thôn A", None, None, None, None, 2),
        (3, "Rơ Châm Suệ", 1990, None, "Thôn B", None),
        (None, "Tổng cộng: 3 hộ"),
        (),
        (None, None, None, None, "Vĩnh Sơn, ngày 05 tháng 11 năm 2026"),
        (None, "NGƯỜI LẬP BIỂU", None, None, "TM. ỦY BAN NHÂN DÂN"),
        (None, "(Ký, ghi rõ họ tên)", None, None, "CHỦ TỊCH"),
        (None, "Võ Thị Kế", None, None, "Lê Văn Chủ"),
        merged=("A1:C1", "A4:F4", "A6:A7", "B6:B7", "C6:D6", "E6:F6", "E9:E10"),
    )


def formulas() -> bytes:
    """Values last worked out stand beside their formulas; one was never worked out, one would call elsewhere."""
    cells = (
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>Ch\xe1\xbb\xa7 h\xe1\xbb\x99</t></is></c>'
        b'<c r="B1" t="inlineStr"><is><t>Th\xc3\xb4n</t></is></c></row>'
        b'<row r="2"><c r="A2" t="str"><f>UPPER("x")</f><v>V\xc3\xb5 Ba</v></c>'
        b'<c r="B2" t="str"><f>"Th\xc3\xb4n "&amp;"A"</f><v>Th\xc3\xb4n A</v></c></row>'
        b'<row r="3"><c r="A3"><f>WEBSERVICE("http://127.0.0.1:9/")</f></c>'
        b'<c r="B3" t="str"><f>1</f><v>Th\xc3\xb4n A</v></c></row>'
        b'<row r="4"><c r="A4" t="inlineStr"><is><t>=HYPERLINK("http://127.0.0.1:9/")</t></is></c>'
        b'<c r="B4" t="inlineStr"><is><t>Th\xc3\xb4n A</t></is></c></row>'
    )
    return with_parts(workbook([["x"]]), {"xl/worksheets/sheet1.xml": SHEET + cells + b"</sheetData></worksheet>"})


def several_sheets() -> bytes:
    """The list stands on the second sheet; a hidden one looks like it as well."""
    made = Workbook()
    first: Any = made.active
    first.title = "Hướng dẫn"
    first.append(["Điền theo mẫu", "Thôn"])
    for title, rows in (("Danh sách hộ", LIST), ("Nháp", LIST)):
        sheet: Any = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
    made["Nháp"].sheet_state = "hidden"
    return saved(made)


def phones() -> bytes:
    """Numbers without their zero, from before 2018, two in a cell; people in one cell; days as numbers."""
    return book(
        ("TT", "Họ & tên", "SĐT", "Tổ", "CV", "Từ ngày"),
        (1, "Đ/c Nguyễn Thị Hằng", 912345678, "Tổ CNSCĐ thôn A", "Tổ trưởng", 45352),
        (2, "Đinh Văn Ổn", "01234567890", "Thôn A", "Tổ phó", "tháng 3/2024"),
        (3, "Rơ Châm Suệ", 1689999999, "Thôn B", None, "2024"),
        (4, "Mai Xuân Cường", "0912.345.679 / 0987654321", "Thôn B", None, "1/3/24"),
        (5, "Lê Hữu Phước (tổ viên), Võ Thị Ba 0912 345 677", None, "Thôn B", None, None),
    )


def never_taken() -> bytes:
    """Columns that are never taken, some of which say so only by what stands in them."""
    people = ("Nguyễn Văn Hường", "Trần Thị Thủy", "Rơ Châm Suệ")
    return book(
        ("Chủ hộ", "Thôn", "CCCD/CMND", "DT", "Ngày, tháng, năm sinh", "Vị trí", "Nhóm", "Mốc", "Giấy tờ"),
        *(
            (name, "Thôn A", f"05209900123{at}", ("Kinh", "Tày", "Gia Rai")[at], "1980", "13.77654, 109.22345",
             ("Kinh", "Ba Na", "H’rê")[at], f"0{at + 1}/05/1975", 52099001230 + at)
            for at, name in enumerate(people)
        ),
    )  # fmt: skip


def sections() -> bytes:
    """Villages stand in rows of their own, and no column is for them."""
    return book(
        ("TT", "Họ và tên chủ hộ", "Số khẩu"),
        ("I", "Thôn A (2 hộ)", None),
        (1, "Nguyễn Văn Hường", 4),
        (2, "Rơ Châm Suệ", 5),
        ("II", "THÔN B:", None),
        (1, "Trần Thị Thủy", 3),
    )


AWKWARD: dict[str, Awkward] = {
    "villages in rows of their own": Awkward(HOUSEHOLDS, sections, ALL, NAMES),
    "titles, merged headings, totals, signatures": Awkward(
        HOUSEHOLDS, titles_and_signatures, (3, 0, 0, 2), NAMES, ("dòng 8, 11, 13, 15–18", "“Năm sinh · Nam”: ngày sinh")
    ),
    "TCVN3 by its font": Awkward(HOUSEHOLDS, lambda: book(*each(to_tcvn3, LIST), font=".VnTime"), ALL, NAMES),
    "TCVN3 in a CSV": Awkward(
        HOUSEHOLDS, lambda: plain(each(to_tcvn3, LIST), ";", "latin-1"), ALL, NAMES, file_name="hộ.csv"
    ),
    "VNI by its font": Awkward(HOUSEHOLDS, lambda: book(*each(to_vni, LIST), font="VNI-Times"), ALL, NAMES),
    "VNI whose font was changed": Awkward(HOUSEHOLDS, lambda: book(*each(to_vni, LIST), font="Arial"), ALL, NAMES),
    "decomposed Unicode": Awkward(
        HOUSEHOLDS, lambda: book(*each(lambda text: unicodedata.normalize("NFD", text), LIST)), ALL, NAMES
    ),
    "Windows-1258": Awkward(
        HOUSEHOLDS, lambda: to_windows_1258("\r\n".join(",".join(map(str, row)) for row in LIST)), ALL, NAMES
    ),
    "UTF-16 with tabs": Awkward(HOUSEHOLDS, lambda: plain(LIST, "\t", "utf-16"), ALL, NAMES),
    "semicolons and unseen letters": Awkward(
        HOUSEHOLDS, lambda: plain(each(lambda text: f"\u200b {text}\u00a0", LIST), ";", "utf-8-sig"), ALL, NAMES
    ),
    "no marks and capitals, with gaps": Awkward(
        HOUSEHOLDS,
        lambda: book((), (None, None, "HO TEN CHU HO", None, "THON"), (), (None, None, "VÕ BA", None, "THON A"), ()),
        (1, 0, 0, 0), {"VÕ BA"},
    ),
    "formulas": Awkward(
        HOUSEHOLDS, formulas, (1, 0, 2, 0), {"Võ Ba"}, ("Ô này còn thiếu.", "Đây không giống tên của một người.")
    ),
    "several sheets": Awkward(HOUSEHOLDS, several_sheets, ALL, NAMES, ("trang tính “Danh sách hộ”",)),
    "phones and people": Awkward(
        PEOPLE, phones, (6, 0, 0, 0),
        {"Nguyễn Thị Hằng", "Đinh Văn Ổn", "Rơ Châm Suệ", "Mai Xuân Cường", "Lê Hữu Phước", "Võ Thị Ba"},
        ("0912 345 678", "0834 567 890", "0389 999 999", "0912 345 679 Không lấy: 0987 654 321", "0912 345 677",
         "Từ ngày 01/03/2024", "Từ ngày 01/01/2024"),
    ),
    "what is never taken": Awkward(
        HOUSEHOLDS, never_taken, (3, 0, 0, 7), NAMES,
        ("“Nhóm”: dân tộc", "“Mốc”: ngày sinh", "“Vị trí”: ", "“DT”: dân tộc", "“Giấy tờ”: cột có các số"),
    ),
}  # fmt: skip


def million_rows() -> bytes:
    """A sheet down to the last row of Excel, which says how long it is as Excel does."""
    row = b"".join(b"<row><c><v>%d</v></c></row>" % at for at in range(1_000))
    head = SHEET.replace(b"<sheetData>", b'<dimension ref="A1:A1048576"/><sheetData>')
    sheet = head + row * 1_048 + b"</sheetData></worksheet>"
    return with_parts(workbook([["x"]]), {"xl/worksheets/sheet1.xml": sheet})


def bomb() -> bytes:
    """A part that unpacks to a thousand times its size."""
    return with_parts(workbook([["x"]]), {"xl/worksheets/sheet1.xml": SHEET + b" " * 60 * 1024 * 1024})


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    # On a machine that is busy the limit of the reader's time comes before that of its rows.
    "a million rows": (million_rows, "50.000 dòng|Tệp quá lớn"),
    "a zip bomb": (bomb, "Tệp quá lớn"),
    "an old workbook": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "Hãy lưu thành .xlsx"),
    "a page called .xls": (lambda: b"<table><tr><td>H1</td></tr></table>", "Hãy lưu thành .xlsx"),
    "letters that were lost": (lambda: plain(LIST).decode().encode("latin-1", "replace"), "Không đọc được chữ"),
}
