"""F29: 413 halves the batch; a single entry that still gets it goes to "needs attention", and the queue goes on."""

from playwright.sync_api import Route

from tests.field.engine import Engine, record, until
from tests.field.wire import Json, account, status
from tests.support.browser import ContextFactory


def test_halved_and_set_aside(phone: ContextFactory) -> None:
    engine = Engine(phone)
    page = engine.open(account())
    sent = record(page, 11)
    poison = sent[4]

    def too_large(route: Route, body: Json) -> bool:
        ids = [mutation["id"] for mutation in body["mutations"]]
        if len(ids) <= 4 and poison not in ids:
            return False
        status(413, '{"code": "too_large"}')(route, body)
        return True

    engine.wire.faults.append(too_large)
    page.evaluate("() => start()")
    until(page, "(await store.outboxSize()) === 0 && sync.state().phase === 'idle'")
    assert engine.wire.effects == [identifier for identifier in sent if identifier != poison]
    attention = page.evaluate("() => store.attention()")
    assert [(entry["mutation"]["id"], entry["code"]) for entry in attention] == [(poison, "too_large")]
    assert [v["id"] for v in page.evaluate("() => store.myVisits({})") if v["status"]["step"] == "attention"] == [
        poison
    ]
