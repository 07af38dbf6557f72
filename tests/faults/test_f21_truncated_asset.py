"""F21: a file is truncated on its way into the cache: the install fails on its hash, and the old shell stays."""

from pathlib import Path

from tests.field.engine import SHELL_S, Engine, until
from tests.field.site import Site, add_line, new_app, next_version
from tests.support.browser import ContextFactory

REGISTER = "async () => { await navigator.serviceWorker.register('/sw.js'); await navigator.serviceWorker.ready; }"
UPDATE = """async () => {
  const registration = await navigator.serviceWorker.getRegistration();
  const ended = new Promise((end) => {
    const follow = (worker) => worker?.addEventListener('statechange', () => end(worker.state));
    registration.addEventListener('updatefound', () => follow(registration.installing));
    follow(registration.installing);
  });
  await registration.update();
  return registration.waiting ? 'installed' : ended;
}"""


def test_old_shell_stays(phone: ContextFactory, tmp_path: Path) -> None:
    engine = Engine(phone, at=Site(new_app()))
    page = engine.blank()
    page.evaluate(REGISTER)
    old = until(page, "(await caches.keys())[0]")

    engine.site.app = next_version(tmp_path, add_line)
    cut = f"{engine.base()}/field/screens/home.js"
    engine.site.cut.add(cut)
    assert page.evaluate(UPDATE) == "redundant"
    assert page.evaluate("() => caches.keys()") == [old]
    assert engine.site.served.count(cut) == 2
    opened = engine.context.new_page()
    opened.goto("/")
    assert opened.evaluate("() => document.documentElement.dataset.version") in old

    engine.site.cut.clear()
    # The page that was opened looks for an update too, and may have found the file still cut.
    until(page, f"(await ({UPDATE})()) === 'installed'", SHELL_S)
