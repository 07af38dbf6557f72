"""F12: an old tab holds the database while a new version of it is opened: a message within 3 s, and nothing lost."""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import Route

from tests.field.engine import OPEN, Engine, outbox, record, until
from tests.field.wire import account
from tests.support.browser import ContextFactory

OLD_TAB = """() => new Promise((ready) => {
  const request = indexedDB.open('cdtteam');
  request.onsuccess = () => { window.held = request.result; ready(); };
})"""
TIMED = """() => {
  const open = IDBFactory.prototype.open;
  IDBFactory.prototype.open = function (...args) { window.began ??= performance.now(); return open.apply(this, args); };
}"""
OPEN_LATER = "(args) => { void (" + OPEN + ")(args); }"


def test_message_and_then_all_is_there(phone: ContextFactory) -> None:
    engine = Engine(phone)
    first = engine.open(account())
    record(first, 2)
    first.close()
    old = engine.blank()
    old.evaluate(OLD_TAB)

    def newer(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("VERSION = 2;", "VERSION = 3;"))

    engine.context.route("**/store/db.js", newer)
    page = engine.blank()
    page.evaluate(TIMED)
    page.evaluate(OPEN_LATER, [engine.base(), {}])
    until(page, "window.notes?.includes('blocked')")
    assert page.evaluate("() => noted.blocked - began") < 3000
    old.evaluate("() => held.close()")
    until(page, "window.store && notes.includes('unblocked')")
    assert outbox(page) == 2


def test_a_tab_of_ours_makes_room_by_itself(phone: ContextFactory) -> None:
    engine = Engine(phone)
    old = engine.open(account())
    record(old)

    def newer(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("VERSION = 2;", "VERSION = 3;"))

    engine.context.route("**/store/db.js", newer)
    page = engine.blank()
    # What says "blocked" here is the database, and not how long a slow machine takes.
    page.clock.install()
    page.clock.pause_at(datetime.now(UTC) + timedelta(minutes=1))
    page.evaluate(OPEN, [engine.base(), {}])
    assert (outbox(page), page.evaluate("() => notes")) == (1, [])
    said = old.evaluate("() => store.recordVisits([visit()]).then(() => 'saved', (error) => error.code)")
    assert said == "outdated"
