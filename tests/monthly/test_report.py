"""The report at the desk: its figures are the API's, what is silent is never 0, what was typed stays, closing keeps."""

import re
import unicodedata
from datetime import timedelta
from typing import Any

import pytest

from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.ids import new_id
from cdtteam.teams.models import Membership
from cdtteam.web.transactions import writing
from tests.desk.test_pages import assert_valid, text_of
from tests.monthly.desk import close, file, form_of, month, page, save, upload, vn, work
from tests.monthly.files import sheets, tables, texts, whole_text, word
from tests.support.world import LONG_AGO, Phone, World

pytestmark = pytest.mark.usefixtures("press_at_hand")


@pytest.fixture
def busy(world: World) -> World:
    """Village a after some work, village b silent; so is c, in the other commune."""
    return work(world)


def test_the_files_figures_are_the_apis(busy: World) -> None:
    client = busy.client("xa")
    answer = client.get(f"/api/v1/participation?period={month()}&area=21601").json
    year = client.get(f"/api/v1/participation?period={month()[:4]}&area=21601").json
    summary, contents, _, teams, *_ = tables(file(client))[1:]
    told = {row[1]: (row[3], row[4]) for row in summary[1:]}
    for name, key in (
        ("Lượt hỗ trợ", "visits"), ("Lượt người được hỗ trợ", "people"), ("Hộ gia đình được hỗ trợ", "households"),
        ("Lượt tại nhà hộ không ghi tên", "households_unnamed"),
    ):  # fmt: skip
        assert told[name] == (vn(answer[key]), vn(year[key])), name
    assert told["Tổ có hoạt động"] == (str(answer["teams"]["active"]), str(year["teams"]["active"]))
    line = next(row for row in contents if row[1] == "Sử dụng dịch vụ công trực tuyến")
    of_service = answer["services"]["dvc_online"]
    assert line[2:4] == [str(of_service["visits"]), str(of_service["people"])]
    rows = {row["name"]: row for row in answer["rows"]}
    there = [vn(rows["Thôn A"][key]) for key in ("visits", "people", "households")]
    assert teams[1][:5] == ["1", "Tổ CNSCĐ thôn A", *there]
    assert "Trong kỳ có 1/2 tổ hoạt động (đạt 50%)" in whole_text(file(client))
    book = sheets(file(client, "xlsx"))
    assert book["Số liệu"][13][3:] == [answer["visits"], year["visits"]]
    assert book["Số liệu"][14][3] == 1234
    assert [row[3] for row in book["Các tổ"][6:]] == [3, "–"]


def test_silent_is_never_nought(busy: World) -> None:
    client = busy.client("xa")
    document = file(client)
    silent = next(row for row in tables(document)[4] if row[1] == "Tổ CNSCĐ thôn B")
    assert silent[2:] == ["–", "–", "–", "Chưa ghi nhận hoạt động (chưa đăng nhập)"] or silent[2:5] == ["–", "–", "–"]
    assert "chưa ghi nhận hoạt động:\n- Chưa đăng nhập (1 tổ): Tổ CNSCĐ thôn B.\n" in whole_text(document)
    unused = next(row for row in tables(document)[2] if row[1] == "Sử dụng nền tảng trợ lý ảo")
    assert unused[2:] == ["–"] * 4
    far = file(busy.client("xakhac"))
    assert [row[3:] for row in tables(far)[1][1:5]] == [["–", "–"]] * 4
    assert "1 tổ chưa ghi nhận hoạt động" in whole_text(far)
    assert "Chưa ghi nhận hoạt động: Tổ CNSCĐ thôn C" in text_of(page(busy.client("xakhac")))


def test_nothing_to_report_is_nought(world: World) -> None:
    phone = world.phone("dung")
    phone.send(phone.mutation("report.nothing", {"village_id": str(world.villages["c"]), "period": month()}))
    document = file(world.client("xakhac"))
    assert tables(document)[4][1][2:] == ["0", "0", "0", "Không phát sinh"]
    assert [row[3] for row in tables(document)[1][1:5]] == ["0"] * 4
    assert tables(document)[2][3][2] == "0"  # nobody is silent, so nobody was helped with that


