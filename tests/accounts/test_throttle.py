"""The throttle of sign-ins: fifty people behind one address are not in its way, and a stranger locks nobody out."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from cdtteam.accounts import operations
from cdtteam.accounts.models import User
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.ids import new_id
from cdtteam.web.transactions import writing
from tests.support.apps import running_app
from tests.support.wire import HttpClient, at_once, threaded_server
from tests.support.world import LONG_AGO, PASSWORD, World


def sign_in(client: FlaskClient, handle: str, password: str = PASSWORD, device: str | None = None, **kw: Any) -> Any:
    body = {"sign_in": handle, "password": password, "device_id": device or str(new_id())}
    return client.post("/api/v1/session", json=body, **kw)


def from_address(address: str) -> dict[str, Any]:
    return {"environ_base": {"REMOTE_ADDR": address}}


def slow_down(answer: Any) -> int:
    """The seconds that a slowed answer says to wait."""
    assert (answer.status_code, answer.json["code"]) == (429, "slow_down")
    seconds = int(answer.headers["Retry-After"])
    assert 1 <= seconds <= 15 * 60
    return seconds


def people(world: World, count: int) -> list[str]:
    """Accounts of so many people, with the password of all in tests."""
    with world.app.app_context(), writing(db.session()):
        password = db.session.scalars(select(User.password_hash).where(User.handle == "an")).one()
        handles = [f"nguoi{number}" for number in range(count)]
        for handle in handles:
            row = User(handle=handle, name=handle, role="volunteer", password_hash=password, created_at=LONG_AGO)
            db.session.add(row)
    return handles


def test_fifty_people_behind_one_address(world: World) -> None:
    for number, handle in enumerate(people(world, 50)):
        client = world.app.test_client()
        device = str(new_id())
        for _ in range(1 + number % 2):
            assert sign_in(client, handle, "sai", device).json["code"] == "bad_credentials"
        assert sign_in(client, handle, device=device).status_code == 200


def test_a_stranger_is_slowed_and_the_owner_gets_in(world: World) -> None:
    owner = world.app.test_client()
    assert sign_in(owner, "an").status_code == 200
    stranger = world.app.test_client()
    answers = [sign_in(stranger, "an", f"đoán {guess}", **from_address("203.0.113.9")) for guess in range(12)]
    assert [answer.status_code for answer in answers] == [401] * 10 + [429] * 2
    assert slow_down(answers[-1])
    slow_down(sign_in(stranger, "an", **from_address("203.0.113.9")))
    assert sign_in(owner, "an").status_code == 200
    assert sign_in(world.app.test_client(), "an").status_code == 200, "from elsewhere, on a new phone"
    assert sign_in(stranger, "binh", **from_address("203.0.113.9")).status_code == 200


def test_strangers_at_many_addresses(world: World) -> None:
    """They are slowed together; the owner's own phone is not, even behind one of those addresses."""
    owner = world.app.test_client()
    sign_in(owner, "an")
    stranger = world.app.test_client()
    for guess in range(60):
        sign_in(stranger, "an", "đoán", **from_address(f"203.0.113.{guess}"))
    slow_down(sign_in(stranger, "an", "đoán", **from_address("203.0.113.200")))
    assert sign_in(owner, "an", **from_address("203.0.113.7")).status_code == 200


