"""Which village a cell means, where names differ by their marks alone."""

import pytest

from cdtteam.core.ids import new_id
from cdtteam.imports.places import with_names

NAMES = ("Thôn An Thành", "Thôn An Thạnh", "Làng K3", "Thôn K3", "Thôn Hòa Bình", "Khu phố 03")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Thôn An Thạnh", ["Thôn An Thạnh"]),
        ("an thành", ["Thôn An Thành"]),
        ("An Tha\u0323nh", ["Thôn An Thạnh"]),
        ("thon an thanh", ["Thôn An Thành", "Thôn An Thạnh"]),
        ("thôn Hoà Bình", ["Thôn Hòa Bình"]),
        ("hoa binh", ["Thôn Hòa Bình"]),
        ("làng k3", ["Làng K3"]),
        ("K3", ["Làng K3", "Thôn K3"]),
        ("khu phố 3", ["Khu phố 03"]),
        ("An Thánh Đông", []),
    ],
)
def test_marks_tell_apart_what_is_alike_without_them(text: str, meant: list[str]) -> None:
    villages = with_names({new_id(): name for name in NAMES})
    assert [villages.names[found] for found in villages.named(text)] == meant
