"""F16: a frozen tab holds the sync lock; it is stolen when its heartbeat is old, and each entry has one effect."""

import json

from playwright.sync_api import Route

from tests.field.engine import Engine, record, until
from tests.field.wire import PROTOCOL, Json, account
from tests.support.browser import ContextFactory

# The heartbeat of this tab never comes again, as when the system has frozen it.
FREEZE = "() => start({ beat: 1e9, timeout: 1e6 })"


def test_lock_is_stolen(phone: ContextFactory) -> None:
    engine = Engine(phone)
    frozen = engine.open(account())
    sent = record(frozen, 3)
    held: list[tuple[Route, Json]] = []

    def hang(route: Route, body: Json) -> bool:
        engine.wire.faults.remove(hang)
        held.append((route, engine.wire.answer(body)))
        return True

    engine.wire.faults.append(hang)
    frozen.evaluate(FREEZE)
    while not held:
        frozen.wait_for_timeout(20)
    other = engine.open(sync=True)
    until(other, "(await store.outboxSize()) === 0")
    route, answer = held[0]
    try:
        route.fulfill(status=200, headers=PROTOCOL, body=json.dumps(answer))
    except Exception as error:  # noqa: BLE001 — the thief's lock has ended the request already
        assert "already" in str(error) or "Target" in str(error) or "closed" in str(error) or "aborted" in str(error)  # noqa: PT017
    frozen.wait_for_timeout(300)
    assert engine.wire.effects == sent
    assert len(other.evaluate("() => store.myVisits({})")) == 3
    assert other.evaluate("() => store.attention()") == []


def test_a_tab_that_is_alive_keeps_it(phone: ContextFactory) -> None:
    engine = Engine(phone)
    busy = engine.open(account())
    record(busy, 1)
    engine.wire.faults.append(lambda _route, _body: True)
    busy.evaluate("() => start({ timeout: 1e6 })")
    while not engine.wire.requests:
        busy.wait_for_timeout(20)
    other = engine.open(sync=True)
    other.wait_for_timeout(1500)
    assert len(engine.wire.requests) == 1
