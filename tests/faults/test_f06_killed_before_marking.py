"""F06: the page is killed after the server's answer and before the entries are marked as sent."""

from tests.field.engine import Engine, outbox, record, until, until_sent
from tests.field.wire import account
from tests.support.browser import ContextFactory, kill

NEVER_MARK = "() => { store.sync.applyAnswer = () => new Promise(() => {}); start(); }"


def test_resend_has_no_second_effect(phone: ContextFactory) -> None:
    engine = Engine(phone)
    page = engine.open(account())
    sent = record(page, 3)
    page.evaluate(NEVER_MARK)
    until_sent(page, engine.wire.effects, 3)
    assert engine.wire.effects == sent
    kill(page)
    again = engine.open()
    assert outbox(again) == 3
    again.evaluate("() => start()")
    until(again, "(await store.outboxSize()) === 0")
    assert engine.wire.effects == sent
    assert {visit["status"]["step"] for visit in again.evaluate("() => store.myVisits({})")} == {"counted"}
