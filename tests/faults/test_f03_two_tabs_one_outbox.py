"""F03: two tabs send the same outbox; each entry has one effect."""

from tests.field.engine import Engine, record, until
from tests.field.wire import account
from tests.support.browser import ContextFactory

NO_LOCKS = "Object.defineProperty(navigator, 'locks', { value: undefined });"


def test_tabs_take_turns(phone: ContextFactory) -> None:
    engine = Engine(phone)
    one, two = engine.open(account(), sync=True), engine.open(sync=True)
    sent = [*record(one, 6), *record(two, 6)]
    until(one, "(await store.outboxSize()) === 0")
    until(two, "sync.state().phase === 'idle'")
    assert sorted(engine.wire.effects) == sorted(sent)
    assert sorted(engine.wire.sent) == sorted(sent)


def test_without_locks_there_is_still_one_effect(phone: ContextFactory) -> None:
    engine = Engine(phone)
    engine.context.add_init_script(NO_LOCKS)
    one, two = engine.open(account()), engine.open()
    sent = record(one, 30)
    for page in (one, two):
        page.evaluate("() => { start({ batch: 5 }); }")
    for page in (one, two):
        until(page, "(await store.outboxSize()) === 0 && sync.state().phase === 'idle'")
    assert sorted(engine.wire.effects) == sorted(sent)
    assert len(one.evaluate("() => store.myVisits({})")) == 30
    assert one.evaluate("() => store.attention()") == []
