"""What a commune closed is read by those who stand in its place, and by nobody before."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from cdtteam.core import clock
from tests.desk.test_pages import text_of
from tests.monthly.desk import close, page, save
from tests.support.merged import merge_villages
from tests.support.world import World

MERGER = "old_code,new_code,new_name,new_kind\n21601,21604,Xã Chung,commune\n21604,21604,Xã Chung,commune\n"


def reorganised(world: World, folder: Path, on: date) -> None:
    """Merges both communes from a day on."""
    path = folder / "merger.csv"
    path.write_text(MERGER, encoding="utf-8")
    done = world.app.test_cli_runner().invoke(args=["areas", "reorganise", str(path), "--effective", f"{on}"])
    assert done.exit_code == 0, done.output


@pytest.mark.usefixtures("press_at_hand")
def test_a_closed_report_goes_to_the_commune_that_takes_the_place(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = close(world.client("xa"), difficulties="Sóng yếu.")
    clients = {handle: world.client(handle) for handle in ("xa", "xakhac", "tinh", "an")}
    reorganised(world, tmp_path, clock.civil_date(clock.now()) + timedelta(days=1))
    assert {handle: client.get(place).status_code for handle, client in clients.items()} == {
        "xa": 200, "xakhac": 403, "tinh": 200, "an": 403,
    }  # fmt: skip
    assert place not in page(clients["xakhac"])
    period, real = f"{clock.civil_date(clock.now()):%Y-%m}", clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + timedelta(days=1))
    for handle in ("xa", "xakhac"):
        html = clients[handle].get(f"/desk/reports?period={period}").get_data(as_text=True)
        assert place in html
        assert "Xã near · Bản 1" in html
        assert "Sóng yếu." in clients[handle].get(place).get_data(as_text=True)
        assert clients[handle].get(f"{place}/file?template=docx").status_code == 200
    assert clients["an"].get(place).status_code == 403


@pytest.mark.usefixtures("press_at_hand")
def test_the_place_goes_with_the_communes_name_unless_another_was_typed(world: World, tmp_path: Path) -> None:
    client = world.client("xakhac")
    assert save(client, place="far").status_code == 303
    reorganised(world, tmp_path, clock.civil_date(clock.now()) - timedelta(days=1))
    for place in (f"/desk/reports?period={clock.civil_date(clock.now()):%Y-%m}", "/desk/certificates"):
        shown = client.get(place).get_data(as_text=True)
        assert re.search(r'name="place"[^>]* value="Chung"', shown), place
    assert save(client, place="Krông Pa").status_code == 303
    assert 'value="Krông Pa"' in page(client)


@pytest.mark.usefixtures("press_at_hand")
def test_a_report_counts_all_the_ground_of_a_village_and_names_what_came_late_there(world: World) -> None:
    """Thôn B went into Thôn Hợp Nhất before the report was closed."""
    an, chi, client = world.phone("an"), world.phone("chi"), world.client("xa")
    an.send(an.visit(world.villages["a"], participants=3))
    chi.send(chi.visit(world.villages["b"], participants=4))
    merge_villages(world, "b", into="a", name="Thôn Hợp Nhất")
    place = close(client, difficulties="Sóng yếu.")
    assert "Từ lúc chốt chưa có lượt nào" in text_of(client.get(place).get_data(as_text=True))
    chi.send(chi.visit(world.villages["b"], participants=5))
    shown = text_of(client.get(place).get_data(as_text=True))
    assert "Thôn Hợp Nhất Tổ CNSCĐ thôn B 1 0 0" in shown
    assert "Lượt người 7 12 +5" in shown


@pytest.mark.usefixtures("press_at_hand")
def test_a_closed_report_opens_after_its_area_ended_in_retrospect(world: World, tmp_path: Path) -> None:
    phone = world.phone("an")
    phone.send(phone.visit(world.villages["a"]))
    place = close(world.client("xa"), difficulties="Sóng yếu.")
    reorganised(world, tmp_path, clock.civil_date(clock.now()) - timedelta(days=1))
    phone.send(phone.visit(world.villages["a"], participants=7))
    for handle in ("xa", "xakhac", "tinh"):
        answer = world.client(handle).get(place)
        assert answer.status_code == 200
        assert "Thôn A" in answer.get_data(as_text=True), "with what came late"