def test_the_provinces_report_goes_by_commune_and_names_who_is_silent(busy: World) -> None:
    client = busy.client("tinh")
    document = file(client)
    assert [row[1:] for row in tables(document)[4][1:]] == [
        ["Xã far", "–", "–", "–", "0/1 tổ có hoạt động; 1 tổ chưa ghi nhận hoạt động"],
        ["Xã near", "3", "1.234", "1", "1/2 tổ có hoạt động; 1 tổ chưa ghi nhận hoạt động"],
    ]
    assert "Tổ CNSCĐ thôn C (thôn C, Xã far), " in whole_text(document)
    assert tables(document)[0][0][0].split("\n")[:2] == ["ỦY BAN NHÂN DÂN", "TỈNH BÌNH ĐỊNH"]
    assert "XÃ NEAR" in whole_text(file(client, query="&area=21601"))


def test_the_layout_of_the_administration(world_on_sqlite: World) -> None:
    client = world_on_sqlite.client("xa")
    save(client, place="Vĩnh Sơn", dated_on="2026-02-05", difficulties="Sóng yếu.\r\nMáy cũ.", proposals="",
         recipients="- UBND tỉnh;\r\n- Lưu: VT.", sign_for="TM. ỦY BAN NHÂN DÂN", sign_title="CHỦ TỊCH",
         sign_name="Đinh Văn Nhân")  # fmt: skip
    document = file(client)
    (_, nation), (number, place) = tables(document)[0]
    assert nation.split("\n")[:2] == ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]
    assert re.fullmatch(r"Số: +/BC-UBND", number)
    assert place == "Vĩnh Sơn, ngày 05 tháng 02 năm 2026"
    body = texts(document)
    assert "Sóng yếu." in body
    assert "Máy cũ." in body
    assert "…" * 20 in body  # to be written by hand: nothing was proposed
    receivers, signer = tables(document)[-1][0]
    assert receivers == "Nơi nhận:\n- UBND tỉnh;\n- Lưu: VT."
    assert [line for line in signer.split("\n") if line] == ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "Đinh Văn Nhân"]


def test_report_months_and_longer_periods(world_on_sqlite: World) -> None:
    client = world_on_sqlite.client("xa")
    for query, name, days in (
        ("period=2026-01&calendar=report", "tháng 01 năm 2026", "(từ ngày 15/12/2025 đến ngày 14/01/2026)"),
        ("period=2026-Q4", "quý IV năm 2026", "(từ ngày 01/10/2026 đến ngày 31/12/2026)"),
        ("period=2026-H1", "6 tháng đầu năm 2026", "(từ ngày 01/01/2026 đến ngày 30/06/2026)"),
        ("period=2026-9M&calendar=report", "9 tháng đầu năm 2026", "(từ ngày 15/12/2025 đến ngày 14/09/2026)"),
        ("period=2026", "năm 2026", "(từ ngày 01/01/2026 đến ngày 31/12/2026)"),
    ):
        document = texts(client.get(f"/desk/reports/file?{query}&template=docx").data)
        assert f"Kết quả hoạt động của Tổ công nghệ số cộng đồng {name}" in document
        assert days in document
    for wrong in ("2026-W48", "2026-11-24", "2026-13", "nonsense"):
        assert client.get(f"/desk/reports?period={wrong}").status_code == 422


def test_what_is_typed_leaves_in_nfc_and_control_characters_are_refused(world_on_sqlite: World) -> None:
    client = world_on_sqlite.client("xa")
    save(client, difficulties=unicodedata.normalize("NFD", "Khó khăn về sóng"), place="V")
    text = whole_text(file(client))
    assert "Khó khăn về sóng" in text
    assert unicodedata.is_normalized("NFC", text)
    wrong = save(client, difficulties="a\x00b", proposals="giữ lại")
    assert wrong.status_code == 422
    shown = wrong.get_data(as_text=True)
    assert_valid(shown)
    assert 'aria-describedby="difficulties-error"' in shown
    assert "giữ lại" in shown
    assert "Khó khăn về sóng" in whole_text(file(client))


def test_a_stale_form_is_shown_and_overwrites_nothing(busy: World) -> None:
    first, second = busy.client("xa"), busy.client("tinh")
    form = form_of(page(first, "&area=21601"))
    theirs = form_of(page(second, "&area=21601"))
    assert second.post("/desk/reports/draft", data=theirs | {"difficulties": "của tỉnh"}).status_code == 303
    answer = first.post("/desk/reports/draft", data=form | {"difficulties": "của xã"})
    shown = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert_valid(shown)
    assert "của xã" in shown
    assert re.search(r"Tinh đã lưu:</strong> của tỉnh", shown)
    assert "của tỉnh" in whole_text(file(first))
    assert first.post("/desk/reports/draft", data=form_of(shown) | {"difficulties": "cả hai"}).status_code == 303
    assert "cả hai" in whole_text(file(first))
    assert first.post("/desk/reports/close", data=form | {"difficulties": "cũ"}).status_code == 409
    assert "cả hai" in whole_text(file(first))


