"""A list that waits while its commune becomes another is taken in, or back, by those who stand in its place."""

from datetime import timedelta
from pathlib import Path

import pytest

from cdtteam.core import clock
from tests.imports.desk import coordinator, counts
from tests.imports.test_households import LIST, names_on, stored
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("reader_at_hand")

MERGER = "old_code,new_code,new_name,new_kind\n21601,30001,Xã Chung,commune\n21604,30001,Xã Chung,commune\n"
AGAIN = "\n30001,30002,Phường Chung,ward\n"


def test_a_list_that_waited_is_taken_in_and_back(world: World, tmp_path: Path) -> None:
    place = coordinator(world).page_of("households", LIST)
    assert coordinator(world, "xakhac").client.get(place).status_code == 403
    today = clock.civil_date(clock.now())
    steps = ((MERGER, today - timedelta(days=1)), (MERGER.splitlines()[0] + AGAIN, today))
    for rows, on in steps:
        path = tmp_path / f"{on}.csv"
        path.write_text(rows, encoding="utf-8")
        done = world.app.test_cli_runner().invoke(args=["areas", "reorganise", str(path), "--effective", f"{on}"])
        assert done.exit_code == 0, done.output
    desk = coordinator(world, "xakhac")
    assert place in desk.client.get("/desk/imports").get_data(as_text=True)
    shown = desk.read(place)
    assert "Phường Chung" in shown
    assert counts(shown) == (3, 0, 0, 0)
    assert desk.send(place, "apply").status_code == 303
    assert names_on(world.phone("an")) == {"Nguyễn Văn Ổn", "Rơ Châm Suệ"}
    assert desk.send(place, "undo").status_code == 303
    assert {name for name, row in stored(world).items() if not row.gone} == set()
