"""What was written before Unicode comes back as it was meant; what is Unicode stays as it is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdtteam.imports.reader.legacy_text import LETTERS, TCVN3, VNI, charset_of, has_capitals_only
from cdtteam.imports.reader.likeness import charset_for, convert, decode_unmarked, is_syllable
from tests.support.legacy import to_tcvn3, to_vni, to_windows_1258

SMALL = "".join(sorted(letter for letter in LETTERS if letter.islower()))
PLAIN = "bcdghklmnpqrstvx 0123456789,.()"
LIST = ["Họ và tên", "Thôn", "Nguyễn Văn Ổn", "Rơ Châm Suệ", "Đặng Thị Thủy", "Trần Hữu Phước", "ghi chú: ở cuối đường"]


@settings(deadline=None)
@given(st.text(SMALL + PLAIN))
def test_tcvn3_round_trip(text: str) -> None:
    assert TCVN3.read(to_tcvn3(text)) == text


@settings(deadline=None)
@given(st.text("".join(sorted(LETTERS)) + PLAIN))
def test_vni_round_trip(text: str) -> None:
    assert VNI.read(to_vni(text)) == text


@settings(deadline=None)
@given(st.text("".join(sorted(LETTERS)) + PLAIN))
def test_letters_of_unicode_are_never_taken_for_old_ones(text: str) -> None:
    for charset in (TCVN3, VNI):
        assert convert(f"{text} ồ", charset) == f"{text} ồ"


@pytest.mark.parametrize(
    ("old", "charset", "text"),
    [
        ("Céng hoµ x· héi chñ nghÜa ViÖt Nam", TCVN3, "Cộng hoà xã hội chủ nghĩa Việt Nam"),
        ("hép møt tÕt, §\u00adêng NguyÔn Tr\u00b7i", TCVN3, "hộp mứt tết, Đường Nguyễn Trãi"),
        ("Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", VNI, "Cộng hòa xã hội chủ nghĩa Việt Nam"),
        ("ÑÖÔØNG NGUYEÃN HUYØNH, Hoà Thò Kyø", VNI, "ĐƯỜNG NGUYỄN HUỲNH, Hồ Thị Kỳ"),
    ],
)
def test_as_old_documents_have_it(old: str, charset: object, text: str) -> None:
    assert convert(old, charset) == text  # type: ignore[arg-type]
    assert charset_for([old]) is charset


@pytest.mark.parametrize(
    ("old", "text"),
    [
        ("L¦U V¡N §¦êNG", "LƯU VĂN ĐƯỜNG"),
        ("NGUYÔN THÞ Hµ", "NGUYỄN THỊ HÀ"),
        ("TRÇN THÞ ý, TH¤N 3", "TRẦN THỊ Ý, THÔN 3"),
        ("NguyÔn ThÞ Hµ", "Nguyễn Thị Hà"),
        ("Hµ", "Hà"),
        ("H'B¸ Ksor", "H'Bá Ksor"),
        ("TP. Hå ChÝ Minh", "TP. Hồ Chí Minh"),
        ("§Æng Ých", "Đặng ích"),  # what begins with a tone has no capital to tell by
    ],
)
def test_capitals_that_tcvn3_does_not_have(old: str, text: str) -> None:
    assert TCVN3.read(old) == text


def test_fonts_say_the_charset() -> None:
    fonts = {".VnTime": TCVN3, ".VnArial NarrowH": TCVN3, "VNI-Times": VNI, "vni-Helve": VNI, "Times New Roman": None}
    assert {font: charset_of(font) for font in fonts} == fonts
    assert [font for font in fonts if has_capitals_only(font)] == [".VnArial NarrowH"]


def test_unicode_is_not_taken_for_anything_older() -> None:
    for texts in (LIST, ["Lê Hoà", "Thôn 1"], ["Kpă H'Blơi", "Y Bhăm Niê Kđăm"], ["Noël", "Zoë"], ["Name"], []):
        assert charset_for(texts) is None


def test_bytes_without_a_mark_are_read_by_what_they_make() -> None:
    text = "\n".join(LIST)
    assert decode_unmarked(to_windows_1258(text)) == text
    small = text.replace("Ổ", "ổ")  # TCVN3 has no such capital
    assert decode_unmarked(to_tcvn3(small).encode("latin-1")) == small
    assert decode_unmarked(to_vni(text).encode("latin-1")) == text
    assert decode_unmarked(text.encode("cp1258", "replace")) is None  # letters that were lost as question marks
    assert decode_unmarked(bytes(range(128, 256))) is None


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("nghiêng", True),
        ("khuya", True),
        ("quốc", True),
        ("hoà", True),
        ("nguyôn", False),
        ("tềt", False),
        ("vóõ", False),
    ],
)
def test_what_can_be_a_word(word: str, expected: bool) -> None:
    assert is_syllable(word) is expected
