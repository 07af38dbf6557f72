"""Merging villages, and days that pass."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from cdtteam.core import clock
from tests.support.merging import MERGER, Merge, command
from tests.support.world import World


@pytest.fixture
def merge(world: World, tmp_path: Path) -> Merge:
    """Merges villages on a day, teams and all unless `teams` says otherwise; answers the id by which it is undone."""

    def run(on: date, file: str = MERGER, teams: str = "merge") -> str:
        path = tmp_path / "merger.csv"
        path.write_text(file, encoding="utf-8")
        done = command(world, "merge-villages", str(path), "--effective", on.isoformat(), "--teams", teams)
        return done.split()[-1].rstrip(".")

    return run


@pytest.fixture
def travel(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Moves the clock on."""
    real, gone = clock.now, timedelta()

    def run(by: timedelta) -> None:
        nonlocal gone
        gone += by
        monkeypatch.setattr(clock, "now", lambda: real() + gone)

    return run
