"""F24: the session ended with a queue on the phone: it says so, keeps the queue, and sends it after signing in."""

from tests.field.engine import Engine, account, outbox, record, until
from tests.support.browser import ContextFactory

SIGN_IN = "() => session.signIn(store, { sign_in: '0912345678', password: 'mật khẩu' })"


def test_sign_in_to_send(phone: ContextFactory) -> None:
    engine = Engine(phone)
    page = engine.open(account(), sync=True)
    until(page, "sync.state().phase === 'idle'")
    engine.wire.signed_in = None
    sent = record(page, 2)
    until(page, "sync.state().phase === 'signed_out'")
    seen = len(engine.wire.requests)
    page.wait_for_timeout(500)
    assert (len(engine.wire.requests), outbox(page)) == (seen, 2)
    assert len(page.evaluate("() => store.myVisits({})")) == 2
    engine.wire.signed_in = account()
    page.evaluate(SIGN_IN)
    until(page, "(await store.outboxSize()) === 0")
    assert engine.wire.effects == sent


def test_revoked_while_the_app_was_closed(phone: ContextFactory) -> None:
    engine = Engine(phone)
    page = engine.open(account())
    record(page)
    engine.wire.signed_in = None
    page.evaluate("() => start()")
    until(page, "sync.state().phase === 'signed_out'")
    assert outbox(page) == 1
    assert engine.wire.sent == []
