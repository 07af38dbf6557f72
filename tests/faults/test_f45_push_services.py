"""F45: a push service answers 404 or 410, 429, 500, or hangs: gone ones end, others are retried with back-off, and one
that hangs holds up nobody."""

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.jobs.chores import run_chore
from cdtteam.push import delivering, webpush
from cdtteam.push.leasing import FIRST_WAIT, TRIES, wait
from cdtteam.push.models import Delivery, DeliveryState, Subscription
from tests.push.test_delivering import deliveries, tell
from tests.support.inboxes import at_work
from tests.support.pushing import PushService, ringing
from tests.support.world import World


@pytest.fixture
def services(world: World) -> Iterator[list[PushService]]:
    """Two push services."""
    with ringing(world.app, number=2) as found:
        yield found


def come_due(world: World, **columns: Any) -> None:
    """Lets time pass until what is put off is due."""
    with at_work(world) as work:
        is_due = Delivery.state == DeliveryState.DUE
        work.session.execute(update(Delivery).where(is_due).values(due_at=work.now - timedelta(seconds=1), **columns))


@pytest.mark.parametrize("status", [404, 410])
def test_gone_ones_end(world: World, services: list[PushService], status: int) -> None:
    service, client = services[0], world.client("an")
    service.browser("gone").subscribe(client)
    service.browser("there").subscribe(client)
    service.answer("gone", status)
    for _ in range(2):
        tell(world, "an")
        run_chore(world.app, "push")
    assert (len(service.of("gone")), len(service.of("there"))) == (1, 2)
    with world.app.app_context():
        ended = db.session.scalars(select(Subscription.endpoint).where(Subscription.ended_at.is_not(None))).all()
    assert ended == [service.browser("gone").endpoint]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_others_are_retried_with_back_off(world: World, services: list[PushService], status: int) -> None:
    service = services[0]
    service.browser("a").subscribe(world.client("an"))
    service.answer("a", status)
    tell(world, "an")
    for tries in range(1, 4):
        run_chore(world.app, "push")
        run_chore(world.app, "push")  # too soon
        assert len(service.received) == tries
        (one,) = deliveries(world)
        most = FIRST_WAIT * 2 ** (tries - 1)
        assert timedelta(seconds=most / 2 - 10) < one.due_at - clock.now() <= timedelta(seconds=most)
        assert (one.state, one.answer, one.tries) == ("due", str(status), tries)
        come_due(world)
    service.answers.clear()
    run_chore(world.app, "push")
    assert len(service.received) == 4
    assert deliveries(world)[0].state == "sent"


def test_no_sooner_than_asked_and_not_after_the_end(world: World, services: list[PushService]) -> None:
    service = services[0]
    service.browser("a").subscribe(world.client("an"))
    service.answer("a", 503, Retry_After="600")
    tell(world, "an", expires_at=clock.now() + timedelta(hours=1))
    run_chore(world.app, "push")
    (one,) = deliveries(world)
    assert timedelta(seconds=590) < one.due_at - clock.now() < timedelta(seconds=600 + FIRST_WAIT)
    come_due(world)
    service.answer("a", 503, Retry_After="7200")
    run_chore(world.app, "push")
    assert deliveries(world)[0].state == "failed"


def test_tries_come_to_an_end(world: World, services: list[PushService]) -> None:
    service = services[0]
    service.browser("a").subscribe(world.client("an"))
    service.answer("a", 500)
    tell(world, "an")
    come = 0
    while come < TRIES + 3:
        run_chore(world.app, "push")
        come_due(world)
        come += 1
    assert len(service.received) == TRIES
    assert deliveries(world)[0].state == "failed"


def test_waits_grow_and_differ() -> None:
    waits = [[wait(tries, None) for _ in range(50)] for tries in range(1, 12)]
    assert all(len(set(some)) > 40 for some in waits)
    assert all(max(some) <= 3600 for some in waits)
    assert max(waits[0]) <= 15 < min(waits[2])


def test_one_that_hangs_holds_up_nobody(
    world: World, services: list[PushService], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webpush, "READ_S", 6)
    hanging, other = services
    clients = {handle: world.client(handle) for handle in ("an", "binh", "chi", "dung")}
    for handle, client in clients.items():
        for number in range(2):
            hanging.browser(f"{handle}{number}").subscribe(client)
            hanging.answer(f"{handle}{number}", 201, seconds=10)
            other.browser(f"{handle}{number}").subscribe(client)
    hanging.answers.pop("/dung1")
    tell(world, *clients)
    began = time.monotonic()
    run_chore(world.app, "push")
    assert time.monotonic() - began < 20
    states = {(one.host, one.state) for one in deliveries(world)}
    assert {state for host, state in states if host in other.origin} == {"sent"}
    assert {state for host, state in states if host in hanging.origin} == {"sent", "due"}
    sent = [one.sent_at for one in deliveries(world) if one.sent_at]
    assert len(sent) == 9
    assert max(sent) - min(sent) < timedelta(seconds=5.5)  # while the others hung


def test_a_service_in_trouble_is_left_alone(
    world: World, services: list[PushService], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivering, "TROUBLED", 4)
    monkeypatch.setattr(delivering, "THREADS", 1)
    troubled, well = services
    for handle in ("an", "binh", "chi"):
        client = world.client(handle)
        for number in range(3):
            troubled.browser(f"{handle}{number}").subscribe(client)
            troubled.answer(f"{handle}{number}", 503)
        well.browser(handle).subscribe(client)
    tell(world, "an", "binh", "chi")
    run_chore(world.app, "push")
    assert 4 <= len(troubled.received) < 9  # those that were in hand, and no more
    assert len(well.received) == 3
    untouched = [one.due_at - clock.now() for one in deliveries(world) if one.tries == 0]
    assert len(untouched) == 9 - len(troubled.received)
    assert all(timedelta(seconds=15) < left <= timedelta(seconds=30) for left in untouched)
