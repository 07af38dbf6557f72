"""F28: 429, 500, 502 and 503 are retried, no sooner than the server asks."""

import time

import pytest
from playwright.sync_api import Route

from tests.field.engine import Engine, record, until
from tests.field.wire import Json, account, status, times
from tests.support.browser import ContextFactory

WATCH_DELAYS = """() => {
  window.delays = [];
  const still = Date.now();
  Date.now = () => still;
  start({ backoff: 100, random: () => 0.5 });
  sync.subscribe(({ retry_at }) => { if (retry_at) delays.push(retry_at - Date.now()); });
}"""


@pytest.mark.parametrize("code", [429, 500, 502, 503])
def test_retried(phone: ContextFactory, code: int) -> None:
    engine = Engine(phone)
    page = engine.open(account())
    sent = record(page, 2)
    times(3, status(code), engine.wire)
    page.evaluate("() => start()")
    until(page, "(await store.outboxSize()) === 0")
    assert len(engine.wire.requests) >= 4
    assert engine.wire.effects == sent


@pytest.mark.parametrize("code", [429, 503])
def test_retry_after_is_honoured(phone: ContextFactory, code: int) -> None:
    engine = Engine(phone)
    page = engine.open(account())
    record(page)
    moments: list[float] = []
    answer = status(code, Retry_After="2")

    def meet(route: Route, body: Json) -> bool:
        moments.append(time.monotonic())
        if len(moments) == 1:
            answer(route, body)
        return len(moments) == 1

    engine.wire.faults.append(meet)
    page.evaluate("() => { start(); window.seen = []; sync.subscribe(({ phase }) => seen.push(phase)); }")
    until(page, "seen.includes('waiting')")
    page.evaluate("() => { void sync.sendNow(); window.dispatchEvent(new Event('online')); }")
    until(page, "(await store.outboxSize()) === 0")
    assert moments[1] - moments[0] >= 1.9


def test_backoff_grows_with_full_jitter(phone: ContextFactory) -> None:
    engine = Engine(phone)
    page = engine.open(account())
    record(page)
    times(4, status(500), engine.wire)
    page.evaluate(WATCH_DELAYS)
    until(page, "(await store.outboxSize()) === 0")
    delays = page.evaluate("() => delays")
    assert delays == [50, 100, 200, 400]


def test_a_server_that_stays_busy_is_sent_less_at_a_time(phone: ContextFactory) -> None:
    engine = Engine(phone)
    page = engine.open(account())
    sent = record(page, 24)

    def busy(route: Route, body: Json) -> bool:
        is_too_much = len(body["mutations"]) > 5
        if is_too_much:
            status(503, '{"code": "busy"}')(route, body)
        else:
            engine.wire.faults.clear()
        return is_too_much

    engine.wire.faults.append(busy)
    page.evaluate("() => start({ backoff: 20 })")
    until(page, "(await store.outboxSize()) === 0 && sync.state().phase === 'idle'")
    sizes = [len(request["mutations"]) for request in engine.wire.requests]
    assert sizes[:5] == [20, 20, 20, 10, 5]
    assert max(sizes[5:]) > 5
    assert engine.wire.effects == sent
