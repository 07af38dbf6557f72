"""What communes left of their reports is found by whoever stands in their place, however often the map changed."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from cdtteam.core import clock
from cdtteam.core.ids import new_id
from tests.desk.test_comparing import reorganised
from tests.desk.test_pages import assert_valid, text_of
from tests.monthly.desk import close, file, form_of, page, save, upload
from tests.monthly.files import texts, whole_text, word
from tests.support.merged import merge_villages
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("press_at_hand")
HEAD = "old_code,new_code,new_name,new_kind\n"
TOGETHER = HEAD + "21601,30001,Xã Chung,commune\n21604,30001,Xã Chung,commune\n"
AGAIN = HEAD + "30001,30002,Phường Chung,ward\n"
MINE = "/desk/reports/templates/([0-9a-f-]{36})/file"


def twice(world: World, folder: Path) -> None:
    """Both communes become one, which becomes a ward."""
    today = clock.civil_date(clock.now())
    reorganised(world, folder, TOGETHER, today - timedelta(days=2))
    reorganised(world, folder, AGAIN, today - timedelta(days=1))


def templates(client: FlaskClient) -> set[str]:
    """The uploaded templates that the reader is shown."""
    return set(re.findall(MINE, client.get("/desk/reports/templates").get_data(as_text=True)))


def test_drafts_are_the_beginning_of_the_new_communes_report(world: World, tmp_path: Path) -> None:
    assert save(world.client("xa"), difficulties="Sóng yếu.", proposals="Thêm máy.").status_code == 303
    assert save(world.client("xakhac"), difficulties="Thiếu người.").status_code == 303
    twice(world, tmp_path)
    client = world.client("xa")
    html = page(client)
    assert_valid(html)
    assert "Đã soạn trước khi sắp xếp địa giới" in html
    assert re.findall(r"<details><summary>(Xã \w+)</summary>", html) == ["Xã far", "Xã near"]
    assert "Xã far:\nThiếu người.\nXã near:\nSóng yếu.</textarea>" in html
    assert "Xã near:\nThêm máy.</textarea>" in html
    assert "Thiếu người." in whole_text(file(client))
    assert save(client, difficulties="Chung.", proposals="").status_code == 303
    for handle in ("xa", "xakhac"):
        kept = page(world.client(handle))
        assert ">\nChung.</textarea>" in kept
        assert "Sóng yếu." in kept, "it can still be read"
    assert "Đã soạn trước" not in page(world.client("tinh"))


def test_templates_of_both_communes_are_chosen_from(world: World, tmp_path: Path) -> None:
    for handle, name in (("xa", "gần"), ("xakhac", "xa")):
        assert upload(world.client(handle), word(f"Mẫu {name}: {{{{ dia_ban }}}}")).status_code == 303
    old = {handle: templates(world.client(handle)) for handle in ("xa", "xakhac")}
    assert old["xa"].isdisjoint(old["xakhac"])
    twice(world, tmp_path)
    client = world.client("xa")
    both = old["xa"] | old["xakhac"]
    assert templates(client) == both
    shown = text_of(client.get("/desk/reports/templates").get_data(as_text=True))
    assert "Xã near" in shown
    assert "Xã far" in shown
    (theirs,) = old["xakhac"]
    assert texts(file(client, theirs)) == ["Mẫu xa: Phường Chung"]
    assert all(f'value="{one}"' in page(client) for one in both)
    place = close(client, docx=theirs)
    assert client.post(f"/desk/reports/templates/{theirs}/retire", data={"form_id": str(new_id())}).status_code == 303
    assert templates(client) == old["xa"]
    assert texts(client.get(f"{place}/file?template=docx").data) == ["Mẫu xa: Phường Chung"]


def test_a_closed_report_keeps_its_map_through_all_that_follows(world: World, tmp_path: Path) -> None:
    phone = world.phone("chi")
    phone.send(phone.visit(world.villages["b"], participants=4))
    place = close(world.client("xa"))
    before = world.client("xa").get(place).get_data(as_text=True)
    files = [world.client("xa").get(f"{place}/file?template={kind}").data for kind in ("docx", "xlsx")]
    twice(world, tmp_path)
    merge_villages(world, "b", into="a", name="Thôn Mới", on=clock.civil_date(clock.now()))
    phone.send(phone.visit(world.villages["b"], participants=5))
    for handle in ("xa", "xakhac", "tinh"):
        client = world.client(handle)
        assert place in (page(client) if handle != "tinh" else place)
        shown = client.get(place).get_data(as_text=True)
        assert _figures(shown) == _figures(before)
        assert "Tổ CNSCĐ thôn B 1 4 0 Có hoạt động" in text_of(_figures(shown))
        assert [client.get(f"{place}/file?template={kind}").data for kind in ("docx", "xlsx")] == files
        assert "Thôn Mới Tổ CNSCĐ thôn B 1 0 0" in text_of(shown), "what came late"


def test_what_was_being_typed_goes_on_in_the_new_communes_report(world: World, tmp_path: Path) -> None:
    client = world.client("xa")
    form = form_of(page(client)) | {"difficulties": "Đang gõ dở."}
    reorganised(world, tmp_path, TOGETHER, clock.civil_date(clock.now()))
    for path in ("draft", "close"):
        answer = client.post(f"/desk/reports/{path}", data=form)
        assert answer.status_code == 409
        html = answer.get_data(as_text=True)
        assert_valid(html)
        assert "đây là báo cáo của Xã Chung" in text_of(html)
        assert ">\nĐang gõ dở.</textarea>" in html
    assert "Đang gõ dở." not in page(client), "nothing was written"
    assert client.post("/desk/reports/draft", data=form_of(html) | {"difficulties": "Đang gõ dở."}).status_code == 303
    assert "Đang gõ dở." in page(world.client("xakhac"))
    assert world.client("tinh").post("/desk/reports/draft", data=form).status_code == 404


def _figures(html: str) -> str:
    """The part of a closed report's page that shows what it keeps."""
    found = re.search(r'<section[^>]*aria-labelledby="figures-title".*?</section>', html, re.DOTALL)
    assert found
    return found[0]
