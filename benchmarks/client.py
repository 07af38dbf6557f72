"""The field app on a slow phone: Chromium with its CPU slowed six times, a village of 400 households, 5,000 visits.

Times are those of the page's own clock, from the event (or the start of the navigation) to the paint that shows it.
The page's thread is slowed; its worker's, the database's and the server's are not.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from playwright.sync_api import BrowserContext

from benchmarks.fieldphone import Large, large_server, sign_in, throttle, until
from benchmarks.figures import ALTERNATIONS, Figure, quick
from benchmarks.large import HOUSEHOLDS, VISITS
from tests.support.browser import persistent, started_playwright

OPENINGS = quick(1, 5)
WORDS = ("nguyen thi", "tran van hai", "xom chua", "le")
SAVES = quick(3, 10)
SLOWER = 6
MBIT, ROUND_TRIP_S = 1.6, 0.15

WATCH = """{
  const painted = (then) => requestAnimationFrame(() => { const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => then(performance.now()); port2.postMessage(0); });
  const shown = {};
  const signs = { list: ".rows a.row", home: "a[href='#/several']", signIn: "#sign_in" };
  window.shown = shown;
  window.took = [];
  new MutationObserver(() => {
    for (const [name, selector] of Object.entries(signs)) {
      if (name in shown || !document.querySelector(selector)) continue;
      shown[name] = 0;
      painted((at) => { shown[name] = at; });
    }
    if (window.tapped && document.querySelector(".done-mark")) {
      const from = window.tapped;
      window.tapped = 0;
      painted((at) => took.push(at - from));
    }
  }).observe(document, { childList: true, subtree: true });
  addEventListener("click", ({ target, timeStamp }) => {
    if (target.closest(".primary.big")) window.tapped = timeStamp;
  }, true);
  addEventListener("input", ({ target, timeStamp }) => {
    if (target.id === "find") painted((at) => took.push(at - timeStamp));
  }, true);
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.lcp = entry.startTime; })
    .observe({ type: "largest-contentful-paint", buffered: true });
}"""
"""Notes when what a person waits for has been painted; `took` are the milliseconds of keystrokes and of savings."""


def figures() -> list[Figure]:
    """Everything of this part."""
    households, visits = quick(60, HOUSEHOLDS), quick(300, VISITS)
    with large_server(households, visits, with_tasks=True) as large, _kept_phone(large) as context:
        openings = {
            address: _openings(context, large, address) for address in ("#/households", "", "#/tasks", "#/next")
        }
        keys = _keystrokes(context, large)
        saves = _saves(context, large)
        context.set_offline(False)
    with large_server(10, 20) as large:
        colds = [_cold_load(large) for _ in range(ALTERNATIONS)]
    where = f"CPU ×{SLOWER}, {households} households, {visits:,} visits"
    home = f"home screen {median(openings['']):,.0f} ms; {_spread(openings['#/households'])}"
    link = f"{MBIT} Mbit/s, {ROUND_TRIP_S * 1000:.0f} ms, CPU ×{SLOWER}"
    forms = [form for _, form in colds]
    return [
        Figure(f"{where}: opening offline to a usable list", median(openings["#/households"]), "ms", "< 1000", home),
        *(
            Figure(
                f"{where}: opening offline to {what}",
                median(openings[address]),
                "ms",
                "< 1000",
                _spread(openings[address]),
            )
            for address, what in (("#/tasks", "the tasks"), ("#/next", "whom to visit next"))
        ),
        Figure(f"{where}: a keystroke to results", median(keys), "ms", "< 50", f"{_spread(keys)}; 60 frames a second"),
        Figure(f"{where}: “save” to “saved”", median(saves), "ms", "< 100", _spread(saves)),
        Figure(
            f"cold first load, {link}: LCP",
            median(lcp for lcp, _ in colds),
            "ms",
            "< 1500",
            f"sign-in form {median(forms):,.0f} ms; HTTP/1.1, which opens six connections",
        ),
    ]


def _spread(times: list[float]) -> str:
    ordered = sorted(times)
    return f"{len(times)} times, the slowest {ordered[-1]:,.0f}, the fastest {ordered[0]:,.0f}"


@contextmanager
def _new_phone(large: Large) -> Iterator[BrowserContext]:
    """A phone on which nothing is stored; what its console says of a missing network is no matter here."""
    with (
        started_playwright() as api,
        TemporaryDirectory() as folder,
        persistent(api, Path(folder), allow=[".*"], base_url=large.proxy.url) as context,
    ):
        yield context


@contextmanager
def _kept_phone(large: Large) -> Iterator[BrowserContext]:
    """A phone that has all data and the whole app, and then no network."""
    with _new_phone(large) as context:
        page = context.new_page()
        sign_in(page)
        until(page, "navigator.serviceWorker.controller !== null")
        page.close()
        context.add_init_script(WATCH)
        context.set_offline(True)
        yield context


def _openings(context: BrowserContext, large: Large, address: str) -> list[float]:
    """Milliseconds from the navigation to the screen, each time in a new page."""
    return [_opening(context, large, address) for _ in range(OPENINGS)]


def _opening(context: BrowserContext, large: Large, address: str) -> float:
    page = context.new_page()
    session = throttle(page, SLOWER)
    page.goto(f"{large.proxy.url}/{address}")
    took: float = until(page, f"shown.{'list' if address else 'home'}")
    session.detach()
    page.close()
    return took


def _keystrokes(context: BrowserContext, large: Large) -> list[float]:
    page = context.new_page()
    session = throttle(page, SLOWER)
    page.goto(f"{large.proxy.url}/#/households")
    until(page, "shown.list")
    page.locator("#find").focus()
    for words in WORDS[: quick(1, len(WORDS))]:
        for letter in words:
            page.keyboard.press("Space" if letter == " " else letter)
            page.wait_for_timeout(250)
        for _ in words:
            page.keyboard.press("Backspace")
            page.wait_for_timeout(250)
    took: list[float] = page.evaluate("() => took")
    session.detach()
    page.close()
    return took


def _saves(context: BrowserContext, large: Large) -> list[float]:
    page = context.new_page()
    page.goto(f"{large.proxy.url}/#/visit/new")
    until(page, "shown.list")
    session = throttle(page, SLOWER)
    links = page.locator(".rows a.row").evaluate_all("all => all.map((one) => one.getAttribute('href'))")
    for link in links[:SAVES]:
        before = page.evaluate("() => took.length")
        page.evaluate("(link) => { location.hash = link; }", link)
        until(page, "document.querySelector('#services .pick') !== null")
        page.wait_for_timeout(400)
        page.locator("#services .pick").first.tap()
        page.wait_for_timeout(600)
        page.locator("button.primary.big").tap()
        until(page, f"took.length > {before}")
        page.wait_for_timeout(400)
    took: list[float] = page.evaluate("() => took")
    session.detach()
    page.close()
    return took


def _cold_load(large: Large) -> tuple[float, float]:
    """LCP and the moment of the sign-in form, in milliseconds, on a phone that has never been here."""
    with _new_phone(large) as context:
        context.add_init_script(WATCH)
        page = context.new_page()
        throttle(page, SLOWER)
        large.proxy.slow(latency_s=ROUND_TRIP_S / 2, bytes_per_s=MBIT * 1e6 / 8)
        page.goto("/", wait_until="commit")
        form = until(page, "window.shown?.signIn")
        page.wait_for_timeout(1000)
        lcp = page.evaluate("() => window.lcp")
        large.proxy.heal()
        return lcp, form
