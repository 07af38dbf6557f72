"""What no list brings, known by the heading of its column or by the look of its cells."""

import re
from collections.abc import Callable
from datetime import date

from cdtteam.core.never import NEVER_COLLECTED
from cdtteam.core.text import words
from cdtteam.imports.cells import read_day
from cdtteam.imports.fields import FIELDS, begins_like, is_heading, is_same
from cdtteam.imports.models import Kind

_LOOKED_AT = 1_000  # cells that hold anything
_SHARE = 0.5  # of a column's cells that look alike

# By whole words of a heading: what nobody collects, and what a list of people or households need not say.
_HEADINGS = (
    *NEVER_COLLECTED.items(),
    ("religion", r"ton giao|religion"),
    (
        "birth",
        r"(ngay|nam|thang|n|ng|ngay thang) sinh|nsinh|sinh (ngay|nam)|ns|tuoi|date of birth|birth\w*|dob|age",
    ),
    ("bank", r"so tai khoan|tai khoan ngan hang|ngan hang|bank\w*|mat khau|password|otp"),
    ("health", r"bhyt|bao hiem|benh|suc khoe|khuyet tat|insurance|health"),
)

# The 54 of the decision 121-TCTK/PPCĐ of 1979 as lists write them, folded.
_PEOPLES = re.compile(
    r"kinh( viet)?|tay|thai|hoa|khmer|kho ?me|muong|nung|h ?mong|mong|meo|dao|gia rai|j(a)?rai|ngai|e ?de|"
    r"ba ?na|bahnar|"
    r"xo dang|sedang|san chay|cao lan|co ho|k ho|cham|san diu|h ?re|m ?nong|ra ?glai|x?s?tieng|(bru )?van kieu|bru|"
    r"tho|giay|co tu|gie trieng|ma|kho mu|co|ta oi|cho ro|khang|xinh mun|ha nhi|chu ru|lao|la chi|la ha|phu la|la hu|"
    r"lu|lo lo|chut|mang|pa then|co lao|cong|bo y|si la|pu peo|brau|o du|ro mam"
)
_LONGEST_PEOPLE = 16
_PLACE = re.compile(
    r"\(?-?(8|9|1\d|2[0-4]|10[2-9]|110)[.,]\d{3,}°?[NE]?([,; ]+(8|9|1\d|2[0-4]|10[2-9]|110)[.,]\d{3,}°?[NE]?\)?)?"
)
_YEAR = re.compile(r"19\d\d")
_GROWN_UP = date(2000, 1, 1)  # nobody joined a team before; most who are in one were born before


def why_never(kind: Kind, heading: str, cells: list[str]) -> str:
    """A word of imports.words for the reason why a column is never taken; an empty text where there is none."""
    said = words(heading)
    for reason, pattern in _HEADINGS:
        if re.search(rf"\b({pattern})\b", said):
            return reason
    phone = next(field for field in FIELDS[kind] if field.key == "phone")
    is_phone = is_same(phone, heading) or begins_like(phone, heading)
    # A phone number that lost its zero has nine digits as well, and an old one eleven as an identity card without it.
    lengths = (12,) if is_phone else (9, 11, 12)
    is_known = is_heading(kind, heading)
    looks: tuple[tuple[str, Callable[[str], bool]], ...] = (
        ("ethnicity", lambda cell: len(cell) <= _LONGEST_PEOPLE and _PEOPLES.fullmatch(words(cell)) is not None),
        ("place", lambda cell: _PLACE.fullmatch(cell) is not None),
        ("digits", lambda cell: _is_number_of(cell, lengths)),
        ("birth", lambda cell: _is_long_ago(cell, may_be_year=not is_known)),
    )
    for reason, looks_so in looks:
        if cells and sum(map(looks_so, cells[:_LOOKED_AT])) >= _SHARE * len(cells[:_LOOKED_AT]):
            return reason
    return "phone" if is_phone and not phone.is_taken else ""


def _is_number_of(cell: str, lengths: tuple[int, ...]) -> bool:
    bare = re.sub(r"[ .]", "", cell)
    return bare.isdecimal() and len(bare) in lengths


def _is_long_ago(cell: str, *, may_be_year: bool) -> bool:
    if may_be_year and _YEAR.fullmatch(cell):
        return True
    day = None if cell.isdecimal() or not re.search(r"\d", cell) else read_day(cell)
    return day is not None and day < _GROWN_UP
