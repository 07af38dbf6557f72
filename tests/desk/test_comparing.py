"""Two periods beside each other on one map; who has another commune by now sees what was theirs on older maps."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from cdtteam.core import clock
from cdtteam.participation import words
from tests.desk.test_pages import assert_valid, page, text_of
from tests.support.world import World

HEAD = "old_code,new_code,new_name,new_kind\n"
MERGER = HEAD + "21601,30001,Xã Chung,commune\n21604,30001,Xã Chung,commune\n"
DECISION = "1676/NQ-UBTVQH15"


def today() -> date:
    return clock.civil_date(clock.now())


def reorganised(world: World, folder: Path, rows: str, on: date, decision: str = DECISION) -> None:
    """A reorganisation of communes that goes through."""
    path = folder / f"{on}.csv"
    path.write_text(rows, encoding="utf-8")
    words_ = ["areas", "reorganise", str(path), "--effective", f"{on}", "--decision", decision]
    done = world.app.test_cli_runner().invoke(args=words_)
    assert done.exit_code == 0, done.output


def visited(world: World, handle: str, village: str, days_ago: int, number: int = 1) -> None:
    """Visits of that many days ago."""
    phone = world.phone(handle)
    at = (clock.now() - timedelta(days=days_ago)).isoformat()
    visits = [phone.visit(world.villages[village], occurred_at=at, participants=2) for _ in range(number)]
    assert {result["status"] for result in phone.send(*visits)} == {"applied"}


def days(first: int, last: int) -> tuple[str, str]:
    """Two dates, so many days ago."""
    return f"{today() - timedelta(days=first)}", f"{today() - timedelta(days=last)}"


def rows_of(html: str, which: int) -> list[str]:
    """The lines of a comparison as they are read: 0 for the area's own figures, 1 for those of the areas below."""
    table = html.split('<table class="table figures compared">')[1 + which].partition("</table>")[0]
    return [text_of(row) for row in re.findall(r'<tr><th scope="row".*?</tr>', table)]


def test_both_periods_and_the_difference_in_words(world: World) -> None:
    visited(world, "an", "a", 20, 3)
    visited(world, "an", "a", 5)
    visited(world, "dung", "c", 5, 2)
    client = world.client("tinh")
    first, last = days(9, 0)
    before, until = days(25, 10)
    path = f"/desk/?from={first}&to={last}&by=commune&against={before}..{until}"
    html = page(client, path)
    assert_valid(html)
    assert rows_of(html, 0) == [
        "Tổ có hoạt động 66,7% 33,3% tăng 33,4 điểm %",
        "Lượt hỗ trợ 3 3 không đổi",
        "Lượt người 6 6 không đổi",
        "Số hộ 0 0 không đổi",
        "Thành viên có hoạt động 2 1 nhiều hơn 1",
        "Chưa ghi nhận 1 2 ít hơn 1",
    ]
    assert rows_of(html, 1) == ["Xã near 1 3 ít hơn 2", "Xã far 2 0 nhiều hơn 2", "Tổng cộng 3 3 không đổi"]
    people = page(client, f"{path}&figure=people&sort=-change")
    assert rows_of(people, 1) == ["Xã far 4 0 nhiều hơn 4", "Xã near 2 6 ít hơn 4", "Tổng cộng 6 6 không đổi"]
    assert 'aria-sort="descending"' in people
    assert rows_of(page(client, f"{path}&sort=name"), 1)[0].startswith("Xã far")


def test_a_period_that_is_not_over_says_so(world_on_sqlite: World) -> None:
    client = world_on_sqlite.client("xa")
    year = f"{today():%Y}"
    said = "chưa hết: số liệu mới đến hôm nay"
    shown = page(client, f"/desk/?period={year}&against=before")
    assert f"So với: Năm {int(year) - 1}" in text_of(shown)
    assert (said in shown) == (today() < date(today().year, 12, 31))
    assert said not in page(client, "/desk/?period=2025-06&against=year")
    assert_valid(page(client, "/desk/area/va?period=2025-06&against=before"))
    for bad in ("against=tomorrow", "against=2025-01-01..", "against_from=2025-02-01&against_to=2025-01-01"):
        assert client.get(f"/desk/?{bad}").status_code == 422, bad


def test_the_choice_is_kept_by_every_link(world_on_sqlite: World) -> None:
    client = world_on_sqlite.client("tinh")
    own = "against=before&against_from=2025-01-01&against_to=2025-01-31&map_day=2025-06-02"
    html = page(client, f"/desk/?period=2025-06&by=commune&{own}")
    assert "So với: Từ 01/01/2025 đến 31/01/2025" in text_of(html), "days of one's own go before what is chosen"
    assert "Địa bàn theo ngày 02/06/2025" in text_of(html)
    links = [link.replace("&amp;", "&") for link in re.findall(r'href="(/desk/area/[^"]+)"', html)]
    assert links
    assert all("against=2025-01-01..2025-01-31" in link and "map=2025-06-02" in link for link in links)
    assert '<option value="2025-06-02" selected>Địa giới ngày 02/06/2025</option>' in html
    end = page(client, "/desk/?period=2025-06&map=end")
    assert '<option value="end" selected>Địa giới ngày cuối kỳ (30/06/2025)</option>' in end
    assert "Địa bàn theo ngày 30/06/2025" in text_of(end)


