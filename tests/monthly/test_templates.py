"""Templates of reports: put up, used, taken down; what is wrong with one is told where it stands."""

import re

import pytest
from sqlalchemy import select, update

from cdtteam.core.db import db
from cdtteam.core.ids import new_id
from cdtteam.monthly.models import ReportTemplate
from cdtteam.web.transactions import writing
from tests.desk.test_pages import assert_valid, text_of
from tests.monthly.desk import close, file, form_of, month, page, upload
from tests.monthly.files import texts, word
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("press_at_hand")


def test_a_template_is_put_up_used_and_taken_down(world: World) -> None:
    client = world.client("xa")
    own = word("Xã: {{ dia_ban }}; lượt: {{ luot }}")
    assert [upload(client, own).status_code for _ in range(2)] == [303, 303]
    html = client.get("/desk/reports/templates").get_data(as_text=True)
    (template,) = set(re.findall(r"/desk/reports/templates/([0-9a-f-]{36})/file", html))
    assert texts(file(client, template)) == ["Xã: Xã near; lượt: –"]
    place = close(client, docx=template)
    assert texts(client.get(f"{place}/file?template=docx").data) == ["Xã: Xã near; lượt: –"]
    for handle, status in (("xakhac", 403), ("tinh", 200)):
        assert world.client(handle).get(f"/desk/reports/templates/{template}/file").status_code == status
    assert "Mẫu của xã" not in world.client("xakhac").get("/desk/reports/templates").get_data(as_text=True)
    form = {"form_id": str(new_id())}
    assert world.client("xakhac").post(f"/desk/reports/templates/{template}/retire", data=form).status_code == 403
    assert client.post(f"/desk/reports/templates/{template}/retire", data=form).status_code == 303
    assert client.get(f"/desk/reports/templates/{template}/file").status_code == 404
    assert texts(client.get(f"{place}/file?template=docx").data) == ["Xã: Xã near; lượt: –"]


def test_the_provinces_template_is_everybodys(world_on_sqlite: World) -> None:
    assert upload(world_on_sqlite.client("tinh"), word("{{ ten_ky }}")).status_code == 303
    client = world_on_sqlite.client("xakhac")
    html = client.get("/desk/reports/templates").get_data(as_text=True)
    (template,) = set(re.findall(r"/desk/reports/templates/([0-9a-f-]{36})/file", html))
    assert client.get(f"/desk/reports/templates/{template}/file").status_code == 200
    assert client.post(f"/desk/reports/templates/{template}/retire", data={"form_id": str(new_id())}).status_code == 403


def test_a_template_with_an_unknown_placeholder_is_told_where(world_on_sqlite: World) -> None:
    client = world_on_sqlite.client("xa")
    answer = upload(client, word("Một", "Số lượt {{ so_luot }} trong kỳ"))
    assert answer.status_code == 422
    shown = answer.get_data(as_text=True)
    assert_valid(shown)
    assert "Không có chỗ điền nào tên “so_luot”." in text_of(shown)
    assert "Vị trí: phần nội dung, đoạn 2: “Số lượt {{ so_luot }} trong kỳ”." in text_of(shown)
    for content, name, said in (
        (word("x"), "mẫu.docm", "không phải tệp Word"),
        (b"x", "mẫu.xlsx", "Không đọc được"),
        (bytes(2 * 1024 * 1024 + 5), "mẫu.xlsx", "Mẫu quá lớn"),
    ):
        wrong = upload(client, content, name)
        assert wrong.status_code == 422
        assert said in text_of(wrong.get_data(as_text=True))
    assert upload(client, bytes(4 * 1024 * 1024)).status_code == 413


def test_a_template_that_can_no_longer_be_filled_is_said_on_the_reports_page(world: World) -> None:
    """It was taken by an earlier version, which knew another placeholder."""
    client = world.client("xa")
    assert upload(client, word("{{ luot }}")).status_code == 303
    with world.app.app_context(), writing(db.session()):
        db.session.execute(update(ReportTemplate).values(content=word("Số lượt {{ so_luot }}")))
        template = db.session.scalars(select(ReportTemplate.id)).one()
    place = close(client)
    for path, title in ((f"/desk/reports/file?period={month()}&", "Báo cáo: "), (f"{place}/file?", "Báo cáo đã chốt")):
        answer = client.get(f"{path}template={template}")
        html = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert_valid(html)
        assert "Không có chỗ điền nào tên “so_luot”. Vị trí: phần nội dung, đoạn 1" in text_of(html)
        assert title in text_of(html)
    refused = client.post("/desk/reports/close", data=form_of(page(client)) | {"docx": str(template)})
    assert (refused.status_code, "“so_luot”" in refused.get_data(as_text=True)) == (422, True)


def test_the_help_tells_of_every_placeholder(world_on_sqlite: World) -> None:
    shown = text_of(world_on_sqlite.client("xa").get("/desk/reports/placeholders").get_data(as_text=True))
    for name, example in (
        ("luot", "1.176"),
        ("ngay_lap", "ngày 05 tháng 02 năm 2026"),
        ("cac_to.trang_thai", "Có hoạt"),
    ):
        assert f"{{{{ {name} }}}}" in shown
        assert example in shown
