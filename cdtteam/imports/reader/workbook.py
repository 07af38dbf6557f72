"""Workbooks (.xlsx), row by row: formulas give the value last worked out, links to elsewhere are not followed."""

import io
from collections.abc import Iterable
from contextlib import closing
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.read_only import EMPTY_CELL

from cdtteam.imports.reader.archive import check_archive
from cdtteam.imports.reader.legacy_text import charset_of, has_capitals_only
from cdtteam.imports.reader.likeness import convert, reading_of
from cdtteam.imports.reader.merges import tall_cells
from cdtteam.imports.reader.texts import bare, text_of
from cdtteam.imports.reader.wire import COLUMNS, Rows, Sheet

_LOOKED_AT = COLUMNS + 40  # a cell far to the right makes every row as wide: what stands beyond is no list any more


def read_workbook(content: bytes) -> list[Sheet]:
    """The visible sheets of a workbook."""
    check_archive(content)
    with closing(load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)) as book:
        return [_read(content, sheet) for sheet in book.worksheets if sheet.sheet_state == "visible"]


def _read(content: bytes, sheet: Any) -> Sheet:
    sheet.reset_dimensions()  # what a sheet says of its size may be wrong
    found, fonts, last = Rows(), _Fonts(), None
    for number, cells in enumerate(sheet.iter_rows(max_col=_LOOKED_AT)):
        # Rows that the file leaves out are all one object: where formatting goes down to the last row, a million.
        if cells is not last:
            found.add(number, _texts(cells, fonts))
        last = cells
    found.rewrite(bare if fonts.are_old else reading_of(found.cells()))
    for column, first, last in tall_cells(content, sheet._worksheet_path):
        found.copy_down(column, first, last)
    return Sheet(text_of(sheet.title)[:60], found.rows)


def _texts(cells: Iterable[Any], fonts: "_Fonts") -> list[str]:
    return ["" if cell is EMPTY_CELL else _text(cell, cell.value, fonts) for cell in cells]


def _text(cell: Any, value: object, fonts: "_Fonts") -> str:
    if isinstance(value, str):
        text = text_of(value)
        return text if text.isascii() else fonts.read(cell, text)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return text_of(value, cell.number_format) if is_number else text_of(value)


class _Fonts:
    """Reads texts by the fonts of their cells."""

    def __init__(self) -> None:
        self.are_old = False
        self._names: dict[int, str] = {}

    def read(self, cell: Any, text: str) -> str:
        """A cell's text in Unicode."""
        name = self._names.get(cell._style_id)
        if name is None:
            name = self._names[cell._style_id] = cell.font.name or ""
        charset = charset_of(name)
        if charset is None:
            return text
        self.are_old = True
        converted = convert(text, charset)
        return converted.upper() if has_capitals_only(name) else converted
