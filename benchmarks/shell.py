"""Bytes to the first usable field screen: what the browser asks for until it stands, as the running server sends it."""

from http.client import HTTPConnection
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Request

from benchmarks.fieldphone import chromium, large_server, phone, sign_in, until
from benchmarks.figures import Figure

ENCODINGS = {"br": "brotli", "gzip": "gzip"}
MOST = {"br": 55, "gzip": 60}


def figures() -> list[Figure]:
    """Up to the sign-in, which a new phone shows first; home, the screen after it, needs no further file."""
    with large_server(10, 20) as large, chromium() as browser:
        first = _asked_for(browser, large.url, _first_screen)
        home = _asked_for(browser, large.url, _home_screen)
        sizes = {encoding: _sizes(large.url, home, encoding) for encoding in ENCODINGS}
        early = {encoding: sum(_sizes(large.url, first, encoding).values()) for encoding in ENCODINGS}
    return [figure for encoding in ENCODINGS for figure in _pair(encoding, sizes[encoding], early[encoding])]


def _pair(encoding: str, sizes: dict[str, int], early: int) -> list[Figure]:
    name = ENCODINGS[encoding]
    scripts = sum(size for path, size in sizes.items() if path.endswith(".js")) / 1000
    styles = sum(size for path, size in sizes.items() if path.endswith(".css")) / 1000
    words = sum(size for path, size in sizes.items() if path.endswith(".json")) / 1000
    page = sizes["/"] / 1000
    note = (
        f"{len(sizes)} files: JavaScript {scripts:.1f}, styles {styles:.1f}, words {words:.1f}, "
        f"page {page:.1f}; without heads; {early / 1000:.1f} up to the sign-in screen"
    )
    whole = f"bytes to the first usable field screen, {name}"
    return [
        Figure(whole, sum(sizes.values()) / 1000, "kB", f"< {MOST[encoding]}", note),
        Figure(f"{whole}: of which JavaScript", scripts, "kB", "< 40"),
    ]


def _first_screen(page: Page) -> None:
    page.goto("/")
    until(page, "document.querySelector('#sign_in') !== null")


def _home_screen(page: Page) -> None:
    sign_in(page)


def _asked_for(browser: Browser, url: str, go: object) -> list[str]:
    """The paths of the files that the page asked for, in order; screens fetched ahead and the worker's are left out."""
    asked: list[str] = []

    def note(request: Request) -> None:
        path = urlsplit(request.url).path
        if not path.startswith("/api/") and path not in asked:
            asked.append(path)

    with phone(browser, url, service_workers="block") as context:
        context.add_init_script(NO_FETCHING_AHEAD)
        context.on("request", note)
        assert callable(go)
        go(context.new_page())
    return asked


NO_FETCHING_AHEAD = """{
  const later = window.setTimeout;
  window.setTimeout = (work, delay, ...rest) => (work?.name === "fetchAll" ? 0 : later(work, delay, ...rest));
}"""
"""The other screens are fetched once the first one stands; here that is put off for good, to tell them apart."""


def _sizes(url: str, paths: list[str], encoding: str) -> dict[str, int]:
    """Bytes of the body of each file, packed as the server answers a client that accepts `encoding`."""
    link = HTTPConnection(urlsplit(url).netloc, timeout=30)
    sizes = {}
    for path in paths:
        link.request("GET", path, headers={"Accept-Encoding": encoding})
        answer = link.getresponse()
        sizes[path] = len(answer.read())
        assert answer.status == 200, path
    link.close()
    return sizes
