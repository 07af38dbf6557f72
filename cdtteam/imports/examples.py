"""Files to begin with: the right headings and two rows."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill

from cdtteam.imports.fields import FIELDS
from cdtteam.imports.models import Kind

_ROWS: dict[Kind, tuple[tuple[str | int, ...], ...]] = {
    Kind.PEOPLE: (
        ("Nguyễn Thị Ví Dụ", "0912 000 001", "{village}", "Tổ trưởng", "Trưởng thôn", "01/11/2026"),
        ("Đinh Văn Thí Dụ", "0912 000 002", "{village}", "Thành viên", "Đoàn Thanh niên", "15/11/2026"),
    ),
    Kind.HOUSEHOLDS: (
        ("H001", "Trần Văn Ví Dụ", "{village}", "Xóm Trên", 4, ""),
        ("H002", "Rơ Châm Thí Dụ", "{village}", "Xóm Dưới", 5, "Nhà ở cuối đường"),
    ),
}
_WIDTH = 22


def example_file(kind: Kind, village: str) -> bytes:
    """An .xlsx whose rows are of `village`, a village of the reader's own commune."""
    head = [str(field.name) for field in FIELDS[kind] if field.is_taken]
    rows = ([cell.format(village=village) if isinstance(cell, str) else cell for cell in row] for row in _ROWS[kind])
    return list_to_fill_in(head, rows, width=_WIDTH)


def list_to_fill_in(head: Sequence[str], rows: Iterable[Sequence[str | int]], *, width: int) -> bytes:
    """An .xlsx with a head that stands still and rows of text below, in columns of one width (in characters)."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = _("List")
    for row in (head, *rows):
        sheet.append(row)
    for column in sheet.columns:
        sheet.column_dimensions[column[0].column_letter].width = width
        column[0].font, column[0].fill = Font(bold=True), PatternFill("solid", fgColor="DFF0EC")
        for cell in column:
            cell.number_format = "@"  # so that zeros in front stay when people type below
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
