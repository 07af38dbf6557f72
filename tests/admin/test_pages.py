"""The coordinator's pages of teams and people: what is typed is kept, nothing is overwritten, nothing happens twice."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from cdtteam.access.models import SYSTEM
from cdtteam.accounts.models import Invitation, User
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.replica.work import Work
from cdtteam.teams.models import Member, Membership, Team, TeamVillage
from cdtteam.teams.operations import edit_member
from cdtteam.web.transactions import writing
from tests.desk.test_pages import assert_valid, page, text_of
from tests.support.days import today
from tests.support.world import World


def hidden(html: str) -> dict[str, str]:
    """What a form sends by itself."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', html))


def send(client: FlaskClient, path: str, **typed: str) -> Any:
    """Opens a form and sends it with what is typed."""
    return client.post(path, data=hidden(page(client, path)) | typed)


def new_member(**typed: str) -> dict[str, str]:
    return {"name": "Rơ Châm Suệ", "position": "member", "started_on": today().isoformat(), **typed}


def membership_of(world: World, handle: str) -> UUID:
    with world.app.app_context():
        return db.session.scalars(
            select(Membership.id).where(Membership.member_id == world.members[handle], Membership.ended_at.is_(None))
        ).one()


def members_named(world: World, name: str) -> int:
    with world.app.app_context():
        return db.session.scalar(select(func.count()).where(Member.name == name)) or 0


@pytest.fixture
def desk_of_near(world: World) -> FlaskClient:
    return world.client("xa")


@pytest.fixture
def team_a(world: World) -> str:
    return f"/desk/teams/{world.teams['a']}"


def test_a_member_is_added_and_stands_on_every_page(world: World, desk_of_near: FlaskClient, team_a: str) -> None:
    typed = new_member(
        phone="+84 912.345.678", position="deputy", organisation="teacher", is_guest="yes",
        last_on=(today() + timedelta(days=30)).isoformat(),
    )  # fmt: skip
    answer = send(desk_of_near, f"{team_a}/members/new", **typed)
    assert answer.status_code == 303
    person = text_of(page(desk_of_near, answer.location))
    assert "Tổ phó · khách · Giáo viên" in person
    assert "0912 345 678" in person
    assert f"đến hết {today() + timedelta(days=30):%d/%m/%Y}" in person
    assert "Chưa vào ứng dụng lần nào." in person
    for path in (team_a, "/desk/people"):
        assert "Rơ Châm Suệ" in text_of(page(desk_of_near, path))
    assert "2 tổ với 4 thành viên" in text_of(page(desk_of_near, "/desk/teams"))


def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(
    world: World, desk_of_near: FlaskClient, team_a: str
) -> None:
    tomorrow = (today() + timedelta(days=1)).isoformat()
    wrong = new_member(phone="12", last_on="hôm qua", organisation="spies", name="")
    answer = send(desk_of_near, f"{team_a}/members/new", **wrong)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    for name in ("name", "phone", "last_on", "organisation"):
        assert f'id="{name}-error"' in html, name
        assert re.search(rf'id="{name}"[^>]*aria-invalid="true"[^>]*aria-describedby="[^"]*{name}-error', html), name
    assert 'value="12"' in html
    assert html.count(" autofocus") == 1
    assert_valid(html)
    later = send(desk_of_near, f"{team_a}/members/new", **new_member(started_on=tomorrow))
    assert later.status_code == 422
    assert 'id="started_on-error"' in later.get_data(as_text=True)
    assert members_named(world, "Rơ Châm Suệ") == 0


def test_a_form_sent_twice_has_one_effect(world: World, desk_of_near: FlaskClient, team_a: str) -> None:
    path = f"{team_a}/members/new"
    body = hidden(page(desk_of_near, path)) | new_member()
    first, second = desk_of_near.post(path, data=body), desk_of_near.post(path, data=body)
    assert (first.status_code, first.location) == (second.status_code, second.location)
    assert members_named(world, "Rơ Châm Suệ") == 1
    stranger = world.client("quantri").post(path, data=body)
    assert stranger.status_code == 400, "a form is its reader's alone"


