"""Rows of the table are told from what stands between and below them."""

import pytest

from cdtteam.imports.body import read_body
from cdtteam.imports.cells import is_plain_name, read_day
from cdtteam.imports.models import Kind

CHOSEN = {"1": "head_name", "2": "village", "3": "people"}
HEADINGS = ["STT", "Chủ hộ", "Thôn", "Số khẩu"]


def numbers(*rows: list[str]) -> tuple[list[int], list[int]]:
    """The rows of the table, and those left out, by their numbers below headings in row 1."""
    body = read_body(Kind.HOUSEHOLDS, [HEADINGS, *rows], 0, CHOSEN)
    return [number for number, _ in body.rows], body.left_out


A, B = ["1", "Võ Minh Ánh", "Thôn A", "4"], ["2", "Tống Thị Cộng", "Thôn B", "3"]


@pytest.mark.parametrize(
    ("rows", "kept", "left_out"),
    [
        ([["1", "2", "3", "4"], A, B], [3, 4], [2]),
        ([["(1)", "(2)", "(3)", "(4)"], A], [3], [2]),
        ([["A", "B", "C", "1"], A], [3], [2]),
        ([A, [], HEADINGS, B], [2, 5], [4]),
        ([A, ["", "Cộng thôn A", "", "4"], B, ["Tổng cộng", "", "", "7"]], [2, 4], [3, 5]),
        ([A, ["Tổng: 1 hộ"], B], [2, 4], [3]),
        ([A, B, [], ["", "", "", "Vĩnh Sơn, ngày 05 tháng 11 năm 2026"], ["", "NGƯỜI LẬP BIỂU", "", "TM. UBND XÃ"],
          ["", "(Ký, ghi rõ họ tên)"], ["", "Nguyễn Văn Bình", "", "Trần Thị Chín"]], [2, 3], [5, 6, 7, 8]),
        ([A, ["", "Người lập", "Chủ tịch"], ["", "Nguyễn Văn Bình", "Trần Thị Chín"]], [2], [3, 4]),
        ([A, ["", "", "", "Ngày … tháng … năm 2026"], ["", "Võ Ba"]], [2], [3, 4]),
        ([A, ["2", "Võ Ba", "", "3"], ["3", "", "Thôn A", "3"]], [2, 3, 4], []),
        ([["1", "Tổng Văn Ba", "Thôn A", ""], ["2", "Cộng", "Thôn A", ""]], [2, 3], []),
    ],
)  # fmt: skip
def test_which_rows_are_of_the_table(rows: list[list[str]], kept: list[int], left_out: list[int]) -> None:
    assert numbers(*rows) == (kept, left_out)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("24/11/2026", "2026-11-24"), ("1/3/24", "2024-03-01"), ("5/11/85", "1985-11-05"), ("2026-11-24", "2026-11-24"),
        ("ngày 24 tháng 11 năm 2026", "2026-11-24"), ("Ngày 01/03/2024", "2024-03-01"), ("T3/2024", "2024-03-01"),
        ("tháng 3/2024", "2024-03-01"), ("Năm 2022", "2022-01-01"), ("45352", "2024-03-01"), ("31/02/2026", None),
        ("12", None), ("thứ hai", None), ("052099001234", None),
    ],
)  # fmt: skip
def test_days_as_people_write_them(text: str, day: str | None) -> None:
    assert str(read_day(text)) == str(day)


@pytest.mark.parametrize("text", ["=A1+1", "#REF!", "+84", "Võ Ba, Lê Tư", "a@b", "Ba 0912"])
def test_what_is_no_name(text: str) -> None:
    assert not is_plain_name(text)
