"""The province's page at two numbers of visits, on both databases: the server's time for it, and for a new period."""

from collections.abc import Iterator
from typing import Any

from benchmarks.figures import Figure, quick
from benchmarks.province_page import run

FEW, MANY = quick(5_000, 100_000), quick(20_000, 3_000_000)
VIEWS = {
    "page": "province's page",
    "page_communes": "province's page by commune",
    "api_communes": "GET /api/v1/participation by commune",
}
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def figures() -> Iterator[Figure]:
    """Those of each database as soon as both numbers of visits are measured."""
    few: dict[str, Any] = {}
    for line in run([FEW, MANY]):
        if line["visits"] == FEW:
            few = line
        else:
            name = NAMES[line["database"]]
            yield _new_period(name, few, line)
            for key, view in VIEWS.items():
                yield from _pair(f"{name}: {view}", key, few, line)


def _new_period(database: str, few: dict[str, Any], many: dict[str, Any]) -> Figure:
    """A month asked for as a period for the first time, its days being known; beside it, where even these are not."""
    what = f"{database}: a month that nobody asked for before, at {MANY:,} visits"
    days = f"with its days counted for the first time {many['days_ms'] / 1000:.1f} s"
    return Figure(
        what, many["first_ms"] / 1000, "s", "< 3", f"{days}; at {FEW:,} visits {few['first_ms'] / 1000:.1f} s"
    )


def _pair(what: str, key: str, few: dict[str, Any], many: dict[str, Any]) -> Iterator[Figure]:
    """Server time and its growth; the waiting of a busy machine is in the time, and not in the CPU beside it."""
    ratio = many[f"{key}_ms"] / few[f"{key}_ms"]
    work = f"CPU {many[f'{key}_cpu_ms']:.1f} ms, at {FEW:,} {few[f'{key}_cpu_ms']:.1f} ms"
    yield Figure(f"{what}, server time at {MANY:,} visits", many[f"{key}_ms"], "ms", "< 50", work)
    yield Figure(f"{what}, at {MANY:,} ÷ at {FEW:,}", ratio, "", "< 1.2", f"{few[f'{key}_ms']:.1f} ms at {FEW:,}")
