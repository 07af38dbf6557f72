"""The file of a change of the map: what the desk takes, what it gives to fill in, and what is wrong said by line."""

import pytest

from tests.reorganisations.desk import (
    HEAD,
    HOME,
    MERGER,
    VILLAGE_HEAD,
    province,
    text_of,
    today,
)
from tests.support.spreadsheets import plain
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("reader_at_hand")


def test_what_is_wrong_with_villages_is_said_by_line(world: World) -> None:
    rows = [
        VILLAGE_HEAD,
        ("va", "", "", "v9", "Thôn Chín", "thôn", "99999"),
        ("va", "", "", "v8", "Thôn", "thôn", "21601"),
    ]
    shown = province(world).read(province(world).draft(rows, kind="villages"))
    assert f"Dòng 2: Ngày {today():%d/%m/%Y} không có xã nào có mã 99999." in shown
    assert "Dòng 3: " in shown


def test_what_is_wrong_is_said_by_line_in_the_readers_language(world: World) -> None:
    desk = province(world)
    draft = desk.draft(
        [("Sở Nội vụ",), (), HEAD, ("99999", "", "30001", "Xã Mới", "Xã"), ("21601", "", "30002", "", "")]
    )
    shown = desk.read(draft)
    assert "Có 3 chỗ chưa đúng" in shown
    assert f"Dòng 4: Ngày {today():%d/%m/%Y} không có xã nào có mã 99999." in shown
    assert "Dòng 5: “Tên mới” để trống." in shown
    desk.client.post("/desk/locale", data={"locale": "en"})
    shown = desk.read(draft)
    assert f"Line 4: There is no commune with the code 99999 on {today():%d/%m/%Y}." in shown
    assert desk.send(draft, "drop").headers["Location"] == HOME
    assert desk.client.get(draft).status_code == 404


@pytest.mark.parametrize("separator", [",", ";"])
def test_a_csv_with_our_own_columns(world: World, separator: str) -> None:
    rows = [("old_code", "new_code", "new_name", "new_kind"), ("21601", "21601", "Phường Near", "ward")]
    desk = province(world)
    draft = desk.draft((), file=(plain(rows, separator), "mới.csv"))
    assert "Phường Near 21601 từ Xã near" in desk.read(draft)


def test_a_file_without_our_columns_and_one_that_is_none(world: World) -> None:
    desk = province(world)
    assert "Thiếu cột “Mã cũ”. Dòng tiêu đề phải là: Mã cũ, Mã mới, Tên mới, Loại mới" in desk.read(
        desk.draft([("Họ tên", "Thôn"), ("A", "B")])
    )
    answer = desk.put_up((), file=(b"\x00\x01", "x.xlsx"))
    assert answer.status_code == 422
    assert "Tệp này bị hỏng" in text_of(answer) or "không" in text_of(answer)
    answer = desk.put_up(MERGER, effective_on="")
    assert answer.status_code == 422
    assert "Hãy xem lại chỗ được đánh dấu và chọn lại tệp." in text_of(answer)


def test_the_list_to_fill_in_comes_back_as_it_is(world: World) -> None:
    desk = province(world)
    for kind in ("communes", "villages"):
        answer = desk.client.get(f"{HOME}/list/{kind}.xlsx")
        draft = desk.draft((), file=(answer.get_data(), "danh-sach.xlsx"), kind=kind)
        assert "Tệp không có dòng nào." in desk.read(draft)
