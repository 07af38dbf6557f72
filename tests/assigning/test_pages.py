"""The desk's pages of campaigns and tasks: giving out work, seeing how it goes, and answering teams."""

import re
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from cdtteam.access.models import Actor, Role
from cdtteam.campaigns.models import Campaign
from cdtteam.core.db import db
from cdtteam.core.ids import new_id
from cdtteam.core.problems import Problem
from cdtteam.tasks.models import Task
from cdtteam.tasks.operations import close_whole_campaign, reopen_task, withdraw_task
from cdtteam.teams.models import Team
from cdtteam.teams.operations import end_team
from cdtteam.web.transactions import writing
from tests.admin.test_pages import hidden, send
from tests.desk.test_pages import assert_valid, page, text_of
from tests.support.assigning import Officer, says
from tests.support.days import today
from tests.support.merged import merge_villages
from tests.support.wire import row_of, unlimited
from tests.support.world import World

HOME, NEW = "/desk/tasks", "/desk/tasks/campaigns/new"


def asked(**typed: str) -> dict[str, str]:
    """What somebody types into the form of a campaign."""
    given = {
        "title": "Cài VNeID mức 2", "text": "Mỗi hộ một người.\r\nƯu tiên người cao tuổi.", "service": "vneid_level2",
        "unit": "households", "target": "120", "from_on": today().isoformat(),
        "due_on": (today() + timedelta(days=9)).isoformat(), "document": "123/KH-UBND",
    }  # fmt: skip
    return given | typed


def give_out(client: FlaskClient, places: list[str] | None = None, **typed: str) -> Any:
    """Sends the form of a campaign as a browser does: with the boxes that are ticked in it, or others."""
    form = page(client, NEW)
    ticked = re.findall(r'name="place" value="([^"]+)" checked', form) if places is None else places
    return client.post(NEW, data=hidden(form) | {"place": ticked} | asked(**typed))


def place(world: World, team: str, village: str | None = None) -> str:
    """The key of a team in a village, as the form has it."""
    return f"{world.teams[team].hex}-{world.villages[village or team].hex}"


def said(client: FlaskClient, answer: Any) -> str:
    """What the page to which a form leads says was done."""
    assert answer.status_code == 303
    html = page(client, answer.location)
    banner = re.search(r'<div class="banner good" role="status">.*?</div>', html, re.DOTALL)
    return text_of(banner[0]) if banner else ""


@pytest.fixture
def officer(world: World) -> Officer:
    return Officer(unlimited(world))


@pytest.fixture
def near(officer: Officer) -> FlaskClient:
    return officer.world.client("xa")


def test_a_campaign_reaches_all_teams_of_the_commune_and_no_other(near: FlaskClient, officer: Officer) -> None:
    world = officer.world
    answer = give_out(near, **{f"target-{place(world, 'b')}": "30"})
    assert answer.status_code == 303
    assert {(task.team_id, task.target) for task in officer.tasks()} == {
        (world.teams["a"], 120), (world.teams["b"], 30),
    }  # fmt: skip
    phone = world.phone("an")
    phone.send()
    [row] = phone.kind("task").values()
    assert row["text"] == "Mỗi hộ một người.\nƯu tiên người cao tuổi."
    assert (row["document"], row["due_on"]) == ("123/KH-UBND", (today() + timedelta(days=9)).isoformat())
    html = page(near, answer.location)
    assert_valid(html)
    assert "Đã giao việc. Máy của tổ nhận ở lần kết nối tới." in text_of(html)
    assert "0 trên 150 hộ" in text_of(html)
    assert "Nhiệm vụ chưa đến máy của 2 tổ" in text_of(html)
    assert "Cài VNeID mức 2" in text_of(page(near, HOME))


def test_only_who_is_ticked_is_asked(near: FlaskClient, officer: Officer) -> None:
    assert give_out(near, [place(officer.world, "b")]).status_code == 303
    assert [task.team_id for task in officer.tasks()] == [officer.world.teams["b"]]


