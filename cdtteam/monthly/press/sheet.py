"""Workbooks, filled cell by cell; a row that names a list's field comes once for each of the list."""

import io
import re
from copy import copy
from typing import Any

import openpyxl
from jinja2 import Template
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.worksheet import Worksheet

from cdtteam.monthly.press.faults import Fault, Place
from cdtteam.monthly.press.grammar import DASH, Grammar, longest
from cdtteam.monthly.press.wire import Order

ROWS, COLUMNS, CELLS = 3000, 200, 60_000
CELL_TEXT = 32_000  # what a cell of Excel can hold

_ONE = re.compile(r"\{\{\s*(\w+(?:\.\w+)*)\s*\}\}")


def fill_sheet(order: Order) -> bytes:
    """A workbook with the order's data in its placeholders; Fault."""
    workbook = openpyxl.load_workbook(io.BytesIO(order.template))
    for sheet in workbook.worksheets:
        _check_size(sheet)
        _Filling(sheet, order.data, order.shape).fill()
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def _check_size(sheet: Worksheet) -> None:
    # The corners first: a cell at the far end would make a grid of thousands of millions.
    if sheet.max_row > ROWS or sheet.max_column > COLUMNS or sheet.max_row * sheet.max_column > CELLS:
        raise Fault("too_large", sheet.title)


class _Filling:
    """A sheet that is being filled."""

    def __init__(self, sheet: Worksheet, data: dict[str, Any], shape: dict[str, Any]) -> None:
        self._sheet, self._data, self._shape = sheet, data, shape
        self._grammar = Grammar(shape, longest(data), autoescape=False)
        self._templates: dict[str, Template] = {}

    def fill(self) -> None:
        """Fills every row, from the last to the first, so that rows still to come stay where they are."""
        sheet = self._sheet
        repeated = {row: found for row in range(1, sheet.max_row + 1) if (found := self._lists_in(row))}
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f" and repeated):
            # The rows below a repeated one move, and a formula would go on counting the old ones.
            raise Fault("formula", str(cell.value), _place(sheet, cell))
        for row in range(sheet.max_row, 0, -1):
            if row in repeated:
                self._repeat(row, repeated[row])
            else:
                self._fill_row(row, self._data, self._shape)

    def _lists_in(self, row: int) -> set[str]:
        """The lists of whose entries a row tells."""
        names: set[str] = set()
        for cell in self._sheet[row]:
            if isinstance(cell.value, str) and "{{" in cell.value:
                roots = (path.partition(".") for path in _ONE.findall(cell.value))
                names.update(root for root, dot, _ in roots if dot and isinstance(self._shape.get(root), list))
        return names

    def _repeat(self, row: int, names: set[str]) -> None:
        if len(names) > 1:
            raise Fault("not_allowed", " + ".join(sorted(names)), _place(self._sheet, self._sheet.cell(row, 1)))
        (name,) = names
        example = self._shape[name][0]
        items = self._data[name] or [dict.fromkeys(example)]
        if len(items) > 1:
            _make_room(self._sheet, row, len(items) - 1)
        for index, item in enumerate(items):
            self._fill_row(row + index, self._data | {name: item}, self._shape | {name: example})

    def _fill_row(self, row: int, data: dict[str, Any], shape: dict[str, Any]) -> None:
        self._grammar.shape = shape
        for cell in self._sheet[row]:
            if isinstance(cell.value, str) and ("{{" in cell.value or "{%" in cell.value):
                self._fill_cell(cell, data)

    def _fill_cell(self, cell: Cell, data: dict[str, Any]) -> None:
        text = str(cell.value)
        template = self._template(cell, text)
        alone = _ONE.fullmatch(text.strip())
        if not alone:
            _write(cell, template.render(data))
            return
        value: Any = data
        for step in alone[1].split("."):
            value = value[step]
        _write(cell, DASH if value is None else value)

    def _template(self, cell: Cell, text: str) -> Template:
        try:
            if text not in self._templates:
                self._templates[text] = self._grammar.from_string(text)
        except Fault as fault:
            fault.place = _place(self._sheet, cell, text)
            raise
        return self._templates[text]


def _make_room(sheet: Worksheet, row: int, more: int) -> None:
    """Moves what is below a row down, and puts copies of the row there."""
    merged = [copy(area) for area in sheet.merged_cells.ranges]
    heights = {number: sheet.row_dimensions[number].height for number in range(row, sheet.max_row + 1)}
    for area in merged:
        sheet.unmerge_cells(str(area))
    sheet.insert_rows(row + 1, more)
    for number, height in heights.items():
        sheet.row_dimensions[number if number == row else number + more].height = height
    for copied in range(row + 1, row + more + 1):
        sheet.row_dimensions[copied].height = heights[row]
        for cell in sheet[row]:
            _copy(cell, sheet.cell(copied, cell.column))
    _merge_again(sheet, merged, row, more)


def _merge_again(sheet: Worksheet, merged: list[CellRange], row: int, more: int) -> None:
    for area in merged:
        if area.min_row == area.max_row == row:
            for _ in range(more):
                sheet.merge_cells(str(area))
                area.shift(row_shift=1)
        elif area.min_row > row:
            area.shift(row_shift=more)
        sheet.merge_cells(str(area))


def _copy(cell: Cell | MergedCell, to: Cell | MergedCell) -> None:
    to.value = cell.value
    if cell.has_style:
        to._style = copy(cell._style)


def _write(cell: Cell, value: Any) -> None:
    """A number as a number; a text as a text, even when it looks like a formula."""
    if isinstance(value, int) and not isinstance(value, bool):
        cell.value = value
        return
    cell.value = str(value)[:CELL_TEXT]
    cell.data_type = "s"


def _place(sheet: Worksheet, cell: Cell | MergedCell, near: str = "") -> Place:
    return Place(part=sheet.title, cell=str(cell.coordinate), near=near[:80])
