"""Values of cells as people see them."""

import re
import unicodedata
from datetime import date, datetime, time
from typing import Any

_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_PADDED = re.compile(r"0{2,20}")


def clean(text: str) -> str:
    """A text in NFC, with newlines as the only control characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _CONTROL.sub(" ", text))


def bare(text: str) -> str:
    """A text without letters that nobody sees, such as soft hyphens: after old charsets, one of which has ư there."""
    return text if text.isascii() else _UNSEEN.sub("", text)


def text_of(value: object, number_format: str = "General") -> str:
    """A cell's value as its author sees it; `number_format` such as 0000000000 brings zeros in front back."""
    if value is None:
        return ""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime | date | time):
        return _moment(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    if isinstance(value, int) and value >= 0 and _PADDED.fullmatch(number_format):
        return str(value).zfill(len(number_format))
    return format(value, ".15g") if isinstance(value, float) else str(value)


def _moment(value: Any) -> str:
    if isinstance(value, time):
        return f"{value:%H:%M}"
    day = f"{value.day:02}/{value.month:02}/{value.year:04}"
    has_time = isinstance(value, datetime) and (value.hour or value.minute)
    return f"{day} {value:%H:%M}" if has_time else day
