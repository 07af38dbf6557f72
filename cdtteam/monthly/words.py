"""The document's own words: a report to an authority is in Vietnamese, whatever language its writer reads the desk in.

Its forms are those of Decree 30/2020/NĐ-CP.
"""

from collections.abc import Mapping
from datetime import date, datetime

from cdtteam.core.clock import CIVIL_ZONE
from cdtteam.monthly.facts import Counts, Row, TeamLine
from cdtteam.participation.standing import Standing

_QUARTERS = {"Q1": "I", "Q2": "II", "Q3": "III", "Q4": "IV"}
PILLARS = {"government": "Chính quyền số", "economy": "Kinh tế số", "society": "Xã hội số"}
NATIONAL_ITEMS = {
    "dvc": "Sử dụng dịch vụ công trực tuyến",
    "shopping": "Mua sắm trực tuyến",
    "payment": "Thanh toán trực tuyến",
    "safety": "Tự bảo vệ mình trên không gian mạng",
    "other": "Sử dụng các nền tảng số khác",
}
SILENT = "Chưa ghi nhận hoạt động"
CAUSES: Mapping[str, str] = {
    Standing.NEVER_SIGNED_IN: "chưa đăng nhập",
    Standing.NO_CONTACT: "máy không kết nối trong kỳ",
    Standing.REFUSED: "dữ liệu cần sửa",
    Standing.NO_ENTRIES: "chưa ghi lượt nào",
}
NO_TEAM = "Chưa có tổ"
TO_BE_WRITTEN = "…" * 20


def period_name(period: str) -> str:
    """tháng 11 năm 2026, quý IV năm 2026, 6 tháng đầu năm 2026, 9 tháng năm 2026, năm 2026."""
    year, suffix = period[:4], period[5:]
    if suffix in _QUARTERS:
        return f"quý {_QUARTERS[suffix]} năm {year}"
    if suffix.isdecimal():
        return f"{month(int(suffix))} năm {year}"
    half = {"H1": "6 tháng đầu ", "H2": "6 tháng cuối ", "9M": "9 tháng đầu "}.get(suffix, "")
    return f"{half}năm {year}"


def long_day(on: date | None, now: datetime) -> str:
    """ngày 05 tháng 02 năm 2026: blanks where there is no date yet."""
    if on is None:
        return f"ngày      tháng      năm {now.astimezone(CIVIL_ZONE).year}"
    return f"ngày {on:%d} {month(on.month)} năm {on.year}"


def month(number: int) -> str:
    """tháng 01, tháng 02, tháng 3: the first two with a nought, which nobody can turn into 11 and 12."""
    return f"tháng {number:02d}" if number < 3 else f"tháng {number}"


def day(on: date) -> str:
    """24/11/2026."""
    return f"{on:%d/%m/%Y}"


def moment(instant: datetime) -> str:
    """16:05 ngày 24/11/2026."""
    return f"{instant.astimezone(CIVIL_ZONE):%H:%M ngày %d/%m/%Y}"


def percent(part: int, whole: int) -> str:
    """98,6%; a dash where there is nothing to be a part of. Only all is 100% and only none is 0%."""
    if not whole:
        return "–"
    tenths = round(1000 * part / whole)
    if 0 < part < whole:
        tenths = min(999, max(1, tenths))
    return f"{tenths / 10:.1f}%".replace(".", ",").replace(",0%", "%")


def standing(team: TeamLine) -> str:
    """How a team stood."""
    if team.standing in CAUSES:
        return f"{SILENT} ({CAUSES[team.standing]})"
    return "Không phát sinh" if team.standing == Standing.REPORTED_NOTHING else "Có hoạt động"


def row_standing(row: Row, *, is_village: bool) -> str:
    """How the teams of a village or commune stood."""
    if not row.counts.in_force:
        return NO_TEAM
    if not is_village:
        return _of_many(row.counts)
    if len(row.teams) == 1:
        text = standing(row.teams[0])
        is_others = row.teams[0].standing in CAUSES and row.counts.visits
        return f"{text}; lượt tại thôn do tổ khác thực hiện" if is_others else text
    return "; ".join(f"{team.name}: {_lower(standing(team))}" for team in row.teams)


def _of_many(counts: Counts) -> str:
    parts = [f"{counts.active}/{counts.in_force} tổ có hoạt động"]
    parts += [f"{counts.reported_nothing} tổ không phát sinh"] if counts.reported_nothing else []
    parts += [f"{counts.silent} tổ chưa ghi nhận hoạt động"] if counts.silent else []
    return "; ".join(parts)


def team_at_place(team: TeamLine) -> str:
    """A team's name, with its village where the name does not say it already."""
    is_said = team.place.casefold() in team.name.casefold()
    return team.name if is_said else f"{team.name} ({in_a_sentence(team.place)})"


def movers(*, has_movers: bool, of: str) -> str:
    """Why there may be more members than people; empty where nobody changed teams."""
    return f"Thành viên đổi tổ trong {of} được tính ở mỗi tổ đã tham gia." if has_movers else ""


def to_begin_with(text: str) -> str:
    """A text as the first of a line."""
    return text[:1].upper() + text[1:]


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def in_a_sentence(name: str) -> str:
    """xã Vĩnh Sơn."""
    return _lower(name)
