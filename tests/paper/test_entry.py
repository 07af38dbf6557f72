"""“Nhập thay”: what an officer enters for a team becomes visits like any other, once, and marked as what they are."""

import re
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from cdtteam.core import clock
from cdtteam.core.clock import CIVIL_ZONE
from cdtteam.core.db import db
from cdtteam.households.models import Household
from cdtteam.sync.models import Quarantined
from cdtteam.teams.models import Membership, Position
from cdtteam.visits.models import Visit
from cdtteam.web.transactions import writing
from tests.admin.test_pages import send
from tests.desk.test_pages import assert_valid, page, text_of
from tests.support.days import this_month, today
from tests.support.world import World


def form_of(world: World, desk: FlaskClient, author: str = "binh") -> dict[str, Any]:
    """The form as it is shown, with its hidden fields and choices."""
    html = page(desk, f"/desk/entry/{world.teams['a']}")
    assert_valid(html)
    ids = dict(re.findall(r'<input type="hidden" name="((?:id|home)-\d)" value="([^"]*)">', html))
    kinds = {f"{name}-{n}": value for n in range(1, 9) for name, value in (("kind", "home"), ("outcome", "done"))}
    return ids | kinds | {"village": str(world.villages["a"]), "author": str(world.members[author])}


def row(number: int, **typed: str) -> dict[str, str]:
    given = {"on": today().isoformat(), "services": "1, 2", "people": "3"} | typed
    return {f"{name}-{number}": value for name, value in given.items()}


def visits(world: World) -> list[Visit]:
    with world.app.app_context():
        return list(db.session.scalars(select(Visit).order_by(Visit.participants)))


def enter(world: World, desk: FlaskClient, form: dict[str, Any]) -> Any:
    return desk.post(f"/desk/entry/{world.teams['a']}", data=form)


def test_rows_become_visits_once_and_say_who_entered_them(world: World) -> None:
    an, desk = world.phone("an"), world.client("xa")
    an.send(an.household(world.villages["a"], "Nguyễn Văn An"))
    form = form_of(world, desk) | row(1, household="nguyen van an") | row(2, people="7")
    form |= row(4, household="Lê Thị Mới", new="yes", named="yes", people="2") | {"with": [str(world.members["an"])]}
    assert [enter(world, desk, form).status_code for _again in range(2)] == [303, 303]
    made = visits(world)
    assert [one.participants for one in made] == [2, 3, 7]
    assert all(one.entered_by and one.device_id is None for one in made)
    assert {str(one.author_id) for one in made} == {str(world.members["binh"])}
    assert set(made[0].member_ids) == {str(world.members["an"]), str(world.members["binh"])}
    assert made[2].household_id is None
    with world.app.app_context():
        names = {home.id: home.head_name for home in db.session.scalars(select(Household))}
    assert [names[one.household_id] for one in made[:2] if one.household_id] == ["Lê Thị Mới", "Nguyễn Văn An"]
    an.send()
    assert [one.get("entered_for") for one in an.kind("visit").values()] == [True] * 3
    figures = desk.get(f"/api/v1/participation?area=21601&period={this_month()}").json
    assert (figures["visits"], figures["teams"]["active"]) == (3, 1)


