"""From a notification to the browsers that are rung for it: what they read, who is left out, and what comes back."""

import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from cdtteam.accounts.models import Device, SignIn, User
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.ids import new_id
from cdtteam.core.reasons import because
from cdtteam.jobs.chores import run_chore
from cdtteam.notify.models import Notification, Preference, Topic
from cdtteam.notify.operations import Subject, notify, withdraw_notifications
from cdtteam.push.models import Delivery, Subscription
from cdtteam.push.queries import rung_of, with_bell
from tests.support.inboxes import a_letter, at_work, who
from tests.support.pushing import PushService, ringing, switch_on
from tests.support.world import PASSWORD, World
from tests.web.test_metrics import scrape, told

RECEIPTS = "/api/v1/push/receipts"


@pytest.fixture
def service(world: World) -> Iterator[PushService]:
    """A push service that the application may send to."""
    with ringing(world.app) as (found,):
        yield found


def tell(world: World, *handles: str, **letter: Any) -> Any:
    """Puts a letter into inboxes, urgent unless it says otherwise, so that no night keeps it."""
    with at_work(world) as work:
        return notify(work, who(work, world, *handles), a_letter(**{"urgent": True, **letter}))


def deliveries(world: World) -> list[Delivery]:
    with world.app.app_context():
        rows = list(db.session.scalars(select(Delivery).order_by(Delivery.id)))
        db.session.expunge_all()
        return rows


def test_a_browser_reads_what_stands_in_the_inbox(world: World, service: PushService) -> None:
    an = world.client("an")
    service.browser("phone").subscribe(an)
    service.browser("tablet").subscribe(an)
    service.browser("binh").subscribe(world.client("binh"))
    tell(world, "binh")
    subject = because("“%(column)s” is longer than %(most)s characters.", column="Họp thôn A", most=8)
    bundle = tell(
        world, "an", "chi", title=subject, body="Lúc 8 giờ", link="/task/x", expires_at=clock.now() + timedelta(hours=1)
    )
    run_chore(world.app, "push")
    first, second = service.of("phone")[0], service.of("tablet")[0]
    read = first.message
    assert read["title"] == "“Họp thôn A” dài quá 8 ký tự."
    with world.app.app_context():
        row = db.session.scalars(select(Notification).where(Notification.bundle_id == bundle)).first()
        assert read == {
            "id": str(row.id), "title": read["title"], "text": "Lúc 8 giờ", "link": "/task/x", "topic": "warning",
            "urgent": True, "lang": "vi", "receipt": read["receipt"], "open": 1,
            "made_at": clock.wire_instant(row.made_at),
        }  # fmt: skip
        assert row.rung_at is not None
    assert read | {"receipt": ""} == second.message | {"receipt": ""}
    assert read["receipt"] != second.message["receipt"]
    assert first.headers["urgency"] == "high"
    assert 3500 < int(first.headers["ttl"]) <= 3600
    assert first.headers["topic"] == second.headers["topic"] != service.of("binh")[0].headers["topic"]
    assert len(first.headers["topic"]) == 32
    run_chore(world.app, "push")
    assert len(service.received) == 3
    assert {one.state for one in deliveries(world)} == {"sent"}


def test_who_is_not_rung(world: World, service: PushService) -> None:
    """Signed out, on a phone that was signed out at the desk, closed, read already, over, taken back, not wanted."""
    handles = ("an", "binh", "chi", "dung")
    clients = {handle: world.client(handle) for handle in handles}
    for handle, client in clients.items():
        service.browser(handle).subscribe(client)
    with world.app.app_context():
        ids = {user.handle: user.id for user in db.session.scalars(select(User))}
        assert with_bell(db.session(), list(ids.values()), clock.now()) == {ids[handle] for handle in handles}
    clients["an"].delete("/api/v1/session")
    with at_work(world) as work:
        device = work.session.scalar(select(SignIn.device_id).where(SignIn.user_id == ids["binh"]))
        work.session.add(Device(id=device, first_seen_at=work.now, revoked_at=work.now))
        work.session.execute(update(User).where(User.id == ids["chi"]).values(disabled_at=work.now))
        work.session.add(
            Preference(account_id=ids["dung"], topics_off=["warning", "task"], digest_hour=7, set_at=work.now)
        )
    tell(world, *handles, topic=Topic.TASK)
    tell(world, "an", "binh", "chi")
    tell(world, "dung", urgent=False, expires_at=clock.now() - timedelta(seconds=1))
    subject = Subject("task", new_id())
    tell(world, "dung", subject=subject)
    with at_work(world) as work:
        withdraw_notifications(work, subject)
    run_chore(world.app, "push")
    assert service.received == []
    tell(world, "dung")  # an urgent warning cannot be switched off
    run_chore(world.app, "push")
    assert len(service.of("dung")) == 1
    service.browser("an").subscribe(world.client("an"))  # and whoever signs in again is rung again
    tell(world, "an")
    run_chore(world.app, "push")
    assert len(service.of("an")) == 1


