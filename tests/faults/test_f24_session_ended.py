"""F24: the session ended with a queue on the phone: it says so, keeps the queue, and sends it after signing in."""

from tests.field.engine import Engine, outbox, record, record_then_end, until
from tests.field.wire import VILLAGE, account
from tests.support.browser import ContextFactory

SIGN_IN = "() => session.signIn(store, { sign_in: '0912345678', password: 'mật khẩu' })"


def test_sign_in_to_send(phone: ContextFactory) -> None:
    engine = Engine(phone)
    page = engine.open(account(), sync=True)
    until(page, "(await store.isComplete()) && sync.state().phase === 'idle'")
    sent = record_then_end(engine, page, 2)
    until(page, "sync.state().phase === 'signed_out'")
    seen = (len(engine.wire.requests), engine.wire.asked)
    page.wait_for_timeout(500)
    assert (len(engine.wire.requests), engine.wire.asked) == seen, "the server is left in peace"
    assert outbox(page) == 2
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


def test_names_go_and_what_was_not_sent_stays(phone: ContextFactory) -> None:
    engine = Engine(phone)
    home = {"id": "0197b0c2-0000-7000-8000-0000000000f1", "village_id": VILLAGE, "head_name": "Rơ Châm Suệ"}
    engine.wire.put("household", home)
    engine.wire.put("service", {"id": "s1", "code": "dvc_online", "position": 1, "village_id": None})
    page = engine.open(account(), sync=True)
    until(page, f"(await store.households('{VILLAGE}')).length === 1 && sync.state().phase === 'idle'")
    sent = record_then_end(engine, page, 1, {"note": "chị Lễ"})
    until(page, "sync.state().phase === 'signed_out'")
    assert page.evaluate("(id) => store.households(id)", VILLAGE) == []
    assert [visit["note"] for visit in page.evaluate("() => store.myVisits({})")] == ["chị Lễ"]
    assert len(page.evaluate("() => store.services()")) == 1, "visits can still be recorded"
    engine.wire.signed_in = account()
    page.evaluate(SIGN_IN)
    until(page, f"(await store.outboxSize()) === 0 && (await store.households('{VILLAGE}')).length === 1")
    assert engine.wire.effects == sent


def test_not_opened_for_thirty_days(phone: ContextFactory) -> None:
    engine = Engine(phone)
    home = {"id": "0197b0c2-0000-7000-8000-0000000000f1", "village_id": VILLAGE, "head_name": "Rơ Châm Suệ"}
    engine.wire.put("household", home)
    page = engine.open(account(), sync=True)
    until(page, f"(await store.households('{VILLAGE}')).length === 1 && sync.state().phase === 'idle'")
    page.evaluate("() => sync.stop()")
    record(page)
    days = """(days) => {
      window.real ||= Date.now.bind(Date);
      Date.now = () => real() + days * 86400000;
      return store.noteOpened();
    }"""
    assert page.evaluate("() => store.noteOpened()") is False
    assert page.evaluate(days, 29) is False
    assert page.evaluate(days, -3000) is False
    assert page.evaluate(days, 58) is False
    assert page.evaluate(days, 89) is True
    page.evaluate("() => store.dropNames()")
    assert page.evaluate("(id) => store.households(id)", VILLAGE) == []
    assert outbox(page) == 1
