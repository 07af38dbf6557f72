"""Subscribing a browser over the API: for whom it holds, and what is refused."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from cdtteam.accounts.models import User
from cdtteam.core.db import db
from cdtteam.core.ids import new_id
from cdtteam.push import hosts
from cdtteam.push.models import Subscription
from tests.support.pushing import Browser, PushService, push_service, switch_on, text_of
from tests.support.world import World

PLACE = "/api/v1/push/subscriptions"


@pytest.fixture
def service(world: World) -> Iterator[PushService]:
    """A push service that the application may send to."""
    with push_service() as found:
        switch_on(world.app, found)
        yield found


def living(world: World) -> dict[str, str]:
    """Who is rung at which browser."""
    with world.app.app_context():
        rows = select(Subscription.endpoint, User.handle).join(User, User.id == Subscription.account_id)
        found = db.session.execute(rows.where(Subscription.ended_at.is_(None)))
        return {endpoint.rpartition("/")[2]: handle for endpoint, handle in found}


def test_off_until_there_is_a_key(world: World) -> None:
    client = world.client("an")
    assert client.get("/api/v1/push/key").json == {"key": None}
    with push_service() as service:
        key = switch_on(world.app, service)
        assert client.get("/api/v1/push/key").json == {"key": key}
        world.app.config["CDT_VAPID_SUBJECT"] = ""  # nobody to answer for it
        assert client.get("/api/v1/push/key").json == {"key": None}
        assert service.browser("a").subscribe(client).json["code"] == "push_off"


def test_phones_and_desks_alike(world: World, service: PushService) -> None:
    for handle in ("an", "nobody", "xa", "tinh", "quantri"):
        client, browser = world.client(handle), service.browser(handle)
        assert browser.subscribe(client, device_id=str(new_id())).status_code == 201
        assert browser.subscribe(client).status_code == 200
    assert living(world) == {handle: handle for handle in ("an", "nobody", "xa", "tinh", "quantri")}


def test_a_page_and_its_worker_at_one_moment(world: World, service: PushService) -> None:
    clients, together = [world.client("an") for _ in range(2)], Barrier(2)
    browsers = [service.browser(f"b{number}") for number in range(5)]

    def subscribe(client: FlaskClient) -> set[int]:
        answers = set()
        for browser in browsers:
            together.wait()
            answers.add(browser.subscribe(client).status_code)
        return answers

    with ThreadPoolExecutor(2) as threads:
        assert set().union(*threads.map(subscribe, clients)) <= {200, 201}
    assert living(world) == {f"b{number}": "an" for number in range(5)}


def test_renewed_ended_and_passed_on(world: World, service: PushService) -> None:
    an, binh = world.client("an"), world.client("binh")
    old, new = service.browser("old"), service.browser("new")
    old.subscribe(an)
    assert new.subscribe(an, replaces=old.endpoint).status_code == 201
    assert living(world) == {"new": "an"}
    assert service.browser("other").subscribe(binh, replaces=new.endpoint).status_code == 201
    assert living(world) == {"new": "an", "other": "binh"}  # nobody replaces another's
    assert binh.delete(PLACE, json={"endpoint": new.endpoint}).status_code == 204
    assert living(world)["new"] == "an"
    assert new.subscribe(binh).status_code == 201  # binh signed in on an's phone
    assert living(world) == {"new": "binh", "other": "binh"}
    assert [binh.delete(PLACE, json={"endpoint": new.endpoint}).status_code for _ in range(2)] == [204, 204]
    assert living(world) == {"other": "binh"}


def test_at_most_five_and_the_oldest_ends(world: World, service: PushService) -> None:
    client = world.client("an")
    for number in range(7):
        service.browser(f"b{number}").subscribe(client)
    assert set(living(world)) == {f"b{number}" for number in range(2, 7)}


def test_a_subscription_keeps_the_key_that_it_was_made_with(world: World, service: PushService) -> None:
    client, browser = world.client("an"), service.browser("a")
    first = client.get("/api/v1/push/key").json["key"]
    browser.subscribe(client)
    second = switch_on(world.app, service)
    assert browser.subscribe(client).json == {"key": second}  # so the phone sees that it is to be renewed

    def key_of() -> str | None:
        with world.app.app_context():
            return db.session.scalar(select(Subscription.vapid_key).where(Subscription.ended_at.is_(None)))

    assert key_of() == first
    browser.subscribe(client, key=second)
    assert key_of() == second
    late = service.browser("late").subscribe(client, key=first)
    assert late.status_code == 201  # rotated while it subscribed
    assert (
        client.post(PLACE, json=service.browser("x").body | {"key": browser.body["keys"]["p256dh"]}).status_code == 422
    )


def test_what_is_no_subscription(world: World, service: PushService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hosts, "resolve", lambda host: ("10.0.0.1",))
    client, good = world.client("an"), service.browser("a").body

    def answer(**changes: Any) -> tuple[int, str | None]:
        found = client.post(PLACE, json=good | changes)
        return found.status_code, found.json.get("field")

    keys = good["keys"]
    assert answer(keys=keys | {"p256dh": text_of(b"\x04" + b"\x01" * 64)}) == (422, "keys.p256dh")
    assert answer(keys=keys | {"p256dh": keys["auth"]}) == (422, "keys.p256dh")
    assert answer(keys=keys | {"auth": "not base64!"}) == (422, "keys.auth")
    assert answer(keys=keys | {"auth": text_of(b"x" * 15)}) == (422, "keys.auth")
    for endpoint in (
        "https://127.0.0.1/x",
        "https://fcm.googleapis.com.evil.example/x",
        "https://fcm.googleapis.com/x",
    ):
        assert answer(endpoint=endpoint) == (422, "endpoint"), endpoint  # the last one leads into our network
    for broken in ({}, {"endpoint": 1}, good | {"keys": {}}, good | {"endpoint": ""}, good | {"device_id": "x"}, []):
        assert client.post(PLACE, json=broken).status_code == 400
    assert client.post(PLACE, data=b"\xff").status_code == 400
    assert client.delete(PLACE, json={}).status_code == 400
    assert client.post(PLACE, json=good, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert living(world) == {}


def test_no_answer_of_the_dns_is_no_refusal(
    world: World, service: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(_host: str) -> tuple[str, ...]:
        raise OSError("no answer")

    monkeypatch.setattr(hosts, "resolve", silent)
    answer = Browser("https://web.push.apple.com/x").subscribe(world.client("an"))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    monkeypatch.setattr(hosts, "resolve", lambda host: ("17.57.146.20",))
    assert Browser("https://web.push.apple.com/x").subscribe(world.client("an")).status_code == 201
