"""A walk over the desk: every page that can be reached by links from the first one, one for each route."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from playwright.sync_api import Page
from werkzeug.exceptions import HTTPException

from tests.support.apps import running_app

LINKS = "() => [...document.querySelectorAll('a[href]:not([download])')].map((link) => link.href)"
SPARED = (
    "/desk/sign-in", "/desk/attendance/file", "/desk/reports/file", "/desk/reports/editions/<uuid:edition_id>/file",
    "/desk/reports/templates/shipped.", "/desk/reports/templates/<uuid:template_id>/file", "/desk/imports/example/",
    "/desk/reorganisations/list/", "/desk/jobs/<uuid:job_id>/file",
)  # fmt: skip
"""What is no page: files, and the way out."""


class Routes:
    """Which route answers an address."""

    def __init__(self, app: Flask) -> None:
        self._urls = app.url_map.bind("localhost")
        self._rules = list(app.url_map.iter_rules())

    @property
    def pages(self) -> set[str]:
        """The rules of all pages."""
        return {name for rule in self._rules if "GET" in (rule.methods or ()) and _is_page(name := str(rule))}

    def of(self, path: str) -> str | None:
        """The rule of the page at `path`, None for what is no page of the desk or of residents."""
        try:
            rule, _ = self._urls.match(path, return_rule=True)
        except HTTPException:
            return None
        return str(rule) if _is_page(str(rule)) else None


def _is_page(rule: str) -> bool:
    return rule.startswith(("/desk/", "/to/")) and not rule.startswith(SPARED)


def routes_of(url: str, instance: Path) -> Routes:
    """The application's routes; `url` is any database."""
    with running_app(url, instance) as app:
        return Routes(app)


def walk(page: Page, routes: Routes, known: set[str]) -> Iterator[str]:
    """Opens a page of each route that is not `known` yet, from the first page on; answers the route.

    The first page is opened in any case: who comes after others may be led elsewhere by it.
    """
    waiting, is_first = ["/desk/"], True
    while waiting:
        path = waiting.pop(0)
        rule = routes.of(urlsplit(path).path)
        if rule is None or (rule in known and not is_first):
            continue
        is_new, is_first = rule not in known, False
        known.add(rule)
        page.goto(path)
        if is_new:
            yield rule
        waiting += [f"{parts.path}?{parts.query}" for link in page.evaluate(LINKS) if (parts := urlsplit(link))]
