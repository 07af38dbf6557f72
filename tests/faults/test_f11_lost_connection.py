"""F11: the connection to the phone's database is lost; it is opened again, and nothing is called saved that is not."""

from tests.field.engine import Engine, outbox, record
from tests.field.wire import account
from tests.support.browser import ContextFactory

KEEP_HOLD = """
window.connections = [];
const open = IDBFactory.prototype.open;
IDBFactory.prototype.open = function (...args) {
  if (window.isBroken) throw new DOMException('lost', 'UnknownError');
  const request = open.apply(this, args);
  request.addEventListener('success', () => connections.push(request.result));
  return request;
};
"""
LOSE = "() => connections.forEach((connection) => connection.close())"


def test_reopened_and_retried(phone: ContextFactory) -> None:
    engine = Engine(phone)
    engine.context.add_init_script(KEEP_HOLD)
    page = engine.open(account())
    record(page)
    page.evaluate(LOSE)
    record(page)
    assert outbox(page) == 2


def test_never_a_silent_saved(phone: ContextFactory) -> None:
    engine = Engine(phone)
    engine.context.add_init_script(KEEP_HOLD)
    page = engine.open(account())
    page.evaluate(LOSE)
    page.evaluate("() => { window.isBroken = true; }")
    said = page.evaluate("() => store.recordVisits([visit()]).then(() => 'saved', (error) => [error.name, error.code])")
    assert said == ["NotSaved", "lost"]
    page.evaluate("() => { window.isBroken = false; }")
    assert outbox(page) == 0
    record(page)
    assert outbox(page) == 1
