"""The day on which a test runs: asked for as it runs, since a run may begin before midnight in Vietnam."""

from datetime import date

from cdtteam.core import clock


def today() -> date:
    """The civil day."""
    return clock.civil_date(clock.now())


def this_month() -> str:
    """The civil month as periods are named: 2026-11."""
    return f"{today():%Y-%m}"