def test_what_is_wrong_stands_where_it_is_and_nothing_typed_is_lost(near: FlaskClient, officer: Officer) -> None:
    wrong = {f"target-{place(officer.world, 'a')}": "0"}
    answer = give_out(near, title="", due_on="mai", target="nhiều", **wrong)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    for name in ("title", "due_on", "target"):
        assert f'id="{name}-error"' in html
    assert "Hãy nhập một số nguyên từ 1 đến 100.000." in html
    assert "Ưu tiên người cao tuổi." in html
    assert_valid(html)
    past = give_out(near, due_on=(today() - timedelta(days=1)).isoformat())
    assert past.status_code == 422
    assert 'id="due_on-error"' in past.get_data(as_text=True)
    nobody = give_out(near, [])
    assert nobody.status_code == 422
    assert "Hãy chọn ít nhất một nơi." in nobody.get_data(as_text=True)
    assert officer.tasks() == []


def test_a_form_sent_twice_gives_out_once(near: FlaskClient, officer: Officer) -> None:
    body = hidden(page(near, NEW)) | asked(place=place(officer.world, "b"))
    first, second = near.post(NEW, data=body), near.post(NEW, data=body)
    assert (first.status_code, first.location) == (second.status_code, second.location)
    assert len(officer.tasks()) == 1


def test_a_foreign_place_in_the_body_gives_nothing_out(near: FlaskClient, officer: Officer) -> None:
    assert give_out(near, [place(officer.world, "c")]).status_code == 422
    assert officer.tasks() == []
    for team, village in (("c", "c"), ("a", "c"), ("c", "a")):
        path = f"/desk/tasks/new/{officer.world.teams[team]}/{officer.world.villages[village]}"
        assert near.get(path).status_code in (403, 404)


def test_the_province_asks_by_commune_and_sees_by_commune(officer: Officer) -> None:
    province = officer.world.client("tinh")
    answer = give_out(province, **{"target-21604": "7", "target": "10"})
    assert answer.status_code == 303
    assert sorted(task.target or 0 for task in officer.tasks()) == [7, 10, 10]
    html = page(province, answer.location)
    assert_valid(html)
    text = text_of(html)
    assert "0 trên 27 hộ" in text
    assert "Xã near" in text
    assert "0 trên 20 hộ" in text
    assert "0 trên 7 hộ" in text
    assert "Tổ CNSCĐ thôn C" in text_of(page(province, f"{answer.location}&commune=21604"))
    near = officer.world.client("xa")
    own = page(near, answer.location)
    assert "0 trên 20 hộ" in text_of(own)
    assert "Thôn C" not in text_of(own)
    assert "Kết thúc đợt" not in text_of(own), "it is the province's"
    assert near.get(f"{answer.location.partition('?')[0]}/close").status_code == 403


def test_a_single_task_for_one_member_and_some_households(near: FlaskClient, officer: Officer) -> None:
    world = officer.world
    phone = world.phone("an")
    homes = [phone.household(world.villages["a"], name) for name in ("Đinh Văn A", "Đinh Văn B", "Đinh Văn C")]
    phone.send(*homes)
    path = f"/desk/tasks/new/{world.teams['a']}/{world.villages['a']}"
    assert "Tổ CNSCĐ thôn A" in text_of(page(near, "/desk/tasks/new"))
    form = page(near, path)
    assert_valid(form)
    assert "3 hộ trong danh sách" in text_of(form), "a target is chosen with the number of households before one's eyes"
    assert "Thôn A · 3 hộ trong danh sách" in text_of(page(near, NEW))
    typed: dict[str, Any] = asked(member_id=str(world.members["binh"]))
    ticked = {"home": [homes[0]["args"]["id"], homes[1]["args"]["id"]]}
    answer = near.post(path, data=hidden(form) | typed | ticked)
    assert answer.status_code == 303
    [task] = officer.tasks()
    assert task.household_ids == ticked["home"]
    assert task.member_id == world.members["binh"]
    services = [{"code": "vneid_level2", "people": 1, "outcome": "done"}]
    phone.send(phone.visit(world.villages["a"], household_id=ticked["home"][0], services=services))
    html = page(near, answer.location)
    assert_valid(html)
    text = text_of(html)
    assert "Đinh Văn B chưa Đinh Văn A đã hỗ trợ" in text
    assert "1 trên 120 hộ" in text
    assert "Đã giao việc. Máy của tổ nhận ở lần kết nối tới. Giao việc cho tổ khác" in text
    foreign = near.post(path, data=hidden(page(near, path)) | typed | {"home": [str(new_id())]})
    assert foreign.status_code == 422
    assert len(officer.tasks()) == 1
    nobody = near.post(path, data=hidden(page(near, path)) | typed)
    assert nobody.status_code == 303
    assert "Hộ nào Tất cả các hộ" in text_of(page(near, nobody.location)), "as the form says of no tick"


