"""F27: a connection that trickles: time-out, a smaller page, a jittered retry, and the screens never wait."""

from tests.field.engine import Engine, record, until
from tests.field.wire import account, times, trickling
from tests.support.browser import ContextFactory

WORK = """async () => {
  await store.recordVisits([visit()]);
  return [(await store.myVisits({})).length, sync.state().phase];
}"""
WATCH = """() => {
  window.problems = [];
  start({ timeout: 700, backoff: 100 });
  sync.subscribe(({ problem }) => { if (problem) problems.push(problem); });
}"""


def test_the_screens_do_not_wait(phone: ContextFactory) -> None:
    engine = Engine(phone)
    page = engine.open(account())
    record(page, 4)
    times(1, trickling, engine.wire)
    page.evaluate("() => start()")
    while not engine.wire.requests:
        page.wait_for_timeout(20)
    assert page.evaluate(WORK) == [5, "sending"]
    assert len(engine.wire.requests) == 1


def test_time_out_and_smaller_page(phone: ContextFactory) -> None:
    engine = Engine(phone)
    page = engine.open(account())
    sent = record(page, 4)
    times(2, trickling, engine.wire)
    page.evaluate(WATCH)
    until(page, "(await store.outboxSize()) === 0")
    assert page.evaluate("() => problems")[:2] == ["timeout"] * 2
    first, second, third, *_ = engine.wire.requests
    assert engine.wire.effects == sent
    assert ("page" not in first, second["page"], third["page"]) == (True, 1000, 500)
    assert [len(request["mutations"]) for request in (first, second, third)] == [4, 2, 1]


def test_the_time_out_is_a_minute(phone: ContextFactory) -> None:
    engine = Engine(phone)
    code = "async (base) => (await import(`${base}/field/sync/index.js`)).DEFAULTS.timeout"
    assert engine.blank().evaluate(code, engine.base()) == 60_000
