"""F07: the page is killed in the middle of a local write; the visits are all there or the draft is."""

import pytest

from tests.field.engine import Engine, outbox
from tests.field.wire import account
from tests.support.browser import ContextFactory, kill

COUNT = 40
PREPARE = """async (count) => {
  window.batch = Array.from({ length: count }, () => visit());
  await store.saveDraft('several', { ids: batch.map((one) => one.id) });
}"""
SAVE = """(wait) => {
  setTimeout(() => store.recordVisits(batch, 'several'), 0);
  return new Promise((end) => setTimeout(end, wait));
}"""


@pytest.mark.parametrize("wait_ms", [0, 2, 8, 20, 60])
def test_whole_or_absent(phone: ContextFactory, wait_ms: int) -> None:
    engine = Engine(phone)
    page = engine.open(account())
    page.evaluate(PREPARE, COUNT)
    page.evaluate(SAVE, wait_ms)
    kill(page)
    again = engine.open()
    draft = again.evaluate("() => store.draft('several')")
    kept = len(again.evaluate("() => store.myVisits({})"))
    assert (outbox(again), kept, draft is None) in ((0, 0, False), (COUNT, COUNT, True))
