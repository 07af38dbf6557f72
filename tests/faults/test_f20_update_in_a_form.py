"""F20: an update arrives in the middle of a form: nothing reloads while the form is dirty; then one tap takes it."""

from pathlib import Path

from playwright.sync_api import Page

from tests.field.engine import SHELL_S, Engine, until
from tests.field.site import Site, add_line, new_app, next_version
from tests.support.browser import ContextFactory

START = """async ([base, isDirty]) => {
  const { startWorker } = await import(`${base}/field/sync/worker.js`);
  Object.assign(window, { isDirty, isSame: true, loaded: 0 });
  await startWorker({ isDirty: () => isDirty, onUpdate: (apply) => { window.take = apply; } });
  await navigator.serviceWorker.ready;
}"""
CONTROLLED = "navigator.serviceWorker.controller?.state === 'activated'"
NAMES = "async () => (await caches.keys()).length"


def open_page(engine: Engine, base: str, *, is_dirty: bool) -> Page:
    page = engine.blank()
    page.evaluate(START.replace("isDirty: () => isDirty", "isDirty: () => window.isDirty"), [base, is_dirty])
    until(page, CONTROLLED)
    return page


def update(page: Page) -> None:
    page.evaluate("async () => (await navigator.serviceWorker.getRegistration()).update()")


def test_never_in_the_middle(phone: ContextFactory, tmp_path: Path) -> None:
    engine = Engine(phone, at=Site(new_app()))
    base = engine.base()
    form = open_page(engine, base, is_dirty=True)
    other = open_page(engine, base, is_dirty=True)
    engine.site.app = next_version(tmp_path, add_line)
    update(form)
    until(form, "window.take", SHELL_S)
    form.evaluate("() => window.take()")
    form.wait_for_timeout(500)
    assert form.evaluate("() => window.isSame")
    assert form.evaluate(NAMES) == 2

    form.evaluate("() => { window.isDirty = false; window.take(); }")
    until(form, "!window.isSame")
    until(form, CONTROLLED)
    other.wait_for_timeout(300)
    assert other.evaluate("() => window.isSame")
    until(form, "(await caches.keys()).length === 1")
    other.evaluate("() => { window.isDirty = false; window.take(); }")
    until(other, "!window.isSame")  # one tap takes it there too, though another page had the worker change already


def test_taken_by_itself_at_the_next_start(phone: ContextFactory, tmp_path: Path) -> None:
    engine = Engine(phone, at=Site(new_app()))
    base = engine.base()
    page = open_page(engine, base, is_dirty=False)
    keeper = open_page(engine, base, is_dirty=True)
    engine.site.app = next_version(tmp_path, add_line)
    update(page)
    until(page, "window.take", SHELL_S)
    assert page.evaluate("() => window.isSame")
    page.close()
    again = engine.blank()
    again.evaluate("() => { window.isSame = true; }")
    again.evaluate(START.replace("await navigator.serviceWorker.ready;", ""), [engine.base(), False])
    until(again, "!window.isSame")
    assert keeper.evaluate("() => window.isSame")
