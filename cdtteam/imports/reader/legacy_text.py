"""Vietnamese text from before Unicode, which lives on in old lists: TCVN3 (ABC, fonts .Vn…) and VNI (fonts VNI-…).

Both write Latin letters that only their own fonts show as Vietnamese ones: NguyÔn V¨n, Nguyeãn Vaên. The tables are
those of TCVN 5712:1993 (VN3) and of VNI for Windows, as "Unicode & Vietnamese Legacy Character Encodings"
(vietunicode.sourceforge.net/charset) lists them side by side.
"""

import re
import unicodedata
from itertools import product

_TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
_VOWELS = "aăâeêioôơuưy"
_LOWER = {unicodedata.normalize("NFC", vowel + tone) for vowel, tone in product(_VOWELS, _TONES)} | {"đ"}
LETTERS = frozenset(_LOWER | {letter.upper() for letter in _LOWER})  # all that can have marks, and their plain vowels

# Every vowel without a tone, then with grave, hook, tilde, acute and dot, in the order of the standard.
_TCVN3 = {
    "a": "aµ¶·¸¹", "ă": "¨»¼½¾Æ", "â": "©ÇÈÉÊË", "e": "eÌÎÏÐÑ", "ê": "ªÒÓÔÕÖ", "i": "i×ØÜÝÞ", "o": "oßáâãä",
    "ô": "«åæçèé", "ơ": "¬êëìíî", "u": "uïñòóô", "ư": "\u00adõö÷øù", "y": "yúûüýþ",
}  # fmt: skip
FROM_TCVN3 = {
    old: unicodedata.normalize("NFC", vowel + tone)
    for vowel, row in _TCVN3.items()
    for old, tone in zip(row, _TONES, strict=True)
    if not old.isascii()
} | dict(zip("®¡¢£¤¥¦§", "đĂÂÊÔƠƯĐ", strict=True))

# A vowel, then what stands above and below it.
_VNI_MARKS = {
    "ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323",
    "â": "\u0302", "á": "\u0302\u0301", "à": "\u0302\u0300", "å": "\u0302\u0309", "ã": "\u0302\u0303",
    "ä": "\u0302\u0323",
    "ê": "\u0306", "é": "\u0306\u0301", "è": "\u0306\u0300", "ú": "\u0306\u0309", "ü": "\u0306\u0303",
    "ë": "\u0306\u0323",
}  # fmt: skip
_VNI_BASES = {"a": "a", "e": "e", "o": "o", "u": "u", "y": "y", "ô": "ơ", "ö": "ư"}
_VNI_SINGLE = {"ô": "ơ", "ö": "ư", "ñ": "đ", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}


def _vni_pairs() -> dict[str, str]:
    pairs = {}
    for (old, base), (mark, marks) in product(_VNI_BASES.items(), _VNI_MARKS.items()):
        letter = unicodedata.normalize("NFC", base + marks)
        if letter in LETTERS:  # there is no e with a breve
            for above in (mark, mark.upper()):
                pairs[old + above] = letter
                pairs[old.upper() + above] = letter.upper()
    return pairs


# fmt: off
FROM_VNI = _vni_pairs() | _VNI_SINGLE | {old.upper(): letter.upper() for old, letter in _VNI_SINGLE.items()}
# fmt: on


_WORD = re.compile(r"[^\W\d_]+")


class OldCharset:
    """A charset by what its letters are in Unicode, of which the longer come first."""

    def __init__(self, table: dict[str, str]) -> None:
        self._table = table
        self._pattern = re.compile("|".join(sorted(map(re.escape, table), key=len, reverse=True)))
        known = set(table.values())
        self._only_small = {letter for letter in known if letter.upper() not in known}

    def read(self, text: str) -> str:
        """The text in Unicode; what the charset does not know stays."""
        read = self._pattern.sub(lambda found: self._table[found[0]], text)
        return self._raise(read) if self._only_small.intersection(read) else read

    def _raise(self, text: str) -> str:
        """Makes capitals of the letters that are small only because the charset has no capitals of them.

        ĐƯờNG has two capitals, so that it is a word of capitals; Hà might be one, and is where all other words are.
        """
        others = [self._cased(word[0]) for word in _WORD.finditer(text)]
        is_all = all(word.isupper() or not word for word in others) and any(len(word) > 1 for word in others)

        def raised(found: re.Match[str]) -> str:
            cased = self._cased(found[0])
            return found[0].upper() if is_all or (len(cased) > 1 and cased.isupper()) else found[0]

        return _WORD.sub(raised, text)

    def _cased(self, word: str) -> str:
        """The letters of a word that tell whether it is one of capitals."""
        return "".join(letter for letter in word if letter not in self._only_small)

    def strangers(self, text: str) -> int:
        """How many letters with marks stand in a text that the charset does not know."""
        return sum(letter > "\x7f" and letter.isalpha() for letter in self._pattern.sub("", text))


TCVN3, VNI = OldCharset(FROM_TCVN3), OldCharset(FROM_VNI)


def charset_of(font: str) -> OldCharset | None:
    """The charset of what is written in a font; None for a font of Unicode."""
    name = font.strip().casefold()
    if name.startswith(".vn"):
        return TCVN3
    return VNI if name.startswith("vni-") else None


def has_capitals_only(font: str) -> bool:
    """Whether a font shows small letters as capitals, as .VnTimeH and its like do."""
    return font.strip().casefold().startswith(".vn") and font.strip().endswith("H")
