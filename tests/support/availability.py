"""A part of the tests that cannot run here says so; in CI it fails instead."""

import os
from typing import NoReturn

import pytest

MARK = " cannot run: "


class UnavailableError(Exception):
    """Something that a part of the tests needs is not on this machine; the text tells what."""


def give_up(part: str, reason: object) -> NoReturn:
    """Skips the test with the reason, or fails it when CI=true, where nothing may be left out."""
    message = f"{part}{MARK}{reason}"
    if os.environ.get("CI") == "true":
        pytest.fail(message, pytrace=False)
    pytest.skip(message)


def parts_left_out(skipped: list[pytest.TestReport]) -> list[str]:
    """The parts that could not run and why, each once, from the reports of skipped tests."""
    reasons = {str(report.longrepr[2]) for report in skipped if isinstance(report.longrepr, tuple)}
    return sorted(reason.removeprefix("Skipped: ") for reason in reasons if MARK in reason)
