"""Lists as communes have them come in as they were meant, on either database; what is too much is refused."""

from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import select

from cdtteam.core import clock
from cdtteam.core.clock import civil_date
from cdtteam.core.db import db
from cdtteam.core.text import fold
from cdtteam.households.models import Household
from cdtteam.imports.forgetting import forget_in_waiting
from cdtteam.imports.models import Upload, UploadHeading
from cdtteam.imports.reading import unpack_rows
from cdtteam.imports.sheets import unpack_sheets
from cdtteam.teams.models import Member
from cdtteam.web.transactions import writing
from tests.imports.awkward import AWKWARD, LIST, REFUSED, Awkward, book, saved, several_sheets
from tests.imports.desk import coordinator, counts
from tests.support.world import World

at_hand = pytest.mark.usefixtures("reader_at_hand")


def names_in(world: World, kind: str) -> set[str]:
    """Who stands in the database, households or members."""
    with world.app.app_context():
        column = Household.head_name if kind == "households" else Member.name
        return {name for name in db.session.scalars(select(column)) if name}


# What a file holds is found before the database is asked; lists are taken in on both in test_households, test_people.


@pytest.mark.parametrize("name", AWKWARD)
@at_hand
def test_awkward_files_come_in_as_they_were_meant_and_once(world_on_sqlite: World, name: str) -> None:
    file: Awkward = AWKWARD[name]
    desk, before = coordinator(world_on_sqlite), names_in(world_on_sqlite, file.kind)
    content = file.content()
    place = desk.page_of(file.kind, [], file=(content, file.file_name))
    shown = desk.read(place)
    assert counts(shown) == file.counts
    for words in file.says:
        assert words in shown
    assert desk.send(place, "apply", leave_out=str(file.counts[2])).status_code == 303
    assert names_in(world_on_sqlite, file.kind) - before == file.names
    again = desk.page_of(file.kind, [], file=(content, file.file_name))
    assert counts(desk.read(again)) == (0, file.counts[0], *file.counts[2:])


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_says_why(world_on_sqlite: World, name: str) -> None:
    content, words = REFUSED[name]
    answer = coordinator(world_on_sqlite).put_up("households", [], file=(content(), "hộ.xlsx"))
    assert answer.status_code == 422
    shown = answer.get_data(as_text=True)
    assert any(word in shown for word in words.split("|"))


@at_hand
def test_what_is_called_otherwise_by_now_does_not_come_twice(world: World) -> None:
    desk = coordinator(world)
    people = [("Họ tên", "SĐT", "Thôn"), ("Mai Xuân Cường", "0912345678", "Thôn A")]
    for kind, rows, model in (("households", LIST, Household), ("people", people, Member)):
        desk.take_in(kind, rows)
        with world.app.app_context():
            for row in db.session.scalars(select(model)):
                if isinstance(row, Household):
                    row.head_name = f"{row.head_name} đã sửa"
                elif row.name == "Mai Xuân Cường":
                    row.name = "Mai Xuân Cương"
            db.session.commit()
        assert counts(desk.read(desk.page_of(kind, rows))) == (0, len(rows) - 1, 0, 0)


@at_hand
def test_the_reader_may_choose_another_sheet_and_go_back(world: World) -> None:
    desk = coordinator(world)
    place = desk.page_of("households", [], file=(several_sheets(), "nhiều trang.xlsx"))
    assert "Tệp này có nhiều trang tính." in desk.read(place)
    assert desk.send(place, "sheet", sheet="Nháp").status_code == 409
    assert desk.send(place, "sheet", sheet="Hướng dẫn").status_code == 303
    assert "Hãy chỉ ra cột nào ghi: Họ tên chủ hộ." in desk.read(place)
    assert desk.send(place, "sheet", sheet="Danh sách hộ").status_code == 303
    assert counts(desk.read(place)) == (3, 0, 0, 0)
    desk.send(place, "apply")
    with world.app.app_context():
        upload = db.session.scalars(select(Upload)).one()
        assert (upload.content, upload.others) == (None, None)


@at_hand
def test_columns_that_are_never_taken_are_kept_on_no_sheet(world_on_sqlite: World) -> None:
    desk = coordinator(world_on_sqlite)
    content = AWKWARD["what is never taken"].content()
    desk.page_of("households", [], file=(content, "hộ.xlsx"))
    with world_on_sqlite.app.app_context():
        upload = db.session.scalars(select(Upload)).one()
        assert upload.content is not None
        kept = f"{unpack_rows(upload.content)}{unpack_sheets(upload.others)}"
        assert "Nguyễn Văn Hường" in kept
        for secret in ("0520990012", "Gia Rai", "Ba Na", "1980", "1975", "109.2", "52099001230"):
            assert secret not in kept


