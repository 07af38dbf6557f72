"""F19: a broken service worker was deployed; the kill switch at the same address frees phones, the outbox intact."""

from pathlib import Path

from tests.field.engine import SHELL_S, Engine, outbox, record, until
from tests.field.site import Site, new_app, next_version
from tests.field.wire import account
from tests.support.browser import ContextFactory

REGISTER = "async () => { await navigator.serviceWorker.register('/sw.js'); await navigator.serviceWorker.ready; }"
BROKEN = """self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('fetch', (event) => event.respondWith(new Response('broken', { status: 200 })));
"""


def break_worker(folder: Path) -> None:
    (folder / "sw.js").write_text(BROKEN, encoding="utf-8")


def test_phones_are_freed(phone: ContextFactory, tmp_path: Path) -> None:
    engine = Engine(phone, at=Site(next_version(tmp_path, break_worker)))
    page = engine.open(account())
    record(page, 2)
    page.evaluate(REGISTER)
    page.close()
    page = engine.context.new_page()
    page.goto("/")
    assert page.inner_text("body") == "broken"

    engine.site.app = new_app(CDT_SERVICE_WORKER="off")
    page.reload()
    until(page, "(await navigator.serviceWorker.getRegistrations()).length === 0", SHELL_S)
    page.close()
    page = engine.context.new_page()
    page.goto("/")
    until(page, "document.querySelector('main h1, header h1')")
    assert page.evaluate("() => caches.keys()") == []
    page.close()
    assert outbox(engine.open()) == 2
