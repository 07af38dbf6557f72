"""Cells with several people, with what these are beside their names, and with several numbers."""

import pytest

from cdtteam.imports.cells import without_title
from cdtteam.imports.crowded import one_each, people_in, phones_in
from cdtteam.imports.people import _telling


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Nguyễn Văn A (tổ trưởng), Trần Thị B", [("Nguyễn Văn A", {"position": "tổ trưởng"}), ("Trần Thị B", {})]),
        ("1. Võ Ba 2) Lê Tư 0912345678", [("Võ Ba", {}), ("Lê Tư", {"phone": "0912345678"})]),
        ("- Lê Tư\n- Đinh Năm;", [("Lê Tư", {}), ("Đinh Năm", {})]),
        ("Đ/c Võ Ba - Tổ phó; Lê Tư và Đinh Năm", [("Võ Ba", {"position": "Tổ phó"}), ("Lê Tư", {}), ("Đinh Năm", {})]),
        ("Tổ trưởng: Lê Hữu Phước\nTổ phó: Đoàn Văn Hậu (0912 345 678)",
         [("Lê Hữu Phước", {"position": "Tổ trưởng"}),
          ("Đoàn Văn Hậu", {"phone": "0912 345 678", "position": "Tổ phó"})]),
        ("Ông Nguyễn Văn Ba (Bí thư Đoàn thôn, ĐT 0912345678)",
         [("Nguyễn Văn Ba", {"organisation": "Bí thư Đoàn thôn", "phone": "ĐT 0912345678"})]),
        ("Nguyễn Văn A, trưởng thôn", [("Nguyễn Văn A", {"organisation": "trưởng thôn"})]),
        ("Phó Đức Phương, Đoàn Văn Hậu", [("Phó Đức Phương", {}), ("Đoàn Văn Hậu", {})]),
        ("Rơ Châm Suệ (A Suệ)", [("Rơ Châm Suệ (A Suệ)", {})]),
        ("Nguyễn Văn\nAn", [("Nguyễn Văn\nAn", {})]), ("Võ Ba (052099001234)", [("Võ Ba (052099001234)", {})]),
        ("", []),
    ],
)  # fmt: skip
def test_who_stands_in_a_cell(text: str, people: list[tuple[str, dict[str, str]]]) -> None:
    assert [(person.name, person.says) for person in people_in(text, _telling)] == people


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("912345678", ["0912345678"]), ("912345678.0", ["0912345678"]), ("84912345678", ["0912345678"]),
        ("0912.345.678 / 0987654321", ["0912345678", "0987654321"]),
        ("0912345678-0987654321", ["0912345678", "0987654321"]),
        ("0912345678 0987654321", ["0912345678", "0987654321"]), ("ĐT: 0912345678 (vợ)", ["0912345678"]),
        ("0256 3822 123; 0912345678", ["0912345678", "02563822123"]), ("01234567890", ["0834567890"]),
        ("1234567890", ["0834567890"]), ("01689999999\n0123 456 7890", ["0389999999", "0834567890"]),
        ("12345", []), ("9.12E+08", []), ("052099001234", []), ("không có", []), ("", []),
    ],
)  # fmt: skip
def test_numbers_of_a_cell(text: str, numbers: list[str]) -> None:
    assert phones_in(text) == numbers


def test_other_cells_are_dealt_out_where_they_say_to_whom() -> None:
    row = {
        "name": "Võ Ba\nLê Tư",
        "phone": "0912345678\n0987654321",
        "position": "Tổ trưởng, Thành viên",
        "village": "A",
    }
    rows = one_each(row, _telling)
    assert [(given["name"], given["phone"], given["position"], given["village"]) for given, _ in rows] == [
        ("Võ Ba", "0912345678", "Tổ trưởng", "A"), ("Lê Tư", "0987654321", "Thành viên", "A"),
    ]  # fmt: skip
    assert [troubles for _, troubles in rows] == [{}, {}]
    assert one_each({"name": "Đ/c Võ Ba", "phone": ""}, _telling) == [({"name": "Võ Ba", "phone": ""}, {})]
    assert one_each({"name": ""}, _telling) == [({"name": ""}, {})]


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("Đ/c Võ Ba", "Võ Ba"), ("đồng chí: Võ Ba", "Võ Ba"), ("Hộ ông Võ Ba", "Võ Ba"), ("BÀ LÊ THỊ TƯ", "LÊ THỊ TƯ"),
        ("Ông/bà Võ Ba", "Võ Ba"), ("Bà Tư", "Bà Tư"), ("Ông Ba", "Ông Ba"), ("Đoàn Văn Hậu", "Đoàn Văn Hậu"),
    ],
)  # fmt: skip
def test_how_people_are_addressed_is_no_part_of_their_name(name: str, bare: str) -> None:
    assert without_title(name) == bare
