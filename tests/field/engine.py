"""The field app's engine in a real browser, with a wire to a server that tests can make fail at will."""

import gzip
import json
import logging
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from flask import Flask
from playwright.sync_api import BrowserContext, Page, Route
from playwright.sync_api import Error as PlaywrightError
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from cdtteam.app import create_app
from cdtteam.pwa.views import Shell
from tests.support.browser import NETWORK_ERRORS, ContextFactory, http_errors

Json = dict[str, Any]
VILLAGE = "0197b0c2-0000-7000-8000-000000000001"
TEAM = "0197b0c2-0000-7000-8000-0000000000aa"
EPOCH = "b3f10000-0000-7000-8000-000000000000"
PROTOCOL = {"Cdt-Protocol": "1", "Content-Type": "application/json"}
EXPECTED = [NETWORK_ERRORS, http_errors(400, 401, 403, 413, 429, 500, 502, 503)]


class Site:
    """The application on a loopback port; `app` may be exchanged while it runs, as an operator's update does.

    The paths in `cut` arrive truncated.
    """

    def __init__(self, app: Flask) -> None:
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self.app = app
        self.served: list[str] = []
        self.cut: set[str] = set()
        server = make_server("127.0.0.1", 0, self._answer, threaded=True)
        self.url = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()

    def _answer(self, environ: Json, start: Any) -> Iterable[bytes]:
        self.served.append(environ["PATH_INFO"])
        if environ["PATH_INFO"] == "/trickle":
            start("200 OK", [("Content-Type", "application/json"), ("Cdt-Protocol", "1")])
            return _drops()
        if environ["PATH_INFO"] not in self.cut:
            return self.app(environ, start)
        environ.pop("HTTP_ACCEPT_ENCODING", None)
        answer = Response.from_app(self.app, environ)
        return Response(answer.data[:100], content_type=answer.content_type)(environ, start)


def _drops() -> Iterator[bytes]:
    """An answer that never ends, a byte at a time."""
    for _ in range(200):
        time.sleep(0.05)
        yield b" "


def new_app(**config: Any) -> Flask:
    """The application without a database: only the field app's files are asked of it here."""
    folder = mkdtemp(prefix="cdtteam-field-")
    return create_app({"CDT_INSTANCE": folder, "CDT_DATABASE_URL": f"sqlite:///{folder}/none.db", **config})


@lru_cache(maxsize=1)
def site() -> Site:
    """One site for all tests of a process."""
    return Site(new_app())


def account(number: int = 1, **more: Any) -> Json:
    """The session's JSON of a volunteer."""
    member = f"0197b0c2-0000-7000-8000-00000000010{number}"
    known = {"role": "volunteer", "village_ids": [VILLAGE], "locale": "vi", "team_id": TEAM, "synthetic": True}
    return {"member_id": member, "name": f"Thành viên {number}", **known, **more}


@dataclass
class Wire:
    """An honest server in a few lines: a ledger, one village's log, pages. `faults` are asked first, oldest first."""

    signed_in: Json | None = field(default_factory=account)
    ledger: dict[str, Json] = field(default_factory=dict)
    log: list[Json] = field(default_factory=list)
    requests: list[Json] = field(default_factory=list)
    faults: list[Callable[[Route, Json], bool]] = field(default_factory=list)
    refuse: Callable[[Json], Json | None] = lambda _mutation: None
    epoch: str = EPOCH
    page: int = 2000
    effects: list[str] = field(default_factory=list)

    def handle(self, route: Route) -> None:
        """Answers a request of the page."""
        request = route.request
        if request.url.endswith("/api/v1/session"):
            return self._session(route)
        raw = request.post_data_buffer or b"{}"
        body = json.loads(gzip.decompress(raw) if request.headers.get("content-encoding") == "gzip" else raw)
        self.requests.append(body)
        if self.faults and self.faults[0](route, body):
            return None
        if self.signed_in is None:
            return route.fulfill(status=401, headers=PROTOCOL, body='{"code": "signed_out"}')
        return route.fulfill(status=200, headers=PROTOCOL, body=json.dumps(self.answer(body)))

    def _session(self, route: Route) -> None:
        if route.request.method == "DELETE":
            self.signed_in = None
            return route.fulfill(status=204, headers=PROTOCOL)
        if self.signed_in is None:
            return route.fulfill(status=401, headers=PROTOCOL, body='{"code": "signed_out"}')
        return route.fulfill(status=200, headers=PROTOCOL, body=json.dumps(self.signed_in))

    def answer(self, body: Json) -> Json:
        """Judges a request's mutations and reads the page after its cursor."""
        results = [self._judge(mutation) for mutation in body["mutations"]]
        after = int(body["cursor"] or 0)
        common = {"protocol": 1, "server_time": now(), "epoch": self.epoch, "results": results}
        if body["epoch"] not in (None, self.epoch):
            return {**common, "changes": [], "cursor": None, "more": True}
        rest = [change for change in self.log if change["version"] > after]
        size = min(self.page, body.get("page", 2000))
        changes = rest[:size]
        cursor = str(changes[-1]["version"] if changes else after)
        return {**common, "changes": changes, "cursor": cursor, "more": len(rest) > size}

    def _judge(self, mutation: Json) -> Json:
        identifier = mutation["id"]
        if identifier in self.ledger:
            return {"id": identifier, "status": "duplicate", "first": self.ledger[identifier]}
        if why := self.refuse(mutation):
            return {"id": identifier, "status": "refused", "field": None, "message": "…", **why}
        self.ledger[identifier] = {"id": identifier, "status": "applied"}
        self.effects.append(identifier)
        self._apply(mutation)
        return self.ledger[identifier]

    def _apply(self, mutation: Json) -> None:
        kind, verb = mutation["type"].split(".")
        args = mutation["args"]
        if verb in ("create", "record"):
            self.put(kind, {"author_id": mutation["member_id"], "team_id": TEAM, "counted": True, **args})
        elif verb in ("update", "amend"):
            old = next(change["data"] for change in reversed(self.log) if change["id"] == args["id"])
            self.put(kind, {**old, **{key: args[key] for key in args if key not in ("reason", "base_version")}})
        elif verb == "withdraw":
            self.put(kind, {"id": args["id"], "village_id": VILLAGE}, gone="withdrawn")

    def put(self, kind: str, data: Json, **gone: Any) -> None:
        """A change of a row, at the end of the log."""
        self.log = [change for change in self.log if change["id"] != data["id"]]
        version = self.version = getattr(self, "version", 0) + 1
        received = {"received_at": now()} if kind == "visit" else {}
        common = {"kind": kind, "village_id": data.get("village_id", VILLAGE), "id": data["id"], "version": version}
        self.log.append({**common, **(gone or {"data": {**data, **received}})})

    @property
    def sent(self) -> list[str]:
        """The ids of all mutations that arrived, in order, repetitions included."""
        return [mutation["id"] for request in self.requests for mutation in request["mutations"]]


