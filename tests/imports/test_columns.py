"""Guesses at columns: by the words of their headings, wherever these stand, and never what may not be collected."""

import io
from typing import Any

import html5lib
import pytest
from openpyxl import load_workbook

from cdtteam.imports.columns import guess_columns, look_at_columns
from cdtteam.imports.headings import find_header, headings_at
from cdtteam.imports.models import Kind
from tests.imports.desk import HOUSEHOLDS, PEOPLE, Desk, coordinator, counts
from tests.support.spreadsheets import plain
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("reader_at_hand")


def guessed(kind: Kind, *headings: str, cells: tuple[str, ...] = ()) -> dict[str, str]:
    """The field of each heading that got one."""
    rows = [list(headings), *([cell] * len(headings) for cell in cells)]
    found = guess_columns(kind, look_at_columns(kind, rows, 0))
    return {headings[int(index)]: key for index, key in found.items()}


@pytest.mark.parametrize(
    ("kind", "headings", "fields"),
    [
        (Kind.HOUSEHOLDS, HOUSEHOLDS, ("code", "head_name", "village", "hamlet", "people", "note")),
        (Kind.HOUSEHOLDS, ("STT", "HỌ VÀ TÊN CHỦ HỘ", "Thôn/Khu phố", "Tổ", "Số khẩu"),
         (None, "head_name", "village", "hamlet", "people")),
        (Kind.HOUSEHOLDS, ("Tên", "Tổ dân phố", "Nhân khẩu (người)", "Ghi chú:"),
         ("head_name", "village", "people", "note")),
        (Kind.HOUSEHOLDS, ("Household code", "Head of household", "Village", "Hamlet", "People", "Notes"),
         ("code", "head_name", "village", "hamlet", "people", "note")),
        (Kind.HOUSEHOLDS, ("Họ tên chủ hộ (ghi đủ)", "Họ tên người khai", "Thôn"), ("head_name", None, "village")),
        (Kind.PEOPLE, PEOPLE, ("name", "phone", "village", "position", "organisation", "started_on")),
        (Kind.PEOPLE, ("Stt", "Họ tên", "SĐT", "Tổ", "Chức danh", "Đơn vị"),
         (None, "name", "phone", "village", "position", "organisation")),
        (Kind.PEOPLE, ("Full name", "Mobile", "Village", "Role", "Organization", "Start date"),
         ("name", "phone", "village", "position", "organisation", "started_on")),
    ],
)  # fmt: skip
def test_headings_as_people_write_them(kind: Kind, headings: tuple[str, ...], fields: tuple[str | None, ...]) -> None:
    expected = {heading: key for heading, key in zip(headings, fields, strict=True) if key}
    assert guessed(kind, *headings) == expected


def test_numbers_of_columns_are_no_samples_of_what_they_hold() -> None:
    rows = [["Chủ hộ", "Thôn"], ["(1)", "(2)"], ["Rơ Châm Suệ", "Thôn 3"]]
    assert [column.samples for column in look_at_columns(Kind.HOUSEHOLDS, rows, 0)] == [("Rơ Châm Suệ",), ("Thôn 3",)]


def test_headings_may_stand_below_a_title() -> None:
    rows = [["UBND XÃ VĨNH SƠN"], [], ["Danh sách hộ năm 2026"], list(HOUSEHOLDS), ["H1", "Rơ Châm Suệ", "Thôn 3"]]
    assert find_header(Kind.HOUSEHOLDS, rows) == 3


@pytest.mark.parametrize(
    ("heading", "why"),
    [
        ("Số CCCD", "identity"), ("CMND/CCCD chủ hộ", "identity"), ("Số định danh cá nhân", "identity"),
        ("Dân tộc", "ethnicity"), ("Tôn giáo", "religion"), ("Ngày sinh", "birth"), ("Năm sinh", "birth"),
        ("Tuổi", "birth"), ("Toạ độ", "place"), ("Kinh độ", "place"), ("Số tài khoản", "bank"), ("Số BHYT", "health"),
        ("Điện thoại", "phone"), ("Mã hộ", ""), ("Ghi chú", ""), ("Thôn", ""), ("Địa chỉ", ""),
    ],
)  # fmt: skip
def test_headings_of_what_is_never_taken(heading: str, why: str) -> None:
    assert look_at_columns(Kind.HOUSEHOLDS, [[heading], ["x"]], 0)[0].never == why


