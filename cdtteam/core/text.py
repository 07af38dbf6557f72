"""Text at the doors: NFC, forbidden characters, folding for search, Vietnamese order of names."""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from math import isfinite
from typing import Any

from cdtteam.core.problems import Problem

TAKEN_OUT = "–"  # stands where words were that named a household which is forgotten

# Control characters other than newline, and surrogates, which no valid UTF-8 can carry.
_FORBIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


DEEPEST = 50  # nesting of lists and objects: no entry of ours passes 6


def clean_text(text: str, field: str) -> str:
    """`text` in NFC; Problem `invalid_field` for U+0000, control characters other than newline, lone surrogates."""
    if _FORBIDDEN.search(text):
        raise Problem("invalid_field", field=field)
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def is_clean(json: bytes) -> bool:
    """Whether clean_tree would leave the value of this compact JSON as it is: a quick look that spares most the walk.

    What holds escapes is taken to be unclean; numbers that are too large to keep are not seen.
    """
    if b"\\" in json or json.count(b"[") + json.count(b"{") > DEEPEST:
        return False
    text = json.decode()
    return _FORBIDDEN.search(text) is None and (text.isascii() or unicodedata.is_normalized("NFC", text))


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


def texts_in(value: object) -> list[str]:
    """All texts and keys of JSON-like `value`, each as it is: what names somebody is told by the whole of one alone."""
    if isinstance(value, dict):
        return [text for pair in value.items() for part in pair for text in texts_in(part)]
    if isinstance(value, list):
        return [text for part in value for text in texts_in(part)]
    return [value] if isinstance(value, str) else []


def taken_out(value: Any, names_it: Callable[[str], bool]) -> Any:
    """JSON-like `value` with TAKEN_OUT in place of each text or key that names a household which is forgotten."""
    if isinstance(value, dict):
        return {TAKEN_OUT if names_it(key) else key: taken_out(item, names_it) for key, item in value.items()}
    if isinstance(value, list):
        return [taken_out(item, names_it) for item in value]
    return TAKEN_OUT if isinstance(value, str) and names_it(value) else value


class _Bare(dict[int, str]):
    """What is left of each letter without its marks; those of alphabets like ours are found once."""

    def __missing__(self, code: int) -> str:
        decomposed = unicodedata.normalize("NFD", chr(code)).replace("đ", "d")
        bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
        if code < 0x2000:  # others may be many, and are rare
            self[code] = bare
        return bare


_BARE = _Bare()


def fold(text: str) -> str:
    """`text` as search sees it: casefolded, without marks, đ as d, spaces joined; the same on the phone."""
    return " ".join(text.casefold().translate(_BARE).split())


def words(text: str) -> str:
    """A heading or the name of a field as we compare it: folded, letters and digits alone."""
    return " ".join(re.sub(r"[^a-z0-9]+", " ", fold(text)).split())


def spelling(text: str) -> list[tuple[str, ...]]:
    """A text's words, casefolded, as letters and marks; on which of two vowels a mark stands (hòa, hoà) is all one."""
    words = re.findall(r"\w+", unicodedata.normalize("NFC", text.casefold()))
    return [tuple(sorted(unicodedata.normalize("NFD", word))) for word in words]


def is_one_name(name: str, other: str) -> bool:
    """Whether two names are spelt the same, or would be if one of them had not been typed without any marks.

    Nguyễn Thị Lan is Nguyen Thi Lan, and not Nguyễn Thị Lân.
    """
    if fold(name) != fold(other):
        return False
    return spelling(name) == spelling(other) or any(spelling(one) == spelling(fold(one)) for one in (name, other))


# Vietnamese alphabetical order: base letters first, then tones, as dictionaries have it.
_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANK = {letter: chr(0x100 + index) for index, letter in enumerate(_LETTERS)}
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}


def sort_key(text: str) -> tuple[str, str]:
    """Key for Vietnamese alphabetical order: letters first, tones second."""
    places = [_place(letter) for letter in unicodedata.normalize("NFC", text.casefold())]
    return "".join(rank for rank, _ in places), "".join(tone for _, tone in places)


@lru_cache(maxsize=1024)
def _place(letter: str) -> tuple[str, str]:
    """Where a letter stands among its base letters, and by its tone."""
    marks = unicodedata.normalize("NFD", letter)
    tone = next((_TONES[mark] for mark in marks if mark in _TONES), "0")
    base = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in _TONES))
    return _RANK.get(base, base), tone


def name_key(name: str) -> tuple[tuple[str, str], tuple[str, str]]:
    """Key for lists of people: by the given (last) word, then the rest."""
    *rest, given = name.split() or [""]
    return sort_key(given), sort_key(" ".join(rest))


@lru_cache(maxsize=4096)
def natural_key(name: str) -> tuple[tuple[int, Any], ...]:
    """Key by which Thôn 2 stands before Thôn 10."""
    return tuple(
        (int(part), ("", "")) if part.isdecimal() else (-1, sort_key(part)) for part in re.split(r"(\d+)", name)
    )
