"""F18, on the phone: the server has a new version and the phone the old shell: it opens, whole, and then follows."""

from pathlib import Path

from playwright.sync_api import Page

from tests.field.engine import SHELL_S, Engine, until
from tests.field.site import Site, add_line, new_app, next_version
from tests.support.browser import ContextFactory

VERSION = "() => document.documentElement.dataset.version"
STANDS = "document.querySelector('main') && (await navigator.serviceWorker.ready).active?.state === 'activated'"
FOLLOWED = """document.documentElement.dataset.version !== '%s'
  || [...document.querySelectorAll('.banner button')].find((one) => one.textContent === 'Cập nhật')?.click()"""
"""It is taken at the start; a phone that needs over ten seconds for its start is offered it, and a tap takes it."""
NEWEST = "(await navigator.serviceWorker.getRegistration())?.waiting"


def open_app(engine: Engine) -> Page:
    page = engine.context.new_page()
    page.goto("/")
    until(page, STANDS, SHELL_S)
    return page


def test_old_shell_opens_and_the_new_one_follows(phone: ContextFactory, tmp_path: Path) -> None:
    engine = Engine(phone, at=Site(new_app()))
    engine.wire.signed_in = None
    page = open_app(engine)
    old = page.evaluate(VERSION)
    page.wait_for_load_state("networkidle")  # nothing that it asks for is to be heard later
    page.close()

    engine.site.app = next_version(tmp_path, add_line)
    engine.site.served.clear()
    page = open_app(engine)
    assert page.evaluate(VERSION) == old
    until(page, "document.querySelector('form')")
    assert [path for path in engine.site.served if old in path] == []
    until(page, NEWEST, SHELL_S)
    page.close()

    page = open_app(engine)
    until(page, FOLLOWED % old, SHELL_S)
    new = page.evaluate(VERSION)
    until(page, "document.querySelector('form')")
    assert len(page.evaluate("async () => (await caches.keys()).filter((name) => name.startsWith('cdtteam-'))")) == 1
    engine.context.set_offline(True)
    page.reload()
    until(page, "document.querySelector('form')")
    assert page.evaluate(VERSION) == new
