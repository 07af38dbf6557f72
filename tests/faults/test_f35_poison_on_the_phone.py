"""F35, on the phone: an entry that always fails leaves the queue with its reason, and can be sent again or given up."""

from tests.field.engine import Engine, record, until
from tests.field.wire import account
from tests.support.browser import ContextFactory


def test_queue_goes_on(phone: ContextFactory) -> None:
    engine = Engine(phone)
    page = engine.open(account())
    sent = record(page, 5)
    engine.wire.refuse = lambda mutation: (
        {"code": "unknown_service", "field": "services[0].code"} if mutation["id"] == sent[2] else None
    )
    page.evaluate("() => start({ batch: 2 })")
    until(page, "(await store.outboxSize()) === 0 && sync.state().phase === 'idle'")
    assert engine.wire.effects == [*sent[:2], *sent[3:]]
    (entry,) = page.evaluate("() => store.attention()")
    assert (entry["mutation"]["id"], entry["code"], entry["field"]) == (sent[2], "unknown_service", "services[0].code")
    assert engine.wire.sent.count(sent[2]) == 1

    page.evaluate("(id) => store.resend(id)", sent[2])
    until(page, "(await store.attention()).length === 1 && (await store.outboxSize()) === 0")
    assert engine.wire.sent.count(sent[2]) == 2

    page.evaluate("([id, args]) => store.correct(id, { ...args, note: 'sửa' })", [sent[2], entry["mutation"]["args"]])
    until(page, "(await store.outboxSize()) === 0 && (await store.attention()).length === 0")
    corrected = engine.wire.requests[-1]["mutations"] or engine.wire.requests[-2]["mutations"]
    assert (corrected[0]["replaces"], corrected[0]["args"]["id"]) == (sent[2], sent[2])
    assert len(page.evaluate("() => store.myVisits({})")) == 5


def test_given_up(phone: ContextFactory) -> None:
    engine = Engine(phone)
    page = engine.open(account())
    (poison,) = record(page)
    engine.wire.refuse = lambda mutation: {"code": "out_of_scope"} if mutation["id"] == poison else None
    page.evaluate("() => start()")
    until(page, "(await store.attention()).length === 1")
    page.evaluate("(id) => store.discard(id)", poison)
    until(page, "(await store.outboxSize()) === 0 && sync.state().phase === 'idle'")
    last = next(request["mutations"] for request in reversed(engine.wire.requests) if request["mutations"])
    assert (last[0]["type"], last[0]["args"]) == ("mutation.discard", {"id": poison})
    assert page.evaluate("async () => [await store.attention(), await store.myVisits({})]") == [[], []]
