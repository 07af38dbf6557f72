"""Which rows below the headings are of the table: not numbers of columns, totals, or what is signed below."""

import re
from dataclasses import dataclass, field
from itertools import zip_longest

from cdtteam.core.text import fold, words
from cdtteam.imports.checks import Given
from cdtteam.imports.fields import FIELDS
from cdtteam.imports.headings import numbers_columns
from cdtteam.imports.models import Kind

_FOOT = 15  # rows at most that stand below a table
_FEW = 4  # cells at most in a row below a table

_TOTAL = re.compile(
    r"(tổng|cộng)( *:|$| (thôn|xóm|làng|tổ|nhóm|trang)\b)|(tổng|cộng|tong) (cộng|số|cong|so)\b", re.IGNORECASE
)
_SIGNED = re.compile(
    r"((nguoi|can bo) (lap|tong hop|viet|thong ke|bao cao)\b|t ?m\b.*(ubnd|uy ban|hoi|to |ban )|"
    r"\(?(ky|da ky)\b.*(ten|dau)|"
    r"(xac nhan|thu truong|chu tich|pho chu tich|kt|noi nhan|ghi chu|luu y|danh sach (nay )?(co|gom))\b)"
    r"|.*\bngay\W*(\d{1,2}|[\W_]+)\W*thang\W*(\d{1,2}|[\W_]+)\W*nam\b"
)


@dataclass
class Body:
    """Cells of the chosen columns by field, by the number of the row in the file; `left_out` are rows of no table."""

    rows: list[tuple[int, Given]] = field(default_factory=list)
    left_out: list[int] = field(default_factory=list)


def read_body(kind: Kind, rows: list[list[str]], header: int, chosen: dict[str, str]) -> Body:
    """The rows of the table that hold any of the chosen columns."""
    columns = {key: int(index) for index, key in chosen.items()}
    needed = [columns[one.key] for one in FIELDS[kind] if one.is_needed and one.key in columns]
    end = _end(rows, header + 1, needed)
    headings = [words(text) for text in rows[header]] if header < len(rows) else []
    body = Body()
    for index in range(header + 1, len(rows)):
        row = rows[index]
        given = {key: _cell(row, at) for key, at in columns.items()}
        if not any(text.strip() for text in row):
            continue
        if index >= end or _is_between(rows, header, index, needed, headings):
            body.left_out.append(index + 1)
        elif any(text.strip() for text in given.values()):
            body.rows.append((index + 1, given))
    return body


def _is_between(rows: list[list[str]], header: int, index: int, needed: list[int], headings: list[str]) -> bool:
    """Whether a row of the table numbers its columns, repeats its headings, or adds up what stands above."""
    row = rows[index]
    texts = [text.strip() for text in row if text.strip()]
    if index == header + 1 and numbers_columns(row):
        return True
    if any(headings) and all(words(text) == heading for text, heading in zip_longest(row, headings, fillvalue="")):
        return True
    is_whole = bool(needed) and all(_cell(row, at).strip() for at in needed)
    return not is_whole and any(_TOTAL.match(text) for text in texts[:2])


def _end(rows: list[list[str]], start: int, needed: list[int]) -> int:
    """Where what is signed begins, or the end of the rows."""
    filled = [index for index in range(start, len(rows)) if any(text.strip() for text in rows[index])]
    for index in filled[-_FOOT:]:
        texts = [text.strip() for text in rows[index] if text.strip()]
        is_whole = len(needed) > 1 and all(_cell(rows[index], at).strip() for at in needed)
        signing = [_is_signing(text) for text in texts]
        if len(texts) <= _FEW and (all(signing) if is_whole else any(signing)) and texts:
            return index
    return len(rows)


def _is_signing(text: str) -> bool:
    return _SIGNED.match(re.sub(r"[.…]+", " ", fold(text))) is not None


def _cell(row: list[str], at: int) -> str:
    return row[at] if at < len(row) else ""
