"""F08: what was shown as saved is on the disk: every write of the outbox asks for strict durability."""

from tests.field.engine import Engine, record
from tests.field.wire import account
from tests.support.browser import ContextFactory

WATCH = """
window.writes = [];
const original = IDBDatabase.prototype.transaction;
IDBDatabase.prototype.transaction = function (stores, mode, options) {
  const tx = original.call(this, stores, mode, options);
  if (mode === 'readwrite' && [stores].flat().includes('outbox')) writes.push(tx.durability);
  return tx;
};
"""


def test_outbox_is_written_strictly(phone: ContextFactory) -> None:
    engine = Engine(phone)
    engine.context.add_init_script(WATCH)
    page = engine.open(account())
    page.evaluate("() => { writes.length = 0; }")
    record(page, 2)
    page.evaluate("async () => store.createHousehold(household())")
    assert page.evaluate("() => writes") == ["strict", "strict", "strict"]
