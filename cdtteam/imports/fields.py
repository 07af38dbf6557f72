"""What lists hold that we take, and the headings under which people write it."""

import re
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from cdtteam.core.text import words
from cdtteam.imports.models import Kind

JOINT = " · "  # between a heading and the one that stands above it, over several columns


@dataclass(frozen=True, slots=True)
class Field:
    """Something that we take; `words` are headings as people write them, folded, `hints` for want of better ones."""

    key: str
    name: Any
    words: tuple[str, ...]
    hints: tuple[str, ...] = ()
    is_needed: bool = False
    is_taken: bool = True


# fmt: off
_VILLAGE = (
    "thon", "ten thon", "thon xom", "thon to dan pho", "thon khu pho", "thon ban", "thon lang", "lang", "ap", "ban",
    "buon", "khu pho", "to dan pho", "thon to", "thon tdp", "tdp", "thon buon", "ten to dan pho", "khu dan cu",
    "dia ban", "village",
)
_ADDRESS = ("dia chi", "d c", "dc", "noi o", "cho o", "noi cu tru", "noi thuong tru", "thuong tru", "address")
_PHONE = (
    "so dien thoai", "dien thoai", "sdt", "so dt", "dt", "di dong", "so di dong", "zalo", "so zalo", "phone",
    "phone number", "mobile", "tel", "dtdd", "so dtdd", "dt di dong", "dien thoai di dong", "so may",
)
_CONTACT = ("lien he", "so lien he", "lien lac", "so lien lac", "thong tin lien he", "contact")
_NAME = (
    "ho ten", "ho va ten", "ten", "full name", "name", "ho va ten thanh vien", "thanh vien", "ho ten thanh vien",
    "ten thanh vien", "thanh vien to", "ho dem va ten", "ho chu dem va ten", "to vien", "ho va",
)
_POSITION = (
    "chuc vu", "chuc vu trong to", "chuc danh", "cv", "vai tro", "nhiem vu", "position", "position in the team", "role",
)
_ORGANISATION = (
    "thuoc", "don vi", "to chuc", "doan the", "thanh phan", "co quan", "doi tuong", "organisation", "organization",
)
_STARTED = (
    "ngay bat dau", "tu ngay", "ngay tham gia", "ngay vao to", "bat dau", "start", "start date", "since",
    "from the day",
)
_CODE = ("ma ho", "ma so ho", "ma ho gia dinh", "so ho", "code", "household code", "household number",
         "household s number")
_HEAD = ("chu ho", "ten chu ho", "ho ten chu ho", "ho va ten chu ho", "head of household", "head of the household",
         "head name", *_NAME)
_HAMLET = (
    "xom", "xom to", "to", "nhom", "nhom ho", "cum", "cum dan cu", "xom cum dan cu", "to tu quan", "hamlet",
    "hamlet or group", "group",
)
_PEOPLE = (
    "so nhan khau", "nhan khau", "so khau", "khau", "so nguoi", "so nguoi trong ho", "people",
    "people in the household", "members",
)
# fmt: on

FIELDS: dict[Kind, tuple[Field, ...]] = {
    Kind.PEOPLE: (
        Field("name", _l("Full name"), _NAME, is_needed=True),
        Field("phone", _l("Phone number"), _PHONE, _CONTACT),
        Field("village", _l("Village"), (*_VILLAGE, "to", "team"), _ADDRESS, is_needed=True),
        Field("position", _l("Position in the team"), _POSITION),
        Field("organisation", _l("Organisation"), _ORGANISATION),
        Field("started_on", _l("From the day"), _STARTED),
    ),
    Kind.HOUSEHOLDS: (
        Field("code", _l("Household's number"), _CODE),
        Field("head_name", _l("Head of the household"), _HEAD, is_needed=True),
        Field("village", _l("Village"), _VILLAGE, _ADDRESS, is_needed=True),
        Field("hamlet", _l("Hamlet or group"), _HAMLET),
        Field("people", _l("People in the household"), _PEOPLE),
        Field("note", _l("Note"), ("ghi chu", "note", "notes", "luu y")),
        Field("phone", _l("Phone number"), _PHONE, is_taken=False),
    ),
}

# Headings of what is in most lists and of no use to us.
_NUMBERS = ("stt", "tt", "so tt", "so thu tu", "thu tu", "no")
_SHORT = frozenset(("sdt", "dtdd"))  # words that say enough for whatever stands behind them


def is_same(field: Field, heading: str) -> bool:
    """Whether a heading, or its own part of one that stands in two rows, is one of the field's."""
    return any(words(part) in field.words for part in _parts(heading))


def begins_like(field: Field, heading: str) -> bool:
    """Whether a heading says more than the field's words, such as "Họ tên (ghi đủ)"."""
    return any(_begins_like(field, part) for part in _parts(heading))


def hints_at(field: Field, heading: str) -> bool:
    """Whether a heading may mean the field where no other does, such as "Địa chỉ" the village."""
    return any(words(part) in field.hints for part in _parts(heading))


def is_heading(kind: Kind, text: str) -> bool:
    """Whether a text is the heading of something that we take or pass over."""
    return words(text) in _NUMBERS or any(
        fits(field, text) for field in FIELDS[kind] for fits in (is_same, begins_like, hints_at)
    )


def _parts(heading: str) -> list[str]:
    whole = heading.split(JOINT)
    return list(dict.fromkeys((whole[-1], heading)))


def _begins_like(field: Field, heading: str) -> bool:
    bare = words(re.sub(r"\(.*?\)", " ", heading))
    may = (word for word in field.words if " " in word or word in _SHORT)
    return bare in field.words or any(bare.startswith(f"{word} ") for word in may)
