"""Whether a text calls somebody by a name. A name of one word may be a common word too, or part of another's name."""

import re
from unicodedata import normalize

from cdtteam.core.text import fold

_WORD = re.compile(r"[^\W_]+")
# What stands before a name and is none, though many write it with a capital.
_TITLES = {
    "ông", "bà", "anh", "chị", "cô", "chú", "bác", "em", "cụ", "già", "dì", "cậu", "mợ", "thím", "thầy", "cháu",
    "hộ", "nhà",
}  # fmt: skip


def is_named(name: str, text: str) -> bool:
    """Whether a text holds a name as whole words, with marks or without, whatever stands between them.

    Of one word more is asked, lest “hai” be taken for Hải: that it is no part of a longer name, and in a line with
    marks has its very own, or a capital within a sentence.
    """
    wanted = _words(name)
    if not wanted:
        return False
    if " " in wanted:
        return f" {wanted} " in f" {_words(text)} "
    return any(_holds_word(line, normalize("NFC", name), wanted) for line in normalize("NFC", text).splitlines())


def _holds_word(line: str, name: str, wanted: str) -> bool:
    found = list(_WORD.finditer(line))
    return any(
        fold(one[0]) == wanted and _is_meant(name, line, one) and not _is_part(line, found, at)
        for at, one in enumerate(found)
    )


def _words(text: str) -> str:
    return " ".join(_WORD.findall(fold(text)))


def _is_meant(name: str, text: str, word: re.Match[str]) -> bool:
    if fold(text) == text.casefold():  # somebody types without marks
        return True
    is_capital = word[0][0].isupper() and not _begins(text, word)
    return is_capital or word[0].casefold() == name.strip().casefold()


def _is_part(text: str, found: list[re.Match[str]], at: int) -> bool:
    """Whether a word stands beside another with a capital.

    That is no letter (A Kôn) or title (Ông Hải), and does not begin a sentence.
    """
    if text.isupper():
        return False
    word, after = found[at], found[at + 1 : at + 2]
    before = found[at - 1 : at] if at else []
    follows = any(one[0][0].isupper() and text[word.end() : one.start()].isspace() for one in after)
    leads = any(
        one[0][0].isupper()
        and len(one[0]) > 1
        and one[0].casefold() not in _TITLES
        and not _begins(text, one)
        and text[one.end() : word.start()].isspace()
        for one in before
    )
    return word[0][0].isupper() and (follows or leads)


def _begins(text: str, word: re.Match[str]) -> bool:
    """Whether a sentence begins with a word."""
    before = text[: word.start()].rstrip(" ")
    return not before or before[-1] in '.!?:;"“(['
