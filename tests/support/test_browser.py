"""The browser fixtures have the sizes they promise, and fail a test when a page complains."""

import os
import signal
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.support.axe import axe_findings
from tests.support.browser import (
    GIVEN_UP,
    NETWORK_ERRORS,
    Chromium,
    ContextFactory,
    http_errors,
    kill,
    open_contexts,
    persistent,
)
from tests.support.pages import serve

CSP = "default-src 'self'; require-trusted-types-for 'script'; trusted-types lit-html"


def page(body: str) -> tuple[str, bytes]:
    head = '<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Trang</title></head>'
    return "text/html; charset=utf-8", f"{head}<body><main><h1>Trang</h1>{body}</main></body></html>".encode()


def test_sizes(phone: ContextFactory, desk: ContextFactory) -> None:
    measure = "() => [innerWidth, innerHeight, navigator.maxTouchPoints > 0, navigator.language]"
    with serve({"/": page("")}) as site:
        for factory, expected in ((phone, [360, 740, True, "vi-VN"]), (desk, [1280, 800, False, "vi-VN"])):
            tab = factory(site.url).new_page()
            tab.goto("/")
            tab.set_content('<meta name="viewport" content="width=device-width">')
            assert tab.evaluate(measure) == expected


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("<script src='/error.js'></script>", "that went wrong"),
        ("<script src='/throw.js'></script>", "nobody caught this"),
        ("<script src='/eval.js'></script>", "TrustedScript"),
        ("<script>1</script>", "Content Security Policy"),
        ("<img src='/absent.png' alt=''>", "404"),
    ],
)
def test_complaints_fail_the_test(chromium: Chromium, body: str, complaint: str) -> None:
    scripts = {
        "/error.js": ("text/javascript", b"console.error('that went wrong')"),
        "/throw.js": ("text/javascript", b"throw new Error('nobody caught this')"),
        "/eval.js": ("text/javascript", b"try { eval('1') } catch { }"),
    }
    with (
        serve({"/": page(body), **scripts}, {"Content-Security-Policy": CSP}) as site,
        pytest.raises(AssertionError, match=complaint),
        open_contexts(chromium, "phone") as factory,
    ):
        factory(site.url).new_page().goto("/", wait_until="networkidle")


def test_expected_complaints_pass(phone: ContextFactory) -> None:
    with serve({"/": page("<img src='/absent.png' alt=''>")}) as site:
        context = phone(site.url, allow=[NETWORK_ERRORS, http_errors(404)])
        tab = context.new_page()
        tab.goto("/", wait_until="networkidle")
        context.set_offline(True)
        assert tab.evaluate("() => fetch('/').catch(() => 'offline')") == "offline"


def test_what_closing_cuts_short_is_no_complaint(chromium: Chromium) -> None:
    parting = "<script>addEventListener('pagehide', () => console.error('cut short'))</script>"
    with serve({"/": page(parting)}) as site, open_contexts(chromium, "phone") as factory:
        factory(site.url).new_page().goto("/")


def test_killed_page_leaves_the_context_alive(phone: ContextFactory) -> None:
    with serve({"/": page("")}) as site:
        context = phone(site.url)
        tab = context.new_page()
        tab.goto("/")
        tab.evaluate("() => localStorage.setItem('kept', 'yes')")
        kill(tab)
        again = context.new_page()
        again.goto("/")
        assert again.evaluate("() => localStorage.getItem('kept')") == "yes"


def test_a_browser_that_stops_answering_is_given_up(playwright_api: Playwright) -> None:
    chromium = Chromium(playwright_api)
    context = chromium.new_context()
    assert context.browser
    processes = context.browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    os.kill(next(one["id"] for one in processes if one["type"] == "browser"), signal.SIGSTOP)
    with pytest.warns(RuntimeWarning, match=GIVEN_UP):
        chromium.close_context(context, within=0.5)
    assert chromium.new_context().new_page().evaluate("1 + 1") == 2
    chromium.end()


def test_persistent_phone_keeps_its_storage(playwright_api: Playwright, tmp_path: Path) -> None:
    with serve({"/": page("")}) as site:
        for expected in (None, "yes"):
            with persistent(playwright_api, tmp_path / "phone", base_url=site.url) as context:
                tab = context.new_page()
                tab.goto("/")
                assert tab.evaluate("() => localStorage.getItem('kept')") == expected
                tab.evaluate("() => localStorage.setItem('kept', 'yes')")


def test_axe_finds_what_is_wrong_and_only_that(phone: ContextFactory) -> None:
    pages = {"/bad": page("<input><button></button>"), "/good": page("<label>Tên <input></label>")}
    with serve(pages, {"Content-Security-Policy": CSP}) as site:
        tab = phone(site.url).new_page()
        tab.goto("/bad")
        assert {line.split(": ")[1] for line in axe_findings(tab)} == {"label", "button-name"}
        tab.goto("/good")
        assert axe_findings(tab) == []
