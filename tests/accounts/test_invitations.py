"""Coming in by an invitation: what opens, what does not, and that looking at it uses nothing up."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from cdtteam.access.models import SYSTEM, Actor, Role
from cdtteam.accounts.invitations import Letter, invite_member, letters
from cdtteam.accounts.members import follow_member, open_member_account, sign_out_device, sign_out_everywhere
from cdtteam.accounts.models import Invitation, User
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.ids import new_id
from cdtteam.core.problems import Problem
from cdtteam.replica.work import Work
from cdtteam.teams.models import Member, Position, Team
from cdtteam.teams.operations import Capacity, add_member
from cdtteam.web.transactions import writing
from tests.support.merged import merge_villages
from tests.support.world import PASSWORD, World

ZALO = (
    "Mozilla/5.0 (Linux; Android 12; SM-A135F; wv) AppleWebKit/537.36 Version/4.0 Chrome/110.0 Mobile Zalo android/230"
)
CHROME = "Mozilla/5.0 (Linux; Android 12; SM-A135F) AppleWebKit/537.36 Chrome/120.0.0.0 Mobile Safari/537.36"


def invite(world: World, handle: str = "an", actor: Actor = SYSTEM) -> Letter:
    """A letter for a member of the small province."""
    member_id, form_id = world.members[handle], new_id()
    with world.app.app_context(), writing(db.session()):
        session, now = db.session(), clock.now()
        invite_member(actor, session, session.get_one(Member, member_id), form_id, now=now)
        return letters(session, [member_id], form_id, now)[member_id]


def browser(world: World) -> FlaskClient:
    return world.app.test_client()


def redeem(client: FlaskClient, device_id: UUID | None = None, **key: str) -> Any:
    body = {**key, "device_id": str(device_id or new_id())}
    return client.post("/api/v1/invitation/redeem", json=body, headers={"User-Agent": CHROME})


def by_password(world: World, device_id: UUID, handle: str = "an") -> Any:
    body = {"sign_in": handle, "password": PASSWORD, "device_id": str(device_id)}
    return browser(world).post("/api/v1/session", json=body)


def told(answer: Any) -> tuple[int, str | None]:
    return answer.status_code, answer.json.get("code")


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Lets time pass: from now on the clock is ahead by so much."""
    begun = clock.now
    return lambda passed: monkeypatch.setattr(clock, "now", lambda: begun() + passed)


def test_a_preview_tells_whose_it_is_and_uses_nothing_up(world: World) -> None:
    letter = invite(world)
    for _ in range(3):
        said = browser(world).post("/api/v1/invitation", json={"secret": letter.secret})
        assert said.status_code == 200
        assert said.json["name"] == "An"
        assert (said.json["team"], said.json["commune"]) == ("Tổ CNSCĐ thôn A", "Xã near")
        assert said.json["code"].replace("-", "") == letter.code
    by_code = browser(world).post("/api/v1/invitation", json={"code": letter.code.lower()})
    assert by_code.json["name"] == "An"
    assert "code" not in by_code.json
    assert redeem(browser(world), secret=letter.secret).status_code == 200


def test_a_preview_names_the_commune_though_the_village_has_ended(world_on_sqlite: World) -> None:
    letter = invite(world_on_sqlite, "chi")
    merge_villages(world_on_sqlite, "b", into="c")
    said = browser(world_on_sqlite).post("/api/v1/invitation", json={"secret": letter.secret})
    assert (said.json["team"], said.json["commune"]) == ("Tổ CNSCĐ thôn B", "Xã far")


@pytest.mark.parametrize("way", ["secret", "code"])
def test_who_redeems_is_signed_in_as_with_a_password(world: World, way: str) -> None:
    letter, client = invite(world), browser(world)
    typed = {"secret": letter.secret} if way == "secret" else {"code": f" {letter.code[:4]} {letter.code[4:].lower()} "}
    answer = redeem(client, **typed)
    assert answer.status_code == 200
    assert answer.json == world.client("an").get("/api/v1/session").json
    assert client.get("/api/v1/session").json == answer.json
    phone = world.phone("an")
    phone.client = client
    assert phone.send(phone.visit(world.villages["a"]))[0]["status"] == "applied"


def test_it_is_redeemed_once_and_for_a_day_on_another_browser_of_the_phone(
    world: World, later: Callable[[timedelta], None]
) -> None:
    letter, first, second = invite(world), browser(world), browser(world)
    later(timedelta(days=6, hours=23))
    assert redeem(first, secret=letter.secret).status_code == 200
    later(timedelta(days=7, hours=22))
    assert redeem(second, secret=letter.secret).status_code == 200, "the day counts from the first redemption"
    assert redeem(first, secret=letter.secret).status_code == 200, "an answer that was lost is asked for again"
    assert told(redeem(browser(world), secret=letter.secret)) == (410, "invitation_used")
    assert told(redeem(browser(world), code=letter.code)) == (410, "invitation_used")
    later(timedelta(days=7, hours=23, seconds=1))
    assert told(redeem(first, secret=letter.secret)) == (410, "invitation_used")


