"""F28: 429, 500, 502 and 503 are retried, no sooner than the server asks."""

import time

import pytest
from playwright.sync_api import Route

from tests.field.engine import Engine, Json, account, record, status, times, until
from tests.support.browser import ContextFactory

WATCH_DELAYS = """() => {
  window.delays = [];
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
    page.evaluate("() => start()")
    until(page, "sync.state().phase === 'waiting'")
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
    for delay, expected in zip(delays, (50, 100, 200, 400), strict=True):
        assert abs(delay - expected) < 20
