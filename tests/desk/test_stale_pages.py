"""Pages and forms opened before the map changed: they follow, or say plainly what happened, and write nothing."""

from pathlib import Path

from tests.admin.test_pages import hidden
from tests.desk.test_comparing import HEAD, MERGER, reorganised, today
from tests.desk.test_pages import assert_valid, page, text_of
from tests.support.world import World


def test_the_page_of_an_ended_commune_leads_to_what_it_became(world: World, tmp_path: Path) -> None:
    coordinator, province = world.client("xa"), world.client("tinh")
    reorganised(world, tmp_path, MERGER, today())
    for client in (coordinator, province):
        answer = client.get("/desk/area/21601?period=2025-06&sort=-visits")
        assert answer.status_code == 303
        place = answer.headers["Location"]
        assert place == "/desk/area/30001?period=2025-06&sort=-visits&was=21601"
        html = page(client, place)
        assert_valid(html)
        assert f"Từ {today():%d/%m/%Y}, Xã near nay là Xã Chung." in text_of(html)
        assert "was=21601" not in html.split('id="report"')[1], "no other link says so again"
    before = page(coordinator, "/desk/area/30001?was=21604").split("/desk/area/21604?")[1].partition('"')[0]
    assert "<h1>Xã far</h1>" in page(coordinator, f"/desk/area/21604?{before}".replace("&amp;", "&"))
    assert "nay là" not in page(coordinator, "/desk/area/30001?was=va"), "only what became this"
    assert coordinator.get("/desk/area/30001?was=%00").status_code == 422
    assert coordinator.get("/desk/area/99999").status_code == 404
    assert coordinator.get("/api/v1/participation?period=2025-06&area=21601").status_code == 404


def test_old_codes_in_the_addresses_of_other_pages_are_of_the_commune_in_their_place(
    world_on_sqlite: World, tmp_path: Path
) -> None:
    world = world_on_sqlite
    reorganised(world, tmp_path, MERGER, today())
    coordinator, province = world.client("xa"), world.client("tinh")
    for path in ("teams?commune=21601", "tasks?commune=21604", "reports?area=21601&period=2025-06"):
        for client in (coordinator, province):
            assert "Xã Chung" in text_of(page(client, f"/desk/{path}")), path
    assert province.get("/desk/teams?commune=99999").status_code == 404
    assert province.get("/desk/teams?commune=%00").status_code == 404


def test_a_commune_that_went_elsewhere_stays_closed(world_on_sqlite: World, tmp_path: Path) -> None:
    world = world_on_sqlite
    reorganised(world, tmp_path, HEAD + "21601,30001,Xã Mới,commune\n", today())
    led = world.client("xakhac").get("/desk/area/21601")
    assert led.status_code == 303
    assert world.client("xakhac").get(led.headers["Location"]).status_code == 403


def test_a_form_that_is_stale_is_answered_within_the_page(world: World, tmp_path: Path) -> None:
    client, path = world.client("xa"), f"/desk/teams/{world.teams['b']}/edit"
    form = hidden(page(client, path))
    rows, decided = HEAD + "21601,21601,Xã near,commune\n21601,30005,Xã Khác,commune\n", tmp_path / "villages.csv"
    decided.write_text("village_code,new_code\nva,21601\nvb,30005\n", encoding="utf-8")
    split = tmp_path / "split.csv"
    split.write_text(rows, encoding="utf-8")
    words = ["areas", "reorganise", str(split), "--effective", f"{today()}", "--villages", str(decided)]
    done = world.app.test_cli_runner().invoke(args=words)
    assert done.exit_code == 0, done.output
    answer = client.post(path, data=form | {"name": "Tên khác"}, headers={"HX-Request": "true"})
    assert answer.status_code == 403
    assert {name: answer.headers[name] for name in ("HX-Retarget", "HX-Reselect", "HX-Reswap")} == {
        "HX-Retarget": "#main", "HX-Reselect": "#main", "HX-Reswap": "outerHTML",
    }  # fmt: skip
    shown = answer.get_data(as_text=True)
    assert_valid(shown)
    assert "Địa bàn này không thuộc phạm vi của tài khoản." in text_of(shown)
    assert "Tên khác" not in page(world.client("tinh"), f"/desk/teams/{world.teams['b']}")
    assert "HX-Retarget" not in client.post(path, data=form | {"name": "Tên khác"}).headers
