"""F23 on the wire: every answer under /api/v1/ carries the protocol's header, so no portal can pass for us."""

from typing import Any

import pytest
from flask import abort
from flask.testing import FlaskClient

from tests.support.world import World

pytestmark = pytest.mark.own_app


def check(answer: Any, status: int) -> None:
    assert answer.status_code == status
    assert answer.headers["Cdt-Protocol"] == "1"
    assert answer.headers["Cache-Control"] == "no-store"
    if status >= 400:
        assert answer.content_type == "application/problem+json"
        assert answer.json["status"] == status
        assert answer.json["code"]
        assert answer.json["title"]


def test_answers_of_the_application(world: World) -> None:
    phone = world.phone("an")
    client: FlaskClient = phone.client
    check(phone.post(), 200)
    check(client.get("/api/v1/session"), 200)
    check(client.get("/api/v1/nothing/here"), 404)
    check(client.get("/api/v1/sync"), 405)
    check(client.post("/api/v1/sync", data=b"x"), 400)
    check(client.post("/api/v1/sync", data=b" " * (1024 * 1024 + 1)), 413)
    check(client.post("/api/v1/sync", json={}, headers={"Sec-Fetch-Site": "cross-site"}), 403)
    check(client.post("/api/v1/session", data=b"{"), 400)
    check(world.client("xa").post("/api/v1/sync", json={}), 403)
    check(client.delete("/api/v1/session"), 204)
    check(client.get("/api/v1/session"), 401)
    check(client.post("/api/v1/sync", json=phone.envelope()), 401)
    check(client.open("/api/v1/sync", method="OPTIONS"), 200)


@pytest.mark.parametrize("status", [400, 404, 405, 406, 408, 409, 411, 413, 414, 415, 422, 429, 431, 500, 502, 503])
def test_errors_of_the_framework(world_on_sqlite: World, status: int) -> None:
    world_on_sqlite.app.add_url_rule("/api/v1/fault", "fault", lambda: abort(status))
    check(world_on_sqlite.app.test_client().get("/api/v1/fault"), status)


def test_a_fault_of_ours(world_on_sqlite: World) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    world_on_sqlite.app.add_url_rule("/api/v1/fault", "fault", fail)
    answer = world_on_sqlite.app.test_client().get("/api/v1/fault")
    check(answer, 500)
    assert "ZeroDivision" not in answer.text


def test_overload_says_when_to_come_back(world_on_sqlite: World) -> None:
    for status in (429, 503):
        world_on_sqlite.app.add_url_rule(
            f"/api/v1/fault/{status}", f"fault{status}", lambda status=status: abort(status)
        )
    client = world_on_sqlite.app.test_client()
    for status in (429, 503):
        assert int(client.get(f"/api/v1/fault/{status}").headers["Retry-After"]) >= 1