@at_hand
def test_who_asked_to_be_forgotten_is_so_on_all_sheets_that_wait(world: World) -> None:
    made = Workbook()
    for title in ("Một", "Hai"):
        sheet: Any = made.create_sheet(title)
        for row in (LIST[0], ("Ông Nguyễn Văn Hường", "Thôn A", 4), LIST[2]):
            sheet.append(row)
    desk = coordinator(world)
    desk.page_of("households", [], file=(saved(made), "hộ.xlsx"))
    with world.app.app_context(), writing(db.session()):
        day = civil_date(clock.now())
        forget_in_waiting(db.session(), {world.communes["near"]}, {fold("Nguyễn Văn Hường")}, day)
    with world.app.app_context():
        upload = db.session.scalars(select(Upload)).one()
        kept = f"{unpack_rows(upload.content or b'')}{unpack_sheets(upload.others)}"
        assert kept.count("Trần Thị Thủy") == 2
        assert "Hường" not in kept


@at_hand
def test_what_columns_hold_is_remembered_for_the_commune_alone(world: World) -> None:
    rows = [("Ai", "Ở đâu", "Mấy người", "Ghi chú"), ("Võ Minh Ánh", "Thôn A", 4, "x"), ("Lê Tư", "Thôn B", 3, "")]
    desk, other = coordinator(world), coordinator(world, "xakhac")
    place = desk.page_of("households", rows)
    assert "Hãy chỉ ra cột nào ghi" in desk.read(place)
    chosen = {"column-0": "head_name", "column-1": "village", "column-2": "people", "column-3": ""}
    assert desk.send(place, "columns", **chosen).status_code == 303
    moved = [tuple(reversed(row)) for row in rows]
    shown = desk.read(desk.page_of("households", [], file=(book((), *moved), "hộ.xlsx")))
    assert counts(shown) == (2, 0, 0, 0)
    assert "như lần gần nhất bạn chọn" in shown
    assert "Hãy chỉ ra cột nào ghi" in other.read(other.page_of("households", rows))
    assert "Hãy chỉ ra cột nào ghi" in desk.read(desk.page_of("people", rows))
    with world.app.app_context():
        kept = db.session.scalars(select(UploadHeading)).all()
        assert sorted(heading.field for heading in kept) == ["", "head_name", "people", "village"]
        assert all(len(heading.mark) == 16 for heading in kept)


@at_hand
def test_a_later_choice_takes_the_place_of_an_earlier_one(world: World) -> None:
    desk = coordinator(world)
    rows = [("Chủ hộ", "Thôn", "Nơi"), ("Võ Minh Ánh", "Thôn A", "Xóm Trên")]
    place = desk.page_of("households", rows)
    for third in ("note", "hamlet"):
        desk.send(place, "columns", **{"column-0": "head_name", "column-1": "village", "column-2": third})
    desk.send(place, "apply")
    with world.app.app_context():
        assert db.session.scalars(select(Household.hamlet)).one() == "Xóm Trên"
    again = [("Thôn", "Chủ hộ", "Nơi"), ("Thôn A", "Lê Thị Tư", "Xóm Dưới")]
    desk.take_in("households", again)
    with world.app.app_context():
        assert set(db.session.scalars(select(Household.hamlet))) == {"Xóm Trên", "Xóm Dưới"}


@at_hand
def test_an_incomplete_choice_is_not_remembered(world_on_sqlite: World) -> None:
    desk = coordinator(world_on_sqlite)
    place = desk.page_of("households", LIST)
    desk.send(place, "columns", **{"column-0": "head_name"})
    assert "Hãy chỉ ra cột nào ghi: Thôn." in desk.read(place)
    assert counts(desk.read(desk.page_of("households", LIST))) == (3, 0, 0, 0)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("text", ["(", "1) ", ", và ", "A\n", " - ", "0912345678 "])
@at_hand
def test_a_cell_as_long_as_a_book_holds_nobody_up(world_on_sqlite: World, text: str) -> None:
    """Looking for people and numbers in it would take minutes, with everybody who writes waiting."""
    desk = coordinator(world_on_sqlite)
    book = (text * 30_000)[:40_000]
    file = f'Họ và tên,Số điện thoại,Thôn,Chức vụ\n"{book}","{book}",Thôn A,"{book}"\nBá Ngọc,,Thôn A,\n'
    answer = desk.put_up("people", [], file=(file.encode(), "sách.csv"))
    assert answer.status_code == 303
    assert counts(desk.read(answer.headers["Location"]))[:3] == (1, 0, 1)
