"""What residents are shown of their village's team, and what coordinators can change of it."""

import gzip
import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from cdtteam.access.models import SYSTEM
from cdtteam.areas.models import AreaTerm
from cdtteam.core import clock
from cdtteam.core.clock import civil_date
from cdtteam.core.db import db
from cdtteam.replica.work import Work
from cdtteam.teams.models import Member, Membership, Position, Team
from cdtteam.teams.operations import change_position, edit_member, end_membership, end_team, serve_village
from cdtteam.web.transactions import writing
from tests.admin.test_pages import send
from tests.desk.test_pages import assert_valid, text_of
from tests.support.merged import merge_villages
from tests.support.world import World

NEVER = "Tổ không bao giờ hỏi mật khẩu, mã OTP"


def shown(world: World, path: str = "/to/va", status: int = 200) -> str:
    """The text of the page that somebody sees who is not signed in."""
    answer = world.app.test_client().get(path)
    assert answer.status_code == status
    html = answer.get_data(as_text=True)
    assert_valid(html)
    return " ".join(text_of(html).split())


def change(world: World, act: Any) -> None:
    """Changes something of teams and people."""
    with world.app.app_context(), writing(db.session()):
        work = Work(db.session(), clock.now())
        act(work)
        work.flush()


def membership(work: Work, world: World, handle: str) -> Membership:
    return work.session.scalars(select(Membership).where(Membership.member_id == world.members[handle])).one()


@pytest.fixture
def coordinator(world: World) -> FlaskClient:
    return world.client("xa")


def test_the_team_its_people_and_the_warning(world: World) -> None:
    text = shown(world)
    for wanted in ("Thôn A", "Xã near", "Tổ CNSCĐ thôn A", "Trần Văn An", "Trần Văn Binh", "Thành viên", NEVER):
        assert wanted in text
    assert "Trần Văn Chi" not in text, "of another village"
    assert "Nộp hồ sơ qua mạng" in text
    assert "hỏi tại trụ sở xã" in text, "while there is no number"
    assert "never asks for passwords" in shown(world, "/to/va?lang=en")


