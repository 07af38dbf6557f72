"""F13: no room on the phone: "not saved", the form stays, and nothing is half there.

Chromium cannot be given a small quota from outside, so the database's own two ways of saying "full" are played here.
"""

import pytest

from tests.field.engine import Engine, outbox, record
from tests.field.wire import account
from tests.support.browser import ContextFactory

FULL = """
const full = () => new DOMException('full', 'QuotaExceededError');
const put = IDBObjectStore.prototype.add;
IDBObjectStore.prototype.add = function (...args) {
  if (window.fullAt === 'request') throw full();
  return put.apply(this, args);
};
const open = IDBDatabase.prototype.transaction;
IDBDatabase.prototype.transaction = function (stores, mode, options) {
  const tx = open.call(this, stores, mode, options);
  if (window.fullAt === 'commit' && mode === 'readwrite') {
    Object.defineProperty(tx, 'error', { get: full });
    tx.commit = () => tx.abort();
  }
  return tx;
};
"""
SAVE = """([at, draft]) => {
  window.fullAt = at;
  return store.recordVisits([visit(), visit()], draft).then(() => 'saved', (error) => [error.name, error.code]);
}"""


@pytest.mark.parametrize("moment", ["request", "commit"])
def test_not_saved_is_said(phone: ContextFactory, moment: str) -> None:
    engine = Engine(phone)
    engine.context.add_init_script(FULL)
    page = engine.open(account())
    record(page, 2)
    page.evaluate("() => store.saveDraft('visit:1', { note: 'còn đây' })")
    assert page.evaluate(SAVE, [moment, "visit:1"]) == ["NotSaved", "quota"]
    assert outbox(page) == 2
    assert len(page.evaluate("() => store.myVisits({})")) == 2
    assert page.evaluate("() => store.draft('visit:1')") == {"note": "còn đây"}
    assert page.evaluate(SAVE, [None, "visit:1"]) == "saved"
    assert outbox(page) == 4
    assert page.evaluate("() => store.draft('visit:1')") is None