def test_a_stale_form_is_shown_and_not_overwritten(world: World, desk_of_near: FlaskClient) -> None:
    path = f"/desk/people/{world.members['an']}/edit"
    old = hidden(page(desk_of_near, path))
    with world.app.app_context(), writing(db.session()):
        work = Work(db.session(), clock.now())
        an = work.session.get_one(Member, world.members["an"])
        edit_member(SYSTEM, work, an, name="Trần Văn Anh", phone="0987654321")
        work.flush()
    answer = desk_of_near.post(path, data=old | {"name": "Trần Thị An", "phone": ""})
    html = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Có người khác vừa sửa" in html
    assert "Hiện đang là: Trần Văn Anh" in html
    assert 'value="Trần Thị An"' in html
    assert_valid(html)
    assert members_named(world, "Trần Văn Anh") == 1
    again = desk_of_near.post(path, data=hidden(html) | {"name": "Trần Thị An", "phone": ""})
    assert again.status_code == 303, "sent again after having been shown, it is meant"
    assert members_named(world, "Trần Thị An") == 1
    with world.app.app_context():
        assert db.session.scalars(select(User.name).where(User.handle == "an")).one() == "Trần Thị An"


def test_position_successor_move_and_end_keep_the_history(world: World, desk_of_near: FlaskClient) -> None:
    person = f"/desk/people/{world.members['an']}"
    day = today().isoformat()
    send(desk_of_near, f"/desk/memberships/{membership_of(world, 'an')}/position", position="leader", from_on=day)
    send(
        desk_of_near, f"/desk/memberships/{membership_of(world, 'an')}/replace",
        member_id=str(world.members["binh"]), from_on=day,
    )  # fmt: skip
    shown = text_of(page(desk_of_near, person))
    assert "Người này hiện không ở tổ nào." in shown
    assert "Tổ trưởng" in shown
    assert "tổ trưởng: Trần Văn Binh" in text_of(page(desk_of_near, "/desk/teams"))
    moved = send(
        desk_of_near, f"/desk/memberships/{membership_of(world, 'binh')}/move",
        team_id=str(world.teams["b"]), from_on=day,
    )  # fmt: skip
    assert moved.status_code == 303
    end = f"/desk/memberships/{membership_of(world, 'binh')}/end"
    assert send(desk_of_near, end, last_on=(today() + timedelta(days=3)).isoformat()).status_code == 303
    shown = text_of(page(desk_of_near, f"/desk/people/{world.members['binh']}"))
    assert f"đến hết {today() + timedelta(days=3):%d/%m/%Y}" in shown
    assert shown.count("Tổ CNSCĐ thôn A") >= 2, "as a member and as the leader"


def test_a_second_leader_is_asked_about(world: World, desk_of_near: FlaskClient) -> None:
    def make(handle: str, **more: str) -> Any:
        place = f"/desk/memberships/{membership_of(world, handle)}/position"
        return send(desk_of_near, place, position="leader", from_on=today().isoformat(), **more)

    assert make("an").status_code == 303
    asked = make("binh")
    assert asked.status_code == 422
    for words in ("Tổ này đã có tổ trưởng.", "đang là tổ trưởng của tổ này."):
        assert words in text_of(asked.get_data(as_text=True)), words
    assert make("binh", two_leaders="yes").status_code == 303