def test_it_is_light_for_everybody_and_for_no_search_engine(world: World) -> None:
    answer = world.app.test_client().get("/to/va")
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert "Set-Cookie" not in answer.headers
    html = answer.get_data(as_text=True)
    client = world.app.test_client()
    sheets = re.findall(r'<link rel="stylesheet" href="([^"]+)">', html)
    assert len(sheets) == 2
    assert sum(len(gzip.compress(client.get(sheet).data)) for sheet in sheets) + len(answer.data) < 30_000
    again = client.get("/to/va", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    as_staff = world.client("xa").get("/to/va?lang=vi").get_data(as_text=True)
    assert as_staff == html, "nothing depends on who asks, so that caches may keep it"


def test_only_who_is_in_force_now(world: World) -> None:
    change(world, lambda work: end_membership(SYSTEM, work, membership(work, world, "binh"), ended_at=work.now))
    text = shown(world)
    assert "Trần Văn An" in text
    assert "Binh" not in text
    change(world, lambda work: end_team(SYSTEM, work, work.session.get_one(Team, world.teams["a"]), ended_at=work.now))
    text = shown(world)
    assert "Ở đây chưa có tổ" in text
    assert "Trần Văn An" not in text
    assert NEVER in text


def test_leaders_come_first_then_by_given_name(world: World) -> None:
    def act(work: Work) -> None:
        member = work.session.get_one(Member, world.members["an"])
        edit_member(SYSTEM, work, member, name="Ăn Zụ", phone="0912345678")
        change_position(SYSTEM, work, membership(work, world, "binh"), Position.LEADER, at=work.now)

    change(world, act)
    text = shown(world)
    assert text.index("Trần Văn Binh") < text.index("Ăn Zụ")
    assert "0912" not in text.replace(" ", ""), "members' own numbers are nobody's business"


def test_a_code_names_the_village_of_todays_map(world: World) -> None:
    assert "Chưa rõ là thôn nào" in shown(world, "/to/none", 404)
    assert "Chưa rõ là thôn nào" in shown(world, "/to/21601", 404), "a commune is no village"
    today = civil_date(clock.now())
    with world.app.app_context(), writing(db.session()):
        old = db.session.scalars(select(AreaTerm).where(AreaTerm.code == "va")).one()
        old.until_on = today
        db.session.flush()
        later = {"from_on": today, "kind": old.kind, "parent_id": old.parent_id}
        db.session.add(AreaTerm(area_id=old.area_id, code="vx", name="Thôn A mới", **later))
        other = db.session.scalars(select(AreaTerm).where(AreaTerm.code == "vb")).one()
        other.until_on = today - timedelta(days=1)
        db.session.flush()
        later["from_on"] = today - timedelta(days=1)
        db.session.add(AreaTerm(area_id=other.area_id, code="va", name="Thôn B mới", **later))
    assert "Thôn B mới" in shown(world, "/to/va")
    assert "Thôn A mới" in shown(world, "/to/vx")
    assert "<script>" not in world.app.test_client().get("/to/<script>").get_data(as_text=True)


def test_the_communes_number(world: World, coordinator: FlaskClient) -> None:
    wrong = send(coordinator, "/desk/residents/phone", phone="không có")
    assert wrong.status_code == 422
    assert send(coordinator, "/desk/residents/phone", phone="0256 3886 123").status_code == 303
    html = world.app.test_client().get("/to/vb").get_data(as_text=True)
    assert 'href="tel:02563886123"' in html
    assert "0256 3886 123" in html
    assert "0256" not in shown(world, "/to/vc"), "of another commune"
    stale = send(coordinator, "/desk/residents/phone", phone="0912345678", version="0")
    assert stale.status_code == 409
    assert send(coordinator, "/desk/residents/phone", phone="").status_code == 303
    assert "hỏi tại trụ sở xã" in shown(world)


def test_a_name_is_left_out_and_comes_back(world: World, coordinator: FlaskClient) -> None:
    path, an, binh = f"/desk/residents/names/{world.teams['a']}", *(str(world.members[one]) for one in ("an", "binh"))
    assert send(coordinator, path, **{binh: "yes"}).status_code == 303
    text = shown(world)
    assert "Trần Văn An" not in text
    assert "Trần Văn Binh" in text
    assert "và 1 người nữa" in text
    assert "1 người không hiện tên" in coordinator.get("/desk/residents").get_data(as_text=True)
    assert send(coordinator, path, **{an: "yes", binh: "yes"}).status_code == 303
    assert "Trần Văn An" in shown(world)


def test_the_desks_page_and_its_cards(world: World, coordinator: FlaskClient) -> None:
    change(world, lambda work: end_team(SYSTEM, work, work.session.get_one(Team, world.teams["b"]), ended_at=work.now))
    for path, cards in (("/desk/residents/cards", 1), ("/desk/residents/cards?village=va", 8)):
        html = coordinator.get(path).get_data(as_text=True)
        assert_valid(html)
        assert html.count("<svg") - html.count('<svg class="') >= cards
        assert html.count("localhost/to/va") == cards, "the address stands beside the picture"
        assert "localhost/to/vb" not in html, "a village without a team has no card"
    html = coordinator.get("/desk/residents").get_data(as_text=True)
    assert_valid(html)
    assert "Trang công khai (chưa có tổ)" in html
    assert 'href="/to/va"' in html


def test_a_card_outlives_its_village(world: World, coordinator: FlaskClient) -> None:
    """Its code leads to the village in whose place it stands now; there all teams of the ground are shown, once."""
    merge_villages(world, "b", into="a", name="Thôn Hợp Nhất")
    for path in ("/to/vb", "/to/va"):
        text = shown(world, path)
        for wanted in ("Thôn Hợp Nhất", "Xã near", "Trần Văn An", "Trần Văn Chi"):
            assert wanted in text, path
    html = coordinator.get("/desk/residents").get_data(as_text=True)
    assert_valid(html)
    assert html.count("/desk/residents/names/") == 2
    assert "Thôn B<" not in html
    names = f"/desk/residents/names/{world.teams['b']}"
    assert send(coordinator, names, **{str(world.members["chi"]): ""}).status_code == 303
    change(world, lambda work: serve_village(
        SYSTEM, work, work.session.get_one(Team, world.teams["a"]), world.villages["b"], started_at=work.now
    ))  # fmt: skip
    assert coordinator.get("/desk/residents").get_data(as_text=True).count("/desk/residents/names/") == 2
    change(world, lambda work: end_team(SYSTEM, work, work.session.get_one(Team, world.teams["a"]), ended_at=work.now))
    cards = coordinator.get("/desk/residents/cards").get_data(as_text=True)
    assert cards.count("localhost/to/va") == 1, "the team of the other part is the village's too"
    assert "localhost/to/vb" not in cards
