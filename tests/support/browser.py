"""Chromium for the tests: nothing but loopback exists for it, and what a page complains of fails the test."""

import asyncio
import re
import shutil
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, Literal

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    WebError,
    expect,
    sync_playwright,
)
from playwright.sync_api import Error as PlaywrightError

from tests.support.availability import UnavailableError

# The last list of features counts, so Playwright's is repeated. Its end is ours: the address bar's pages, which each
# context would load before its own, and nobody sees.
FEATURES_OFF: Final = (
    "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect", "TcpPortRandomizationWin", "OptimizationHints", "NetworkTimeServiceQuerying",
    "AimEnabled", "PreconnectToSearch", "WebUIOmniboxPopup", "WebUIOmniboxAimPopup",
)  # fmt: skip
FLAGS: Final = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--gaia-url=http://127.0.0.1:9/",
    "--component-updater=url-source=http://127.0.0.1:9/",
    f"--disable-features={','.join(FEATURES_OFF)}",
)
NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

NETWORK_ERRORS: Final = r"net::ERR_|error occurred when fetching the script"
"""For `allow`: requests that failed because the connection or their page did, the worker's own script among them."""

PATIENCE_MS: Final = 20_000
"""How long a test waits for what it expects to see: a machine that does much else is slow, and that is no fault."""

ACTING_MS: Final = 60_000
"""How long a click may take, which ends when the page comes to which it leads: the server may have long work to do."""

CLOSING_SECONDS: Final = 30
"""How long a context may take to close before its browser is given up."""

GIVEN_UP: Final = "Chromium did not close a context: it is started anew"

Device = Literal["phone", "desk"]
DEVICES: Final[dict[Device, dict[str, Any]]] = {
    "phone": {
        "viewport": {"width": 360, "height": 740},
        "device_scale_factor": 2,
        "has_touch": True,
        "is_mobile": True,
    },
    "desk": {"viewport": {"width": 1280, "height": 800}},
}
VIETNAM: Final = {"locale": "vi-VN", "timezone_id": "Asia/Ho_Chi_Minh"}


def http_errors(*statuses: int) -> str:
    """For `allow`: answers with one of these statuses, which Chromium writes to the console."""
    return rf"status of ({'|'.join(map(str, statuses))})\b"


@contextmanager
def started_playwright() -> Iterator[Playwright]:
    """Playwright's driver for the length of the block."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as api:
        yield api


def chromium_path(api: Playwright) -> str:
    """The system's Chromium, else Playwright's own. Raises UnavailableError when there is none."""
    for name in NAMES:
        if found := shutil.which(name):
            return found
    if Path(api.chromium.executable_path).exists():
        return api.chromium.executable_path
    raise UnavailableError("no Chromium: apt install chromium, or .venv/bin/playwright install chromium")


def launch(api: Playwright) -> Browser:
    """A headless Chromium."""
    path = chromium_path(api)
    try:
        return api.chromium.launch(executable_path=path, args=FLAGS, chromium_sandbox=False)
    except PlaywrightError as error:
        raise UnavailableError(f"{path} does not start: {error.message[:500]}") from error


class Chromium:
    """One Chromium for many contexts; where it stops answering, the next context gets a new one."""

    def __init__(self, api: Playwright) -> None:
        """Raises UnavailableError when there is none."""
        self._api = api
        self._browser = launch(api)

    def new_context(self, **options: Any) -> BrowserContext:
        """As Playwright's."""
        if not self._browser.is_connected():
            self._browser = launch(self._api)
        return self._browser.new_context(**options)

    def close_context(self, context: BrowserContext, within: float = CLOSING_SECONDS) -> None:
        """Closes it. Some Chromium now and then never ends a context whose worker is being exchanged, and Playwright
        would wait for ever: then the whole browser is given up."""
        if not _is_over(context, within):
            warnings.warn(GIVEN_UP, RuntimeWarning, stacklevel=1)
            if not _is_over(self._browser, within):
                self._browser = launch(self._api)

    def end(self) -> None:
        """Ends it."""
        _is_over(self._browser, CLOSING_SECONDS)