def test_a_team_is_founded_serves_another_village_and_ends(world: World, desk_of_near: FlaskClient) -> None:
    founded = send(
        desk_of_near, "/desk/teams/new", village_id=str(world.villages["a"]), name="Tổ thanh niên",
        started_on=(today() - timedelta(days=9)).isoformat(),
    )  # fmt: skip
    team = founded.location
    assert f"từ {today() - timedelta(days=9):%d/%m/%Y}" in text_of(page(desk_of_near, team))
    day = {"started_on": today().isoformat()}
    assert send(desk_of_near, f"{team}/villages/new", village_id=str(world.villages["b"]), **day).status_code == 303
    again = send(desk_of_near, f"{team}/villages/new", village_id=str(world.villages["b"]), **day)
    assert again.status_code == 422, "it is no choice any more"
    leave = re.search(r'href="(/desk/teams/[^"]+/villages/[^"]+/end)"', page(desk_of_near, team))
    assert leave
    assert send(desk_of_near, leave[1]).status_code == 303
    assert send(desk_of_near, f"{team}/edit", name="Tổ thanh niên thôn A").status_code == 303
    assert send(desk_of_near, f"{team}/end").status_code == 303
    shown = text_of(page(desk_of_near, team))
    assert "Tổ này đã kết thúc" in shown
    assert "Thêm thành viên" not in shown
    assert "Tổ thanh niên" not in text_of(page(desk_of_near, "/desk/teams"))
    with world.app.app_context():
        ended = select(func.count()).where(TeamVillage.ended_at.is_(None), TeamVillage.team_id == UUID(team[-36:]))
        assert db.session.scalar(ended) == 0


def test_a_known_person_joins_as_a_guest_and_is_not_entered_twice(
    world: World, desk_of_near: FlaskClient, team_a: str
) -> None:
    known = f"{team_a}/members/known"
    assert "Trần Văn Dung" not in page(desk_of_near, known), "another commune's people are not for choosing"
    typed = {"position": "member", "started_on": today().isoformat(), "is_guest": "yes"}
    assert send(desk_of_near, known, member_id=str(world.members["chi"]), **typed).status_code == 303
    foreign = send(desk_of_near, known, member_id=str(world.members["dung"]), **typed)
    assert foreign.status_code == 422
    send(desk_of_near, f"{team_a}/members/new", **new_member(phone="0912345678"))
    twice = send(desk_of_near, f"{team_a}/members/new", **new_member(name="RƠ CHÂM SUỆ", phone="0912 345 678"))
    assert twice.status_code == 422
    assert 'id="name-error"' in twice.get_data(as_text=True)
    other_phone = send(desk_of_near, f"{team_a}/members/new", **new_member(name="Em Suệ", phone="0912345678"))
    assert other_phone.status_code == 303, "two people may share a number"


def test_an_invitation_is_shown_once_more_when_its_form_is_sent_twice(world: World, desk_of_near: FlaskClient) -> None:
    person = f"/desk/people/{world.members['an']}"
    body = hidden(page(desk_of_near, person))
    shown = [desk_of_near.post(f"{person}/invitation", data=body) for _ in range(2)]
    links = [re.findall(r'value="(http://localhost/tham-gia#[\w-]+)"', one.get_data(as_text=True)) for one in shown]
    assert links[0] == links[1]
    assert len(links[0]) == 1
    assert shown[0].headers["Cache-Control"] == "no-store"
    assert_valid(shown[0].get_data(as_text=True))
    with world.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Invitation)) == 1
    other = desk_of_near.post(f"{person}/invitation", data=hidden(page(desk_of_near, person)))
    assert links[0][0] not in other.get_data(as_text=True)
    secret = links[0][0].partition("#")[2]
    refused = world.app.test_client().post("/api/v1/invitation", json={"secret": secret})
    assert refused.json["code"] == "invitation_revoked"


