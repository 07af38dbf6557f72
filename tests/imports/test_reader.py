"""Files become rows of text, whatever their program; what is too much or means harm is refused, and costs little."""

import io
import unicodedata
import zipfile
from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.styles import Font

from cdtteam.imports.reader.files import read_file
from cdtteam.imports.reader.texts import bare, clean
from cdtteam.imports.reader.wire import COLUMNS, ROWS, Delivery
from cdtteam.imports.reading import LARGEST, Refused, pack_rows, read_sheets, unpack_rows
from tests.support.legacy import to_tcvn3, to_vni, to_windows_1258
from tests.support.spreadsheets import plain, with_parts, workbook

HEADER = ["Họ tên", "Thôn", "Ghi chú"]
TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=30)


def rows_of(content: bytes) -> list[list[str]]:
    delivery = read_file(content)
    assert delivery.fault is None
    return delivery.sheets[0].rows


def fault_of(content: bytes) -> str | None:
    return read_file(content).fault


def cut(row: list[str]) -> list[str]:
    while row and not row[-1].strip():
        row = row[:-1]
    return row


@settings(deadline=None, max_examples=150)
@given(
    rows=st.lists(st.lists(TEXT, min_size=3, max_size=3), max_size=8),
    separator=st.sampled_from(",;\t"),
    encoding=st.sampled_from(("utf-8", "utf-8-sig", "utf-16")),
)
def test_any_csv_comes_back(rows: list[list[str]], separator: str, encoding: str) -> None:
    found = rows_of(plain([HEADER, *rows], separator, encoding))
    expected = [cut([bare(clean(cell)) for cell in row]) for row in [HEADER, *rows]]
    while not expected[-1]:
        expected.pop()
    assert found == expected


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=400))
def test_no_bytes_make_it_raise(content: bytes) -> None:
    assert isinstance(read_file(content), Delivery)
    assert isinstance(read_file(b"PK\x03\x04" + content), Delivery)


def test_a_workbook_says_what_people_see() -> None:
    book = Workbook()
    sheet: Any = book.active
    values: list[Any] = ["Nguyễn Văn Ổn", "0912345678", 912345678, 4.0, 0.1, True, date(2026, 11, 24),
                         datetime(2026, 11, 24, 9, 5), time(7, 30), 52099001234, "Nguyê\u0303n", " a\tb\r\nc "]  # noqa: DTZ001  # fmt: skip
    sheet.append(values)
    sheet.append([7])
    sheet["A2"].number_format = "00000"
    assert rows_of(saved(book)) == [
        ["Nguyễn Văn Ổn", "0912345678", "912345678", "4", "0.1", "TRUE", "24/11/2026", "24/11/2026 09:05", "07:30",
         "52099001234", "Nguyễn", " a b\nc "],
        ["00007"],
    ]  # fmt: skip


def test_formulas_give_the_value_last_worked_out_and_links_are_not_followed() -> None:
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
        b'<c r="A1"><f>[1]S!A1+1</f><v>41</v></c><c r="B1" t="str"><f>WEBSERVICE("http://127.0.0.1:9/")</f><v>abc</v></c>'
        b'<c r="C1"><f>1+1</f></c><c r="D1" t="e"><f>1/0</f><v>#DIV/0!</v></c></row></sheetData></worksheet>'
    )
    content = with_parts(workbook([["x"]]), {"xl/worksheets/sheet1.xml": sheet})
    assert rows_of(content) == [["41", "abc", "", "#DIV/0!"]]


