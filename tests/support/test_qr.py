"""The tests' own reader of QR codes against what draws them."""

import re

import pytest
import segno

from tests.support.qr import read_qr


@pytest.mark.parametrize("level", ["l", "m", "q", "h"])
@pytest.mark.parametrize("length", [4, 20, 43, 60, 90])
def test_what_is_drawn_is_read(level: str, length: int) -> None:
    text = ("http://127.0.0.1:5000/tham-gia#" + "aB3-_xYz9" * 9)[-length:]
    drawn = segno.make_qr(text, error=level, boost_error=False, mode="byte").svg_inline(omitsize=True, border=2)
    path = re.search(r' d="([^"]+)"', drawn)
    assert path
    assert read_qr(path[1]) == text
