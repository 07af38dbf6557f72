"""The province's page at two numbers of visits, on both databases: the server's own CPU time for it."""

from typing import Any

from benchmarks.figures import Figure, quick
from benchmarks.province_page import run

FEW, MANY = quick(5_000, 100_000), quick(20_000, 3_000_000)
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def figures() -> list[Figure]:
    """A line for each database."""
    found: dict[str, dict[int, dict[str, Any]]] = {}
    for line in run([FEW, MANY]):
        found.setdefault(line["database"], {})[line["visits"]] = line
    return [figure for database, lines in found.items() for figure in _pair(NAMES[database], lines[FEW], lines[MANY])]


def _pair(name: str, few: dict[str, Any], many: dict[str, Any]) -> list[Figure]:
    what = f"{name}: province's page, server time at {MANY:,} visits"
    note = (
        f"GET /api/v1/participation by commune {many['api_ms']:.0f} ms, by village {many['api_villages_ms']:.0f} ms; "
        f"the first time in a period {many['first_ms']:,} ms (at {FEW:,}: {few['first_ms']:,} ms)"
    )
    ratio = many["page_ms"] / few["page_ms"]
    return [
        Figure(what, many["page_ms"], "ms", "< 50", note),
        Figure(f"{what} ÷ at {FEW:,}", ratio, "", "< 1.2", f"{few['page_ms']:.1f} ms at {FEW:,}"),
    ]
