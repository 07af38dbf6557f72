"""An urgent warning that most have not seen is something to do for whoever sent it."""

from datetime import timedelta
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import update

from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.notices.models import Notice
from cdtteam.web.transactions import writing
from tests.admin.test_pages import send
from tests.desk.test_comparing import reorganised
from tests.desk.test_pages import assert_valid, page, text_of
from tests.notices.test_sending import sent
from tests.support.noticing import read_by
from tests.support.world import World
from tests.todo.test_todo import todos


def sent_before(world: World, minutes: int) -> None:
    """All notices were sent so many minutes ago."""
    with world.app.app_context(), writing(db.session()):
        db.session.execute(update(Notice).values(made_at=clock.now() - timedelta(minutes=minutes)))


def warned(client: FlaskClient) -> list[str]:
    return [one for one in todos(client) if "Cảnh báo khẩn" in one]


def test_a_warning_that_most_have_not_seen_comes_first(world: World) -> None:
    desk, other, province = (world.client(handle) for handle in ("xa", "xakhac", "tinh"))
    world.client("an")
    sent(desk, is_urgent="no")
    place = sent(desk)
    sent_before(world, 59)
    assert warned(desk) == []
    sent_before(world, 61)
    said = "Cảnh báo khẩn “Lũ lên nhanh trên sông Kôn”: mới 0 trên 3 người đã thấy. Khẩn"
    assert todos(desk)[0] == said
    assert len(warned(desk)) == 1, "a message that is not urgent may wait"
    assert (warned(other), warned(province)) == ([], []), "it is told to who sent it"
    html = page(desk, "/desk/")
    assert_valid(html)
    assert f'href="{place}#missed"' in html
    assert 'id="missed"' in page(desk, place), "whom to call"
    assert "Gọi xã khi cần thuyền. – Xã near" in text_of(html), "what to copy"
    read_by(world, "an", clock.now())
    assert "mới 1 trên 3 người" in warned(desk)[0]
    read_by(world, "chi", clock.now())
    assert warned(desk) == [], "most have seen it"


def test_it_goes_once_taken_back_or_old(world_on_sqlite: World) -> None:
    world = world_on_sqlite
    province = world.client("tinh")
    place = sent(province, whole="all")
    sent_before(world, 61)
    assert warned(province) == ["Cảnh báo khẩn “Lũ lên nhanh trên sông Kôn”: mới 0 trên 4 người đã thấy. Khẩn"]
    assert warned(world.client("xa")) == []
    assert f'href="{place}#parts"' in page(province, "/desk/")
    sent_before(world, 3 * 24 * 60)
    assert warned(province) == []
    sent_before(world, 61)
    assert send(province, f"{place}/withdraw").status_code == 303
    assert warned(province) == []


def test_a_warning_of_a_commune_that_ended_is_its_heirs(world_on_sqlite: World, tmp_path: Path) -> None:
    """Its people are called by whoever took over; what concerned them is read in the commune of before as well."""
    world = world_on_sqlite
    place = sent(world.client("xa"))
    sent_before(world, 61)
    rows = "old_code,new_code,new_name,new_kind\n21601,21604,Xã far,commune\n21604,21604,Xã far,commune\n"
    reorganised(world, tmp_path, rows, clock.civil_date(clock.now()))
    for handle in ("xa", "xakhac"):
        assert warned(world.client(handle)) == [
            "Cảnh báo khẩn “Lũ lên nhanh trên sông Kôn”: mới 0 trên 3 người đã thấy. Khẩn"
        ]
    assert 'id="missed"' in page(world.client("xakhac"), place)


def test_a_warning_of_a_commune_that_was_split_is_in_each_part_for_its_own_people(world: World, tmp_path: Path) -> None:
    place = sent(world.client("xa"))
    sent_before(world, 61)
    split, decided = tmp_path / "split.csv", tmp_path / "villages.csv"
    rows = "21601,30001,Xã mới,commune\n21601,21604,Xã far,commune\n21604,21604,Xã far,commune\n"
    split.write_text("old_code,new_code,new_name,new_kind\n" + rows, encoding="utf-8")
    decided.write_text("village_code,new_code\nva,30001\nvb,21604\n", encoding="utf-8")
    words = ["areas", "reorganise", str(split), "--effective", f"{clock.civil_date(clock.now())}"]
    done = world.app.test_cli_runner().invoke(args=[*words, "--villages", str(decided)])
    assert done.exit_code == 0, done.output
    for handle, people in (("xa", 2), ("xakhac", 1)):
        [said] = warned(world.client(handle))
        assert f"mới 0 trên {people} người đã thấy" in said
        assert 'id="missed"' in page(world.client(handle), place)
    assert warned(world.client("tinh")) == []