def saved(book: Workbook) -> bytes:
    """A workbook as openpyxl writes it when it is not in a hurry, with shared strings."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_gaps_keep_their_place_and_hidden_sheets_stay_hidden() -> None:
    book = Workbook()
    book.create_sheet("Ẩn").sheet_state = "hidden"
    book["Ẩn"]["A1"] = "không lấy"
    sheet: Any = book.active
    sheet.title = "Hộ"
    sheet["A1"], sheet["C4"] = "đầu", "cuối"
    sheets = read_file(saved(book)).sheets
    assert [(one.name, one.rows) for one in sheets] == [("Hộ", [["đầu"], [], [], ["", "", "cuối"]])]


def test_bounds_of_rows_and_columns() -> None:
    assert fault_of(plain([["a", "b"]] * (ROWS + 1))) == "too_many_rows"
    assert len(rows_of(plain([["a", "b"]] * ROWS))) == ROWS
    assert fault_of(plain([["a"] * (COLUMNS + 1)])) == "too_many_columns"
    assert fault_of(workbook([["a"] * (COLUMNS + 1)])) == "too_many_columns"
    assert len(rows_of(workbook([["a"] * COLUMNS]))[0]) == COLUMNS


def repeated(part: bytes, times: int) -> bytes:
    """A sheet of `times` equal rows, written without numbers as some programs do."""
    head = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    return head + part * times + b"</sheetData></worksheet>"


def test_a_million_rows_are_refused_before_they_are_read() -> None:
    row = b"".join(b"<row><c><v>%d</v></c></row>" % (number * 7919 % 100003) for number in range(1000))
    content = with_parts(workbook([["x"]]), {"xl/worksheets/sheet1.xml": repeated(row, 1000)})
    assert fault_of(content) in ("too_many_rows", "too_large")


def test_formatting_down_to_the_last_row_does_no_harm() -> None:
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1">'
        b'<v>1</v></c></row><row r="1048576"><c r="XFD1048576"/></row></sheetData></worksheet>'
    )
    assert rows_of(with_parts(workbook([["x"]]), {"xl/worksheets/sheet1.xml": sheet})) == [["1"]]


SHARED = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"


def shared(texts: list[bytes], sheet: bytes) -> bytes:
    """A workbook as Excel writes it, its texts in a part of their own."""
    content = workbook([["x"]])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        types = archive.read("[Content_Types].xml")
    override = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{SHARED}"/></Types>'.encode()
    head = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    parts = {
        "[Content_Types].xml": types.replace(b"</Types>", override),
        "xl/sharedStrings.xml": head + b"".join(b"<si>" + text + b"</si>" for text in texts) + b"</sst>",
        "xl/worksheets/sheet1.xml": sheet,
    }
    return with_parts(content, parts)


def test_texts_in_a_part_of_their_own() -> None:
    texts = ["<t>Rơ Châm Suệ</t>", "<r><t>Nguyễn </t></r><r><t>Văn Ổn</t></r>"]
    sheet = repeated(b'<row><c t="s"><v>1</v></c><c t="s"><v>0</v></c></row>', 2)
    assert rows_of(shared([text.encode() for text in texts], sheet)) == [["Nguyễn Văn Ổn", "Rơ Châm Suệ"]] * 2


def test_one_long_text_behind_many_cells_is_refused() -> None:
    sheet = repeated(b'<row><c t="s"><v>0</v></c></row>', 2_000)
    assert fault_of(shared([b"<t>" + b"x" * 32_000 + b"</t>"], sheet)) == "too_large"


def test_bombs_are_refused_by_what_they_say_of_themselves() -> None:
    bomb = with_parts(workbook([["x"]]), {"xl/media/zeros.bin": bytes(30 * 1024 * 1024)})
    assert len(bomb) < 100_000
    assert fault_of(bomb) == "too_large"
    many = with_parts(workbook([["x"]]), {f"xl/{number}.xml": b"" for number in range(2_100)})
    assert fault_of(many) == "too_large"
    # An entry that says it is small and is not is broken.
    liar = bytearray(with_parts(workbook([["x"]]), {"xl/worksheets/sheet1.xml": repeated(b"<row/>", 300_000)}))
    at = liar.rfind(b"xl/worksheets/sheet1.xml") - 46
    assert liar[at : at + 4] == b"PK\x01\x02"
    liar[at + 24 : at + 28] = (1000).to_bytes(4, "little")
    assert fault_of(bytes(liar)) == "unreadable"


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "_rels/.rels"])
def test_entities_are_refused_wherever_they_are_declared(part: str) -> None:
    for declared in (
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
        b"<!--" + b"x" * 70_000 + b'--><!DOCTYPE x [<!ENTITY a "b">]>',
    ):
        content = with_parts(workbook([["x"]]), {part: b'<?xml version="1.0"?>' + declared + b"<x>&a;</x>"})
        assert fault_of(content) == "not_allowed"


@pytest.mark.parametrize("encoding", [b"foo", b"base64", b"big5"])
def test_a_part_in_an_encoding_of_its_own_is_unreadable(encoding: bytes) -> None:
    strange = b'<?xml version="1.0" encoding="' + encoding + b'"?><x/>'
    assert fault_of(with_parts(workbook([["x"]]), {"xl/workbook.xml": strange})) == "unreadable"


def test_what_is_no_list() -> None:
    assert fault_of(b"") == "empty"
    assert fault_of(b" \n \n") == "empty"
    assert fault_of(workbook([])) == "empty"
    assert fault_of(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)) == "old_format"
    assert fault_of("Họ tên;Thôn\nNguyễn;A".encode("cp1258", "replace")) == "encoding"
    assert fault_of(b"a,b\x00\n") == "unreadable"
    assert fault_of(b"PK\x03\x04" + bytes(60)) == "unreadable"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert fault_of(out.getvalue()) == "no_sheet"


def test_reading_in_a_process_of_its_own_comes_to_the_same() -> None:
    content = workbook([HEADER, ["Rơ Châm Suệ", "Thôn 3", ""]])
    assert read_sheets(content) == read_file(content).sheets
    with pytest.raises(Refused) as refused:
        read_sheets(workbook([]))
    assert refused.value.code == "empty"
    with pytest.raises(Refused) as refused:
        read_sheets(b"a" * (LARGEST + 1))
    assert refused.value.code == "too_large"
    rows = read_file(content).sheets[0].rows
    assert unpack_rows(pack_rows(rows)) == rows


def test_a_cell_over_several_rows_holds_for_all_of_them() -> None:
    given = [["Thôn", "Chủ hộ"], ["Thôn 3", "Võ Ba"], ["", "Lê Tư"], ["", "Đinh Năm"], ["Tổng", ""]]
    part = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(io.BytesIO(workbook(given))) as book:
        sheet = book.read(part)
    # As text: openpyxl makes every cell of a range that is merged.
    merged = b'<mergeCells><mergeCell ref="A2:A4"/><mergeCell ref="A5:B900000"/></mergeCells>'
    content = with_parts(workbook(given), {part: sheet.replace(b"</sheetData>", b"</sheetData>" + merged)})
    rows = [["Thôn", "Chủ hộ"], ["Thôn 3", "Võ Ba"], ["Thôn 3", "Lê Tư"], ["Thôn 3", "Đinh Năm"], ["Tổng"]]
    assert rows_of(content) == rows


def test_one_long_text_merged_over_many_rows_is_refused() -> None:
    rows = b"<row><c t='inlineStr'><is><t>" + b"x" * 30_000 + b"</t></is></c></row>"
    more = b'<row><c r="B%d"><v>1</v></c></row>'
    body = rows + b"".join(more % number for number in range(2, 45_000))
    head, tail = repeated(body, 1).split(b"</worksheet>")
    sheet = head + b'<mergeCells><mergeCell ref="A1:A44999"/></mergeCells></worksheet>' + tail
    assert fault_of(with_parts(workbook([["x"]]), {"xl/worksheets/sheet1.xml": sheet})) == "too_large"


def test_old_fonts_say_how_their_cells_are_read() -> None:
    book = Workbook()
    sheet: Any = book.active
    cells = {
        "A1": (to_tcvn3("Họ và tên"), ".VnTime"), "B1": (to_tcvn3("thôn"), ".VnTimeH"),
        "C1": (to_vni("ĐỊA CHỈ"), "VNI-Times"),
        "A2": ("Nguyễn Văn Ổn", ".VnTime"), "B2": (to_tcvn3("Đường"), ".VnArial"), "C2": ("Lê Hoà", "Times New Roman"),
    }  # fmt: skip
    for at, (text, font) in cells.items():
        sheet[at], sheet[at].font = text, Font(name=font)
    assert rows_of(saved(book)) == [["Họ và tên", "THÔN", "ĐỊA CHỈ"], ["Nguyễn Văn Ổn", "Đường", "Lê Hoà"]]


def test_old_charsets_are_known_by_their_words_where_there_are_no_fonts() -> None:
    rows = [["Họ và tên", "Thôn"], ["Nguyễn Văn ổn", "An Thạnh"], ["Trần Thị Hường", "Lê Lợi"], ["Rơ Châm Suệ", "3"]]
    for convert in (to_tcvn3, to_vni):
        old = [[convert(cell) for cell in row] for row in rows]
        assert rows_of(workbook(old)) == rows
        for encoding in ("latin-1", "utf-8", "utf-16"):
            assert rows_of(plain(old, ";", encoding)) == rows
    assert rows_of(to_windows_1258("\n".join(",".join(row) for row in rows))) == rows
    decomposed = [[unicodedata.normalize("NFD", cell) for cell in row] for row in rows]
    assert rows_of(plain(decomposed, "\t", "utf-16-le")) == rows
    assert rows_of(workbook(decomposed)) == rows


def test_pages_that_call_themselves_sheets_are_refused_as_old_files() -> None:
    assert fault_of(b"<html><table><tr><td>x</td></tr></table></html>") == "old_format"
    assert fault_of(b'\xef\xbb\xbf<?xml version="1.0"?><Workbook/>') == "old_format"
