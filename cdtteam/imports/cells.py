"""Single cells: names, days, whole numbers, and digits that no free text may carry."""

import re
from datetime import date, timedelta

from cdtteam.core.text import fold

_CENTURY = 60  # years of two digits before it are of this one
_DAY_ZERO = date(1899, 12, 30)
LONGEST = 120
LONGEST_NOTE = 500
_LONG_NUMBER = re.compile(r"(?<!\d)\d(?:[ .-]?\d){8,}(?!\d)")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d\d)(?: \d{1,2}:\d\d)?")
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_MONTH = re.compile(r"(\d{1,2})[/.-](\d{4})")
_YEAR = re.compile(r"(20\d\d)")
_SERIAL = re.compile(
    r"(3[6-9]|[45]\d)\d{3}(?:\.\d+)?"
)  # days since the end of 1899, as spreadsheets count: 1998 to 2064
_SAID = re.compile(r"\W*\b(ngay|thang|nam|t)\W*(?=\d)")
_COMRADE = re.compile(r"(đ ?/ ?c|đ\.c|đồng chí)[.:]?\s*", re.IGNORECASE)
_TITLE = re.compile(
    r"(?:hộ\s+)?(?:ông|bà|ông ?/ ?bà|ông \(bà\)|ô\.|b\.)\s*:?\s+(\S+\s+\S.*)", re.IGNORECASE | re.DOTALL
)
_WHOLE = re.compile(r"(\d{1,4})(?: (?:nguoi|khau|nhan khau))?")


def joined(text: str) -> str:
    """A text in one line with single spaces."""
    return " ".join(text.split())


def without_title(name: str) -> str:
    """A name without how its owner is addressed: Đ/c Võ Ba, Ông Nguyễn Văn A, Hộ bà Lê Thị B."""
    bare = _COMRADE.sub("", name.strip())
    found = _TITLE.fullmatch(bare)
    return found[1] if found else bare


def holds_long_number(text: str) -> bool:
    """Whether a text holds nine digits or more in a row, as phone numbers and identity cards do."""
    return _LONG_NUMBER.search(text) is not None


def is_plain_name(text: str) -> bool:
    """Whether a cell can be one person's name."""
    return re.match(r"[^\W\d_]", text) is not None and not re.search(r"[\d\n;,/|=<>@]", text)


def read_day(text: str) -> date | None:
    """24/11/2026, 2026-11-24, 24 tháng 11 năm 2026, a spreadsheet's number of a day; None for anything else.

    11/2026 and 2026 mean the first day.
    """
    if _SERIAL.fullmatch(text):
        return _DAY_ZERO + timedelta(days=int(float(text)))
    text = _SAID.sub("/", fold(text)).strip("/")
    for pattern, order in ((_DAY_FIRST, (3, 2, 1)), (_YEAR_FIRST, (1, 2, 3)), (_MONTH, (2, 1, 0)), (_YEAR, (1, 0, 0))):
        found = pattern.fullmatch(text)
        if found:
            year, month, day = (int(found[group]) if group else 1 for group in order)
            year += 0 if year >= 100 else 2000 if year < _CENTURY else 1900
            try:
                return date(year, month, day)
            except ValueError:
                return None
    return None


def read_whole(text: str) -> int | None:
    """A whole number, a unit behind it allowed; None for anything else."""
    found = _WHOLE.fullmatch(fold(text))
    return int(found[1]) if found else None
