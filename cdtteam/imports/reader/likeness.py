"""How Vietnamese a text looks, by which one tells in what charset it was written where nothing else says so."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from contextlib import suppress
from itertools import islice

from cdtteam.imports.reader.legacy_text import LETTERS, TCVN3, VNI, OldCharset
from cdtteam.imports.reader.texts import bare

_LOOKED_AT = 2_000  # texts
_WORD = re.compile(r"[^\W\d_]+")
_LOST = re.compile(r"[^\W\d_]\?[^\W\d_]")
_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
# fmt: off
_RHYMES = (
    r"[aăâeêioôơuưy]|i[aê]|y[aê]|u[aôâêyơ]|ư[aơ]|o[aăe]|uyê|uya|a[ioyu]|â[uy]|eo|êu|iu|iêu|yêu|[oôơuư]i|uôi|ưu|ươ[iu]|"
    r"oa[iyo]|oeo|uây|uyu"
)
# Words with marks that hardly any list of people or households is without.
_KNOWN = re.compile(
    "họ|tên|và|thôn|số|điện|thoại|chủ|hộ|nguyễn|văn|thị|trần|lê|phạm|phan|võ|đặng|bùi|đỗ|hồ|ngô|dương|lý|đinh|hoàng|huỳnh|"
    "xã|tổ|trưởng|phó|phú|thành|viên|chức|vụ|xóm|khẩu|nhân|mã|địa|chỉ|ấp|làng|bản|phố|đoàn|hội|phụ|nữ|nông|cộng|đồng|"
    "công|nghệ|chú|sách|người|ngày|tổng|tỉnh|huyện"
)
# fmt: on
_ONSETS = "ngh|ng|gh|gi|nh|ch|kh|ph|th|tr|qu|[bcdđghklmnprstvx]"
_SYLLABLE = re.compile(rf"(?:{_ONSETS})?(?:{_RHYMES})(ng|nh|ch|[cmnpt])?")
_STOPS = frozenset(("c", "ch", "p", "t"))


def is_syllable(word: str) -> bool:
    """Whether a word can be one of Vietnamese: one tone at most, and acute or dot before c, ch, p and t."""
    bare = unicodedata.normalize("NFD", word.casefold())
    tones = _TONES.findall(bare)
    found = _SYLLABLE.fullmatch(unicodedata.normalize("NFC", _TONES.sub("", bare)))
    if found is None or len(tones) > 1:
        return False
    return found[1] not in _STOPS or tones in (["\u0301"], ["\u0323"])


def likeness(texts: Iterable[str]) -> tuple[int, bool]:
    """Points for words with marks that are Vietnamese, against those that are not, and whether any is well known."""
    points, is_known = 0, False
    for text in texts:
        for word in _WORD.findall(text):
            if word.isascii():
                continue
            if _KNOWN.fullmatch(word.casefold()):
                points, is_known = points + 2, True
            else:
                points += 1 if is_syllable(word) else -2
    return points, is_known


def is_unicode(text: str) -> bool:
    """Whether a text holds letters that no charset before Unicode shows as they are."""
    return any(letter > "\u00ff" and letter in LETTERS for letter in text)


def convert(text: str, charset: OldCharset) -> str:
    """A text from an old charset, unless it is Unicode by its looks."""
    if text.isascii() or is_unicode(text):
        return text
    converted = charset.read(text)
    return text if likeness([text]) > likeness([converted]) else converted


def charset_for(texts: Iterable[str]) -> OldCharset | None:
    """The old charset in which Latin letters make more of Vietnamese than they do as they stand; None for Unicode."""
    sample = list(islice((text for text in texts if not text.isascii()), _LOOKED_AT))
    best, found = max(likeness(sample)[0], 0), None
    for charset in (TCVN3, VNI):
        points, is_known = _likeness_in(charset, sample)
        if is_known and points > best:
            best, found = points, charset
    return found


def reading_of(texts: Iterable[str]) -> Callable[[str], str]:
    """How to read the cells of a sheet whose fonts say nothing: by its words, as Unicode or from an old charset."""
    charset = charset_for(texts)
    return bare if charset is None else lambda text: bare(convert(text, charset))


def decode_unmarked(content: bytes) -> str | None:
    """Bytes that are no UTF-8, in the likeliest of Windows-1258, TCVN3 and VNI; None where none makes Vietnamese."""
    latin = content.decode("latin-1")
    lines = [line for line in latin.splitlines() if not line.isascii()][:_LOOKED_AT]
    found = [(_likeness_in(charset, lines), charset.read(latin)) for charset in (TCVN3, VNI)]
    with suppress(UnicodeDecodeError):
        windows = unicodedata.normalize("NFC", content.decode("cp1258"))
        found.append((likeness(windows.splitlines()[:_LOOKED_AT]), windows))
    (points, is_known), best = max(found, key=lambda one: one[0])
    # Excel saves letters that a charset does not have as question marks: these are lost for good.
    return best if is_known and points > 0 and not _LOST.search(best) else None


def _likeness_in(charset: OldCharset, texts: list[str]) -> tuple[int, bool]:
    fitting = [text for text in texts if not is_unicode(text) and not charset.strangers(text)]
    points, is_known = likeness(map(charset.read, fitting))
    return points - 4 * (len(texts) - len(fitting)), is_known
