"""Names that people and places of the demonstration are given; nobody is meant by them."""

from random import Random

from cdtteam.demo.size import Odds

HIGHLAND = {"542", "546", "551"}  # districts where Bana, Chăm and H're people live

_SURNAMES = Odds({
    "Nguyễn": 34, "Trần": 12, "Lê": 10, "Phạm": 8, "Huỳnh": 7, "Võ": 6, "Đặng": 4, "Phan": 4, "Bùi": 3, "Trương": 3,
    "Đỗ": 2, "Hồ": 2, "Ngô": 2, "Dương": 2, "Lý": 1, "Đoàn": 1, "Mai": 1, "Tô": 1, "Châu": 1, "Cao": 1,
})  # fmt: skip
_MIDDLE_M = ("Văn", "Văn", "Văn", "Hữu", "Đình", "Minh", "Quang", "Ngọc", "Thanh", "Xuân", "Công", "Đức")
_MIDDLE_F = ("Thị", "Thị", "Thị", "Thị", "Thị Thu", "Thị Kim", "Thị Mỹ", "Ngọc", "Thị Hồng", "Thị Thanh")
_GIVEN_M = (
    "An", "Bình", "Cường", "Dũng", "Đạt", "Đông", "Hải", "Hiếu", "Hoà", "Hùng", "Khánh", "Lâm", "Long", "Minh", "Nam",
    "Nghĩa", "Phong", "Phúc", "Quân", "Sơn", "Tài", "Tâm", "Thắng", "Thịnh", "Toàn", "Trung", "Tuấn", "Vinh", "Việt",
)  # fmt: skip
_GIVEN_F = (
    "Anh", "Bích", "Cúc", "Diễm", "Dung", "Đào", "Giang", "Hà", "Hạnh", "Hiền", "Hoa", "Hương", "Lan", "Liên", "Loan",
    "Mai", "Nga", "Ngân", "Nhung", "Oanh", "Phượng", "Quyên", "Sương", "Thảo", "Thuỷ", "Trang", "Tuyết", "Vân", "Yến",
)  # fmt: skip
_HIGHLAND = ("Đinh", "Đinh", "Đinh", "Rơ Châm", "La Mai", "Mang", "La O", "Siu")
_HIGHLAND_GIVEN = (
    "Suệ", "Grieng", "Nhớp", "Lớp", "Krăng", "Biên", "Bleo", "Hrinh", "Ngút", "Xoa", "Yăm", "Brăng", "Đeng", "Chroi",
    "Hlít", "Mơ", "Nhoi", "Phơi", "Rít", "Thươi",
)  # fmt: skip

HAMLETS = ("Xóm Trên", "Xóm Dưới", "Xóm Giữa", "Xóm Chùa", "Xóm Gò", "Xóm Đình", "Xóm Bàu", "Xóm Cầu")
HIGHLAND_HAMLETS = ("Xóm Suối", "Xóm Nhà Rông", "Xóm Đồi", "Xóm Nước", "Xóm Trường")
STREETS = ("Tổ 1", "Tổ 2", "Tổ 3", "Tổ 4", "Tổ 5", "Tổ 6")
NOTES = (
    "Hẹn cuối tuần quay lại.",
    "Máy đã cũ, bộ nhớ đầy.",
    "Bà con muốn học thêm cách chuyển khoản.",
    "Đã hướng dẫn đổi mật khẩu.",
    "Mạng yếu, chưa tải được ứng dụng.",
)


def person(rng: Random, *, is_highland: bool) -> str:
    """A person's name."""
    is_man = rng.random() < 0.55
    if is_highland and rng.random() < 0.7:
        middle = rng.choice(("Văn ", "") if is_man else ("Thị ", ""))
        return f"{rng.choice(_HIGHLAND)} {middle}{rng.choice(_HIGHLAND_GIVEN)}"
    surname = _SURNAMES.draw(rng)
    middles, given = (_MIDDLE_M, _GIVEN_M) if is_man else (_MIDDLE_F, _GIVEN_F)
    return f"{surname} {rng.choice(middles)} {rng.choice(given)}"


def village_name(commune_kind: str, number: int, *, is_highland: bool) -> tuple[str, str]:
    """The name and kind of a commune's village with a number."""
    if commune_kind in ("ward", "township"):
        return f"Khu phố {number}", "khu phố"
    return (f"Làng K{number}", "làng") if is_highland else (f"Thôn {number}", "thôn")


def hamlets(kind: str) -> tuple[str, ...]:
    """What the parts of a village of a kind may be called."""
    return {"khu phố": STREETS, "làng": HIGHLAND_HAMLETS}.get(kind, HAMLETS)


def team_name(village: str) -> str:
    """The name of a village's team."""
    return f"Tổ CNSCĐ {village[0].lower()}{village[1:]}"
