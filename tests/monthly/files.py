"""Word files and workbooks for tests: made, read, and tampered with."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
from docx import Document


def word(*paragraphs: str, header: str = "") -> bytes:
    """A Word file with these paragraphs."""
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if header:
        document.sections[0].header.paragraphs[0].text = header
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def word_table(*rows: tuple[str, ...]) -> bytes:
    """A Word file with a table."""
    document = Document()
    table = document.add_table(0, len(rows[0]))
    for texts in rows:
        for cell, text in zip(table.add_row().cells, texts, strict=True):  # type: ignore[no-untyped-call]
            cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def workbook(cells: dict[str, Any]) -> bytes:
    """A workbook with these cells on its first sheet."""
    book = openpyxl.Workbook()
    for place, value in cells.items():
        book.active[place] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def changed(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """An archive in which one part was changed, or added."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {entry: archive.read(entry) for entry in archive.namelist()}
    parts[name] = change(parts.get(name, b""))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry, body in parts.items():
            archive.writestr(entry, body)
    return out.getvalue()


def texts(content: bytes) -> list[str]:
    """The paragraphs of a Word file, outside tables."""
    return [paragraph.text for paragraph in Document(io.BytesIO(content)).paragraphs]


def tables(content: bytes) -> list[list[list[str]]]:
    """The tables of a Word file: rows of cells."""
    found = Document(io.BytesIO(content)).tables
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in found]


def whole_text(content: bytes) -> str:
    """All that a Word file says, headers left out."""
    in_tables = (cell for table in tables(content) for row in table for cell in row)
    return "\n".join((*texts(content), *in_tables))


def sheets(content: bytes) -> dict[str, list[list[Any]]]:
    """The cells of a workbook by sheet."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book.worksheets}
