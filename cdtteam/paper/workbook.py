"""The attendance sheet as Excel: real numbers, and formulas for what is counted from them."""

import io
from datetime import date
from typing import Any

from flask_babel import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from cdtteam.paper.sheet import Line, Sheet, TeamSheet
from cdtteam.paper.words import AGENCY, MOTTO, SHEET, STATE, SheetTitle
from cdtteam.participation.words import position_name

_THIN = Border(*(Side(style="thin") for _side in range(4)))
_FONT = "Times New Roman"
_FIRST_DAY = 4  # after number, name and position
_MONEY = "#,##0"


def attendance_book(sheet: Sheet, title: SheetTitle) -> bytes:
    """An .xlsx with one page on A4 across, in the order of the teams."""
    book = Workbook()
    page: Any = book.active
    page.title = title.tab
    dates = sheet.dates
    columns = _FIRST_DAY + len(dates) + 3
    _head(page, title, columns)
    _titles(page, dates)
    sums = [_team(page, team, number, dates) for number, team in enumerate(sheet.teams, 1)]
    _in_all(page, sums, dates)
    if sheet.has_entered:
        page.append([None, SHEET["key"]])
        page.cell(page.max_row, 2).font = Font(name=_FONT, italic=True, size=10)
    _paper(page, columns, len(dates))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _head(page: Any, title: SheetTitle, columns: int) -> None:
    for row, (left, right) in enumerate(((AGENCY, STATE), (title.commune.upper(), MOTTO)), 1):
        _across(page, row, 1, 8, left, bold=True)
        _across(page, row, columns - 12, columns, right, bold=True)
    for row, text, size in ((4, title.heading, 14), (5, title.span, 12)):
        _across(page, row, 1, columns, text, bold=row == 4, size=size)


def _across(page: Any, row: int, first: int, last: int, text: str, *, bold: bool = False, size: int = 11) -> None:
    page.merge_cells(start_row=row, start_column=first, end_row=row, end_column=last)
    cell = page.cell(row, first, text)
    cell.font, cell.alignment = Font(name=_FONT, bold=bold, size=size), Alignment(horizontal="center")


def _titles(page: Any, dates: list[date]) -> None:
    days = [on.day for on in dates]
    names = [
        _("No."),
        _("Full name"),
        _("Position"),
        *days,
        _("Days worked"),
        _("Rate per day"),
        _("Amount"),
        _("Signature"),
    ]
    page.append([])
    page.append(names)
    for cell in page[page.max_row]:
        cell.font, cell.border = Font(name=_FONT, bold=True, size=10), _THIN
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)


def _team(page: Any, team: TeamSheet, number: int, dates: list[date]) -> int:
    """Writes a team; answers the row of its sums."""
    page.append([number, f"{team.team.name} ({team.village.name})"])
    head: int = page.max_row
    for place, line in enumerate(team.lines, 1):
        _line(page, line, place, dates)
    last = page.max_row
    for column in (_FIRST_DAY + len(dates), _FIRST_DAY + len(dates) + 2):
        letter = get_column_letter(column)
        cell = page.cell(head, column, f"=SUM({letter}{head + 1}:{letter}{last})")
        cell.number_format = _MONEY
    for cell in page[head]:
        cell.font, cell.border = Font(name=_FONT, bold=True, size=10), _THIN
    return head


def _line(page: Any, line: Line, place: int, dates: list[date]) -> None:
    marks = [_mark(line, on) for on in dates]
    page.append([place, line.name, position_name(line.position), *marks])
    row, after = page.max_row, _FIRST_DAY + len(dates)
    first, last, days, rate = (get_column_letter(one) for one in (_FIRST_DAY, after - 1, after, after + 1))
    page.cell(row, after, f'=COUNTIF({first}{row}:{last}{row},"x*")')
    page.cell(row, after + 1, line.rate).number_format = _MONEY
    page.cell(row, after + 2, f"={days}{row}*{rate}{row}").number_format = _MONEY
    page.cell(row, after + 3)
    for cell in page[row]:
        cell.font, cell.border = Font(name=_FONT, size=10), _THIN
        if _FIRST_DAY <= cell.column < after:
            cell.alignment = Alignment(horizontal="center")


def _mark(line: Line, on: date) -> Any:
    return SHEET["entered"] if on in line.entered else SHEET["mark"] if on in line.attended else None


def _in_all(page: Any, sums: list[int], dates: list[date]) -> None:
    page.append([None, _("In all")])
    row = page.max_row
    for column in (_FIRST_DAY + len(dates), _FIRST_DAY + len(dates) + 2):
        letter = get_column_letter(column)
        page.cell(row, column, "=" + ("+".join(f"{letter}{one}" for one in sums) or "0")).number_format = _MONEY
    page.cell(row, _FIRST_DAY + len(dates) + 3)
    for cell in page[row]:
        cell.font, cell.border = Font(name=_FONT, bold=True, size=10), _THIN


def _paper(page: Any, columns: int, days: int) -> None:
    widths = {1: 5, 2: 26, 3: 11, _FIRST_DAY + days: 8, columns - 2: 11, columns - 1: 13, columns: 16}
    for column in range(1, columns + 1):
        page.column_dimensions[get_column_letter(column)].width = widths.get(column, 3.4)
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_title_rows = "7:7"
    page.freeze_panes = page.cell(8, _FIRST_DAY)