def test_closing_keeps_figures_and_tells_what_came_later(busy: World) -> None:
    client, phone = busy.client("xa"), busy.phone("an")
    old, wrong = phone.visit(busy.villages["a"], participants=5), phone.visit(busy.villages["a"], participants=7)
    assert {one["status"] for one in phone.send(old, wrong)} == {"applied"}
    place = close(client, difficulties="Sóng yếu.", place="Vĩnh Sơn")
    before = client.get(f"{place}/file?template=docx").data, client.get(f"{place}/file?template=xlsx").data
    assert "Từ lúc chốt chưa có lượt nào" in text_of(client.get(place).get_data(as_text=True))
    later(busy, phone, old, wrong)
    shown = text_of(client.get(place).get_data(as_text=True))
    assert "Bản 1, Xa chốt lúc" in shown
    assert "Thôn A Tổ CNSCĐ thôn A 2 1 1" in shown
    assert "Thôn B Tổ CNSCĐ thôn B 1 0 0" in shown
    # 600 + 600 + 34 + 5 + 7; later +20 +3 and 9 in village b, 5 becomes 50, 7 goes.
    assert "Lượt người 1.246 1.316 +70" in shown
    assert "Lượt hỗ trợ 5 7 +2" in shown
    assert before == (client.get(f"{place}/file?template=docx").data, client.get(f"{place}/file?template=xlsx").data)
    assert tables(before[0])[1][2][3] == "1.246"
    assert tables(file(client))[1][2][3] == "1.316"
    again = close(client, difficulties="Đã khá hơn.")
    assert "Bản 2" in text_of(client.get(again).get_data(as_text=True))
    assert tables(client.get(f"{again}/file?template=docx").data)[1][2][3] == "1.316"
    assert "(lần 2)" in whole_text(client.get(f"{again}/file?template=docx").data)
    assert "Sóng yếu." in whole_text(client.get(f"{place}/file?template=docx").data)


def later(world: World, phone: Phone, old: dict[str, Any], wrong: dict[str, Any]) -> None:
    """Two visits more, one that another month gets, one amended, one withdrawn, one of a village that was silent."""
    own = world.villages["a"]
    elsewhere = phone.visit(own, participants=90, occurred_at=(clock.now() - timedelta(days=70)).isoformat())
    sent = phone.send(
        phone.visit(own, participants=20), phone.visit(own, participants=3), elsewhere,
        phone.mutation("visit.amend", {"id": old["args"]["id"], "reason": "nhầm", "participants": 50}),
        phone.mutation("visit.withdraw", {"id": wrong["args"]["id"], "reason": "nhầm"}),
    )  # fmt: skip
    assert {one["status"] for one in sent} == {"applied"}
    other = world.phone("chi")
    other.send(other.visit(world.villages["b"], participants=9))
    gone = other.visit(world.villages["b"], participants=400)  # came and went after the closing: it was never counted
    other.send(gone, other.mutation("visit.withdraw", {"id": gone["args"]["id"], "reason": "nhầm"}))


def test_closing_twice_by_a_double_click_has_one_effect(busy: World) -> None:
    client = busy.client("xa")
    form = form_of(page(client))
    assert close(client, form) == close(client, form)
    assert text_of(page(client)).count("Bản 1") == 1
    assert "Bản 2" not in text_of(page(client)).replace("Chốt lại thành bản 2", "")
    # Another form that was open at the same time does not close what somebody has closed since.
    other = form | {"form_id": str(new_id()), "version": form_of(page(client))["version"]}
    assert client.post("/desk/reports/close", data=other).status_code == 409


