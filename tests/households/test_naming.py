"""By what a household is found in what others wrote, when it is erased: its name, and no word that looks like it."""

import pytest

from cdtteam.households.naming import is_named


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Rơ Châm Suệ", "Nhắc hộ ro cham sue mở máy"),
        ("Rơ Châm Suệ", "Rơ-Châm  SUỆ vắng nhà"),
        ("Hải", "Hộ Hải vắng nhà"),
        ("Hải", "Đã gặp hải ở rẫy"),
        ("Hải", "Gặp anh Hai ở nhà"),
        ("Hải", "ho hai vang nha"),
        ("Hải", "Đã gặp Ông Hải ở rẫy"),
        ("Hải", "nha ong hai\n– Xã Vĩnh Kim"),
        ("Hải", "GẶP HỘ HẢI"),
        ("Kôn", "Nhờ A Kôn dẫn đường"),
        ("Kôn", "Kôn đã cài xong"),
        ("Kôn", "Gặp Siu. Kôn vắng nhà"),
    ],
)
def test_it_is_named(name: str, text: str) -> None:
    assert is_named(name, text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Hải", "Mỗi hộ hai người, phải quay lại"),
        ("Hải", "Hai vợ chồng đều đã cài"),
        ("Hải", "Đã cài\nHai máy còn lại để sau"),
        ("Hải", "Đã giúp bà Nguyễn Thị Hải Yến"),
        ("Hải", "Đã giúp ông Trần Văn Hải"),
        ("Kôn", "Kônh và Akôn chưa xong"),
        ("Kôn", "Giúp bà Siu Kôn"),
        ("Rơ Châm Suệ", "Rơ Châm Suệt"),
        ("", "không ai"),
    ],
)
def test_it_is_not(name: str, text: str) -> None:
    assert not is_named(name, text)
