"""Pictures of the desk at 1280 and 360 px: `python -m tests.e2e.desk_screens URL FOLDER`, on a demonstration."""

import sys
from pathlib import Path

from tests.e2e.test_desk import PAGES, signed_in
from tests.support.browser import launch, open_contexts, started_playwright


def main(url: str, folder: Path) -> None:
    """Takes them all."""
    folder.mkdir(parents=True, exist_ok=True)
    with started_playwright() as api:
        browser = launch(api)
        for device in ("desk", "phone"):
            with open_contexts(browser, device) as contexts:
                page = contexts(url).new_page()
                page.goto("/desk/sign-in")
                page.screenshot(path=folder / f"{device}-sign-in.png", full_page=True)
                for role, paths in PAGES.items():
                    page = signed_in(contexts(url), role)
                    for number, path in enumerate(paths):
                        page.goto(path)
                        page.screenshot(path=folder / f"{device}-{role}-{number}.png", full_page=True)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
