"""What stands in a report of teams of which nothing is known."""

from datetime import UTC, datetime

import pytest

from cdtteam.monthly.data.__main__ import made
from cdtteam.monthly.facts import TeamLine
from cdtteam.monthly.placeholders import _example, filled
from cdtteam.monthly.printing import print_file
from tests.monthly.files import texts


def silent(name: str, standing: str, place: str) -> TeamLine:
    return TeamLine(name, standing, 0, 0, 3, place)


@pytest.mark.usefixtures("press_at_hand")
def test_silent_teams_stand_under_their_reason_each_village_once() -> None:
    report = _example()
    report.facts.silent[:] = [
        silent("Tổ CNSCĐ thôn An Sơn", "never_signed_in", "Thôn An Sơn"),
        silent("Tổ CNSCĐ số 3", "no_contact", "Thôn An Lộc"),
        silent("Tổ CNSCĐ thôn An Hòa", "never_signed_in", "Thôn An Hòa"),
    ]
    now = datetime(2026, 2, 5, tzinfo=UTC)
    content = print_file("docx", made()["bao-cao-thang.docx"], filled(report), title="Báo cáo", author="", made=now)
    said = texts(content)
    at = said.index("Các tổ chưa ghi nhận hoạt động:")
    assert said[at + 1 : at + 3] == [
        "- Chưa đăng nhập (2 tổ): Tổ CNSCĐ thôn An Sơn, Tổ CNSCĐ thôn An Hòa.",
        "- Máy không kết nối trong kỳ (1 tổ): Tổ CNSCĐ số 3 (thôn An Lộc).",
    ]
