"""F23: a captive portal answers 200 with a page of its own; that acknowledges nothing."""

import json

import pytest
from playwright.sync_api import Route

from tests.field.engine import Engine, record, until
from tests.field.wire import Json, account
from tests.support.browser import ContextFactory


@pytest.mark.parametrize("is_like_ours", [False, True])
def test_no_header_no_acknowledgement(phone: ContextFactory, is_like_ours: bool) -> None:
    engine = Engine(phone)
    page = engine.open(account())
    sent = record(page, 2)

    def portal(route: Route, body: Json) -> bool:
        answer = json.dumps({**engine.wire.answer({**body, "mutations": []}), "results": []})
        route.fulfill(status=200, content_type="text/html", body=answer if is_like_ours else "<h1>Wi-Fi</h1>")
        return True

    engine.wire.faults.append(portal)
    page.evaluate("() => start()")
    until(page, "sync.state().problem === 'captive'")
    assert page.evaluate("async () => [await store.outboxSize(), (await store.lastSent()).last_contact_at]") == [
        2,
        None,
    ]
    engine.wire.faults.clear()
    until(page, "(await store.outboxSize()) === 0")
    assert engine.wire.effects == sent


def test_a_portal_signs_nobody_out(phone: ContextFactory) -> None:
    engine = Engine(phone)
    page = engine.open(account())
    engine.context.route("**/api/v1/session", lambda route: route.fulfill(status=401, body="<h1>Wi-Fi</h1>"))
    page.evaluate("() => start()")
    until(page, "sync.state().problem === 'network'")
    assert page.evaluate("async () => (await store.account()).member_id") == account()["member_id"]