def test_a_sheet_invites_who_has_never_come_in(world: World, desk_of_near: FlaskClient) -> None:
    world.client("an")  # has signed in
    form = page(desk_of_near, "/desk/invitations")
    assert "2 thành viên chưa vào ứng dụng" in text_of(form)
    sheet = desk_of_near.post("/desk/invitations", data=hidden(form)).get_data(as_text=True)
    assert_valid(sheet)
    names = re.findall(r'class="slip-name">([^<]+)', sheet)
    assert names == ["Trần Văn Binh", "Trần Văn Chi"]
    codes = re.findall(r'class="short-code">([\w-]+)', sheet)
    said = [world.app.test_client().post("/api/v1/invitation", json={"code": code}).json["name"] for code in codes]
    assert said == ["Binh", "Chi"]
    assert sheet.count("<path") >= 2, "each has a picture"
    team = page(desk_of_near, f"/desk/invitations?team={world.teams['b']}")
    assert "1 người đã có lời mời" in text_of(team)
    only = desk_of_near.post("/desk/invitations", data=hidden(team)).get_data(as_text=True)
    assert re.findall(r'class="slip-name">([^<]+)', only) == ["Trần Văn Chi"]
    assert "Trần Văn" not in "".join(re.findall(r"<svg.*?</svg>", sheet, re.DOTALL))


def test_looking_at_a_sheets_form_makes_no_invitation(world: World, desk_of_near: FlaskClient) -> None:
    page(desk_of_near, "/desk/invitations")
    with world.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Invitation)) == 0


def test_a_lost_phone_is_signed_out(world: World, desk_of_near: FlaskClient) -> None:
    phone = world.phone("an")
    lost = world.client("an")
    devices = f"/desk/people/{world.members['an']}/devices"
    html = page(desk_of_near, devices)
    assert text_of(html).count("Đang đăng nhập") == 2
    form = re.search(r'name="form_id" value="([^"]+)"><input type="hidden" name="device_id" value="([^"]+)"', html)
    assert form
    out = desk_of_near.post(f"{devices}/sign-out", data={"form_id": form[1], "device_id": form[2]})
    assert out.status_code == 303
    states = sorted(client.get("/api/v1/session").status_code for client in (phone.client, lost))
    assert states == [200, 401]
    shown = text_of(page(desk_of_near, devices))
    assert ("Đang đăng nhập" in shown, "Đã đăng xuất" in shown) == (True, True)
    desk_of_near.post(f"{devices}/sign-out", data=hidden(page(desk_of_near, devices)) | {"device_id": ""})
    assert {client.get("/api/v1/session").status_code for client in (phone.client, lost)} == {401}


def test_every_page_is_valid(world_on_sqlite: World) -> None:
    world = world_on_sqlite
    team, person = f"/desk/teams/{world.teams['a']}", f"/desk/people/{world.members['an']}"
    term = f"/desk/memberships/{membership_of(world, 'an')}"
    pages = [
        "/desk/teams", "/desk/people", "/desk/teams/new", team, f"{team}/edit", f"{team}/end", f"{team}/villages/new",
        f"{team}/members/new", f"{team}/members/known", person, f"{person}/edit", f"{person}/devices",
        "/desk/invitations", f"/desk/invitations?team={world.teams['a']}",
        *(f"{term}/{action}" for action in ("position", "details", "end", "move", "replace")),
    ]  # fmt: skip
    client = world.client("xa")
    for path in pages:
        assert_valid(page(client, path))
    province = world.client("tinh")
    for path in ("/desk/teams", "/desk/people"):
        html = page(province, path)
        assert_valid(html)
        assert "Xã far" in html
    assert "Xã near – Tổ CNSCĐ thôn B" in page(province, f"{term}/move")


def test_the_navigation_shows_what_one_may_open(world_on_sqlite: World) -> None:
    html = page(world_on_sqlite.client("xa"), "/desk/teams")
    assert re.search(r'<a href="/desk/teams" aria-current="page">Tổ và người</a>', html)
    assert re.search(r'<a href="/desk/">Kết quả</a>', html)


def test_names_stand_in_no_address(world: World, desk_of_near: FlaskClient) -> None:
    with world.app.app_context():
        assert db.session.get_one(Team, world.teams["a"]).name
    for path in ("/desk/teams", "/desk/people", f"/desk/teams/{world.teams['a']}"):
        links = re.findall(r'(?:href|action)="([^"]+)"', page(desk_of_near, path))
        assert not [link for link in links if "An" in link or "%" in link]
