"""Spreadsheets for tests: made as people's programs make them, and as nobody's do."""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook

Rows = Iterable[Sequence[Any]]


def workbook(rows: Rows, title: str = "Danh sách") -> bytes:
    """An .xlsx of one sheet."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def plain(rows: Rows, separator: str = ",", encoding: str = "utf-8") -> bytes:
    """A CSV file."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator).writerows(rows)
    return out.getvalue().encode(encoding)


def with_parts(content: bytes, parts: dict[str, bytes]) -> bytes:
    """A workbook with some of its parts replaced, or further ones added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, body in parts.items():
            new.writestr(name, body)
    return out.getvalue()
