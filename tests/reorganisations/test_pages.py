"""A change of the map at the desk: put up, looked over, decided, applied once, undone; and refused where it must be."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from cdtteam.areas.models import AreaTerm, Reorganisation
from cdtteam.areas.queries import area_map
from cdtteam.core import clock
from cdtteam.core.clock import CIVIL_ZONE
from cdtteam.core.db import db
from cdtteam.teams.models import Team
from cdtteam.web.transactions import writing
from tests.reorganisations.desk import (
    HEAD,
    HOME,
    MERGER,
    SPLIT,
    VILLAGE_HEAD,
    VILLAGES,
    province,
    text_of,
    today,
    yesterday,
)
from tests.support.assigning import Officer
from tests.support.inboxes import inbox
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("reader_at_hand")


def tree(world: World) -> dict[str, str]:
    """For every area of today's map, the code of what it stands under."""
    with world.app.app_context():
        found = area_map(db.session(), today())
    return {area.code: found.by_id[area.parent_id].code for area in found.by_id.values() if area.parent_id}


def count(world: World, column: Any) -> int:
    """How many rows there are."""
    with world.app.app_context():
        return db.session().scalar(select(func.count(column))) or 0


def test_a_merger_is_looked_over_applied_and_undone(world: World) -> None:
    phone = world.phone("an")
    phone.send(phone.household(world.villages["a"]), phone.visit(world.villages["a"]))
    desk, before = province(world), tree(world)
    basis = {"decision": "12/NQ-HĐND", "decided_on": "2026-11-20", "subject": "Sắp xếp hai xã"}
    draft = desk.draft(MERGER, **basis)
    assert tree(world) == before, "nothing is changed by looking"
    shown = desk.read(draft)
    assert "Sắp xếp hai xã" in shown
    assert "Xã, phường 2 1 −1" in shown
    assert "Thôn 3 3 bằng nhau Tổ 3 3 bằng nhau Thành viên 4 4 bằng nhau Hộ gia đình 1 1 bằng nhau" in shown
    assert "Lượt hỗ trợ tháng này 1 1 bằng nhau" in shown
    assert "3 thôn, 3 tổ, 4 thành viên, 1 hộ" in shown
    assert "Xã near → Phường Chung 2 thôn, 2 tổ, 3 thành viên, 1 hộ Thôn A, Thôn B" in shown
    assert "Đang xem trước Sắp xếp hai xã" in desk.read(HOME)

    answer = desk.send(draft, "apply")
    assert answer.status_code == 303
    record = answer.headers["Location"]
    assert {tree(world)[f"v{name}"] for name in "abc"} == {"30001"}
    shown = desk.read(record)
    assert "Đang áp dụng" in shown
    assert "12/NQ-HĐND" in shown
    assert "20/11/2026" in shown
    assert "Tinh, " in shown, "who did it"
    assert "Phường Chung 30001 từ Xã far, Xã near" in shown
    for on in (yesterday(), today()):
        place = f"/desk/?map={on}"
        assert place in desk.client.get(record).get_data(as_text=True)
        assert desk.client.get(place).status_code == 200
    listed = desk.read(HOME)
    assert f"Sắp xếp hai xã từ {today():%d/%m/%Y} · 12/NQ-HĐND (20/11/2026) · Tinh" in listed
    assert "Đang xem trước" not in listed
    assert desk.client.get(draft).headers["Location"] == record

    unsure = desk.send(record, "undo")
    assert unsure.status_code == 422
    assert "Hãy đánh dấu vào ô xác nhận trước." in text_of(unsure)
    assert desk.send(record, "undo", sure="yes").status_code == 303
    assert tree(world) == before
    assert "Đã hoàn tác" in desk.read(record)
    assert "Đã hoàn tác" in desk.read(HOME)


