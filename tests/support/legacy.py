"""Text and files as they were written before Unicode, by the inverse of the tables that read them."""

import codecs
import unicodedata

from cdtteam.imports.reader.legacy_text import FROM_TCVN3, FROM_VNI

_TO_TCVN3 = {letter: old for old, letter in reversed(FROM_TCVN3.items())}
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_TO_VNI = {letter: old for old, letter in FROM_VNI.items()}


def to_tcvn3(text: str) -> str:
    """As the font .VnTime shows it; its capitals have no tones, which .VnTimeH shows of small letters."""
    return "".join(_TO_TCVN3.get(letter) or _TO_TCVN3.get(letter.lower(), letter) for letter in text)


def to_vni(text: str) -> str:
    """As the font VNI-Times shows it."""
    return "".join(_TO_VNI.get(letter, letter) for letter in text)


def to_windows_1258(text: str) -> bytes:
    """As Windows' own charset for Vietnam has it: the tone stands behind its letter."""
    out = []
    for letter in unicodedata.normalize("NFC", text):
        parts = unicodedata.normalize("NFD", letter)
        tone = "".join(mark for mark in parts if mark in _TONES)
        out.append(unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in tone)) + tone)
    return codecs.encode("".join(out), "cp1258")
