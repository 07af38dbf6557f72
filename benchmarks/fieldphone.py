"""The field app in Chromium as the benchmarks use it: on a large village and a server of its own."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

from benchmarks.large import give_large, make_large
from benchmarks.serving import fresh_database, served
from tests.support.browser import DEVICES, VIETNAM, launch, started_playwright
from tests.support.faultproxy import FaultProxy, fault_proxy
from tests.support.world import PASSWORD, World

SIGN_IN = "an"


@dataclass
class Large:
    """A server with a large village, and a proxy in front of it that can be slow."""

    world: World
    url: str
    proxy: FaultProxy


@contextmanager
def large_server(households: int, visits: int, *, with_tasks: bool = False) -> Iterator[Large]:
    """The production server on SQLite, with two workers; `with_tasks` given to the village's team."""
    with fresh_database("sqlite") as (url, instance):
        world = make_large(url, instance, households, visits)
        if with_tasks:
            give_large(world, url, instance)
        with served(url, instance) as server, fault_proxy(server.url) as proxy:
            yield Large(world, server.url, proxy)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A Chromium of our own."""
    with started_playwright() as api:
        browser = launch(api)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def phone(browser: Browser, url: str, **options: Any) -> Iterator[BrowserContext]:
    """A phone on which nothing is stored yet."""
    context = browser.new_context(base_url=url, **{**DEVICES["phone"], **VIETNAM, **options})
    try:
        yield context
    finally:
        context.close()


def throttle(page: Page, rate: int = 6) -> CDPSession:
    """Slows the page's CPU; it stays slow as long as the session that comes back is kept."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": rate})
    return session


def until(page: Page, condition: str, limit: float = 60) -> Any:
    """Polls until a JavaScript expression is true (the CSP forbids Playwright's own way), and answers its value."""
    end = time.monotonic() + limit
    while not (value := page.evaluate(f"async () => ({condition})")):
        if time.monotonic() > end:
            raise AssertionError(f"never true: {condition}")
        page.wait_for_timeout(20)
    return value


STORE = """async () => {
  const main = document.querySelector("script[type=module]").src;
  const { openStore } = await import(new URL("store/index.js", main).href);
  window.store = window.store || await openStore({});
}"""


def sign_in(page: Page) -> None:
    """Signs in through the form and waits until the first pull has come to its end."""
    page.goto("/")
    page.locator("#sign_in").fill(SIGN_IN)
    page.locator("#password").fill(PASSWORD)
    page.locator("form button").click()
    until(page, "document.querySelector('a[href=\"#/several\"]') !== null")
    page.evaluate(STORE)
    until(page, "store.isComplete()", 120)
