"""F16: a frozen tab holds the sync lock; it is stolen when its heartbeat is old, and each entry has one effect."""

import json

from playwright.sync_api import Route

from tests.field.engine import Engine, record, send_now, until
from tests.field.wire import PROTOCOL, Json, account
from tests.support.browser import ContextFactory

# The heartbeat of this tab never comes again, as when the system has frozen it.
FREEZE = "() => start({ beat: 1e9, timeout: 1e6 })"
STALE_S = 60
MOVABLE = "() => { const now = Date.now.bind(Date); window.ahead = 0; Date.now = () => now() + ahead * 1000; }"


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
    other = engine.open()
    other.evaluate("() => start({ stale: 600 })")
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
    """The clock of both is moved on, by less than makes a heartbeat old, and past that in the end."""
    engine = Engine(phone)
    busy, other = engine.open(account()), engine.open()
    for page in (busy, other):
        page.evaluate(MOVABLE)
    record(busy, 1)
    engine.wire.faults.append(lambda _route, _body: True)
    busy.evaluate("(s) => start({ timeout: 1e9, stale: s * 1000 })", STALE_S)
    while not engine.wire.requests:
        busy.wait_for_timeout(20)
    other.evaluate("(s) => start({ stale: s * 1000 })", STALE_S)
    for step in (1, 2, 3):
        ahead = step * STALE_S * 2 / 3
        since = busy.evaluate("(s) => { window.ahead = s; return Date.now(); }", ahead)
        until(busy, f"(await store.sync.note('heartbeat')) >= {since}")
        other.evaluate("(s) => { window.ahead = s; return sync.sendNow(); }", ahead)
        send_now(other)
        assert len(engine.wire.requests) == 1
