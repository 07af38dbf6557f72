"""Accessibility of a page, as axe-core sees it."""

from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.support import availability

SOURCE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = ("serious", "critical")


@cache
def _source() -> str:
    return SOURCE.read_text(encoding="utf-8")


def axe_findings(page: Page, impacts: Collection[str] = GRAVE) -> list[str]:
    """A line for each element that breaks a rule with one of these impacts; empty when all is well."""
    if not SOURCE.exists():
        availability.give_up("axe", "node_modules is missing: npm ci")
    page.wait_for_load_state()  # after a click a page has begun to come, and no more
    if not page.evaluate("'axe' in window"):
        page.evaluate(_source())
    result: dict[str, Any] = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{rule['impact']}: {rule['id']}: {' '.join(map(str, node['target']))}: {node['html'][:160]}"
        for rule in result["violations"]
        if rule["impact"] in impacts
        for node in rule["nodes"]
    ]