def test_a_team_that_declines_is_shown_with_its_reason_and_asked_again(near: FlaskClient, officer: Officer) -> None:
    world = officer.world
    campaign_id = officer.issue()
    task_id, _ = officer.give(officer.order("a", target=4), officer.order("b", target=4), campaign_id=campaign_id)
    phone = world.phone("an")
    phone.send(says(phone, task_id, "declined", "Cả tổ đi gặt"))
    text = text_of(page(near, f"/desk/tasks/campaigns/{campaign_id}"))
    assert "Trần Văn An: “Cả tổ đi gặt”" in text
    assert "Không nhận" in text
    assert "1 tổ chờ ý kiến của bạn" in text
    assert text.index("Tổ CNSCĐ thôn A") < text.index("Tổ CNSCĐ thôn B"), "what waits for the desk comes first"
    place = f"/desk/tasks/{task_id}"
    assert "Trần Văn An không nhận việc: “Cả tổ đi gặt”" in text_of(page(near, place))
    answer = send(near, f"{place}/reopen", note="Xong vụ gặt thì làm")
    assert answer.status_code == 303
    phone.send()
    assert (phone.kind("task")[task_id]["state"], phone.kind("task")[task_id]["note"]) == (
        "sent",
        "Xong vụ gặt thì làm",
    )
    history = text_of(page(near, place))
    assert history.index("không nhận việc") < history.index("Xa đã giao lại: “Xong vụ gặt thì làm”")


def test_it_is_extended_given_to_others_and_taken_back(near: FlaskClient, officer: Officer) -> None:
    world = officer.world
    [task_id] = officer.give()
    place = f"/desk/tasks/{task_id}"
    later = today() + timedelta(days=30)
    assert "Đã gia hạn." in said(near, send(near, f"{place}/extend", due_on=later.isoformat()))
    assert row_of(world, Task, task_id).due_on == later
    others = f"{world.teams['b']}:{world.villages['b']}"
    assert "Đã chuyển việc." in said(near, send(near, f"{place}/reassign", place=others))
    assert row_of(world, Task, task_id).team_id == world.teams["b"]
    assert "Đã rút. Việc này rời máy" in said(near, send(near, f"{place}/withdraw", note="Trùng việc"))
    assert row_of(world, Task, task_id).withdrawn_at
    assert "Đã rút" in text_of(page(near, place))
    assert "Đã gửi lại." in said(near, send(near, f"{place}/reopen"))
    assert not row_of(world, Task, task_id).withdrawn_at
    foreign = f"{world.teams['c']}:{world.villages['c']}"
    assert send(near, f"{place}/reassign", place=foreign).status_code == 422