def test_what_the_offices_of_communes_that_end_have_under_way_is_told_before(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its report of last month is not closed, next to it lies a draft, and its officer goes on for another commune."""
    here = datetime.combine(today().replace(day=1), time(12), CIVIL_ZONE) + timedelta(days=7)
    monkeypatch.setattr(clock, "now", lambda: here)
    last = (here.date().replace(day=1) - timedelta(days=1)).replace(day=1)
    with world.app.app_context(), writing(db.session()):
        db.session.execute(update(Team).values(started_at=here - timedelta(days=20)))
    officer = world.client("xa")
    asked = {"period": f"{last:%Y-%m}", "calendar": "civil", "area": "21601", "version": "0", "place": "Xã near"}
    assert officer.post("/desk/reports/draft", data=asked | {"difficulties": "Sóng yếu."}).status_code == 303
    shown = province(world).read(province(world).draft(MERGER))
    month = f"Tháng {last.month}/{last.year}"
    of_near = shown.partition("Xã near → Phường Chung Báo cáo")[2].partition("Xã far →")[0]
    assert f"chưa chốt: {month}. Xin nhắc xã chốt trước" in of_near
    assert f"Bản nháp báo cáo: {month}." in of_near
    assert "Tài khoản chuyển sang Phường Chung: Xa." in of_near
    assert "Tài khoản chuyển sang Phường Chung: Xakhac." in shown
    assert shown.count("Bản nháp báo cáo: ") == 1
    assert "chưa chốt" not in province(world).read(province(world).draft(VILLAGES, kind="villages"))


def test_officers_of_the_communes_are_told_of_a_change_and_of_its_undoing(world: World) -> None:
    desk = province(world)
    record = desk.applied(MERGER, decision="12/NQ")
    said = f"Từ ngày {today():%d/%m/%Y}: Xã far, Xã near → Phường Chung"
    assert inbox(world, "xa") == inbox(world, "xakhac") == [("Địa giới xã của bạn thay đổi", said, "/desk/")]
    desk.send(record, "undo", sure="yes")
    said = f"Trở lại như trước ngày {today():%d/%m/%Y}: Xã far; Xã near"
    undone = [("Thay đổi địa giới xã của bạn đã được hoàn tác", said, "/desk/")]
    assert inbox(world, "xa") == inbox(world, "xakhac") == undone
    assert inbox(world, "tinh") == []
    assert f"Xã far, Xã near từ {today():%d/%m/%Y} · 12/NQ" in desk.read(HOME), "what was undone is told from others"
    desk.applied(VILLAGES, kind="villages", effective_on=f"{today() + timedelta(days=3)}")
    assert len(inbox(world, "xa")) == 2
    assert "Thôn A, Thôn B → Thôn Chung" in inbox(world, "xa")[1][1]
    assert inbox(world, "xakhac") == undone, "no village of theirs changes"


def test_villages_are_merged_and_parted_again(world: World) -> None:
    for handle, village in (("an", "a"), ("chi", "b")):
        phone = world.phone(handle)
        phone.send(phone.household(world.villages[village]), phone.visit(world.villages[village]))
    desk, before = province(world), tree(world)
    draft = desk.draft(VILLAGES, kind="villages", subject="Nhập thôn")
    shown = desk.read(draft)
    assert "Xã, phường 2 2 bằng nhau Thôn 3 2 −1" in shown
    assert "Hộ gia đình 2 2 bằng nhau Lượt hỗ trợ tháng này 2 2 bằng nhau" in shown
    assert "2 thôn, 2 tổ, 3 thành viên, 2 hộ Thôn Chung va Xã near · từ Thôn A, Thôn B" in shown
    assert "Các tổ giữ nguyên Gộp tổ" in shown
    again = desk.send(draft, "apply", **{"to-va": "merge"}).headers["Location"]
    assert "Bạn vừa chọn khác đi" in desk.read(again), "what was chosen is looked over before it is applied"
    assert tree(world) == before
    desk.send(draft, "decide", all=":stay")
    record = desk.send(draft, "apply", **{"to-va": "stay"}).headers["Location"]
    assert tree(world) == {"21601": "52", "21604": "52", "va": "21601", "vc": "21604"}
    assert "Thôn Chung va từ Thôn A, Thôn B" in desk.read(record)
    assert desk.send(record, "undo", sure="yes").status_code == 303
    assert tree(world) == before


def test_teams_that_merged_and_have_worked_are_not_parted_any_more(world: World) -> None:
    desk = province(world)
    draft = desk.draft(VILLAGES, kind="villages")
    Officer(world).give(Officer(world).order("b"))
    desk.send(draft, "decide", **{"to-va": "merge"})
    shown = desk.read(draft)
    assert "Tổ 3 2 −1 Thành viên 4 4 bằng nhau" in shown
    assert "1 tổ kết thúc, người của tổ chuyển sang tổ của thôn mới." in shown
    assert "1 nhiệm vụ chưa xong của các tổ ấy sẽ không còn ai nhận" in shown
    record = desk.send(draft, "apply").headers["Location"]
    assert "Hoàn tác lần sắp xếp này" in desk.read(record)
    phone = world.phone("an")
    phone.send(phone.visit(world.villages["b"]))
    shown = desk.read(record)
    assert "Không còn hoàn tác được “Tổ CNSCĐ thôn A”" in shown
    assert "Hoàn tác lần sắp xếp này" not in shown


@pytest.mark.parametrize("code", ["30001", "21601"])
def test_phones_hear_of_it(world: World, code: str) -> None:
    """Also those of a commune that keeps its code, whose villages stay where they are."""
    phone = world.phone("an")
    phone.send()
    record = province(world).applied([[code if cell == "30001" else cell for cell in row] for row in MERGER])
    phone.send()
    (team,) = phone.kind("team").values()
    assert team["villages"][0]["commune_name"] == "Phường Chung"
    province(world).send(record, "undo", sure="yes")
    phone.send()
    (team,) = phone.kind("team").values()
    assert team["villages"][0]["commune_name"] == "Xã near"


def test_a_split_asks_village_by_village(world: World) -> None:
    desk = province(world)
    draft = desk.draft(SPLIT)
    shown = desk.read(draft)
    assert "Còn 2 thôn của các xã bị chia cần chọn nơi đến." in shown
    assert "Tất cả về Phường Đông Tất cả về Xã Tây Thôn A chưa chọn" in shown
    assert "Thực hiện sắp xếp từ" not in shown
    assert desk.send(draft, "decide", **{"to-va": "30001", "to-vb": "99999"}).status_code == 303
    assert "Còn 1 thôn của các xã bị chia" in desk.read(draft), "a choice that is none is passed over"
    assert desk.send(draft, "decide", all="21601:30001").status_code == 303
    shown = desk.read(draft)
    assert "Còn" not in shown
    assert "Xã near → Phường Đông 2 thôn" in shown
    desk.send(draft, "decide", **{"to-vb": "21604"})
    assert "Xã near → Xã Tây 1 thôn" in desk.read(draft)
    assert desk.send(draft, "apply").status_code == 303
    assert [tree(world)[f"v{name}"] for name in "abc"] == ["30001", "21604", "21604"]


@pytest.mark.parametrize("commune", ["21601\n", "\r\nSet-Cookie: x", "99999"])
def test_a_group_that_is_none_changes_nothing(world: World, commune: str) -> None:
    desk = province(world)
    place = desk.draft(SPLIT)
    answer = desk.send(place, "decide", all=f"{commune}:30001")
    assert (answer.status_code, answer.headers["Location"]) == (303, place)


def test_one_form_has_one_effect(world: World) -> None:
    desk = province(world)
    draft = desk.draft(MERGER)
    given = desk.form(draft, "apply")
    first, second = (desk.client.post(f"{draft}/apply", data=given) for _again in range(2))
    assert first.status_code == second.status_code == 303
    assert first.headers["Location"] == second.headers["Location"]
    assert count(world, Reorganisation.id) == 1


def test_a_map_that_changed_meanwhile_is_shown_again(world: World) -> None:
    desk, other = province(world), province(world, "quantri")
    draft = desk.draft(MERGER)
    given = desk.form(draft, "apply")
    other.applied([HEAD, ("21604", "", "21604", "Xã Xa", "Xã")], effective_on=yesterday().isoformat())
    terms = count(world, AreaTerm.area_id)
    answer = desk.client.post(f"{draft}/apply", data=given)
    assert answer.status_code == 409
    said = text_of(answer)
    assert "Địa giới đã thay đổi trong lúc bạn xem nên chưa ghi gì." in said
    assert "từ Xã near, Xã Xa" in said
    assert count(world, AreaTerm.area_id) == terms
    assert desk.send(draft, "apply").status_code == 303


def test_choices_made_meanwhile_are_shown_before_it_is_applied(world: World) -> None:
    desk = province(world)
    draft = desk.draft(SPLIT)
    desk.send(draft, "decide", all="21601:30001")
    given = desk.form(draft, "apply")
    province(world, "quantri").send(draft, "decide", all="21601:21604")
    assert desk.client.post(f"{draft}/apply", data=given).status_code == 409
    assert count(world, Reorganisation.id) == 0


def test_why_it_cannot_be_undone_is_said_before_it_is_tried(world: World) -> None:
    desk = province(world)
    record = desk.applied(MERGER, effective_on=yesterday().isoformat())
    given = desk.form(record, "undo")
    desk.applied([HEAD, ("30001", "", "30001", "Phường Khác", "Phường")])
    shown = desk.read(record)
    assert f"Không còn hoàn tác được 30001 Phường Chung đã thay đổi tiếp vào {today():%d/%m/%Y}." in shown
    assert "Hoàn tác lần sắp xếp này" not in shown
    refused = desk.client.post(f"{record}/undo", data=given | {"sure": "yes"})
    assert refused.status_code == 422
    assert tree(world)["va"] == "30001"


def test_what_was_done_for_a_new_commune_is_named(world: World) -> None:
    desk = province(world)
    record = desk.applied(MERGER)
    new = UUID(int=0)
    with world.app.app_context(), writing(db.session()):
        new = db.session().scalars(select(AreaTerm.area_id).where(AreaTerm.code == "30001")).one()
    world.app.test_cli_runner().invoke(
        args=["account", "add", "moi", "--role", "coordinator", "--name", "Hà", "--area", "30001", "--generate"]
    )
    assert new
    assert "1 dòng của “tài khoản cán bộ” đã gắn với đơn vị mới lập." in desk.read(record)


def test_a_day_to_come_waits(world: World) -> None:
    desk, tomorrow = province(world), today() + timedelta(days=1)
    record = desk.applied(MERGER, effective_on=tomorrow.isoformat())
    assert "Chờ đến ngày" in desk.read(record)
    assert "21601" in tree(world)


def test_a_day_on_which_something_changed_says_what_to_do(world: World) -> None:
    desk = province(world)
    desk.applied([VILLAGE_HEAD, ("va", "", "", "va", "Làng Mới", "làng", "21601")], kind="villages")
    shown = desk.read(desk.draft(MERGER))
    assert (
        f"Dòng 2: Trong đơn vị này, va Làng Mới đã có thay đổi đúng ngày {today():%d/%m/%Y}. "
        "Hãy chọn ngày khác, hoặc hoàn tác thay đổi kia trước." in shown
    )


def test_what_was_applied_meanwhile_leads_there_and_can_be_dropped(world: World) -> None:
    desk = province(world)
    waiting, record = desk.draft(MERGER), desk.applied(MERGER)
    page = desk.client.get(waiting).get_data(as_text=True)
    assert f'href="{record}"' in page
    shown = desk.read(waiting)
    assert "Thay đổi này đã được thực hiện rồi" in shown
    assert "sửa lại tệp" not in shown
    assert record.rpartition("/")[2] not in shown, "nobody reads an id"
    assert desk.send(waiting, "drop").headers["Location"] == HOME
    assert desk.client.get(waiting).status_code == 404


def test_a_change_is_called_by_what_it_made_and_names_the_teams_that_ended(world: World) -> None:
    desk = province(world)
    draft = desk.draft(VILLAGES, kind="villages", decision="12/QĐ-UBND")
    desk.send(draft, "decide", all=":merge")
    record = desk.send(draft, "apply").headers["Location"]
    assert f"Thôn Chung từ {today():%d/%m/%Y} · 12/QĐ-UBND" in desk.read(HOME)
    shown = desk.read(record)
    assert "Thôn Chung Đang áp dụng" in shown
    assert "Các tổ được gộp" in shown
    assert "Tổ CNSCĐ thôn B" in shown
    assert "Lượt hỗ trợ và hộ vẫn ở nguyên chỗ cũ" in shown
    assert desk.send(record, "undo", sure="yes").status_code == 303
    assert "Thôn A, Thôn B Đã hoàn tác" in desk.read(record)
    stayed = desk.read(desk.applied(VILLAGES, kind="villages"))
    assert "Các tổ được gộp" not in stayed
    assert "Lượt hỗ trợ, tổ và hộ vẫn ở nguyên chỗ cũ" in stayed


def test_members_of_several_teams_are_said_to_be_counted_in_each(world: World) -> None:
    said = "Người đổi tổ trong kỳ được tính ở mỗi tổ đã tham gia."
    desk = province(world)
    assert said not in desk.read("/desk/")
    draft = desk.draft(VILLAGES, kind="villages", effective_on=yesterday().isoformat())
    desk.send(draft, "decide", all=":merge")
    desk.send(draft, "apply")
    assert said in desk.read("/desk/")
    assert said not in desk.read("/desk/area/21604")