@pytest.mark.parametrize(
    ("kind", "heading", "cells", "why"),
    [
        (Kind.HOUSEHOLDS, "Mã hộ", ("052099001234", "052099001235"), "digits"),
        (Kind.HOUSEHOLDS, "Ghi chú", ("211234567", "", "211234568"), "digits"),
        (Kind.HOUSEHOLDS, "Mã hộ", ("00123", "00124"), ""),
        (Kind.PEOPLE, "Số điện thoại", ("912345678", "0912345679"), ""),
        (Kind.PEOPLE, "Số điện thoại", ("052099001234",), "digits"),
    ],
)
def test_numbers_of_documents_are_known_by_their_look(
    kind: Kind, heading: str, cells: tuple[str, ...], why: str
) -> None:
    assert look_at_columns(kind, [[heading], *([cell] for cell in cells)], 0)[0].never == why


@pytest.mark.parametrize("locale", ["vi", "en"])
def test_the_example_is_a_list_that_can_be_taken_in(world_on_sqlite: World, locale: str) -> None:
    client = world_on_sqlite.client("xa")
    client.set_cookie("locale", locale)
    desk = Desk(client)
    for kind in Kind:
        answer = client.get(f"/desk/imports/example/{kind}.xlsx")
        assert answer.status_code == 200
        sheet: Any = load_workbook(io.BytesIO(answer.data)).active
        headings = [cell.value for cell in sheet[1]]
        assert len(guessed(kind, *headings)) == len(headings)
        client.set_cookie("locale", "vi")
        place = desk.page_of(kind, [], file=(answer.data, "mẫu.xlsx"))
        assert counts(desk.read(place)) == (2, 0, 0, 0)
        client.set_cookie("locale", locale)


def test_a_csv_file_does_as_well(world_on_sqlite: World) -> None:
    desk = coordinator(world_on_sqlite)
    rows = [HOUSEHOLDS, ("H1", 'Nguyễn "Ba" Ổn', "Thôn A", "", 4, "dòng một\ndòng hai")]
    for separator, encoding in ((";", "utf-8-sig"), (",", "utf-8"), ("\t", "utf-16")):
        place = desk.page_of("households", [], file=(plain(rows, separator, encoding), "hộ.csv"))
        assert counts(desk.read(place)) == (1, 0, 0, 0)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "Đây là tệp Excel đời cũ"),
        (b"H\xf2 t\xean;Th\xf4n\n", "Không đọc được chữ trong tệp CSV này."),
        (b"PK\x03\x04 nothing", "Tệp bị hỏng"),
    ],
)
def test_a_file_that_is_not_taken_says_why(world_on_sqlite: World, content: bytes, words: str) -> None:
    answer = coordinator(world_on_sqlite).put_up("households", [], file=(content, "tệp"))
    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)


def test_an_upload_that_is_too_large_is_refused_before_it_is_read(world_on_sqlite: World) -> None:
    answer = coordinator(world_on_sqlite).client.post(
        "/desk/imports", content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(11 * 1024 * 1024)},
    )  # fmt: skip
    assert answer.status_code == 413
    assert "Tệp quá lớn" in answer.get_data(as_text=True)


def test_forms_with_nonsense_change_nothing(world_on_sqlite: World) -> None:
    desk = coordinator(world_on_sqlite)
    assert desk.put_up("cows", [HOUSEHOLDS]).status_code == 400
    assert desk.client.post("/desk/imports", data={"kind": "people"}).status_code == 400
    rows = [HOUSEHOLDS, ("H1", "Võ Minh Ánh", "Thôn A", "", "", "")]
    place = desk.page_of("households", rows)
    for leave_out in ("-1", "x", "９", "9" * 40):
        desk.send(place, "apply", version="0", leave_out=leave_out)
        assert counts(desk.read(place)) == (1, 0, 0, 0)
    assert (
        desk.send(place, "columns", **{"column-99": "code", "column-x": "note", "column-1": "cow"}).status_code == 303
    )
    assert "Hãy chỉ ra cột nào ghi" in desk.read(place)


def test_pages_are_valid_html(world_on_sqlite: World) -> None:
    desk = coordinator(world_on_sqlite)
    rows = [
        (*HOUSEHOLDS, "CCCD"),
        ("H1", "Võ <b> Ánh", "Thôn A", "", "", "", "1"),
        ("H2", "", "Thôn A", "", "", "", ""),
    ]
    place = desk.page_of("households", [*rows, rows[1]])
    pages = [desk.client.get(path).get_data(as_text=True) for path in ("/desk/imports", place)]
    desk.send(place, "apply", leave_out="1")
    pages += [desk.client.get(path).get_data(as_text=True) for path in ("/desk/imports", place)]
    for page in pages:
        html5lib.HTMLParser(strict=True).parse(page)
        assert "Võ <b>" not in page


