"""F35, on the phone: when the request is at fault and not an entry in it, no entry is moved; it is tried again."""

import pytest
from playwright.sync_api import Route

from tests.field.engine import Engine, outbox, record, until
from tests.field.wire import Json, account, status
from tests.support.browser import ContextFactory


@pytest.mark.parametrize("field", ["device_id", "mutations", "mutations[3].id", None])
def test_no_entry_pays_for_the_envelope(phone: ContextFactory, field: str | None) -> None:
    engine = Engine(phone)
    page = engine.open(account())
    sent = record(page, 3)
    named = f', "field": "{field}"' if field else ""
    engine.wire.faults.append(lambda route, body: not status(400, f'{{"code": "malformed"{named}}}')(route, body))
    page.evaluate("() => { start(); window.seen = []; sync.subscribe((now) => seen.push(now)); }")
    until(page, "seen.filter(({ phase }) => phase === 'waiting').length === 4")
    assert outbox(page) == 3
    assert page.evaluate("() => store.attention()") == []
    waits = page.evaluate("() => seen.filter(({ phase }) => phase === 'waiting')")
    assert {wait["problem"] for wait in waits} == {"malformed"}
    assert [len(request["mutations"]) for request in engine.wire.requests[:4]] == [3] * 4
    engine.wire.faults.clear()
    until(page, "(await store.outboxSize()) === 0")
    assert engine.wire.effects == sent


def test_an_entry_that_the_server_names_is_set_aside(phone: ContextFactory) -> None:
    engine = Engine(phone)
    page = engine.open(account())
    sent = record(page, 7)
    poison = sent[4]

    def name(route: Route, body: Json) -> bool:
        ids = [mutation["id"] for mutation in body["mutations"]]
        if poison not in ids:
            return False
        status(400, f'{{"code": "malformed", "field": "mutations[{ids.index(poison)}].id"}}')(route, body)
        return True

    engine.wire.faults.append(name)
    page.evaluate("() => start()")
    until(page, "(await store.outboxSize()) === 0 && sync.state().phase === 'idle'")
    assert engine.wire.effects == [identifier for identifier in sent if identifier != poison]
    attention = page.evaluate("() => store.attention()")
    assert [(entry["mutation"]["id"], entry["code"]) for entry in attention] == [(poison, "malformed")]