def test_a_day_later_a_second_browser_is_too_late(world: World, later: Callable[[timedelta], None]) -> None:
    letter = invite(world)
    redeem(browser(world), secret=letter.secret)
    later(timedelta(hours=24, seconds=1))
    answer = browser(world).post("/api/v1/invitation", json={"secret": letter.secret})
    assert told(answer) == (410, "invitation_used")
    assert "xã" in answer.json["title"], "the sentence says whom to ask"


def test_it_expires_after_seven_days(world: World, later: Callable[[timedelta], None]) -> None:
    letter = invite(world)
    later(timedelta(days=7))
    assert told(redeem(browser(world), secret=letter.secret)) == (410, "invitation_expired")


def test_a_new_invitation_ends_the_one_before(world: World) -> None:
    earlier, newer = invite(world), invite(world)
    assert told(redeem(browser(world), secret=earlier.secret)) == (410, "invitation_revoked")
    assert told(redeem(browser(world), code=earlier.code)) == (410, "invitation_revoked")
    assert redeem(browser(world), secret=newer.secret).status_code == 200


def test_one_that_was_redeemed_is_not_ended_by_a_newer_one(world: World) -> None:
    letter = invite(world)
    redeem(browser(world), secret=letter.secret)
    invite(world)
    assert redeem(browser(world), secret=letter.secret).status_code == 200


@pytest.mark.parametrize("key", [{"secret": "x" * 27}, {"code": "ABCD-2345"}, {"code": "?"}])
def test_what_is_no_invitation(world: World, key: dict[str, str]) -> None:
    assert told(redeem(browser(world), **key)) == (404, "unknown_invitation")
    assert told(browser(world).post("/api/v1/invitation", json=key)) == (404, "unknown_invitation")


@pytest.mark.parametrize(
    "body", [{}, {"secret": None}, {"secret": "a", "code": "b"}, {"secret": ""}, {"code": "x" * 201}]
)
def test_bodies_that_name_nothing(world_on_sqlite: World, body: dict[str, Any]) -> None:
    for path in ("/api/v1/invitation", "/api/v1/invitation/redeem"):
        assert told(browser(world_on_sqlite).post(path, json=body)) == (400, "malformed")


def test_codes_are_throttled_by_address_and_links_are_not(world: World) -> None:
    letter = invite(world)
    client = browser(world)
    found = [told(redeem(client, code=f"ABCD-{number:04d}"))[1] for number in range(31)]
    assert found == ["unknown_invitation"] * 30 + ["slow_down"]
    refused = redeem(client, code=letter.code)
    assert told(refused) == (429, "slow_down")
    assert 0 < int(refused.headers["Retry-After"]) <= 900
    elsewhere = world.app.test_client()
    elsewhere.environ_base["REMOTE_ADDR"] = "10.0.0.9"
    assert redeem(elsewhere, code=letter.code).status_code == 200
    assert redeem(client, secret=letter.secret).status_code == 200


def test_codes_that_open_something_are_not_counted(world_on_sqlite: World) -> None:
    letter, client = invite(world_on_sqlite), browser(world_on_sqlite)
    for _ in range(40):
        assert client.post("/api/v1/invitation", json={"code": letter.code}).status_code == 200


@pytest.mark.parametrize(
    "agent",
    [
        ZALO,
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Zalo iOS/600",
        "Mozilla/5.0 (Linux; Android 10; wv) AppleWebKit/537.36 [FB_IAB/FB4A;FBAV/440.0]",
        "Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 Mobile/15E148 [FBAN/MessengerForiOS;FBAV/420.0]",
        "Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 Mobile/15E148 Safari Line/13.1",
    ],
)
def test_inside_another_app_nothing_is_redeemed(world_on_sqlite: World, agent: str) -> None:
    letter, client = invite(world_on_sqlite), browser(world_on_sqlite)
    answer = client.post("/api/v1/invitation/redeem", json={"secret": letter.secret}, headers={"User-Agent": agent})
    assert told(answer) == (403, "in_app_browser")
    page = client.get("/tham-gia", headers={"User-Agent": agent})
    text = page.get_data(as_text=True)
    assert ("Mở bằng Safari" if "iPhone" in agent else "Mở bằng Chrome") in text
    assert page.headers["Cache-Control"] == "no-store"
    assert redeem(client, secret=letter.secret).status_code == 200


