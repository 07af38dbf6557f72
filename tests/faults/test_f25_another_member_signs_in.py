"""F25: another member signs in on the phone: sees nothing of the first one, whose entries wait until they return."""

from tests.field.engine import Engine, outbox, record, record_then_end, until
from tests.field.wire import VILLAGE, account
from tests.support.browser import ContextFactory

SIGN_IN = "() => session.signIn(store, { sign_in: 'x', password: 'y' })"
ALL_SHOWN = """(village) => Promise.all(
  [store.households(village), store.myVisits({}), store.attention(), store.drafts(), store.outboxSize()])"""
ALL_ROWS = """async () => {
  const db = await new Promise((done) => { const r = indexedDB.open('cdtteam'); r.onsuccess = () => done(r.result); });
  const names = [...db.objectStoreNames].filter((name) => /_[ab]$/.test(name));
  const tx = db.transaction(names);
  const rows = (name) => new Promise((done) => {
    tx.objectStore(name).getAll().onsuccess = ({ target }) => done(target.result);
  });
  const all = await Promise.all(names.map(rows));
  db.close();
  return all.flat().length;
}"""


def test_queue_waits_for_its_member(phone: ContextFactory) -> None:
    engine = Engine(phone)
    page = engine.open(account(1), sync=True)
    page.evaluate("async () => store.createHousehold(household())")
    until(page, "(await store.outboxSize()) === 0 && sync.state().phase === 'idle'")
    sent = record_then_end(engine, page, 2)
    page.evaluate("() => store.saveDraft('visit:1', { note: 'riêng' })")
    until(page, "sync.state().phase === 'signed_out'")

    before = len(engine.wire.sent)
    engine.wire.signed_in, log, engine.wire.log = account(2), engine.wire.log, []
    page.evaluate(SIGN_IN)
    until(page, "sync.state().phase === 'idle'")
    seen = page.evaluate(ALL_SHOWN, VILLAGE)
    assert seen == [[], [], [], [], 0]
    assert page.evaluate(ALL_ROWS) == 0
    assert len(engine.wire.sent) == before

    engine.wire.signed_in, engine.wire.log = account(1), log
    page.evaluate(SIGN_IN)
    until(page, "(await store.outboxSize()) === 0 && sync.state().phase === 'idle'")
    assert engine.wire.effects[-2:] == sent
    assert len(page.evaluate("() => store.myVisits({})")) == 2
    assert page.evaluate("() => store.draft('visit:1')") == {"note": "riêng"}


def test_signed_in_at_the_desks_form(phone: ContextFactory) -> None:
    """The cookie changed hands outside the app: nothing is pulled into, or sent for, the first one's copy."""
    engine = Engine(phone)
    page = engine.open(account(1))
    record(page)
    engine.wire.signed_in = account(2)
    page.evaluate("() => start()")
    until(page, "sync.state().phase === 'idle' && (await store.account()).member_id.endsWith('2')")
    assert engine.wire.sent == []
    assert outbox(page) == 0


def test_signing_out_keeps_what_was_not_sent(phone: ContextFactory) -> None:
    engine = Engine(phone)
    page = engine.open(account(1))
    record(page, 2)
    assert page.evaluate("() => session.signOut(store)") == 2
    assert page.evaluate("() => store.account()") is None
    page.evaluate("(who) => store.adopt(who)", account(1))
    assert outbox(page) == 2
    assert len(page.evaluate("() => store.myVisits({})")) == 2
