"""Signing in and out: what the answer says, the cookie's flags, and what ends a session."""

from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from cdtteam.access.models import SYSTEM
from cdtteam.accounts.models import SignIn, User
from cdtteam.accounts.operations import revoke_sign_ins
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.ids import new_id
from cdtteam.web.transactions import writing
from tests.support.apps import running_app
from tests.support.world import PASSWORD, World


def body(handle: str = "an", **changes: Any) -> dict[str, Any]:
    return {"sign_in": handle, "password": PASSWORD, "device_id": str(new_id())} | changes


def test_what_the_answer_says(world: World) -> None:
    client = world.app.test_client()
    said = client.post("/api/v1/session", json=body()).json
    assert said == {
        "member_id": str(world.members["an"]), "role": "volunteer", "village_ids": [str(world.villages["a"])],
        "locale": "vi", "name": "An", "team_id": str(world.teams["a"]), "synthetic": False,
        "relay_key": said["relay_key"], "device_key": None, "device_known": False,
    }  # fmt: skip
    assert client.get("/api/v1/session").json == said
    staff = world.app.test_client().post("/api/v1/session", json=body("tinh")).json
    assert (staff["role"], staff["member_id"], staff["team_id"], staff["village_ids"]) == ("province", None, None, [])


@pytest.mark.parametrize("handle", ["an", "khong-co", "", "x" * 200])
def test_wrong_credentials(world: World, handle: str) -> None:
    for password in ("", "sai", PASSWORD + " "):
        answer = world.app.test_client().post("/api/v1/session", json=body(handle, password=password))
        assert (answer.status_code, answer.json["code"]) == (401, "bad_credentials")
        assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"{", b"[]", b"null", b"{}", b'{"sign_in": "an"}', b'{"sign_in": 5, "password": "x"}', b"\xff\xfe",
        b'{"sign_in": "an", "password": "x", "device_id": "y"}', b'{"sign_in": "\\ud800", "password": "x"}',
        b'{"sign_in": "' + b"x" * 201 + b'", "password": "x"}', b"[" * 50_000, b'{"sign_in": "an", "password": NaN}',
    ],
    ids=range(13),
)  # fmt: skip
def test_bodies_that_say_nothing(world_on_sqlite: World, raw: bytes) -> None:
    answer = world_on_sqlite.app.test_client().post("/api/v1/session", data=raw)
    assert (answer.status_code, answer.json["code"]) == (400, "malformed")


def test_control_characters_in_a_handle(world: World) -> None:
    answer = world.app.test_client().post("/api/v1/session", json=body("an\u0000"))
    assert (answer.status_code, answer.json["code"]) == (422, "invalid_field")


def test_sign_out_ends_the_cookie_for_good(world: World) -> None:
    client = world.client("an")
    cookie = client.get_cookie("cdtteam")
    assert cookie
    answer = client.delete("/api/v1/session")
    assert (answer.status_code, answer.data) == (204, b"")
    assert client.get("/api/v1/session").status_code == 401
    client.set_cookie("cdtteam", cookie.value)
    assert client.get("/api/v1/session").status_code == 401, "a copy of the cookie is worth nothing"
    assert client.delete("/api/v1/session").status_code == 204


def test_sign_out_leaves_other_devices_alone(world: World) -> None:
    one, other = world.client("an"), world.client("an")
    one.delete("/api/v1/session")
    assert other.get("/api/v1/session").status_code == 200


def test_revoked_everywhere(world: World) -> None:
    clients = [world.client("an"), world.client("an")]
    other = world.client("binh")
    with world.app.app_context(), writing(db.session()):
        user = db.session.scalars(select(User).where(User.handle == "an")).one()
        revoke_sign_ins(SYSTEM, db.session(), user, now=clock.now())
    assert [client.get("/api/v1/session").status_code for client in clients] == [401, 401]
    assert other.get("/api/v1/session").status_code == 200
    with world.app.app_context():
        assert len(db.session.scalars(select(SignIn)).all()) == 3, "they stay on record"


def test_a_disabled_account(world: World) -> None:
    client = world.client("an")
    with world.app.app_context(), writing(db.session()):
        db.session.execute(update(User).where(User.handle == "an").values(disabled_at=clock.now()))
    assert client.get("/api/v1/session").status_code == 401
    answer = world.app.test_client().post("/api/v1/session", json=body())
    assert (answer.status_code, answer.json["code"]) == (401, "bad_credentials")


@pytest.mark.parametrize("is_https", [False, True])
def test_flags_of_the_cookie(
    world_on_sqlite: World, tmp_path: Path, is_https: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_https:
        monkeypatch.setenv("CDT_HTTPS", "1")
    else:
        monkeypatch.delenv("CDT_HTTPS", raising=False)
    with running_app(world_on_sqlite.app.config["CDT_DATABASE_URL"], tmp_path) as app:
        answer = app.test_client().post("/api/v1/session", json=body())
    (cookie,) = SimpleCookie(answer.headers["Set-Cookie"]).values()
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"
    assert bool(cookie["secure"]) is is_https
    assert cookie["expires"], "a phone stays signed in when the browser is closed"


def test_signing_in_again_changes_who_it_is(world: World) -> None:
    client = world.client("an")
    client.post("/api/v1/session", json=body("chi"))
    assert client.get("/api/v1/session").json["member_id"] == str(world.members["chi"])
