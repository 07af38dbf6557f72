"""The field app's engine in a real browser, with a wire to a server that tests can make fail at will."""

import time
from collections.abc import Mapping
from typing import Any

from playwright.sync_api import BrowserContext, Page, Route
from playwright.sync_api import Error as PlaywrightError

from tests.field.site import Site, site
from tests.field.wire import VILLAGE, Json, Wire
from tests.support.browser import NETWORK_ERRORS, ContextFactory, http_errors

SHELL_S = 90.0
"""How long a worker may take to bring the whole shell onto the phone."""

EXPECTED = [NETWORK_ERRORS, http_errors(400, 401, 403, 413, 429, 500, 502, 503)]

OPEN = """async ([base, options]) => {
  const names = ['store/index.js', 'sync/index.js', 'sync/session.js', 'sync/ending.js', 'model/ids.js'];
  const modules = await Promise.all(names.map((name) => import(`${base}/field/${name}`)));
  const [{ openStore }, { startSync }, entering, leaving, { uuid7 }] = modules;
  const session = { ...entering, ...leaving };
  Object.assign(window, { openStore, startSync, session, uuid7, notes: [], noted: {} });
  const note = (what) => () => { notes.push(what); noted[what] = performance.now(); };
  const on = { onBlocked: note('blocked'), onUnblocked: note('unblocked'), onUnavailable: note('unavailable') };
  window.store = await openStore(on);
  if (!options.account) return;
  // That somebody came in is told a little later, and begins a round of its own: no test is to meet it in its middle.
  const told = new Promise((end) => { window.store.subscribe((what) => what === 'account' && end()); });
  await window.store.adopt(options.account);
  await told;
}"""

HELPERS = """
window.visit = (more = {}) => ({ id: uuid7(), village_id: '%s', household_id: null, kind: 'home', participants: 1,
  occurred_at: new Date().toISOString(), services: [{ code: 'dvc_online', people: 1, outcome: 'done' }],
  note: '', ...more });
window.household = (more = {}) => ({ id: uuid7(), village_id: '%s', head_name: 'Nguyễn Thị Hoa', ...more });
window.fast = { backoff: 60, timeout: 60000, follow: 200, beat: 100, stale: 60000, random: () => 1 };
window.start = (options = {}) => { window.sync = startSync(store, { ...fast, ...options }); };
0;
"""


CALL = """async ([base, module, name, args]) => {
  const found = await import(`${base}/field/model/${module}.js`);
  return found[name](...args);
}"""


class Engine:
    """A page on which the store is open; screens are left out."""

    def __init__(self, phone: ContextFactory, wire: Wire | None = None, at: Site | None = None, **options: Any) -> None:
        self.site = at or site()
        self.wire = wire or Wire()
        self.context: BrowserContext = phone(self.site.url, allow=EXPECTED, **options)
        blank = "<!doctype html><title>e</title>"
        self.context.route("**/engine.html", lambda route: route.fulfill(content_type="text/html", body=blank))
        self.context.route("**/api/v1/**", self.wire.handle)

    def base(self) -> str:
        """The address of the version's static files."""
        assets = self.site.app.extensions["cdtteam_pwa"].assets
        return f"/static/v-{assets.field_version}"

    def blank(self) -> Page:
        """A page with the helpers alone."""
        page = self.context.new_page()
        page.goto("/engine.html")
        page.evaluate(HELPERS % (VILLAGE, VILLAGE))
        return page

    def open(self, who: Json | None = None, *, sync: bool = False) -> Page:
        """A page with the store open, signed in as `who` where given, sending where asked."""
        page = self.blank()
        page.evaluate(OPEN, [self.base(), {"account": who}])
        if sync:
            page.evaluate("() => start()")
        return page


class Model:
    """Calls a function of the model on a page."""

    def __init__(self, page: Page, base: str) -> None:
        self.page, self.base = page, base

    def __call__(self, module: str, name: str, *args: Any) -> Any:
        return self.page.evaluate(CALL, [self.base, module, name, list(args)])


PLAIN = """async () => {
  const value = (%s);
  return value && (typeof value === 'function' || value instanceof EventTarget || value);
}"""


def _value(page: Page, expression: str) -> Any:
    try:
        return page.evaluate(PLAIN % expression)
    except PlaywrightError as error:
        # The page is loading itself again: ask the new one.
        if "context was destroyed" in str(error):
            return None
        raise


def until(page: Page, condition: str, within: float = 30.0) -> Any:
    """Waits until a JavaScript expression, which may await, is true, and answers its value where that is plain data."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        value = _value(page, condition)
        if value:
            return value
        page.wait_for_timeout(25)
    raise AssertionError(f"not within {within} s: {condition}; state {page.evaluate('() => window.sync?.state()')}")


def until_sent(page: Page, sent: list[str], count: int, within: float = 30.0) -> None:
    """Waits until the server has been given that many things: the phone is also calm before it begins to send."""
    deadline = time.monotonic() + within
    while len(sent) < count and time.monotonic() < deadline:
        page.wait_for_timeout(25)
    assert len(sent) == count


def send_now(page: Page) -> None:
    """Sends and fetches in a round that begins now: one that is under way may have been answered before what the test
    did last."""
    page.evaluate("async () => { await sync.sendNow(); await sync.sendNow(); }")


def hold_next(page: Page, path: str) -> list[Route]:
    """Answers the next request to `path` in no way: it stays open, and stands in this list. Those after it pass. No
    route is taken away, which might give a request that is under way to two handlers."""
    held: list[Route] = []

    def handle(route: Route) -> None:
        if held:
            route.fallback()
        else:
            held.append(route)

    page.route(path, handle)
    return held


def the_held(page: Page, held: list[Route]) -> Route:
    """The request that is held, once it has come."""
    while not held:
        page.wait_for_timeout(25)
    return held[0]


def outbox(page: Page) -> int:
    """How many entries of the member wait."""
    count: int = page.evaluate("() => store.outboxSize()")
    return count


def record(page: Page, count: int = 1, fields: Mapping[str, Any] | None = None) -> list[str]:
    """Records visits one after the other and answers their ids."""
    code = """async ([count, fields]) => {
      const ids = [];
      for (let i = 0; i < count; i++) { const one = visit(fields); ids.push(one.id); await store.recordVisits([one]); }
      return ids; }"""
    ids: list[str] = page.evaluate(code, [count, dict(fields or {})])
    return ids


def record_then_end(engine: Engine, page: Page, count: int = 1, fields: Mapping[str, Any] | None = None) -> list[str]:
    """Visits that were recorded before the phone could hear that its session has ended; it goes on sending."""
    page.evaluate("() => sync.stop()")
    ids = record(page, count, fields)
    engine.wire.signed_in = None
    page.evaluate("() => start()")
    return ids
