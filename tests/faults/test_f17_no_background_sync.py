"""F17: without Background Sync the outbox is sent on opening, on `online`, on becoming visible, and by a timer."""

import pytest

from tests.field.engine import Engine, hold_next, outbox, record, the_held, until
from tests.field.wire import account
from tests.support.browser import ContextFactory

NO_SYNC = (
    "delete window.SyncManager; if (window.ServiceWorkerRegistration) delete ServiceWorkerRegistration.prototype.sync;"
)
QUIET = "() => start({ backoff: 1e7, most: 1e7, idle: 1e7 })"
EVENTS = {
    "online": "() => window.dispatchEvent(new Event('online'))",
    "visible": "() => document.dispatchEvent(new Event('visibilitychange'))",
    "worker": "() => navigator.serviceWorker.dispatchEvent(new MessageEvent('message', { data: { type: 'sync' } }))",
    "save": "async () => store.recordVisits([visit()])",
}


def test_on_opening(phone: ContextFactory) -> None:
    engine = Engine(phone)
    engine.context.add_init_script(NO_SYNC)
    page = engine.open(account())
    record(page)
    page.close()
    again = engine.open(sync=True)
    until(again, "(await store.outboxSize()) === 0")


@pytest.mark.parametrize("event", ["online", "visible", "worker"])
def test_on_an_event(phone: ContextFactory, event: str) -> None:
    engine = Engine(phone)
    engine.context.add_init_script(NO_SYNC)
    page = engine.open(account())
    engine.wire.faults.append(lambda route, _body: not route.abort())
    record(page)
    page.evaluate(QUIET)
    until(page, "sync.state().phase === 'waiting'")
    engine.wire.faults.clear()
    page.wait_for_timeout(200)
    assert outbox(page) == 1
    page.evaluate(EVENTS[event])
    until(page, "(await store.outboxSize()) === 0")


def test_woken_in_the_middle_of_a_round_it_asks_once_more(phone: ContextFactory) -> None:
    """What it is woken for may have come after the server had read what it answers."""
    engine = Engine(phone)
    page = engine.open(account())
    held = hold_next(page, "**/api/v1/sync")
    page.evaluate(QUIET)
    request = the_held(page, held)
    page.evaluate(EVENTS["worker"])
    engine.wire.handle(request)
    until(page, "window.sync.state().phase === 'idle'")
    while len(engine.wire.requests) < 2:
        page.wait_for_timeout(25)


def test_on_saving_and_by_a_timer(phone: ContextFactory) -> None:
    engine = Engine(phone)
    engine.context.add_init_script(NO_SYNC)
    page = engine.open(account())
    page.evaluate("() => start({ idle: 300 })")
    until(page, "sync.state().phase === 'idle'")
    record(page)
    until(page, "(await store.outboxSize()) === 0")
    seen = len(engine.wire.requests)
    while len(engine.wire.requests) == seen:
        page.wait_for_timeout(25)
