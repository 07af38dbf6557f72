"""Where in a sheet its headings stand, in one row or in two, below however many titles."""

import re

from cdtteam.imports.fields import JOINT, is_heading
from cdtteam.imports.models import Kind
from cdtteam.imports.never import why_never

_NUMBER = re.compile(r"\(?(\d{1,2}|[a-z])\)?", re.IGNORECASE)
_LOOKED_AT = 25  # rows among which the headings are looked for


def find_header(kind: Kind, rows: list[list[str]]) -> int:
    """The row that looks most like headings, the lower of two; the first that holds anything where none does."""
    filled = [number for number, row in enumerate(rows[:_LOOKED_AT]) if row]
    return max(filled, key=lambda number: (_count(kind, headings_at(kind, rows, number)), -number), default=0)


def headings_at(kind: Kind, rows: list[list[str]], header: int) -> list[str]:
    """The headings of each column: with those of the row above where these belong to them, as "Liên hệ · SĐT"."""
    own = [_cell(text) for text in rows[header]] if header < len(rows) else []
    above = [_cell(text) for text in rows[header - 1]] if 0 < header <= len(rows) else []
    # A title above the table is one text, or is not about columns.
    if len({text for text in above if text}) < 2 or not _count(kind, above):
        return own
    both = _joined(above, own)
    return both if _count(kind, both) > max(_count(kind, own), _count(kind, above)) else own


def with_headings(kind: Kind, rows: list[list[str]], header: int) -> list[list[str]]:
    """The rows with all that headings say in the row of the headings."""
    return [headings_at(kind, rows, header) if number == header else row for number, row in enumerate(rows)]


def numbers_columns(row: list[str]) -> bool:
    """Whether a row below headings gives each column a number or letter, as forms do: (1), (2), (3)."""
    texts = [text.strip() for text in row if text.strip()]
    return len(texts) > 1 and all(_NUMBER.fullmatch(text) for text in texts)


def _joined(above: list[str], own: list[str]) -> list[str]:
    """Two rows as one: what stands above several columns holds for each of them."""
    width = max(len(above), len(own))
    upper, lower = ([*row, *[""] * (width - len(row))] for row in (above, own))
    found, group = [], ""
    for over, under in zip(upper, lower, strict=True):
        if over:
            group = over if under and under != over else ""
        found.append(JOINT.join((group, under)) if group and under else under or over)
    return found


def _count(kind: Kind, row: list[str]) -> int:
    """How many cells of a row are headings that we know, whether we take what stands below them or never do."""
    return sum(is_heading(kind, text) or bool(why_never(kind, text, [])) for text in map(_cell, row) if text)


def _cell(text: str) -> str:
    return " ".join(text.split())