def test_the_page_behind_the_link_names_nobody(world_on_sqlite: World) -> None:
    invite(world_on_sqlite)
    text = browser(world_on_sqlite).get("/tham-gia", headers={"User-Agent": CHROME}).get_data(as_text=True)
    assert "Trần Văn" not in text
    assert "Mở bằng Chrome" not in text


def test_neither_secret_nor_code_is_in_the_database(world: World) -> None:
    letter = invite(world)
    with world.app.app_context():
        row = db.session.scalars(select(Invitation)).one()
        values = json.dumps([str(getattr(row, column.name)) for column in Invitation.__table__.c])
        assert letter.secret not in values
        assert letter.code not in values
        assert letter.code.encode() not in row.code_digest
    assert len(letter.secret) * 6 >= 128


def test_a_coordinator_invites_in_the_own_commune_alone(world: World) -> None:
    far = Actor(Role.COORDINATOR, area_id=world.communes["far"])
    with pytest.raises(Problem, match="out_of_scope"):
        invite(world, "an", far)
    assert invite(world, "dung", far).code
    with pytest.raises(Problem, match="forbidden"):
        invite(world, "an", Actor(Role.VOLUNTEER, member_id=world.members["an"]))


def test_handles_are_the_phone_number_where_it_is_free(world: World) -> None:
    with world.app.app_context(), writing(db.session()):
        session, now = db.session(), clock.now()
        work, team = Work(session, now), session.get_one(Team, world.teams["a"])
        handles = []
        for name, phone in (("Một", "0912345678"), ("Hai", "0912345678"), ("Ba", "0912345678"), ("Đỗ Thị Tư", None)):
            member = Member(id=new_id(), name=name, phone=phone)
            add_member(SYSTEM, work, team, member, Position.MEMBER, started_at=now, capacity=Capacity())
            handles.append(open_member_account(SYSTEM, session, member, now=now).handle)
        assert handles == ["0912345678", "0912345678-2", "0912345678-3", "dothitu"]
        before, member.name, member.phone = (member.name, member.phone), "Đỗ Thị Tư Em", "0987654321"
        follow_member(SYSTEM, session, member, before, now)
        user = session.scalars(select(User).where(User.member_id == member.id)).one()
        assert (user.handle, user.name) == ("0987654321", "Đỗ Thị Tư Em")
        work.flush()


def test_a_phone_that_was_lost_is_out_until_a_new_invitation(world: World) -> None:
    letter, client, device = invite(world), browser(world), new_id()
    redeem(client, device, secret=letter.secret)
    other = browser(world)
    redeem(other, secret=letter.secret)
    with world.app.app_context(), writing(db.session()):
        sign_out_device(SYSTEM, db.session(), world.members["an"], device, now=clock.now())
    assert client.get("/api/v1/session").status_code == 401
    assert other.get("/api/v1/session").status_code == 200, "another phone stays"
    assert told(redeem(client, device, secret=letter.secret)) == (410, "invitation_revoked"), (
        "the link lay on that phone"
    )
    assert told(redeem(browser(world), device, secret=invite(world, "binh").secret)) == (403, "device_revoked")
    assert told(by_password(world, device)) == (403, "device_revoked")
    assert told(by_password(world, new_id()))[0] == 200, "with the password on another phone"
    found_again = redeem(browser(world), device, secret=invite(world).secret)
    assert found_again.status_code == 200
    assert told(by_password(world, device))[0] == 200


def test_a_device_of_somebody_else_is_not_signed_out(world: World) -> None:
    device = new_id()
    redeem(browser(world), device, secret=invite(world, "dung").secret)
    near = Actor(Role.COORDINATOR, area_id=world.communes["near"])
    for member, code in (("an", "not_found"), ("dung", "out_of_scope")):
        with world.app.app_context(), pytest.raises(Problem, match=code):
            sign_out_device(near, db.session(), world.members[member], device, now=clock.now())


def test_signed_out_everywhere(world: World) -> None:
    letter, client = invite(world), browser(world)
    redeem(client, secret=letter.secret)
    with world.app.app_context(), writing(db.session()):
        sign_out_everywhere(SYSTEM, db.session(), world.members["an"], now=clock.now())
    assert client.get("/api/v1/session").status_code == 401
    assert told(redeem(client, secret=letter.secret)) == (410, "invitation_revoked")


def test_a_closed_account_is_not_invited_and_does_not_come_in(world: World) -> None:
    letter = invite(world)
    with world.app.app_context(), writing(db.session()):
        db.session.execute(update(User).where(User.handle == "an").values(disabled_at=clock.now()))
    assert told(redeem(browser(world), secret=letter.secret)) == (404, "unknown_invitation")
    with pytest.raises(Problem, match="member_id"):
        invite(world)
