"""A list of households from file to phones and back: seen first, taken in once, undone but for what was used."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from cdtteam.core.db import db
from cdtteam.core.ids import new_id
from cdtteam.households.models import Household, RefusedName
from cdtteam.imports.models import Upload
from cdtteam.imports.reading import unpack_rows
from tests.imports.desk import HOUSEHOLDS, Desk, coordinator, counts
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("reader_at_hand")

LIST: list[tuple[Any, ...]] = [
    HOUSEHOLDS,
    ("H1", "Nguyễn Văn Ổn", "Thôn A", "Xóm Trên", 4, "nhà cuối đường"),
    ("H2", "Rơ Châm Suệ", "thôn a", "Xóm Dưới", 5, None),
    (None, "Đinh Thị Lễ", "THÔN B", "Xóm Trên", "3 người", None),
]


def stored(world: World) -> dict[str, Household]:
    """Households that are not withdrawn, by name."""
    with world.app.app_context():
        rows = db.session.scalars(select(Household).where(Household.withdrawn_at.is_(None)))
        return {row.head_name: row for row in rows}


def names_on(phone: Any) -> set[str]:
    phone.send()
    return {row["head_name"] for row in phone.kind("household").values()}


def test_nothing_is_written_before_it_is_said_and_then_phones_get_it(world: World) -> None:
    desk, an, dung = coordinator(world), world.phone("an"), world.phone("dung")
    place = desk.page_of("households", LIST)
    assert counts(desk.read(place)) == (3, 0, 0, 0)
    assert stored(world) == {}
    assert desk.send(place, "apply").status_code == 303
    assert names_on(an) == {"Nguyễn Văn Ổn", "Rơ Châm Suệ"}
    assert names_on(dung) == set()
    first = next(row for row in an.kind("household").values() if row["code"] == "H1")
    assert (first["hamlet"], first["people"], first["note"]) == ("Xóm Trên", 4, "nhà cuối đường")
    assert (first["phone"], first["consents"]) == (None, {})
    assert stored(world)["Đinh Thị Lễ"].people == 3
    assert "Đã nhập lúc" in desk.read(place)


def test_the_file_itself_is_kept_no_longer(world: World) -> None:
    place = coordinator(world).take_in("households", LIST)
    with world.app.app_context():
        upload = db.session.scalars(select(Upload)).one()
        assert str(upload.id) in place
        assert upload.content is None
        assert "Suệ" not in str(vars(upload))


def test_the_same_file_again_brings_nothing(world: World) -> None:
    desk = coordinator(world)
    desk.take_in("households", LIST)
    place = desk.page_of("households", LIST)
    shown = desk.read(place)
    assert counts(shown) == (0, 3, 0, 0)
    assert "Hộ này đã có." in shown
    desk.send(place, "apply")
    assert len(stored(world)) == 3


def test_a_double_submit_has_one_effect(world: World) -> None:
    desk = coordinator(world)
    place = desk.page_of("households", LIST)
    form = {name: desk.field(place, "apply", name) for name in ("form_id", "version")}
    answers = [desk.client.post(f"{place}/apply", data=form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    with world.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Household)) == 3


def test_two_who_take_the_same_file_in_at_the_same_moment(world: World) -> None:
    desks = [coordinator(world), coordinator(world)]
    place = desks[0].page_of("households", LIST)
    forms = [{name: desk.field(place, "apply", name) for name in ("form_id", "version")} for desk in desks]
    with ThreadPoolExecutor(2) as pool:
        sent = [
            pool.submit(desk.client.post, f"{place}/apply", data=form) for desk, form in zip(desks, forms, strict=True)
        ]
        assert sorted(one.result().status_code for one in sent) == [303, 409]
    assert len(stored(world)) == 3
    assert "3 đã nhập" in desks[0].read(place)


def test_what_is_the_same_household(world: World) -> None:
    desk = coordinator(world)
    desk.take_in("households", LIST)
    again = [
        HOUSEHOLDS,
        ("h1", "Tên đã đổi", "Thôn A", "", "", ""),  # the same number
        ("", "Nguyen Van On", "Thôn A", "xóm trên", "", ""),  # no number: name and hamlet
        ("", "Nguyễn Văn Ôn", "Thôn A", "Xóm Trên", "", ""),  # a neighbour whose name has another mark
        ("H9", "ĐINH THỊ LỄ", "Thôn B", "Xóm Trên", "", ""),  # the one that is there has no number
        ("H7", "Nguyễn Văn Ổn", "Thôn A", "Xóm Trên", "", ""),  # another number is another household
        ("H1", "Nguyễn Văn Ổn", "Thôn B", "Xóm Trên", "", ""),  # another village is another household
        ("H7", "Ghi hai lần", "Thôn A", "", "", ""),  # twice in the file
    ]
    assert counts(desk.read(desk.page_of("households", again))) == (3, 4, 0, 0)


def test_problems_stand_at_their_cells_and_hold_up_the_rest_until_they_are_left_out(world: World) -> None:
    desk = coordinator(world)
    rows = [
        *LIST,
        ("H3", "", "Thôn A", "", "", ""),
        ("H4", "Trần Thị Ba", "Thôn C", "", "", ""),  # a village of another commune
        ("H5", "Trần Thị Tư", "", "", "", ""),
        ("H6", "Trần Thị Năm", "Thôn A", "", "0", ""),
        ("H7", "Trần Thị Sáu 0912345678", "Thôn A", "", "", ""),
        ("H8", "Trần Thị Bảy", "Thôn A", "", "", "CCCD 052 099 001 234"),
    ]
    place = desk.page_of("households", rows)
    shown = desk.read(place)
    assert counts(shown) == (3, 0, 6, 0)
    for words in ("Ô này còn thiếu.", "Thôn C Xã không có thôn nào tên này.", "Phải là số từ 1 đến 50.",
                  "Đây không giống tên của một người.", "hãy xóa đi."):  # fmt: skip
        assert words in shown
    assert desk.send(place, "apply").status_code == 409
    assert desk.send(place, "apply", leave_out="5").status_code == 409
    assert stored(world) == {}
    assert desk.send(place, "apply", leave_out="6").status_code == 303
    assert len(stored(world)) == 3
    assert "6 bỏ qua vì có lỗi" in desk.read(place)


def test_what_may_not_be_collected_is_left_out_and_named(world: World) -> None:
    desk = coordinator(world)
    header = ("Chủ hộ", "Thôn", "SĐT", "Số CCCD", "Dân tộc", "Năm sinh", "Toạ độ", "Số giấy tờ", "Tôn giáo")
    rows = [header, *((f"Người {name}", "Thôn A", "0912345678", "052099001234", "Kinh", "1980", "13.7,109.2",
                       f"21123456{at}", "Không") for at, name in enumerate(("Một", "Hai", "Ba")))]  # fmt: skip
    place = desk.page_of("households", rows)
    shown = desk.read(place)
    assert counts(shown) == (3, 0, 0, 7)
    assert "“SĐT”: số điện thoại chỉ ghi khi hộ đồng ý cho liên hệ" in shown
    assert "“Số giấy tờ”: cột có các số 9 hoặc 12 chữ số" in shown
    with world.app.app_context():
        content = db.session.scalars(select(Upload.content)).one()
        assert content is not None
        kept = str(unpack_rows(content))
        assert "Người Một" in kept
        for secret in ("052099001234", "Kinh", "1980", "109.2", "0912345678", "21123456"):
            assert secret not in kept
    # Nobody can choose them by hand either.
    chosen = {"column-0": "head_name", "column-1": "village", "column-2": "note", "column-3": "code"}
    desk.send(place, "columns", **chosen)
    desk.send(place, "apply")
    assert {(row.phone, row.code, row.note) for row in stored(world).values()} == {(None, None, None)}


def test_columns_are_chosen_by_hand_where_the_guess_is_wrong(world: World) -> None:
    desk = coordinator(world)
    place = desk.page_of("households", [("Cột một", "Cột hai"), ("Võ Minh Ánh", "Thôn B")])
    assert "Hãy chỉ ra cột nào ghi: Họ tên chủ hộ, Thôn." in desk.read(place)
    assert desk.send(place, "columns", **{"column-0": "village", "column-1": "village"}).status_code == 422
    assert desk.send(place, "columns", **{"column-0": "head_name", "column-1": "village"}).status_code == 303
    assert counts(desk.read(place)) == (1, 0, 0, 0)
    desk.send(place, "apply")
    assert stored(world)["Võ Minh Ánh"].village_id == world.villages["b"]


def test_undoing_leaves_what_was_used(world: World) -> None:
    desk, an = coordinator(world), world.phone("an")
    rows = [*LIST, ("H4", "Trần Thị Tư", "Thôn A", "", "", "")]
    place = desk.take_in("households", rows)
    an.send()
    here = {row["head_name"]: row for row in an.kind("household").values()}
    change = {"id": here["Rơ Châm Suệ"]["id"], "base_version": here["Rơ Châm Suệ"]["version"], "people": 6}
    results = an.send(
        an.visit(world.villages["a"], household_id=here["Nguyễn Văn Ổn"]["id"]), an.mutation("household.update", change)
    )
    assert [result["status"] for result in results] == ["applied", "applied"]
    assert desk.send(place, "undo").status_code == 303
    assert names_on(an) == {"Nguyễn Văn Ổn", "Rơ Châm Suệ"}
    assert names_on(world.phone("chi")) == set()
    shown = desk.read(place)
    assert "Dòng 2: Nguyễn Văn Ổn đã có lượt hỗ trợ" in shown
    assert "Dòng 3: Rơ Châm Suệ đã được sửa sau đó" in shown
    assert "Lễ" not in shown
    # What was taken back may come again.
    assert counts(desk.read(desk.page_of("households", rows))) == (2, 2, 0, 0)


def test_undoing_twice_or_after_a_week_does_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = coordinator(world)
    place = desk.take_in("households", LIST)
    form_id = desk.field(place, "undo", "form_id")
    assert [desk.client.post(f"{place}/undo", data={"form_id": form_id}).status_code for _ in range(2)] == [303, 303]
    other = desk.take_in("households", LIST)
    with world.app.app_context():
        upload = db.session.get(Upload, db.session.scalars(select(Upload.id).where(Upload.undone_at.is_(None))).one())
        assert upload is not None
        assert upload.applied_at is not None
        upload.applied_at -= timedelta(days=365)
        db.session.commit()
    assert "Hoàn tác danh sách này" not in desk.read(other)
    late = desk.client.post(f"{other}/undo", data={"form_id": form_id[:-4] + "0000"})
    assert late.status_code == 409
    assert len(stored(world)) == 3


def test_a_household_that_asked_to_be_forgotten_does_not_come_back(world: World) -> None:
    desk = coordinator(world)
    desk.take_in("households", LIST)
    with world.app.app_context():
        household = db.session.scalars(select(Household).where(Household.code == "H2")).one()
        household.head_name, household.code, household.hamlet = "", None, None
        household.erased_at = household.entered_at
        db.session.commit()
    place = desk.page_of("households", LIST)
    assert counts(desk.read(place)) == (0, 3, 0, 0)
    assert "Hộ này đã đề nghị không ghi tên." in desk.read(place)


def test_a_household_that_was_entered_by_hand_and_refused_is_known_without_its_name(world: World) -> None:
    an, desk = world.phone("an"), coordinator(world)
    home = an.household(world.villages["a"], "Đinh Thị Kín")
    no = {"named": {"given": False, "notice": "2026-1", "at": an.now().isoformat()}}
    change = {"id": home["args"]["id"], "base_version": None, "consents": no}
    unspoken = an.household(world.villages["a"], "–", consents=no)
    sent = an.send(home, an.mutation("household.update", change), unspoken)
    assert [result["status"] for result in sent] == ["applied"] * 3
    again = [HOUSEHOLDS, ("H9", "ĐINH THỊ  KÍN", "Thôn A", "Xóm 2", 3, ""), ("H1", "Đinh Thị Kín", "Thôn B", "", 2, "")]
    place = desk.page_of("households", again)
    assert counts(desk.read(place)) == (1, 1, 0, 0)
    assert "Hộ này đã đề nghị không ghi tên." in desk.read(place)
    with world.app.app_context():
        assert len(db.session.scalars(select(RefusedName)).all()) == 1
        assert {row.head_name for row in db.session.scalars(select(Household))} == {""}


def test_others_do_not_see_it(world: World) -> None:
    place = coordinator(world).page_of("households", LIST)
    for handle in ("xakhac", "tinh", "quantri"):
        other = Desk(world.client(handle))
        assert other.client.get(place).status_code == 403
        for form in ("apply", "columns", "undo", "drop"):
            answer = other.client.post(f"{place}/{form}", data={"form_id": str(new_id())})
            assert answer.status_code == 403
        assert "danh sách.xlsx" not in other.read("/desk/imports")
    assert Desk(world.client("tinh")).put_up("households", LIST, commune=str(world.communes["near"])).status_code == 403


def test_a_file_can_be_dropped(world: World) -> None:
    desk = coordinator(world)
    place = desk.page_of("households", LIST)
    assert desk.send(place, "drop").headers["Location"] == "/desk/imports"
    assert desk.client.get(place).status_code == 404


def test_a_file_that_nobody_takes_in_is_forgotten_after_a_week(world: World) -> None:
    desk = coordinator(world)
    place = desk.page_of("households", LIST)
    with world.app.app_context():
        upload = db.session.scalars(select(Upload)).one()
        upload.uploaded_at -= timedelta(days=7, minutes=1)
        db.session.commit()
    assert "đã bị xóa" in desk.read(place)
    desk.page_of("people", [("Họ tên", "Thôn"), ("Võ Minh Ánh", "Thôn A")])  # any form of the desk will do
    with world.app.app_context():
        assert [upload.kind for upload in db.session.scalars(select(Upload))] == ["people"]


def test_rows_that_look_like_a_household_of_the_village_are_pointed_out_and_taken_in(world: World) -> None:
    desk, an, chi = coordinator(world), world.phone("an"), world.phone("chi")
    an.send(an.household(world.villages["a"], "Hồ Thị Mỹ", hamlet="Xóm Trên"))
    chi.send(chi.household(world.villages["b"], "Đinh Văn Ê"))
    place = desk.page_of(
        "households",
        [HOUSEHOLDS, ("H1", "Hồ Thị Mĩ", "Thôn A", "Xóm Dưới", 4, None), ("H2", "Đinh Văn Ê", "Thôn A", "", 3, None)],
    )
    text = desk.read(place)
    assert counts(text) == (2, 0, 0, 0)
    assert "1 dòng mới có thể là hộ đã có" in text
    assert "Có thể là hộ đã có: Hồ Thị Mỹ, Xóm Trên." in text
    assert desk.send(place, "apply").status_code == 303
    assert names_on(an) == {"Hồ Thị Mỹ", "Hồ Thị Mĩ", "Đinh Văn Ê"}
