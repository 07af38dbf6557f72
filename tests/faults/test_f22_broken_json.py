"""F22: an answer that is no whole JSON changes nothing; the next whole one does."""

import pytest
from playwright.sync_api import Route

from tests.field.engine import Engine, record, until
from tests.field.wire import PROTOCOL, Json, account
from tests.support.browser import ContextFactory

WHOLE = (
    '{"protocol":1,"server_time":"2026-11-24T00:00:00Z","epoch":"e",'
    '"results":[],"changes":[],"cursor":"9","more":false}'
)


@pytest.mark.parametrize(
    "body",
    ["", "{", WHOLE[:-1], "null", "[]", WHOLE, WHOLE.replace('"cursor":"9"', '"cursor":7'), WHOLE.replace("2026", "x")],
)
def test_nothing_changes(phone: ContextFactory, body: str) -> None:
    engine = Engine(phone)
    page = engine.open(account())
    sent = record(page, 2)

    def broken(route: Route, _body: Json) -> bool:
        route.fulfill(status=200, headers=PROTOCOL, body=body)
        return True

    engine.wire.faults.append(broken)
    page.evaluate("() => start()")
    until(page, "sync.state().phase === 'waiting'")
    assert page.evaluate("async () => [await store.outboxSize(), (await store.sync.nextBatch(20)).cursor]") == [2, None]
    engine.wire.faults.clear()
    page.evaluate("() => sync.sendNow()")
    until(page, "(await store.outboxSize()) === 0")
    assert engine.wire.effects == sent