def now() -> str:
    """The server's clock."""
    return time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime())


def times(count: int, fault: Callable[[Route, Json], None], wire: Wire) -> None:
    """Meets the next `count` requests with a fault."""
    left = [count]

    def meet(route: Route, body: Json) -> bool:
        left[0] -= 1
        if left[0] <= 0:
            wire.faults.remove(meet)
        fault(route, body)
        return True

    wire.faults.append(meet)


def status(code: int, body: str = '{"code": "server_fault"}', **headers: str) -> Callable[[Route, Json], None]:
    """A fault: an answer of the server with this status."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda route, _body: route.fulfill(status=code, headers={**PROTOCOL, **named}, body=body)


def trickling(route: Route, _body: Json) -> None:
    """A fault: the headers come at once, the body a byte at a time, for ever."""
    route.continue_(url=f"{route.request.url.split('/api/')[0]}/trickle")


def reply_lost(wire: Wire) -> Callable[[Route, Json], None]:
    """A fault: the server takes the batch and the answer never arrives."""

    def lose(route: Route, body: Json) -> None:
        wire.answer(body)
        route.abort()

    return lose


OPEN = """async ([base, options]) => {
  const names = ['store/index.js', 'sync/index.js', 'sync/session.js', 'model/ids.js'];
  const modules = await Promise.all(names.map((name) => import(`${base}/field/${name}`)));
  const [{ openStore }, { startSync }, session, { uuid7 }] = modules;
  Object.assign(window, { openStore, startSync, session, uuid7, notes: [] });
  const note = (what) => () => notes.push(what);
  const on = { onBlocked: note('blocked'), onUnblocked: note('unblocked'), onUnavailable: note('unavailable') };
  window.store = await openStore(on);
  if (options.account) await window.store.adopt(options.account);
}"""

HELPERS = """
window.visit = (more = {}) => ({ id: uuid7(), village_id: '%s', household_id: null, kind: 'home', participants: 1,
  occurred_at: new Date().toISOString(), services: [{ code: 'dvc_online', people: 1, outcome: 'done' }],
  note: '', ...more });
window.household = (more = {}) => ({ id: uuid7(), village_id: '%s', head_name: 'Nguyễn Thị Hoa', ...more });
window.fast = { backoff: 60, timeout: 1500, follow: 200, beat: 100, stale: 600, random: () => 1 };
window.start = (options = {}) => { window.sync = startSync(store, { ...fast, ...options }); };
0;
"""


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


def next_version(folder: Path, change: Callable[[Path], object], **config: Any) -> Flask:
    """The application after an update: the static files in a copy, changed."""
    app = new_app(**config)
    app.static_folder = str(shutil.copytree(Path(app.static_folder or ""), folder / "static"))
    change(Path(app.static_folder))
    shell = Shell(app)
    app.extensions["cdtteam_pwa"] = shell
    app.jinja_env.globals["asset"] = shell.assets.url
    return app


def add_line(folder: Path) -> None:
    """The smallest update: another value in a module."""
    module = folder / "field" / "model" / "status.js"
    module.write_text(module.read_text(encoding="utf-8") + "export const isNew = true;\n", encoding="utf-8")
