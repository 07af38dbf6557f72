"""Cells that are one over several rows: what stands in the first is meant for all of them."""

import io
import re
import zipfile
from collections.abc import Iterator

from openpyxl.utils.cell import range_boundaries

MOST = 50_000

_READ = 1024 * 1024
_LONGEST = 200  # characters of one element
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})"')


def tall_cells(content: bytes, part: str) -> Iterator[tuple[int, int, int]]:
    """Column, first and last row (all from 0) of what is merged over several rows in a sheet, the first MOST of them.

    openpyxl does not tell of them where it reads row by row, since they are declared behind the rows.
    """
    count = 0
    with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open(part) as sheet:
        rest = b""
        while block := sheet.read(_READ):
            text, end = rest + block, 0
            for found in _MERGED.finditer(text):
                left, top, _, bottom = range_boundaries(found[1].decode())
                end, count = found.end(), count + 1
                if count > MOST:
                    return
                if bottom > top:
                    yield left - 1, top - 1, bottom - 1
            rest = text[max(end, len(text) - _LONGEST) :]
