"""F04: "Save" tapped twice makes one visit, since its id is minted when the form opens."""

from tests.field.engine import Engine, outbox, until
from tests.field.wire import account
from tests.support.browser import ContextFactory

TWICE = """async () => {
  const one = visit();
  await Promise.all([store.recordVisits([one]), store.recordVisits([one])]);
  return one;
}"""


def test_double_tap(phone: ContextFactory) -> None:
    engine = Engine(phone)
    page = engine.open(account())
    one = page.evaluate(TWICE)
    assert outbox(page) == 1
    page.evaluate("() => start()")
    until(page, "(await store.outboxSize()) === 0")
    page.evaluate("(one) => store.recordVisits([one])", one)
    assert outbox(page) == 0
    assert engine.wire.effects == [one["id"]]
