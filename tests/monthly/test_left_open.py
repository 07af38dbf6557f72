"""What an ended commune left open is asked of who stands in its place, and of nobody where it was closed."""

from datetime import date, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from cdtteam.areas.models import Level
from cdtteam.core import clock
from cdtteam.core.clock import CIVIL_ZONE
from cdtteam.core.db import db
from cdtteam.core.ids import new_id
from cdtteam.monthly.facts import Counts, Facts
from cdtteam.monthly.models import ReportEdition
from cdtteam.web.transactions import writing
from tests.desk.test_comparing import reorganised
from tests.desk.test_pages import assert_valid, page, text_of
from tests.support.world import World
from tests.todo.test_todo import todos

HEAD = "old_code,new_code,new_name,new_kind\n"
INTO_ONE = HEAD + "21601,30001,Xã Chung,commune\n21604,30001,Xã Chung,commune\n"
INTO_FAR = HEAD + "21601,21604,Xã far,commune\n21604,21604,Xã far,commune\n"
AGAIN = HEAD + "30001,30002,Phường Chung,ward\n"

TODAY = date(2027, 3, 8)  # January and February are asked for
MERGED = date(2027, 3, 2)


@pytest.fixture(autouse=True)
def in_march(monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime(TODAY.year, TODAY.month, TODAY.day, 9, tzinfo=CIVIL_ZONE)
    monkeypatch.setattr(clock, "now", lambda: now)


def closed(world: World, of: str, *months: int, on: date = MERGED - timedelta(days=1), number: int = 1) -> None:
    """Reports of months were closed on a day, by an area or by a commune's code of today."""
    at = datetime(on.year, on.month, on.day, 8, tzinfo=CIVIL_ZONE)
    with world.app.app_context(), writing(db.session()):
        for month in months:
            facts = msgspec.to_builtins(
                Facts(
                    area_code="21604", area_name=f"Xã {of}", level=Level.COMMUNE, period=f"2027-{month:02d}",
                    calendar="civil", from_on=on, to_on=on, map_on=on, as_of=at, year_from=on, counts=Counts(),
                    year=Counts(), services=[], rows=[], silent=[],
                )
            )  # fmt: skip
            edition = ReportEdition(
                id=new_id(), area_id=world.communes[of], period=f"2027-{month:02d}", calendar="civil", from_on=on,
                to_on=on, number=number, closed_by_name="Xa", closed_at=at, texts={}, facts=facts,
                versions={}, word=b"", sheet=b"",
            )  # fmt: skip
            db.session.add(edition)


def reports(world: World, handle: str) -> list[str]:
    """What an officer's list says of reports."""
    return [line for line in todos(world.client(handle)) if "áo cáo tháng" in line]


def test_what_was_left_open_is_asked_of_the_commune_that_took_over(world: World, tmp_path: Path) -> None:
    """Xã far had closed its own; of near, which became a part of it, January alone was closed."""
    closed(world, "near", 1)
    closed(world, "far", 1, 2)
    assert [line[:27] for line in reports(world, "xa")] == ["Báo cáo tháng 2/2027 chưa c"]
    assert reports(world, "xakhac") == []
    reorganised(world, tmp_path, INTO_FAR, MERGED)
    wanted = "Báo cáo tháng 2/2027: Xã near chưa chốt trước khi sáp nhập, nay thuộc báo cáo của đơn vị mình."
    for handle in ("xa", "xakhac"):
        assert [line.partition(" quá hạn")[0] for line in reports(world, handle)] == [wanted]
    html = page(world.client("xakhac"), "/desk/reports?period=2027-02")
    assert_valid(html)
    assert "Xã near chưa chốt báo cáo kỳ này" in text_of(html)
    assert "Bản 1 chưa có phần đó: xin chốt lại báo cáo." in text_of(html)
    assert "chưa chốt báo cáo kỳ này" not in page(world.client("xakhac"), "/desk/reports?period=2027-01")
    province = page(world.client("tinh"), "/desk/")
    assert "1 xã, phường chưa chốt báo cáo tháng 2/2027" in text_of(province)
    assert "Xã far (phần của Xã near)" in province
    closed(world, "far", 2, on=TODAY, number=2)
    assert reports(world, "xakhac") == reports(world, "tinh") == []
    assert "chưa chốt báo cáo kỳ này" not in page(world.client("xakhac"), "/desk/reports?period=2027-02")


def test_a_commune_made_of_others_owes_what_they_left_open_and_no_more(world_on_sqlite: World, tmp_path: Path) -> None:
    """The new commune became a ward besides: what it closed counts for the one that was left open."""
    world = world_on_sqlite
    closed(world, "near", 1, 2)
    closed(world, "far", 1)
    reorganised(world, tmp_path, INTO_ONE, MERGED)
    reorganised(world, tmp_path, AGAIN, MERGED + timedelta(days=2))
    (line,) = reports(world, "xa")
    assert line.startswith("Báo cáo tháng 2/2027: Xã far chưa chốt")
    assert "Phường Chung (phần của Xã far)" in page(world.client("tinh"), "/desk/")
    closed(world, "far", 2)
    assert reports(world, "xa") == reports(world, "tinh") == []


def test_a_month_in_which_communes_ended_is_simply_the_new_ones(world_on_sqlite: World, tmp_path: Path) -> None:
    world = world_on_sqlite
    reorganised(world, tmp_path, INTO_ONE, date(2027, 2, 10))
    told = [line.partition(". ")[0] for line in reports(world, "xa")]
    assert told == [
        "Báo cáo tháng 1/2027: Xã far, Xã near chưa chốt trước khi sáp nhập, nay thuộc báo cáo của đơn vị mình",
        "Báo cáo tháng 2/2027 chưa chốt",
    ]