@pytest.mark.usefixtures("press_at_hand")
def test_how_many_rows_were_saved_is_said_and_that_their_month_is_closed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page of the report says how many came after its closing, and leads to where they are named."""
    desk, this, last = world.client("xa"), today().replace(day=1), today().replace(day=1) - timedelta(days=1)
    moment = datetime.combine(this, time(12), CIVIL_ZONE) + timedelta(days=3)
    monkeypatch.setattr(clock, "now", lambda: moment)
    report = f"/desk/reports?period={last:%Y-%m}"
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page(desk, report)))
    edition = desk.post("/desk/reports/close", data=hidden).headers["Location"]
    assert "sau khi chốt" not in text_of(page(desk, report))

    answer = enter(world, desk, form_of(world, desk) | row(1, on=this.isoformat()))
    saved = page(desk, answer.headers["Location"])
    assert "Đã lưu 1 dòng." in text_of(saved)
    assert "Báo cáo kỳ này đã chốt" not in text_of(saved)
    days = {number: row(number, on=last.isoformat()) for number in (1, 2)}
    answer = enter(world, desk, form_of(world, desk) | days[1] | days[2])
    saved = page(desk, answer.headers["Location"])
    assert_valid(saved)
    assert "Đã lưu 2 dòng." in text_of(saved)
    assert f"Báo cáo kỳ này đã chốt: Tháng {last.month}/{last.year}." in text_of(saved)
    assert f'href="{edition}#late-title"' in saved
    shown = page(desk, report)
    assert_valid(shown)
    assert "Có 2 lượt đến hoặc được sửa sau khi chốt, chưa có trong Bản 1." in text_of(shown)
    assert f'href="{edition}#late-title"' in shown


def test_who_leads_the_team_stands_first(world_on_sqlite: World) -> None:
    world = world_on_sqlite
    with world.app.app_context(), writing(db.session()):
        (binh,) = db.session.scalars(select(Membership).where(Membership.member_id == world.members["binh"]))
        binh.position = Position.LEADER
    html = page(world.client("xa"), f"/desk/entry/{world.teams['a']}")
    authors = re.findall(r'<select[^>]*name="author">(.*?)</select>', html, re.DOTALL)[0]
    assert re.findall(r'<option value="([^"]*)"', authors) == [str(world.members["binh"]), str(world.members["an"])]


def test_what_is_wrong_stands_at_its_row_and_nothing_is_kept(world: World) -> None:
    desk = world.client("xa")
    tomorrow = (today() + timedelta(days=1)).isoformat()
    wrong = (
        row(2, services=""), row(2, services="999"), row(2, on=tomorrow), row(2, people="0"), row(2, on="x"),
        row(2, household="Không có ai"), row(2, on=(today() - timedelta(days=399 * 20)).isoformat()),
    )  # fmt: skip
    several = row(2, services="999", people="0") | row(3, household="Không có ai") | row(5, on=tomorrow)
    several |= row(6, on=(today() - timedelta(days=400)).isoformat()) | {"with": [str(world.members["binh"])]}
    html = enter(world, desk, form_of(world, desk) | row(1) | several).get_data(as_text=True)
    assert_valid(html)
    earliest = f"{today() - timedelta(days=399):%d/%m/%Y}"
    for words in ("xem lại dòng 2, 3, 5, 6.", "từ 1 đến 2.000", "Không có số này", f"Chỉ nhập được từ ngày {earliest}"):
        assert words in text_of(html), words
    assert 'id="error-3"' in html, "what the register knows is looked at in the same round"
    assert " checked>" not in html, "the writer is not their own companion"
    for bad in wrong:
        answer = enter(world, desk, form_of(world, desk) | row(1, note="viết tay") | bad)
        assert answer.status_code == 422, bad
        html = answer.get_data(as_text=True)
        assert_valid(html)
        assert 'id="error-2"' in html
        assert 'value="viết tay"' in html
    assert enter(world, desk, form_of(world, desk)).status_code == 422
    assert visits(world) == []


def test_a_new_household_is_asked_by_purpose_and_named_only_when_it_agrees(world: World) -> None:
    desk, an = world.client("xa"), world.phone("an")
    html = page(desk, f"/desk/entry/{world.teams['a']}")
    assert '<option value="" selected' not in html
    assert not re.search(r'<select[^>]*name="(named|contact)-1"[^>]*>(?:(?!</select>).)* selected', html, re.DOTALL)
    silent = enter(world, desk, form_of(world, desk) | row(1, household="Hộ Im Lặng", new="yes"))
    assert silent.status_code == 422
    assert "hộ này có đồng ý ghi tên không" in text_of(silent.get_data(as_text=True))
    refused_try = an.household(world.villages["a"], "Hộ Từ Chối", people=0)
    assert an.send(refused_try)[0]["status"] == "refused"
    form = form_of(world, desk) | row(1, household="Hộ Từ Chối", new="yes", named="no", people="2")
    form |= row(2, household="Hộ Bằng Lòng", new="yes", named="yes", contact="no", people="5")
    assert [enter(world, desk, form).status_code for _again in range(2)] == [303, 303]
    with world.app.app_context():
        homes = {home.head_name: home for home in db.session.scalars(select(Household))}
        kept = [row.content.decode() for row in db.session.scalars(select(Quarantined))]
    assert set(homes) == {"", "Hộ Bằng Lòng"}
    said = homes["Hộ Bằng Lòng"].consents
    assert (said["named"]["given"], said["contact"]["given"], said["named"]["notice"]) == (True, False, "2026-1")
    assert said["named"]["by"] == str(world.members["binh"])
    assert (homes[""].consents["named"]["given"], homes[""].gone) == (False, "erased")
    assert [one.household_id for one in visits(world)] == [None, homes["Hộ Bằng Lòng"].id]
    assert not any("Hộ Từ Chối" in content for content in kept)


def test_going_back_and_typing_on_loses_no_row(world: World) -> None:
    desk = world.client("xa")
    form = form_of(world, desk) | row(1)
    enter(world, desk, form)
    assert enter(world, desk, form | row(2, people="5")).status_code == 303
    assert [one.participants for one in visits(world)] == [3, 5]
    changed = enter(world, desk, form | row(1, people="9"))
    assert changed.status_code == 422
    assert [one.participants for one in visits(world)] == [3, 5]


def test_who_was_not_in_the_team_writes_nothing(world: World) -> None:
    desk = world.client("xa")
    form = form_of(world, desk) | row(1)
    assert enter(world, desk, form | {"author": str(world.members["chi"])}).status_code == 400
    assert enter(world, desk, form | {"village": str(world.villages["c"])}).status_code == 400
    assert visits(world) == []


def test_a_visit_is_withdrawn_and_nothing_is_reported_for_the_team(world: World) -> None:
    desk = world.client("xa")
    enter(world, desk, form_of(world, desk) | row(1))
    home = f"/desk/entry/{world.teams['a']}"
    html = page(desk, home)
    assert "xã nhập thay" in text_of(html)
    link = re.search(r'href="(/desk/entry/visits/[^"]+/withdraw)"', html)
    assert link
    assert send(desk, link[1], reason="ghi trùng").status_code == 303
    assert "/withdraw" not in page(desk, home)
    month = {"month": f"{this_month()}", "village_id": str(world.villages["a"]), "author_id": str(world.members["an"])}
    assert send(desk, f"{home}/nothing", **month).status_code == 303
    figures = desk.get(f"/api/v1/participation?area=21601&period={this_month()}").json
    assert (figures["visits"], figures["teams"]["reported_nothing"]) == (0, 1)


def test_a_team_whose_visits_were_all_entered_for_it_says_so(world: World) -> None:
    an, desk = world.phone("an"), world.client("xa")
    enter(world, desk, form_of(world, desk) | row(1))
    village = f"/desk/area/va?period={this_month()}"
    assert "Có hoạt động (xã nhập thay)" in text_of(page(desk, village))
    assert "xã nhập thay" in text_of(page(desk, village)).split("Lượt gần nhất")[-1]
    commune = text_of(page(desk, "/desk/"))
    assert "1 tổ có hoạt động trên tổng số 2 tổ 1 trong đó do xã nhập thay" in commune
    assert "Thôn A xã nhập thay" in commune
    assert "Thôn B xã nhập thay" not in commune
    assert "xã nhập thay tháng này" in text_of(page(desk, "/desk/teams"))
    an.send(an.visit(world.villages["a"]))
    assert "Có hoạt động (xã nhập thay)" not in text_of(page(desk, village))
    for path in ("/desk/", "/desk/teams"):
        assert "xã nhập thay" not in text_of(page(desk, path))


def test_a_new_household_that_may_be_there_is_hinted_at_and_entered_all_the_same(world: World) -> None:
    an, desk = world.phone("an"), world.client("xa")
    an.send(an.household(world.villages["a"], "Hồ Thị Mỹ", hamlet="Xóm Trên"))
    place = f"/desk/entry/{world.teams['a']}"
    form = form_of(world, desk) | row(2, household="ho thi mi", new="yes", named="yes")
    asked = desk.post(f"{place}/likely?row=2", data=form)
    assert asked.status_code == 200
    hint = text_of(asked.get_data(as_text=True))
    assert "Có thể đã có trong danh sách" in hint
    assert "Hồ Thị Mỹ Thôn A · Xóm Trên · cùng tên" in hint
    for other in (row(2, new=""), row(2, household="Lê Văn Lạ"), row(2, household="")):
        assert desk.post(f"{place}/likely?row=2", data=form | other).get_data(as_text=True).strip() == ""
    answer = enter(world, desk, form)
    assert answer.status_code == 303
    html = page(desk, answer.location)
    assert_valid(html)
    assert "Một hộ vừa nhập có thể đã có trong danh sách." in text_of(html)
    assert "/desk/households/doubles" in html
    assert len(visits(world)) == 1
