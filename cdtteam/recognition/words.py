"""The document's own words, in Vietnamese whatever language its reader has chosen (Decree 30/2020/NĐ-CP)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cdtteam.campaigns.models import Campaign
from cdtteam.core.periods import Period
from cdtteam.monthly.words import in_a_sentence, period_name, to_begin_with
from cdtteam.participation.summaries import Summary
from cdtteam.participation.words import count
from cdtteam.recognition.certificates import Certificate

TITLE = "GIẤY XÁC NHẬN"
SUBJECT = "Kết quả tham gia Tổ công nghệ số cộng đồng"
NUMBER = "Số:          /GXN-UBND"
BASIS = (
    "Số liệu do hệ thống ghi nhận; lượt hỗ trợ gồm cả những lượt ông (bà) đi cùng thành viên khác của tổ, "
    "mỗi hộ chỉ tính một lần."
)
RECIPIENTS = ("- Ông (bà) có tên ở trên;", "- Lưu: VT.")
LABELS = {
    "who": "Ông (bà):", "places": "Nhiệm vụ:", "time": "Thời gian:", "recipients": "Nơi nhận:",
    "results": "Đã tham gia hoạt động của Tổ công nghệ số cộng đồng với kết quả:",
    "service": "Nội dung hỗ trợ", "visits": "Số lượt", "people": "Lượt người",
}  # fmt: skip
POSITIONS: Mapping[str, str] = {"leader": "Tổ trưởng", "deputy": "Tổ phó", "member": "Thành viên"}
MOST_SERVICES = 6  # so that the whole stays on one page


@dataclass(frozen=True, slots=True)
class Given:
    """A line of what somebody helped with."""

    name: str
    visits: str
    people: str


def office_says(commune: str) -> str:
    """Ủy ban nhân dân xã Vĩnh Sơn xác nhận."""
    return f"Ủy ban nhân dân {in_a_sentence(commune)} xác nhận:"


def time_words(period: Period, campaign: Campaign | None, today: date) -> str:
    """The period, or the campaign with what it rests on, and its days; of what goes on the days until today."""
    days = f"từ ngày {period.from_on:%d/%m/%Y} đến ngày {min(period.to_on, today):%d/%m/%Y}"
    if campaign is None:
        return f"{to_begin_with(period_name(period.name))} ({days})"
    paper = f", theo {campaign.document}" if campaign.document else ""
    return f"Đợt “{campaign.title}”{paper} ({days})"


def places_words(one: Certificate) -> Sequence[str]:
    """Tổ trưởng, Tổ CNSCĐ thôn Vĩnh Phúc: once for each team."""
    return [f"{POSITIONS[place.position]}, {place.team.name}" for place in one.places]


def result_words(one: Certificate) -> Sequence[tuple[str, str]]:
    """What was done, each with its number and unit."""
    share = one.share
    homes = f"{_count(share.households)} hộ"
    if share.households_unnamed:
        homes += f" (ngoài ra {_count(share.households_unnamed)} lượt tại hộ không ghi tên)"
    return [
        ("Số ngày công", f"{_count(one.days)} ngày"),
        ("Số lượt hỗ trợ đã tham gia", f"{_count(share.visits)} lượt"),
        ("Số hộ gia đình được hỗ trợ", homes),
        ("Số lượt người dân được hỗ trợ", f"{_count(share.people)} lượt người"),
    ]


def services_given(share: Summary, names: Mapping[str, str]) -> tuple[Sequence[Given], int]:
    """What was given most, and how many other topics there were."""
    ordered = sorted(share.services.items(), key=lambda one: (-one[1][0], names.get(one[0], one[0])))
    shown = [Given(names.get(code, code), _count(of[0]), _count(of[1])) for code, of in ordered[:MOST_SERVICES]]
    return shown, len(ordered) - len(shown)


def others_words(number: int) -> str:
    """That there were other topics."""
    return f"và {number} nội dung khác"


def _count(number: int) -> str:
    return count(number, "vi")
