"""The report as a Word template, in the administration's layout after Decree 30/2020/NĐ-CP, appendix I."""

import io

from docx import Document
from docx.document import Document as Doc
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

FONT = "Times New Roman"
CENTRE, BOTH, LEFT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY, WD_ALIGN_PARAGRAPH.LEFT
BODY, TABLE, NOTE = 14, 12, 12  # points


def make_document() -> bytes:
    """The template's file, as python-docx writes it."""
    document = Document()
    _page(document)
    _heading(document)
    _title(document)
    _results(document)
    _teams(document)
    _difficulties(document)
    _signature(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _page(document: Doc) -> None:
    """A4 with the decree's margins; page numbers centred above, from the second page on."""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin, section.bottom_margin = Cm(2), Cm(2)
    section.left_margin, section.right_margin = Cm(3), Cm(2)
    section.header_distance = Cm(1)
    section.different_first_page_header_footer = True
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(BODY)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:eastAsia", "w:cs"):
        fonts.set(qn(script), FONT)
    style.paragraph_format.space_after = style.paragraph_format.space_before = Pt(0)
    document.styles.element.find(f".//{qn('w:lang')}").set(qn("w:val"), "vi-VN")
    number = section.header.paragraphs[0]
    number.alignment = CENTRE
    run = number.add_run()
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        part.text = text or None
        run._r.append(part)


def _write(
    paragraph: Paragraph, text: str, *, size: float = BODY, bold: bool = False, italic: bool = False,
    align: WD_ALIGN_PARAGRAPH = CENTRE,
) -> Paragraph:  # fmt: skip
    run = paragraph.add_run(text)
    run.font.size, run.bold, run.italic = Pt(size), bold or None, italic or None
    paragraph.alignment = align
    return paragraph


def _rule(paragraph: Paragraph, indent: float) -> None:
    """A line in the middle, `indent` centimetres from either side."""
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Cm(indent)
    paragraph.paragraph_format.line_spacing = Pt(6)
    borders, top = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "auto")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")


