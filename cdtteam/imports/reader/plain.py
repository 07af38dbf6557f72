"""CSV files: UTF-8, UTF-16 as spreadsheets call "Unicode text", or what Vietnam had before; semicolon, comma or tab."""

import codecs
import csv
import io
import re
from itertools import islice

from cdtteam.imports.reader.likeness import decode_unmarked, reading_of
from cdtteam.imports.reader.texts import clean
from cdtteam.imports.reader.wire import COLUMNS, Fault, Rows, Sheet

_SEPARATORS = ";,\t"
_LOOKED_AT = 20  # rows by which the separator is found
_START = 400  # bytes by which unmarked UTF-16 is found: every second is zero where letters have no marks
_PAGE = re.compile(r"\s*<(\?xml|!doctype|html|table|meta)\b", re.IGNORECASE)


def read_plain(content: bytes) -> Sheet:
    """The one sheet of a CSV file."""
    text = _decode(content)
    separator = max(_SEPARATORS, key=lambda candidate: _likelihood(text, candidate))
    found = Rows()
    try:
        for number, row in enumerate(_reader(text, separator)):
            found.add(number, [clean(cell) for cell in row])
    except csv.Error as error:
        raise Fault("unreadable") from error
    found.rewrite(reading_of(found.cells()))
    return Sheet("", found.rows)


def _decode(content: bytes) -> str:
    wide = _wide_charset(content)
    try:
        text: str | None = content.decode(wide or "utf-8-sig")
    except UnicodeDecodeError:
        text = None if wide else decode_unmarked(content)
    if text is None:
        raise Fault("encoding")
    if "\x00" in text:
        raise Fault("unreadable")
    if _PAGE.match(text):  # some programs call a web page .xls
        raise Fault("old_format")
    return text


def _wide_charset(content: bytes) -> str:
    """The kind of UTF-16 that a file is, marked as such or not; else an empty text."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    start = content[:_START]
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if max(even, odd) * 4 < len(start):
        return ""
    return "utf-16-be" if even > odd else "utf-16-le"


def _reader(text: str, separator: str) -> "csv._reader":  # type: ignore[name-defined]  # its type has no public name
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator)


def _likelihood(text: str, separator: str) -> tuple[int, int]:
    """How many of the first rows are as wide as the first, if that has several cells, and how wide it is."""
    try:
        widths = [len(row) for row in islice(_reader(text, separator), _LOOKED_AT) if row]
    except csv.Error:
        return (0, 0)
    if not widths or max(widths) == 1:
        return (0, 0)
    widest = max(widths)
    return (sum(width == widest for width in widths), min(widest, COLUMNS))