def test_a_stale_form_is_shown_and_not_overwritten(near: FlaskClient, officer: Officer) -> None:
    """A phone may say something while an officer types."""
    [task_id] = officer.give()
    path = f"/desk/tasks/{task_id}/withdraw"
    body = hidden(page(near, path)) | {"note": "Không cần nữa"}
    phone = officer.world.phone("an")
    phone.send(says(phone, task_id, "done"))
    answer = near.post(path, data=body)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Không cần nữa" in html
    assert row_of(officer.world, Task, task_id).withdrawn_at is None
    again = near.post(path, data=hidden(html) | {"note": "Không cần nữa"})
    assert again.status_code == 303
    assert row_of(officer.world, Task, task_id).withdrawn_at


def test_a_campaign_is_extended_and_closed_with_its_tasks(near: FlaskClient, officer: Officer) -> None:
    world = officer.world
    campaign_id = officer.issue()
    done, open_ = officer.give(officer.order("a"), officer.order("b"), campaign_id=campaign_id)
    phone = world.phone("an")
    phone.send(says(phone, done, "done"))
    place = f"/desk/tasks/campaigns/{campaign_id}"
    later = today() + timedelta(days=40)
    stale = hidden(page(near, f"{place}/close"))
    assert "Đã gia hạn." in said(near, send(near, f"{place}/extend", due_on=later.isoformat()))
    assert [row_of(world, Task, one).due_on == later for one in (done, open_)] == [False, True]
    assert near.post(f"{place}/close", data=stale).status_code == 409
    assert "Đã kết thúc đợt." in said(near, send(near, f"{place}/close", note="Hết đợt"))
    assert [row_of(world, Task, one).is_closed for one in (done, open_)] == [False, True]
    assert row_of(world, Campaign, str(campaign_id)).closed_at
    assert "Đợt này đã kết thúc" in text_of(page(near, place))
    assert near.get(f"{place}/extend").status_code == 409
    for task_id in (done, open_):
        assert "Giao lại" not in text_of(page(near, f"/desk/tasks/{task_id}"))
        with pytest.raises(Problem, match="withdrawn"):
            officer.do(reopen_task, task_id)


def test_a_visit_entered_after_it_was_taken_back_is_flagged(near: FlaskClient, officer: Officer) -> None:
    """F32 at the desk: the visit stays and counts, and says that the phone did not know."""
    world = officer.world
    [task_id] = officer.give()
    phone = world.phone("an")
    early = phone.visit(world.villages["a"], task_id=task_id)
    officer.do(withdraw_task, task_id)
    phone.send(early, phone.visit(world.villages["a"], task_id=task_id))
    text = text_of(page(near, f"/desk/tasks/{task_id}"))
    assert text.count("ghi sau khi nhiệm vụ đã rút") == 1, "the other one was made before"
    assert "2 trên 120 hộ" in text


def test_lists_tell_what_runs_is_late_and_is_done(near: FlaskClient, officer: Officer) -> None:
    world = officer.world
    late, running, done = officer.give(*[officer.order("a")] * 3)
    with world.app.app_context(), writing(db.session()):
        db.session.get_one(Task, UUID(late)).due_on = today() - timedelta(days=3)
    phone = world.phone("an")
    phone.send(says(phone, done, "done"))

    def listed(show: str) -> set[str]:
        html = page(near, f"{HOME}?show={show}")
        assert_valid(html)
        return {one for one in (late, running, done) if one in html}

    assert [listed(show) for show in ("running", "overdue", "done")] == [{late, running}, {late}, {done}]
    assert "quá hạn 3 ngày" in text_of(page(near, f"{HOME}?show=overdue"))
    assert near.get(f"{HOME}?show=everything").status_code == 404


def test_what_is_late_or_stuck_is_something_to_do(near: FlaskClient, officer: Officer) -> None:
    world = officer.world
    late, stuck = officer.give(officer.order("a"), officer.order("b"))
    with world.app.app_context(), writing(db.session()):
        db.session.get_one(Task, UUID(late)).due_on = date(2026, 1, 1)
    phone = world.phone("chi")
    phone.send(says(phone, stuck, "blocked", "Mất sóng"))
    text = text_of(page(near, "/desk/"))
    assert "1 nhiệm vụ quá hạn" in text
    assert "1 nhiệm vụ chờ ý kiến của bạn" in text