def test_who_signs_out_in_one_browser_is_rung_in_the_other_alone(world: World, service: PushService) -> None:
    """Browsers that name no device."""
    clients = [world.app.test_client() for _ in range(2)]
    for number, client in enumerate(clients):
        signed_in = client.post("/api/v1/session", json={"sign_in": "an", "password": PASSWORD})
        assert signed_in.status_code == 200
        service.browser(f"an{number}").subscribe(client)
    assert clients[0].delete("/api/v1/session").status_code == 204
    tell(world, "an")
    run_chore(world.app, "push")
    assert [one.path for one in service.received] == ["/an1"]


def test_what_was_settled_while_it_waited_is_not_sent(world: World, service: PushService) -> None:
    client = world.client("an")
    service.browser("a").subscribe(client)
    service.answer("a", 503)
    tell(world, "an")
    run_chore(world.app, "push")
    with at_work(world) as work:
        work.session.execute(update(Notification).values(read_at=work.now))
        work.session.execute(update(Delivery).values(due_at=work.now))
    run_chore(world.app, "push")
    assert len(service.received) == 1
    (one,) = deliveries(world)
    assert (one.state, one.answer) == ("gone", "settled")


def test_where_nobody_has_a_bell_what_sends_is_not_even_loaded(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes a third of what the worker for jobs holds otherwise."""
    sender = "cdtteam.push.webpush"
    monkeypatch.delitem(sys.modules, sender, raising=False)
    tell(world, "an", "binh")
    run_chore(world.app, "push")
    assert sender not in sys.modules
    with world.app.app_context():
        assert None not in db.session.scalars(select(Notification.rung_at)).all(), "a bell that comes later is late"


def test_one_whose_words_cannot_be_read_holds_up_nobody(world: World, service: PushService) -> None:
    service.browser("an").subscribe(world.client("an"))
    service.browser("binh").subscribe(world.client("binh"))
    broken = tell(world, "an", title=because("Urgent: %(subject)s", subject="x"))
    with at_work(world) as work:
        bad = update(Notification).where(Notification.bundle_id == broken)
        work.session.execute(bad.values(title={"message": "Urgent: %(subject)s", "values": {"other": "x"}}))
    tell(world, "binh")
    run_chore(world.app, "push")
    assert service.of("an") == []
    assert len(service.of("binh")) == 1
    assert {(one.state, one.answer) for one in deliveries(world)} == {("failed", "no words"), ("sent", "201")}


def test_a_browser_that_changed_hands_gets_nothing_of_the_first(world: World, service: PushService) -> None:
    browser = service.browser("a")
    browser.subscribe(world.client("an"))
    service.answer("a", 503)
    tell(world, "an")
    run_chore(world.app, "push")
    service.answers.clear()
    browser.subscribe(world.client("binh"))
    with at_work(world) as work:
        work.session.execute(update(Delivery).values(due_at=work.now))
    tell(world, "binh", title="Cho Bình")
    run_chore(world.app, "push")
    assert [one.message["title"] for one in service.received] == ["Họp giao ban", "Cho Bình"]


def test_rotated_keys_sign_for_their_subscriptions(world: World, service: PushService) -> None:
    client = world.client("an")
    service.browser("old").subscribe(client)
    new = switch_on(world.app, service)
    service.browser("new").subscribe(client)
    tell(world, "an")
    run_chore(world.app, "push")
    assert service.of("new")[0].key == new != service.of("old")[0].key


def test_a_long_text_is_cut_to_what_push_services_take(world: World, service: PushService) -> None:
    service.browser("a").subscribe(world.client("an"))
    tell(world, "an", title="Nước lũ " * 100, body="“Ở yên trong nhà!”\n" * 1000)
    run_chore(world.app, "push")
    message = service.of("a")[0].message
    assert len(message["title"]) <= 200
    assert message["title"].endswith("…")
    assert 2000 < len(message["text"].encode()) < 3800
    assert message["text"].endswith("…")


def test_receipts(world: World, service: PushService) -> None:
    an = world.client("an")
    service.browser("a").subscribe(an)
    bundle = tell(world, "an")
    run_chore(world.app, "push")
    receipt = service.of("a")[0].message["receipt"]

    def came() -> tuple[bool, ...]:
        with world.app.app_context():
            (rung,) = rung_of(db.session(), Notification.bundle_id == bundle).values()
            return tuple(at is not None for at in rung)

    assert came() == (True, False, False)
    foreign = world.client("binh").post(RECEIPTS, json={"receipt": receipt, "state": "opened"})
    assert (foreign.status_code, foreign.json["code"]) == (404, "not_found")
    assert an.post(RECEIPTS, json={"receipt": str(new_id()), "state": "shown"}).status_code == 404
    for state in ("x", None, 1):
        assert an.post(RECEIPTS, json={"receipt": receipt, "state": state}).status_code == 400
    assert came() == (True, False, False)
    assert an.post(RECEIPTS, json={"receipt": receipt, "state": "shown"}).status_code == 204
    assert came() == (True, True, False)
    shown_at = deliveries(world)[0].shown_at
    assert [an.post(RECEIPTS, json={"receipt": receipt, "state": "opened"}).status_code for _ in range(2)] == [204, 204]
    assert came() == (True, True, True)
    assert deliveries(world)[0].shown_at == shown_at


def test_operators_see_what_came_of_it(world: World, service: PushService) -> None:
    client, host = world.client("an"), service.origin.removeprefix("http://")
    for name in ("good", "gone", "busy", "wrong"):
        service.browser(name).subscribe(client)
    for name, status in (("gone", 410), ("busy", 503), ("wrong", 413)):
        service.answer(name, status)
    tell(world, "an")
    with world.app.app_context():
        db.session.execute(select(1))
    run_chore(world.app, "push")
    text = scrape(world)
    numbers = {
        state: told(text, "cdt_push_ended", host=host, state=state) for state in ("sent", "failed", "gone", "due")
    }
    assert numbers == {"sent": 1, "failed": 1, "gone": 1, "due": 0}
    assert told(text, "cdt_push_due") == 0  # the busy one is due later
    with at_work(world) as work:
        work.session.execute(
            update(Delivery).where(Delivery.state == "due").values(due_at=work.now - timedelta(minutes=5))
        )
    text = scrape(world)
    assert told(text, "cdt_push_due") == 1
    assert 300 <= told(text, "cdt_push_oldest_due_seconds") < 330


def test_browsers_that_ended_long_ago_are_forgotten(world: World, service: PushService) -> None:
    client = world.client("an")
    service.browser("a").subscribe(client)
    service.browser("b").subscribe(client)
    tell(world, "an")
    run_chore(world.app, "push")
    with at_work(world) as work:
        old = Subscription.endpoint.endswith("/a")
        work.session.execute(update(Subscription).where(old).values(ended_at=work.now - timedelta(days=61)))
    run_chore(world.app, "push.forget")
    with world.app.app_context():
        assert [row.endpoint for row in db.session.scalars(select(Subscription))] == [f"{service.origin}/b"]
    assert len(deliveries(world)) == 1


def test_letters_of_the_night_ring_in_the_morning(world: World, service: PushService) -> None:
    service.browser("a").subscribe(world.client("an"))
    tell(world, "an", urgent=False, topic=Topic.THANKS)
    with at_work(world) as work:
        work.session.execute(update(Notification).values(due_at=work.now + timedelta(hours=8)))
    run_chore(world.app, "push")
    assert service.received == []
    with at_work(world) as work:
        work.session.execute(update(Notification).values(due_at=work.now))
    run_chore(world.app, "push")
    assert service.of("a")[0].headers["urgency"] == "low"