def test_maps_are_offered_by_their_reorganisation(world: World, tmp_path: Path) -> None:
    on = today() - timedelta(days=10)
    visited(world, "an", "a", 20)
    visited(world, "an", "a", 5, 2)
    reorganised(world, tmp_path, MERGER, on)
    client, before = world.client("tinh"), on - timedelta(days=1)
    html = page(client, "/desk/?by=commune")
    name = f"Nghị quyết {DECISION}"
    assert f'<option value="{on}">Địa giới từ {words.day(on)} ({name})</option>' in html
    assert f'<option value="{before}">Địa giới đến hết {words.day(before)} (trước {name})</option>' in html
    (first, last), (earlier, until) = days(9, 0), days(25, 10)
    path = f"/desk/?from={first}&to={last}&by=commune&against={earlier}..{until}"
    assert rows_of(page(client, path), 1) == ["Xã Chung 2 1 nhiều hơn 1", "Tổng cộng 2 1 nhiều hơn 1"]
    old = ["Xã far 0 0 không đổi", "Xã near 2 1 nhiều hơn 1", "Tổng cộng 2 1 nhiều hơn 1"]
    assert rows_of(page(client, f"{path}&map={before}"), 1) == old, "areas of that map, and of no other"


def test_an_old_map_shows_a_coordinator_the_communes_that_became_theirs(world: World, tmp_path: Path) -> None:
    merged, again = today() - timedelta(days=20), today() - timedelta(days=10)
    reorganised(world, tmp_path, MERGER, merged)
    reorganised(world, tmp_path, HEAD + "30001,30009,Phường Mới,ward\n", again)
    between, oldest = f"{again - timedelta(days=1)}", f"{merged - timedelta(days=1)}"
    for handle in ("xa", "xakhac"):
        client = world.client(handle)
        assert "<h1>Phường Mới</h1>" in page(client, "/desk/")
        one = page(client, f"/desk/?map={between}")
        assert "<h1>Xã Chung</h1>" in one
        assert "gồm:" not in one
        both = page(client, f"/desk/?map={oldest}")
        assert "<h1>Xã far</h1>" in both
        assert "Theo địa giới này, địa bàn của bạn gồm: Xã far Xã near" in text_of(both)
        assert_valid(both)
        other = page(client, f"/desk/area/21601?map={oldest}")
        assert "<h1>Xã near</h1>" in other
        village = page(client, f"/desk/area/va?map={oldest}")
        crumbs = re.findall(r'<li><a href="/desk/area/(\w+)\?[^"]*">([^<]+)</a></li>', village)
        assert crumbs == [("21601", "Xã near")]
        asked = "/api/v1/participation?period=2025-06"
        assert client.get(f"{asked}&map={between}").json["area"] == "30001"
        assert client.get(f"{asked}&map={oldest}").status_code == 404, "several are no area: one is to be named"
    assert world.client("an").get(f"/desk/?map={oldest}").status_code == 403


DIFFERENCES = [
    ((3, 1, False), ("more", "nhiều hơn 2")), ((1000, 2234, False), ("less", "ít hơn 1.234")),
    ((0, 0, False), ("same", "không đổi")), ((0.5, 0.25, True), ("more", "tăng 25 điểm %")),
    ((0.3333, 0.6667, True), ("less", "giảm 33,4 điểm %")), ((0.99999, 1.0, True), ("less", "giảm 0,1 điểm %")),
    ((None, 0.5, True), ("none", "không so được: có kỳ chưa có tổ")), ((None, None, True), ("none", "chưa có tổ")),
]  # fmt: skip


@pytest.mark.parametrize(("given", "said"), DIFFERENCES)
def test_differences(
    world_on_sqlite: World, given: tuple[float | None, float | None, bool], said: tuple[str, str]
) -> None:
    now, then, is_share = given
    with world_on_sqlite.app.test_request_context():
        assert words.difference(now, then, is_share=is_share) == said


@pytest.mark.parametrize(
    ("decision", "name"),
    [("1676/NQ-UBTVQH15", "Nghị quyết 1676/NQ-UBTVQH15"), ("52/QĐ-UBND", "Quyết định 52/QĐ-UBND"),
     ("Quyết định 52", "Quyết định 52"), ("7", "7"), (None, "")],
)  # fmt: skip
def test_decisions_are_called_by_their_sign(world_on_sqlite: World, decision: str | None, name: str) -> None:
    with world_on_sqlite.app.test_request_context():
        assert words.decision_name(decision) == name
