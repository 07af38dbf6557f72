"""What a day was worth in communes that became one: shown to who stands in their place, and true once confirmed."""

from datetime import timedelta
from pathlib import Path

from tests.admin.test_pages import send
from tests.desk.test_comparing import HEAD, reorganised
from tests.desk.test_pages import assert_valid, page, text_of
from tests.paper.test_sheet import line_of
from tests.support.days import today
from tests.support.world import World
from tests.sync.test_attendance import day

SHEET, RATES = "/desk/attendance", "/desk/attendance/rates"
TOGETHER = HEAD + "21601,30001,Xã Chung,commune\n21604,30001,Xã Chung,commune\n"


def test_rates_are_seen_and_confirmed(world: World, tmp_path: Path) -> None:
    an = world.phone("an")
    an.send(day(an, world, "an"))
    own = {str(world.teams["b"]): "90000"}
    assert send(world.client("xa"), RATES, rate="150000", **own).status_code == 303
    assert send(world.client("xakhac"), RATES, rate="120000").status_code == 303
    reorganised(world, tmp_path, TOGETHER, today() - timedelta(days=1))
    reorganised(world, tmp_path, HEAD + "30001,30002,Phường Chung,ward\n", today())
    desk = world.client("xakhac")
    sheet = page(desk, SHEET)
    assert_valid(sheet)
    assert "Xác nhận mức chi một ngày" in sheet
    assert line_of(sheet, "Trần Văn An") == ["1", "0", "", ""], "nothing holds that nobody has confirmed"
    form = page(desk, RATES)
    assert_valid(form)
    assert "Điền sẵn theo mức chi trước khi sắp xếp địa giới (Xã far 120.000, Xã near 150.000)." in text_of(form)
    proposed = {name: _value(form, str(world.teams[name])) for name in "abc"}
    assert proposed == {"a": "150.000", "b": "90.000", "c": "120.000"}
    assert _value(form, "rate") == "", "they do not agree"
    confirmed = {str(world.teams[name]): proposed[name] for name in "abc"}
    assert send(desk, RATES, rate="", **confirmed).status_code == 303
    sheet = page(desk, SHEET)
    assert "Xác nhận" not in sheet
    assert line_of(sheet, "Trần Văn An")[2:] == ["150.000", "150.000"]
    assert send(desk, RATES, rate="100000").status_code == 303
    assert _value(page(desk, RATES), "rate") == "100.000", "what is saved is no longer proposed"


def test_a_rate_on_which_all_agree_is_everybodys(world_on_sqlite: World, tmp_path: Path) -> None:
    world = world_on_sqlite
    for handle in ("xa", "xakhac"):
        assert send(world.client(handle), RATES, rate="150000").status_code == 303
    reorganised(world, tmp_path, TOGETHER, today())
    form = page(world.client("xa"), RATES)
    assert _value(form, "rate") == "150.000"
    assert {_value(form, str(world.teams[name])) for name in "abc"} == {""}
    assert "Xác nhận" not in page(world.client("xa"), "/desk/attendance?month=2025-01")


def _value(html: str, name: str) -> str:
    """What stands in a field."""
    return html.split(f'id="{name}"')[1].split('value="')[1].partition('"')[0]