def test_the_window_passes(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client = world.app.test_client()
    start = clock.now()
    monkeypatch.setattr(clock, "now", lambda: start)
    for _ in range(10):
        sign_in(client, "an", "đoán")
    seconds = slow_down(sign_in(client, "an"))
    monkeypatch.setattr(clock, "now", lambda: start + timedelta(seconds=seconds - 2))
    slow_down(sign_in(client, "an"))
    monkeypatch.setattr(clock, "now", lambda: start + timedelta(seconds=seconds + 1))
    assert sign_in(client, "an").status_code == 200


def test_success_is_not_held_against_anybody(world: World) -> None:
    for _ in range(15):
        assert sign_in(world.app.test_client(), "an").status_code == 200


def test_the_owners_own_mistakes_are_counted_too(world: World) -> None:
    """A stolen phone is no way around the throttle."""
    client = world.app.test_client()
    sign_in(client, "an")
    told = [sign_in(client, "an", "đoán").status_code for _ in range(11)]
    assert told == [401] * 10 + [429]


def test_guesses_at_the_same_moment_are_counted(world: World) -> None:
    with threaded_server(world.app) as url:
        body = {"sign_in": "an", "password": "đoán", "device_id": None}
        told = []
        for _ in range(2):
            answers = at_once(*[lambda: HttpClient(url).post("/api/v1/session", json=body)] * 8)
            told += [answer.status_code for answer in answers]
    assert sorted(told) == [401] * 10 + [429] * 6


def test_one_handle_in_other_letters(world: World) -> None:
    client = world.app.test_client()
    told = [sign_in(client, handle, "đoán").status_code for handle in ("an", "AN", " An ", "Án") * 3]
    assert told == [401] * 10 + [429] * 2
    assert sign_in(world.app.test_client(), "AN", **from_address("203.0.113.5")).status_code == 200


def test_guessed_names_take_nothing_from_accounts(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "is_password", lambda hashed, given: bool(hashed) and given == PASSWORD)  # fast
    client = world.app.test_client()
    told = [sign_in(client, f"tên{guess}", "đoán").status_code for guess in range(301)]
    assert told == [401] * 300 + [429]
    assert sign_in(client, "an").status_code == 200


@pytest.mark.parametrize(("proxies", "status"), [("0", 429), ("1", 200), ("2", 429)])
def test_addresses_behind_a_proxy(world_on_sqlite: World, tmp_path: Path, proxies: str, status: int) -> None:
    """Neighbours are told apart by what the trusted proxies say, and by nothing that a client makes up."""
    url = world_on_sqlite.app.config["CDT_DATABASE_URL"]
    with running_app(url, tmp_path / proxies, CDT_PROXIES=proxies) as app:
        for guess in range(10):
            header = {"X-Forwarded-For": f"10.0.0.{guess if proxies == '1' else 1}, 203.0.113.9"}
            assert sign_in(app.test_client(), "an", "đoán", headers=header).status_code == 401
        header = {"X-Forwarded-For": "10.0.0.1, 203.0.113.10"}
        assert sign_in(app.test_client(), "an", headers=header).status_code == status


@pytest.mark.parametrize("given", ["-1", "một", "1.5"])
def test_proxies_are_a_number(migrated_sqlite_url: str, tmp_path: Path, given: str) -> None:
    with pytest.raises(ValueError, match="CDT_PROXIES"), running_app(migrated_sqlite_url, tmp_path, CDT_PROXIES=given):
        pass


def at_desk(client: FlaskClient, password: str) -> int:
    return client.post("/desk/sign-in", data={"sign_in": "an", "password": password}).status_code


def test_a_device_id_is_no_proof(world: World) -> None:
    """Whoever shares a village knows its phones' ids: one cannot use up the tries of a phone by naming it."""
    owner, device = world.app.test_client(), str(new_id())
    assert sign_in(owner, "an", device=device).status_code == 200
    neighbour = world.app.test_client()
    told = [sign_in(neighbour, "an", "đoán", device, **from_address("203.0.113.9")).status_code for _ in range(11)]
    assert told == [401] * 10 + [429]
    assert sign_in(owner, "an", device=device, **from_address("203.0.113.9")).status_code == 200
    forged = world.app.test_client()
    forged.set_cookie("browser", device)
    slow_down(sign_in(forged, "an", device=device, **from_address("203.0.113.9")))


def test_a_browser_is_known_at_the_desk_and_by_the_app_after_signing_out(world: World) -> None:
    owner = world.app.test_client()
    assert at_desk(owner, PASSWORD) == 303
    owner.post("/desk/sign-out")
    stranger = world.app.test_client()
    assert [at_desk(stranger, "đoán") for _ in range(11)] == [401] * 10 + [429]
    assert sign_in(owner, "an").status_code == 200
    owner.delete("/api/v1/session")
    assert at_desk(owner, PASSWORD) == 303


def test_a_browser_of_two_people_is_known_for_both(world: World) -> None:
    shared, stranger = world.app.test_client(), world.app.test_client()
    for handle in ("an", "binh"):
        assert sign_in(shared, handle).status_code == 200
    for handle in ("an", "binh") * 10:
        sign_in(stranger, handle, "đoán")
    for handle in ("an", "binh"):
        slow_down(sign_in(stranger, handle))
        assert sign_in(shared, handle).status_code == 200


def test_the_secret_of_a_browser_is_out_of_reach_of_scripts_and_other_sites(world: World) -> None:
    answer = sign_in(world.app.test_client(), "an")
    (cookie,) = [line for line in answer.headers.getlist("Set-Cookie") if line.startswith("browser=")]
    assert {"HttpOnly", "SameSite=Lax", "Max-Age=31536000"} <= set(cookie.split("; "))
    world.app.config["SESSION_COOKIE_SECURE"] = True
    answer = sign_in(world.app.test_client(), "an")
    (cookie,) = [line for line in answer.headers.getlist("Set-Cookie") if line.startswith("browser=")]
    assert "Secure" in cookie.split("; ")