@pytest.mark.parametrize(
    ("kind", "heading", "key"),
    [
        (Kind.PEOPLE, "Họ & tên", "name"), (Kind.PEOPLE, "HO VA TEN", "name"), (Kind.PEOPLE, "Họ, tên", "name"),
        (Kind.PEOPLE, "Họ và\ntên", "name"), (Kind.PEOPLE, "Họ tên đ/c thành viên", "name"),
        (Kind.PEOPLE, "SĐT", "phone"),
        (Kind.PEOPLE, "SĐT (Zalo)", "phone"), (Kind.PEOPLE, "Số ĐT liên hệ", "phone"), (Kind.PEOPLE, "ĐTDĐ", "phone"),
        (Kind.PEOPLE, "Liên hệ", "phone"), (Kind.PEOPLE, "Liên hệ · Zalo", "phone"), (Kind.PEOPLE, "CV", "position"),
        (Kind.PEOPLE, "Đ/c", "village"), (Kind.HOUSEHOLDS, "Địa chỉ", "village"),
        (Kind.HOUSEHOLDS, "Họ, chữ đệm và tên chủ hộ", "head_name"), (Kind.HOUSEHOLDS, "TÊN CHỦ HỘ", "head_name"),
        (Kind.PEOPLE, "STT", None), (Kind.PEOPLE, "Ngày sinh", None), (Kind.PEOPLE, "N.sinh", None),
    ],
)  # fmt: skip
def test_any_spelling_of_a_heading(kind: Kind, heading: str, key: str | None) -> None:
    rows = [[" ".join(heading.split())]]
    assert guess_columns(kind, look_at_columns(kind, rows, 0)).get("0") == key


def test_an_address_is_the_village_only_where_nothing_else_is() -> None:
    assert guessed(Kind.HOUSEHOLDS, "Địa chỉ", "Chủ hộ", "Thôn") == {"Chủ hộ": "head_name", "Thôn": "village"}


@pytest.mark.parametrize(
    ("rows", "header", "headings"),
    [
        (
            [["UBND XÃ", "", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA"], [], ["STT", "Họ và tên", "Liên hệ", "", "Thôn"],
             ["", "", "SĐT", "Zalo", ""], ["1", "Võ Ba", "0912345678", "", "Thôn A"]],
            3, ["STT", "Họ và tên", "Liên hệ · SĐT", "Liên hệ · Zalo", "Thôn"],
        ),
        (
            [["STT", "Chủ hộ", "Năm sinh", "", "Thôn"], ["STT", "Chủ hộ", "Nam", "Nữ", "Thôn"], ["1", "Võ Ba", "1980"]],
            1, ["STT", "Chủ hộ", "Năm sinh · Nam", "Năm sinh · Nữ", "Thôn"],
        ),
        ([["Danh sách hộ dân tộc thiểu số"], ["Chủ hộ", "Thôn", "Ghi"]], 1, ["Chủ hộ", "Thôn", "Ghi"]),
        ([["Chủ hộ", "Thôn"], ["Thôn", "Thôn A"]], 0, ["Chủ hộ", "Thôn"]),
    ],
)  # fmt: skip
def test_headings_in_two_rows_are_one(rows: list[list[str]], header: int, headings: list[str]) -> None:
    assert find_header(Kind.HOUSEHOLDS, rows) == header
    assert headings_at(Kind.HOUSEHOLDS, rows, header) == headings


@pytest.mark.parametrize(
    ("heading", "cells", "why"),
    [
        ("DT", ("Kinh", "Ba Na", "H’rê", "Chăm"), "ethnicity"), ("Nhóm", ("Xóm Trên", "Xóm Dưới"), ""),
        ("Cột", ("13.77654, 109.22345", "13.77655,109.22346"), "place"), ("X", ("109.223451", "109.223452"), "place"),
        ("NS", ("x",), "birth"), ("Ngày", ("05/11/1985", "1/2/79", ""), "birth"), ("Khác", ("1985", "1979"), "birth"),
        ("Mã hộ", ("1985", "1979"), ""), ("Số", ("52099001234", "52099001235"), "digits"),
    ],
)  # fmt: skip
def test_what_is_never_taken_is_known_by_its_look(heading: str, cells: tuple[str, ...], why: str) -> None:
    assert look_at_columns(Kind.HOUSEHOLDS, [[heading], *([cell] for cell in cells)], 0)[0].never == why