def test_going_back_and_typing_on_loses_nothing(world_on_sqlite: World) -> None:
    client = world_on_sqlite.client("xa")
    form = form_of(page(client))
    for _ in range(2):  # a double click
        assert client.post("/desk/reports/draft", data=form | {"difficulties": "một"}).status_code == 303
    back = client.post("/desk/reports/draft", data=form | {"difficulties": "hai"})
    assert back.status_code == 409
    assert "hai" in back.get_data(as_text=True)
    form = form_of(page(client))
    place = close(client, form, difficulties="một")
    assert close(client, form, difficulties="một") == place
    typed_on = client.post("/desk/reports/close", data=form | {"difficulties": "ba"})
    assert typed_on.status_code == 409
    assert "ba" in typed_on.get_data(as_text=True)
    first, second = word("{{ luot }}"), word("{{ nguoi }}")
    form_id = str(new_id())
    for content in (first, second, second):
        assert upload(client, content, form_id=form_id).status_code == 303
    assert client.get("/desk/reports/templates").get_data(as_text=True).count("Mẫu của xã</span><span") == 2


def test_a_period_to_come_is_not_closed(world_on_sqlite: World) -> None:
    client = world_on_sqlite.client("xa")
    html = client.get("/desk/reports?period=2099-01").get_data(as_text=True)
    assert "Kỳ này chưa bắt đầu" in html
    assert "/desk/reports/close" not in html
    assert "chưa ghi nhận hoạt động" not in html
    assert "/desk/reports/file" not in html
    assert client.get("/desk/reports/file?period=2099-01&template=docx").status_code == 422
    assert "/desk/reports/file" in page(client)
    assert client.post("/desk/reports/close", data=form_of(html)).status_code == 422


def test_other_communes_reports_stay_theirs(world_on_sqlite: World) -> None:
    world = work(world_on_sqlite)
    place = close(world.client("xa"))
    for handle, status in (("xakhac", 403), ("an", 403), ("tinh", 200), ("quantri", 200)):
        client = world.client(handle)
        for path in (place, f"{place}/file?template=docx"):
            assert client.get(path).status_code == status, (handle, path)
    reader = world.client("quantri")
    assert "Lưu bản nháp" not in page(reader, "&area=21601")
    assert reader.post("/desk/reports/close", data=form_of(page(reader, "&area=21601"))).status_code == 403


def test_files_have_names_that_every_browser_takes(world_on_sqlite: World) -> None:
    client = world_on_sqlite.client("xa")
    answer = client.get(f"/desk/reports/file?period={month()}&template=docx")
    name = answer.headers["Content-Disposition"]
    assert name.isascii()
    assert f'filename="bao-cao-21601-{month()}.docx"' in name
    assert "filename*=UTF-8''B%C3%A1o%20c%C3%A1o" in name


def test_no_get_writes(world_on_sqlite: World) -> None:
    client = world_on_sqlite.client("xa")
    page(client)
    file(client)
    assert form_of(page(client))["version"] == "0"
    assert "Đã chốt" not in text_of(page(client))


def test_pages_are_valid(world_on_sqlite: World) -> None:
    world = work(world_on_sqlite)
    client = world.client("xa")
    place = close(client, difficulties="<b>Sóng</b>")
    for path in ("/desk/reports", "/desk/reports?period=2026-Q4&calendar=report", place, "/desk/reports/templates",
                 "/desk/reports/placeholders"):  # fmt: skip
        assert_valid(client.get(path).get_data(as_text=True))
    assert_valid(world.client("tinh").get("/desk/reports").get_data(as_text=True))
    assert "<b>Sóng" not in client.get(place).get_data(as_text=True)


def test_who_changed_teams_is_said_to_be_counted_in_each_only_where_somebody_did(world: World) -> None:
    of_period = "Thành viên đổi tổ trong kỳ được tính ở mỗi tổ đã tham gia."
    of_year = of_period.replace("kỳ", "năm")
    client = world.client("xa")
    assert "đổi tổ" not in whole_text(file(client)) + page(client)
    with world.app.app_context(), writing(db.session()):
        other = Membership(
            member_id=world.members["an"], team_id=world.teams["b"], position="member", started_at=LONG_AGO
        )
        db.session.add(other)
    closed = client.get(f"{close(client)}/file?template=docx").data
    for document in (file(client), closed):
        assert of_period in texts(document)
    book = sheets(file(client, "xlsx"))
    assert book["Các tổ"][4][0] == of_period
    assert of_year in [row[0] for row in book["Số liệu"]]
    assert "Người đổi tổ trong kỳ được tính ở mỗi tổ đã tham gia." in text_of(page(client))
    assert "đổi tổ" not in whole_text(file(world.client("xakhac")))