def _is_over(part: Browser | BrowserContext, within: float) -> bool:
    """Closes; whether that came to an end in time. Playwright's own close knows no time-out."""
    try:
        part._sync(asyncio.wait_for(part._impl_obj.close(reason=None), within))
    except TimeoutError:
        return False
    return True


@contextmanager
def persistent(
    api: Playwright, folder: Path, device: Device = "phone", *, allow: Sequence[str] = (), **options: Any
) -> Iterator[BrowserContext]:
    """A Chromium whose storage lives in `folder`: opened again, it is the same phone after its battery ran out."""
    settings = {**DEVICES[device], **VIETNAM, **options}
    path = chromium_path(api)
    context = api.chromium.launch_persistent_context(
        folder, executable_path=path, args=FLAGS, chromium_sandbox=False, **settings
    )
    context.set_default_timeout(ACTING_MS)
    complaints = Complaints(context, allow)
    try:
        yield context
    finally:
        complaints.end()
        context.close()
    complaints.raise_any()


class Complaints:
    """What the pages and workers of a context complain of: console errors, uncaught exceptions, CSP violations."""

    def __init__(self, context: BrowserContext, allow: Sequence[str]) -> None:
        self.texts: list[str] = []
        self._context = context
        self._allowed = [re.compile(pattern) for pattern in allow]
        context.on("console", self._on_console)
        context.on("weberror", self._on_error)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "assert"} or "Content Security Policy" in message.text:
            self._note(f"{message.location.get('url', '')}: {message.text}")

    def _on_error(self, error: WebError) -> None:
        self._note(f"uncaught: {error.error.stack or error.error.message}")

    def _note(self, text: str) -> None:
        if not any(pattern.search(text) for pattern in self._allowed):
            self.texts.append(text)

    def end(self) -> None:
        """Hears what was said so far and no more: what closing cuts short (a script on its way, a worker that is being
        registered) is no fault of the page's."""
        for page in self._context.pages:
            with suppress(PlaywrightError):
                page.evaluate("0")
        self._context.remove_listener("console", self._on_console)
        self._context.remove_listener("weberror", self._on_error)

    def raise_any(self) -> None:
        """Fails when anything was noted."""
        if self.texts:
            raise AssertionError("The browser complained:\n  " + "\n  ".join(self.texts))


class ContextFactory:
    """Makes the contexts of one test."""

    def __init__(self, chromium: Chromium, device: Device) -> None:
        self._chromium = chromium
        self._device = device
        self._contexts: list[BrowserContext] = []
        self._complaints: list[Complaints] = []

    def __call__(self, base_url: str | None = None, *, allow: Sequence[str] = (), **options: Any) -> BrowserContext:
        """A context of this device, in Vietnamese. `allow` holds patterns of console errors that the test expects
        (NETWORK_ERRORS, http_errors(401), …); `options` go to Playwright's `new_context`."""
        context = self._chromium.new_context(base_url=base_url, **{**DEVICES[self._device], **VIETNAM, **options})
        context.set_default_timeout(ACTING_MS)
        self._contexts.append(context)
        self._complaints.append(Complaints(context, allow))
        return context

    def close(self) -> None:
        """Closes what is still open, once its complaints have arrived."""
        for context, complaints in zip(self._contexts, self._complaints, strict=True):
            complaints.end()
            self._chromium.close_context(context)

    def raise_complaints(self) -> None:
        """Fails for the first context that complained."""
        for complaints in self._complaints:
            complaints.raise_any()


@contextmanager
def open_contexts(chromium: Chromium, device: Device) -> Iterator[ContextFactory]:
    """A factory for the length of the block; its contexts are closed and their complaints raised at the end."""
    factory = ContextFactory(chromium, device)
    try:
        yield factory
    finally:
        factory.close()
    factory.raise_complaints()


def kill(page: Page) -> None:
    """Ends the page's process as the system does when memory runs out: no event tells the page."""
    with page.expect_event("crash"), suppress(PlaywrightError):
        page.goto("chrome://crash")
    page.close()