def _heading(document: Doc) -> None:
    """Agency left, nation right, each with its line; below them number, place and date."""
    table = document.add_table(2, 2)
    _widths(table, (6, 10.2))
    agency, nation, number, place = (cell for row in table.rows for cell in row.cells)
    _write(agency.paragraphs[0], "ỦY BAN NHÂN DÂN", size=13, bold=True)
    _write(agency.add_paragraph(), "{{ dia_ban_hoa }}", size=13, bold=True)
    _rule(agency.add_paragraph(), 1.9)
    _write(nation.paragraphs[0], "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=12, bold=True)
    _write(nation.add_paragraph(), "Độc lập - Tự do - Hạnh phúc", size=13, bold=True)
    _rule(nation.add_paragraph(), 2.05)
    _write(number.paragraphs[0], "Số:         /BC-UBND", size=13)
    _write(place.paragraphs[0], "{{ noi_lap }}, {{ ngay_lap }}", size=13, italic=True)


def _title(document: Doc) -> None:
    _write(document.add_paragraph(), "BÁO CÁO", bold=True).paragraph_format.space_before = Pt(18)
    _write(document.add_paragraph(), "Kết quả hoạt động của Tổ công nghệ số cộng đồng {{ ten_ky }}", bold=True)
    _write(document.add_paragraph(), "(từ ngày {{ tu_ngay }} đến ngày {{ den_ngay }})", italic=True, size=13)
    _rule(document.add_paragraph(), 6.4)


def _part(document: Doc, text: str) -> None:
    paragraph = _write(document.add_paragraph(), text, bold=True, align=BOTH)
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(8), Pt(6)
    paragraph.paragraph_format.first_line_indent = Cm(1.27)
    paragraph.paragraph_format.keep_with_next = True


def _text(document: Doc, text: str, *, italic: bool = False, size: float = BODY) -> None:
    paragraph = _write(document.add_paragraph(), text, italic=italic, size=size, align=BOTH)
    paragraph.paragraph_format.first_line_indent = Cm(1.27)
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(4), Pt(4)
    paragraph.paragraph_format.line_spacing = 1.1


def _tag(document: Doc, text: str) -> None:
    """A paragraph that docxtpl takes away."""
    document.add_paragraph(f"{{%p {text} %}}")


def _results(document: Doc) -> None:
    _part(document, "I. KẾT QUẢ")
    _part(document, "1. Hoạt động của các tổ")
    _text(
        document,
        "Trên địa bàn {{ dia_ban_thuong }} có {{ to_tong }} Tổ công nghệ số cộng đồng với {{ thanh_vien_tong }} thành "
        "viên. Trong kỳ có {{ to_hoat_dong }}/{{ to_tong }} tổ hoạt động (đạt {{ ty_le_to }}) với "
        "{{ thanh_vien_hoat_dong }} thành viên tham gia; {{ to_khong_phat_sinh }} tổ báo không phát sinh; "
        "{{ to_chua_ghi_nhan }} tổ chưa ghi nhận hoạt động.",
    )
    _text(document, "{{ trang_thai }}; địa bàn theo ngày {{ ngay_ban_do }}.", italic=True, size=13)
    _part(document, "2. Kết quả hỗ trợ người dân")
    _figures(document)
    _part(document, "3. Kết quả theo nội dung hỗ trợ")
    _contents(document)
    _text(
        document,
        "Một lượt hỗ trợ có thể gồm nhiều nội dung nên cộng theo nội dung có thể lớn hơn tổng số lượt. Dấu “–” là chưa "
        "có số liệu. Lũy kế tính từ ngày {{ nam_tu_ngay }}.",
        italic=True, size=NOTE,
    )  # fmt: skip
    _part(document, "4. Kết quả theo nhóm nội dung chung của cả nước")
    _national_items(document)


def _figures(document: Doc) -> None:
    table = _table(document, (1.2, 7.6, 2.4, 2.4, 2.4), ("TT", "Chỉ tiêu", "Đơn vị", "Trong kỳ", "Lũy kế năm"))
    for number, (name, unit, key) in enumerate((
        ("Lượt hỗ trợ", "lượt", "luot"),
        ("Lượt người được hỗ trợ", "lượt người", "nguoi"),
        ("Hộ gia đình được hỗ trợ", "hộ", "ho"),
        ("Lượt tại nhà hộ không ghi tên", "lượt", "ho_khong_ten"),
        ("Tổ có hoạt động", "tổ", "to_hoat_dong"),
    ), 1):  # fmt: skip
        _row(table, (str(number), name, unit, f"{{{{ {key} }}}}", f"{{{{ nam_{key} }}}}"), words=(1,))


def _lines_table(document: Doc) -> Table:
    """A table of contents of support, whose heads have two rows."""
    widths = (1.2, 7.2, 1.9, 1.9, 1.9, 1.9)
    table = _table(document, widths, ("TT", "Nội dung", "Trong kỳ", "", "Lũy kế năm", ""))
    _repeat_on_each_page(_row(table, ("", "", "Lượt", "Người", "Lượt", "Người"), bold=True))
    merged = [table.cell(0, column).merge(table.cell(1, column)) for column in (0, 1)]
    merged += [table.cell(0, column).merge(table.cell(0, column + 1)) for column in (2, 4)]
    for cell in merged:
        for paragraph in cell.paragraphs[1:]:
            cell._tc.remove(paragraph._p)
    return table


def _contents(document: Doc) -> None:
    table = _lines_table(document)
    line = tuple(f"{{{{ dong.{key} }}}}" for key in ("tt", "ten", "luot", "nguoi", "nam_luot", "nam_nguoi"))
    _row_tag(table, "for dong in bang_noi_dung")
    _row_tag(table, "if dong.la_tru_cot")
    _row(table, line, words=(1,), bold=True)
    _row_tag(table, "else")
    _row(table, line, words=(1,))
    _row_tag(table, "endif")
    _row_tag(table, "endfor")


def _national_items(document: Doc) -> None:
    table = _lines_table(document)
    _row_tag(table, "for muc in muc_quoc_gia")
    line = tuple(f"{{{{ muc.{key} }}}}" for key in ("tt", "ten", "luot", "nguoi", "nam_luot", "nam_nguoi"))
    _row(table, line, words=(1,))
    _row_tag(table, "endfor")


def _teams(document: Doc) -> None:
    _part(document, "II. HOẠT ĐỘNG THEO TỪNG TỔ, TỪNG ĐỊA BÀN")
    table = _table(document, (1.2, 5, 1.6, 1.9, 1.4, 4.9), ("TT", "Tổ, địa bàn", "Lượt", "Người", "Hộ", "Trạng thái"))
    _row_tag(table, "for to in cac_to")
    line = tuple(f"{{{{ to.{key} }}}}" for key in ("tt", "ten", "luot", "nguoi", "ho", "trang_thai"))
    _row(table, line, words=(1, 5))
    _row_tag(table, "endfor")
    _tag(document, "if ghi_chu_doi_to")
    _text(document, "{{ ghi_chu_doi_to }}", italic=True, size=NOTE)
    _tag(document, "endif")
    _tag(document, "if to_chua_ghi_nhan")
    _text(document, "Các tổ chưa ghi nhận hoạt động:")
    _tag(document, "for nhom in to_im_lang_theo_ly_do")
    _text(document, "- {{ nhom.ly_do }} ({{ nhom.so_to }} tổ): {{ nhom.cac_to }}.")
    _tag(document, "endfor")
    _tag(document, "endif")


def _difficulties(document: Doc) -> None:
    _part(document, "III. KHÓ KHĂN, VƯỚNG MẮC; ĐỀ XUẤT, KIẾN NGHỊ")
    for title, key in (("1. Khó khăn, vướng mắc", "kho_khan_doan"), ("2. Đề xuất, kiến nghị", "kien_nghi_doan")):
        _part(document, title)
        _tag(document, f"for doan in {key}")
        _text(document, "{{ doan.dong }}")
        _tag(document, "endfor")
    _text(
        document,
        "Trên đây là báo cáo kết quả hoạt động của Tổ công nghệ số cộng đồng {{ ten_ky }} trên địa bàn "
        "{{ dia_ban_thuong }}./.",
    )


def _signature(document: Doc) -> None:
    table = document.add_table(1, 2)
    _widths(table, (7.5, 8.5))
    _whole(table.rows[0])
    receivers, signer = table.rows[0].cells
    _write(receivers.paragraphs[0], "Nơi nhận:", size=12, bold=True, italic=True, align=LEFT)
    receivers.add_paragraph("{%p for noi in noi_nhan_dong %}")
    _write(receivers.add_paragraph(), "{{ noi.dong }}", size=11, align=LEFT)
    receivers.add_paragraph("{%p endfor %}")
    _write(signer.paragraphs[0], "{{ ky_thay }}", bold=True)
    _write(signer.add_paragraph(), "{{ chuc_danh }}", bold=True)
    for _ in range(4):
        signer.add_paragraph()
    _write(signer.add_paragraph(), "{{ nguoi_ky }}", bold=True)


def _widths(table: Table, widths: tuple[float, ...]) -> None:
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
        for cell in column.cells:
            cell.width = Cm(width)


def _table(document: Doc, widths: tuple[float, ...], heads: tuple[str, ...]) -> Table:
    table: Table = document.add_table(1, len(widths), style="Table Grid")
    _widths(table, widths)
    for cell, text in zip(table.rows[0].cells, heads, strict=True):
        _cell(cell, text, bold=True)
    _repeat_on_each_page(table.rows[0])
    _whole(table.rows[0])
    return table


def _row(table: Table, texts: tuple[str, ...], *, words: tuple[int, ...] = (), bold: bool = False) -> _Row:
    row: _Row = table.add_row()  # type: ignore[no-untyped-call]  # python-docx leaves it untyped
    for at, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
        _cell(cell, text, bold=bold, align=LEFT if at in words else CENTRE)
    _whole(row)
    return row


def _cell(cell: _Cell, text: str, *, bold: bool = False, align: WD_ALIGN_PARAGRAPH = CENTRE) -> None:
    cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    paragraph = _write(cell.paragraphs[0], text, size=TABLE, bold=bold, align=align)
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)


def _row_tag(table: Table, text: str) -> None:
    """A row that docxtpl takes away."""
    row: _Row = table.add_row()  # type: ignore[no-untyped-call]
    row.cells[0].text = f"{{%tr {text} %}}"


def _repeat_on_each_page(row: _Row) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _whole(row: _Row) -> None:
    row._tr.get_or_add_trPr().insert(0, OxmlElement("w:cantSplit"))
