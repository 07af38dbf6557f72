"""Text at the doors: NFC, forbidden characters, folding for search, Vietnamese order of names."""

import re
import unicodedata
from math import isfinite

from cdtteam.core.problems import Problem

# Control characters other than newline, and surrogates, which no valid UTF-8 can carry.
_FORBIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


DEEPEST = 50  # nesting of lists and objects: no entry of ours passes 6


def clean_text(text: str, field: str) -> str:
    """`text` in NFC; Problem `invalid_field` for U+0000, control characters other than newline, lone surrogates."""
    if _FORBIDDEN.search(text):
        raise Problem("invalid_field", field=field)
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def clean_tree(value: object, field: str = "", depth: int = 0) -> object:
    """JSON-like `value` with every text and key cleaned; `field` is the path so far, such as `services[0]`.

    Problem `invalid_field` also for numbers that are too large to keep, and for what is nested too deep.
    """
    if isinstance(value, str):
        return clean_text(value, field)
    if isinstance(value, list | dict):
        return _clean_branch(value, field, depth + 1)
    if isinstance(value, float) and not isfinite(value):
        raise Problem("invalid_field", field=field)
    return value


def _clean_branch(value: list[object] | dict[str, object], field: str, depth: int) -> object:
    if depth > DEEPEST:
        raise Problem("invalid_field", field=field[:200])
    if isinstance(value, list):
        return [clean_tree(item, f"{field}[{index}]", depth) for index, item in enumerate(value)]
    return {
        clean_text(key, field): clean_tree(item, f"{field}.{key}" if field else key, depth)
        for key, item in value.items()
    }


def fold(text: str) -> str:
    """`text` as search sees it: casefolded, without marks, đ as d, spaces joined; the same on the phone."""
    decomposed = unicodedata.normalize("NFD", text.casefold())
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(bare.replace("đ", "d").split())


# Vietnamese alphabetical order: base letters first, then tones, as dictionaries have it.
_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANK = {letter: chr(0x100 + index) for index, letter in enumerate(_LETTERS)}
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}


def sort_key(text: str) -> tuple[str, str]:
    """Key for Vietnamese alphabetical order: letters first, tones second."""
    letters, tones = [], []
    for letter in unicodedata.normalize("NFC", text.casefold()):
        marks = unicodedata.normalize("NFD", letter)
        tone = next((_TONES[mark] for mark in marks if mark in _TONES), "0")
        base = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in _TONES))
        letters.append(_RANK.get(base, base))
        tones.append(tone)
    return "".join(letters), "".join(tones)


def name_key(name: str) -> tuple[tuple[str, str], tuple[str, str]]:
    """Key for lists of people: by the given (last) word, then the rest."""
    *rest, given = name.split() or [""]
    return sort_key(given), sort_key(" ".join(rest))
