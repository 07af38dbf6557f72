"""The pilot's commune as it stands in its officer's files: 32 villages, a team in each, 5,000 households."""

from collections.abc import Iterator
from itertools import product
from typing import Any

Row = tuple[Any, ...]

PROVINCE, COMMUNE_CODE, COMMUNE = "Tỉnh Bình Định", "21787", "Xã Vĩnh Sơn"
VILLAGES = [
    f"Thôn {first} {second}"
    for first, second in product(
        ("An", "Định", "Phú", "Vĩnh"), ("Bình", "Hòa", "Lộc", "Quang", "Sơn", "Thành", "Thạnh", "Trường")
    )
]
HOME, OTHER, ON_PAPER, QUIET = VILLAGES[:4]
HANG, DUOC, AN = "Nguyễn Thị Hằng", "Trần Văn Được", "Rơ Châm Ẩn"
WIFE, ON_PAPER_HEAD = "Đinh Thị Mỹ Duyên", "Lê Hữu Phước"
SHARED_PHONE = "0912 345 678"
REFUSING = "Hồ Thị Lặng-Thinh"  # in HOME; the name that has to be nowhere in the end
HOUSEHOLDS = 5000

_PEOPLE = ("STT", "Họ và tên", "Số điện thoại", "Thôn", "Chức vụ", "Thuộc", "Từ ngày", "Dân tộc")
_HOMES = ("Mã hộ", "Họ và tên chủ hộ", "Thôn", "Xóm", "Số nhân khẩu", "Số CCCD", "Ghi chú")
_KNOWN = {HOME: (HANG, DUOC, WIFE), OTHER: (AN,), ON_PAPER: (ON_PAPER_HEAD,)}
_POSITIONS = ("Tổ trưởng", "Tổ phó", "Thành viên")
_ORGANISATIONS = ("Trưởng thôn", "Đoàn Thanh niên", "Chi hội Phụ nữ")
_FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Võ", "Đặng", "Bùi", "Đỗ", "Đinh")
_MIDDLES = (
    "Văn", "Thị", "Hữu", "Ngọc", "Minh", "Thanh", "Quốc", "Xuân", "Đình", "Kim", "Hồng", "Công", "Thị Mỹ", "Thị Bích",
    "Đức", "Thế", "Bá", "Như", "Thị Thu", "Hoàng",
)  # fmt: skip
_GIVENS = (
    "Ánh", "Bảy", "Cường", "Dũng", "Được", "Gấm", "Hạnh", "Khánh", "Lợi", "Mận", "Nhẫn", "Oanh", "Phượng", "Quế",
    "Sửu", "Tuệ", "Uyên", "Vượng", "Xoài", "Yến", "Ửng", "Thảo", "Liễu", "Kiệt", "Nghĩa",
)  # fmt: skip


def commune_csv() -> str:
    """The operator's file of communes."""
    return f"code,name,kind,province_code\n{COMMUNE_CODE},{COMMUNE},xã,52\n"


def villages_csv() -> str:
    """The operator's file of villages."""
    return "".join(["code,name,kind,commune_code\n", *(f",{name},thôn,{COMMUNE_CODE}\n" for name in VILLAGES)])


def people(*, is_mended: bool) -> Iterator[Row]:
    """Three people for each village, under a title; before it was mended three rows cannot be taken."""
    yield ("DANH SÁCH TỔ CÔNG NGHỆ SỐ CỘNG ĐỒNG",)
    yield _PEOPLE
    names = (name for name in _names() if name != DUOC)
    for number, (village, at) in enumerate(product(VILLAGES, range(3)), 1):
        known = _KNOWN.get(village, ())
        name = known[at] if at < len(known) else next(names)
        phone = SHARED_PHONE if name in (DUOC, WIFE) else f"0905 {number:03} {at}00"
        yield (number, name, phone, village, _POSITIONS[at], _ORGANISATIONS[at], "01/03/2026", "Kinh")
    if not is_mended:
        yield (97, "Trần Thị Ngoại", "0905 111 222", "Thôn Không Có", "Thành viên", "", "", "Kinh")
        yield (98, "Trần Thị Số", "gọi chồng", HOME, "Thành viên", "", "", "Kinh")
        yield (99, "", "0905 111 444", HOME, "Thành viên", "", "", "Kinh")


def households() -> Iterator[Row]:
    """All households, dealt out to the villages in turn; then one of them again, and three that cannot be taken."""
    yield _HOMES
    names = _names()
    for at in range(HOUSEHOLDS):
        name = REFUSING if at == 0 else next(names)
        row = (f"H{at:05}", name, VILLAGES[at % len(VILLAGES)], f"Xóm {1 + at % 3}", 1 + at % 7, f"0520{at:08}", None)
        yield row
    yield row
    yield ("H90001", "", HOME, "Xóm 1", 4, "052000000001", None)
    yield ("H90002", "Đỗ Thị Lạc", "Thôn Không Có", "Xóm 1", 4, "052000000002", None)
    yield ("H90003", "Đỗ Thị Đông", HOME, "Xóm 1", 88, "052000000003", None)


def some_of(village: str, count: int) -> list[str]:
    """The names of the first households of a village, the one that refuses left out."""
    return [row[1] for row in households() if row[2] == village and row[1] not in ("", REFUSING)][:count]


def _names() -> Iterator[str]:
    """Five thousand names, no two alike."""
    for middle, given, family in product(_MIDDLES, _GIVENS, _FAMILIES):
        yield f"{family} {middle} {given}"
