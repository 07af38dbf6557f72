"""What the desk types for a report, beside the figures."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import fields as fields_of
from msgspec.structs import replace

from cdtteam.core.periods import parse_day
from cdtteam.core.problems import Problem
from cdtteam.core.text import clean_text

LONGEST = {"difficulties": 6000, "proposals": 6000, "recipients": 1500}
SHORT = 120

RECIPIENTS = "- Ủy ban nhân dân tỉnh (b/c);\n- Sở Khoa học và Công nghệ (b/c);\n- Lưu: VT."
_KINDS = re.compile(r"^(Xã|Phường|Thị trấn|Đặc khu|Tỉnh|Thành phố|Thị xã)\s+", re.IGNORECASE)


class Texts(Struct):
    """Difficulties and proposals, and what stands at the head and the foot of the document."""

    place: str = ""
    dated_on: date | None = None
    difficulties: str = ""
    proposals: str = ""
    recipients: str = RECIPIENTS
    sign_for: str = "TM. ỦY BAN NHÂN DÂN"
    sign_title: str = "CHỦ TỊCH"
    sign_name: str = ""


TOLD = ("difficulties", "proposals")  # people write them freely
NARRATIVE = (*TOLD, "dated_on")  # a new period begins without them


def first_texts(area_name: str, earlier: Texts | None) -> Texts:
    """With what a new report begins: head and foot of the last one."""
    if earlier is None:
        return Texts(place=_bare(area_name))
    kept = {field.name: getattr(earlier, field.name) for field in fields_of(Texts) if field.name not in NARRATIVE}
    return Texts(**kept)


def at_its_place(texts: Texts, area_name: str, names: Iterable[str]) -> Texts:
    """The texts with the place called as the area is, where the place is any of the `names` that the area ever had."""
    is_own = texts.place in {_bare(name) for name in names}
    return replace(texts, place=_bare(area_name)) if is_own else texts


def with_narratives(texts: Texts, before: Sequence[tuple[str, Texts]]) -> Texts:
    """The texts with the narratives of the communes that became one; of several each stands under its name."""
    for field in TOLD:
        typed = [(name, getattr(one, field)) for name, one in before if getattr(one, field)]
        parts = [text if len(before) == 1 else f"{name}:\n{text}" for name, text in typed]
        if parts:
            setattr(texts, field, "\n".join(parts))
    return texts


def read_texts(form: Mapping[str, str], now: datetime) -> Texts:
    """The texts of a form; Problem `invalid_field` names the field at fault."""
    found: dict[str, str] = {}
    for field in fields_of(Texts):
        if field.name != "dated_on":
            found[field.name] = _clean(form.get(field.name, ""), field.name)
    return Texts(**found, dated_on=_day(form.get("dated_on", ""), now))


def showable(text: str) -> str:
    """A text that was not taken, without what a page could not hold."""
    return "".join(letter for letter in text if letter == "\n" or unicodedata.category(letter) not in ("Cc", "Cs"))


def _bare(area_name: str) -> str:
    return _KINDS.sub("", area_name)


def _clean(text: str, field: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").strip()
    if field not in LONGEST:
        lines = " ".join(lines.split())
    if len(lines) > LONGEST.get(field, SHORT):
        raise Problem("invalid_field", field=field)
    return clean_text(lines, field)


def _day(text: str, now: datetime) -> date | None:
    if not text.strip():
        return None
    try:
        found = parse_day(text.strip())
    except ValueError as error:
        raise Problem("invalid_field", field="dated_on") from error
    if abs(found.year - now.year) > 2:  # a slip of the keyboard
        raise Problem("invalid_field", field="dated_on")
    return found
