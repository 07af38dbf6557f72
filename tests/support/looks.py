"""What every page must be, accessible and no wider than the screen, and its picture for whoever wants to look."""

import os
import re
from pathlib import Path

from playwright.sync_api import Page, ViewportSize

from tests.support.axe import axe_findings

SCREENS: tuple[ViewportSize, ...] = ({"width": 360, "height": 740}, {"width": 1280, "height": 800})
OFFERED = """() => [...document.querySelectorAll("main :is(a[href], button, input, select, textarea, summary)")]
    .filter((one) => one.checkVisibility({ visibilityProperty: true })).map((one) => one.outerHTML.slice(0, 200))"""
SHOTS = os.environ.get("CDT_SHOTS", "")  # a folder for pictures


def is_fine(page: Page, name: str, *, has_script: bool = True) -> None:
    """Nothing grave for axe, which needs scripts, and nothing to scroll sideways; its picture is called `name`."""
    page.wait_for_load_state()
    picture(page, name)
    if has_script:
        assert axe_findings(page) == [], name
    assert too_wide(page) == 0, name


def is_fine_on_both(page: Page, name: str) -> None:
    """Fine on a phone and at a desk, and what can be used on one can be on the other: one walk is enough for both."""
    size, offered = page.viewport_size, []
    for screen in SCREENS:
        page.set_viewport_size(screen)
        is_fine(page, name)
        offered.append(page.evaluate(OFFERED))
    if size:
        page.set_viewport_size(size)
    assert offered[0] == offered[1], name


def picture(page: Page, name: str) -> None:
    """Keeps what the whole page looks like at this width, where somebody asked for pictures."""
    size = page.viewport_size
    if SHOTS and size:
        file = re.sub(r"\W+", "-", f"{name}-{size['width']}").strip("-")
        page.screenshot(path=Path(SHOTS) / f"{file}.png", full_page=True)


def too_wide(page: Page) -> int:
    """How many pixels the page scrolls sideways."""
    found: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return found
