"""Months, sums and headings in words, as people here write them."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from cdtteam.core.periods import Period
from cdtteam.participation.words import is_english

# A document of the administration is in Vietnamese whatever language its writer reads (Decree 30/2020/NĐ-CP).
AGENCY = "ỦY BAN NHÂN DÂN"
STATE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
SHEET = {
    "mark": "x",
    "entered": "x*",
    "key": "x*: ngày do xã nhập thay, theo lượt hỗ trợ tổ đã ghi.",
    "signers": ("NGƯỜI LẬP BẢNG", "KẾ TOÁN", "CHỦ TỊCH"),
}
BLANK = {
    "title": "PHIẾU GHI LƯỢT HỖ TRỢ",
    "team": "Tổ:",
    "village": "Địa bàn:",
    "author": "Người ghi:",
    "companions": "Người cùng đi:",
    "topics": "Nội dung:",
    "key": "Hình thức: N = tại nhà · C = nơi công cộng · Đ = điện thoại · T = nhóm. "
    "Kết quả: X = đã xong · L = đang làm · H = hẹn quay lại · K = chưa có nhu cầu.",
    "kinds": "N C Đ T",
    "outcomes": "X L H K",
    "columns": (
        ("TT", ""),
        ("Ngày", "date"),
        ("Chủ hộ (để trống nếu không muốn ghi tên)", "home"),
        ("Hình thức", ""),
        ("Nội dung (đánh dấu)", "boxes"),
        ("Số người", ""),
        ("Kết quả", ""),
        ("Ghi chú", "note"),
    ),
    "privacy": "Không thu thập số căn cước, mật khẩu, mã OTP. "
    "Hộ không đồng ý ghi tên thì để trống, vẫn tính lượt hỗ trợ.",
}


@dataclass(frozen=True, slots=True)
class SheetTitle:
    """What stands above a sheet."""

    commune: str
    heading: str
    span: str
    tab: str


def sheet_title(commune: str, period: Period) -> SheetTitle:
    """The title of a month's attendance sheet."""
    name = f"Tháng {int(period.name[5:])}/{period.name[:4]}"
    span = f"{name} (từ {period.from_on:%d/%m/%Y} đến {period.to_on:%d/%m/%Y})"
    heading = "BẢNG CHẤM CÔNG TỔ CÔNG NGHỆ SỐ CỘNG ĐỒNG"
    return SheetTitle(commune, heading, span, f"Thang {int(period.name[5:])}-{period.name[:4]}")


def month_name(name: str) -> str:
    """Tháng 11/2026."""
    return str(_("Month %(month)s/%(year)s", month=int(name[5:]), year=name[:4]))


def money(amount: int | None) -> str:
    """150.000 in Vietnamese, 150,000 in English; nothing where no rate is set."""
    if amount is None:
        return ""
    text = f"{amount:,}"
    return text if is_english() else text.replace(",", ".")


def read_money(text: str) -> int | None:
    """A sum in đồng as people type it (150.000, 150 000 đ); ValueError."""
    bare = text.strip().lower().removesuffix("đồng").removesuffix("đ").strip()
    digits = bare.replace(".", "").replace(",", "").replace(" ", "")
    if not digits:
        return None
    if not (digits.isascii() and digits.isdigit()) or int(digits) > 10_000_000:
        raise ValueError(text)
    return int(digits)


def weekday(on: date) -> str:
    """T2 to T7 and CN, as calendars here have it."""
    return "CN" if on.weekday() == 6 else f"T{on.weekday() + 2}"