def test_a_village_that_ended_in_a_merger_is_shown_under_its_stand_in(near: FlaskClient, officer: Officer) -> None:
    world = officer.world
    campaign_id = officer.issue()
    [task_id] = officer.give(officer.order("b"), campaign_id=campaign_id)
    merge_villages(world, "b", "a", "Thôn Mới")
    for path in (HOME, f"/desk/tasks/campaigns/{campaign_id}", f"/desk/tasks/{task_id}", "/desk/tasks/new"):
        assert "Thôn Mới (Thôn B cũ)" in text_of(page(near, path)), path
    assert send(near, f"/desk/tasks/{task_id}/withdraw").status_code == 303


def test_a_team_that_has_ended_is_said(near: FlaskClient, officer: Officer) -> None:
    [task_id] = officer.give(officer.order("b"))
    with officer.at_work() as work:
        end_team(officer.actor, work, work.session.get_one(Team, officer.world.teams["b"]), ended_at=work.now)
    assert "Tổ này đã kết thúc: không máy nào còn nhiệm vụ." in text_of(page(near, f"/desk/tasks/{task_id}"))


def test_what_a_team_that_ended_leaves_behind_is_marked_and_is_something_to_do(
    near: FlaskClient, officer: Officer
) -> None:
    campaign_id = officer.issue()
    _, task_id = officer.give(officer.order("a"), officer.order("b"), campaign_id=campaign_id)
    assert "tổ đã kết thúc" not in text_of(page(near, "/desk/"))
    with officer.at_work() as work:
        end_team(officer.actor, work, work.session.get_one(Team, officer.world.teams["b"]), ended_at=work.now)
    todo = page(near, "/desk/")
    assert "1 nhiệm vụ thuộc tổ đã kết thúc: không còn ai nhận." in text_of(todo)
    assert f"/desk/tasks/{task_id}/reassign" in todo
    for path in (HOME, f"/desk/tasks/campaigns/{campaign_id}"):
        text = text_of(page(near, path))
        assert "1 việc của tổ đã kết thúc" in text
        assert text.index("Tổ CNSCĐ thôn B") < text.index("Tổ CNSCĐ thôn A"), "what waits for the desk comes first"
        assert "Tổ đã kết thúc: cần giao cho tổ khác" in text
    assert "1 việc của tổ đã kết thúc" in text_of(page(officer.world.client("tinh"), HOME))
    others = f"{officer.world.teams['a']}:{officer.world.villages['a']}"
    assert send(near, f"/desk/tasks/{task_id}/reassign", place=others).status_code == 303
    for path in ("/desk/", HOME):
        assert "tổ đã kết thúc" not in text_of(page(near, path))


def test_nobody_sees_what_is_not_theirs(officer: Officer) -> None:
    world = officer.world
    campaign_id = officer.issue()
    [task_id] = officer.give(campaign_id=campaign_id)
    other = world.client("xakhac")
    for path in (f"/desk/tasks/{task_id}", f"/desk/tasks/campaigns/{campaign_id}", "/desk/tasks?commune=21601"):
        assert other.get(path).status_code == 403
    assert task_id not in page(other, HOME)
    for action in ("extend", "withdraw", "reopen", "reassign"):
        assert other.get(f"/desk/tasks/{task_id}/{action}").status_code == 403
        assert other.post(f"/desk/tasks/{task_id}/{action}", data={"note": "x"}).status_code == 403
    for action in ("extend", "close"):
        assert other.post(f"/desk/tasks/campaigns/{campaign_id}/{action}", data={}).status_code == 403
    far = Officer(world, Actor(Role.COORDINATOR, area_id=world.communes["far"]))
    with pytest.raises(Problem, match="out_of_scope"):
        far.do(withdraw_task, task_id)
    with pytest.raises(Problem, match="out_of_scope"):
        far.do_with_all(close_whole_campaign, campaign_id)
