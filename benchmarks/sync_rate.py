"""Visits synced per second against bare SQL that inserts the same rows, and what it costs in CPU and in waiting.

Two workers, eight phones at once, everything on: sign-in, judging, ledger, log, marks, and the pull of what changed.
"""

import os
import random
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.bare import bare_rate
from benchmarks.figures import Figure, alternate, middle, quick
from benchmarks.serving import PHONES, Caller, call_in, fresh_database, populate, served, visits
from tests.support.demo_db import RunningServer
from tests.support.world import World

BATCHES = quick(4, 30)  # for each phone
FEW, MANY = 1000, quick(10_000, 250_000)
DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass
class Bench:
    """A running server with its eight phones."""

    server: RunningServer
    callers: list[Caller]
    seed: int = 7

    def run(self, batch: int, batches: int) -> dict[str, Any]:
        """Rates, CPU and times of answer of one run."""
        self.seed += 1
        before = cpu_seconds(self.server)
        waits, seconds = _run(self.callers, batch, batches, self.seed)
        spent = cpu_seconds(self.server) - before
        count = PHONES * batches * batch
        ordered = sorted(waits)
        return {
            "rate": count / seconds,
            "cpu_per_1000": spent / count * 1000,
            "median_ms": statistics.median(waits) * 1000,
            "p99_ms": ordered[int(len(ordered) * 0.99)] * 1000,
            "p99_to_median": ordered[int(len(ordered) * 0.99)] / statistics.median(waits),
        }


@contextmanager
def serving_phones(url: str, instance: Path, world: World) -> Iterator[Bench]:
    """A server on the database at `url`, warm, with phones in `world`."""
    with served(url, instance) as server:
        made = Bench(server, [call_in(server, world, number) for number in range(PHONES)])
        _run(made.callers, 20, 3, made.seed)
        yield made


@contextmanager
def _bench(kind: str, stored: int) -> Iterator[Bench]:
    with (
        fresh_database(kind) as (url, instance),
        serving_phones(url, instance, populate(url, instance, stored)) as made,
    ):
        yield made


def figures() -> Iterator[Figure]:
    """Everything of this part, one database after the other."""
    for kind in DATABASES:
        yield from _figures(kind)


def _figures(kind: str) -> Iterator[Figure]:
    with fresh_database(kind) as (url, instance):
        at = (kind, url, instance, populate(url, instance))
        twenties, ones = alternate(lambda: _against_bare(*at, 20), lambda: _against_bare(*at, 1))
    name = DATABASES[kind]
    yield Figure(
        f"{name}: visits synced per second ÷ bare SQL, batches of 20",
        middle(twenties, "ratio"), "", "> 0.4",
        f"{middle(twenties, 'rate'):,.0f} against {middle(twenties, 'bare'):,.0f} a second; in batches of 1 "
        f"{middle(ones, 'rate'):,.0f} against {middle(ones, 'bare'):,.0f}, {middle(ones, 'ratio'):.2f}",
    )  # fmt: skip
    yield Figure(
        f"{name}: server's CPU for 1,000 visits, batches of 20",
        middle(twenties, "cpu_per_1000"), "s", "", f"batches of 1: {middle(ones, 'cpu_per_1000'):.2f} s",
    )  # fmt: skip
    yield Figure(
        f"{name}: p99 of a sync of 20 ÷ its median",
        middle(twenties, "p99_to_median"), "", "< 3",
        f"median {middle(twenties, 'median_ms'):.0f} ms, p99 {middle(twenties, 'p99_ms'):.0f} ms, eight at once",
    )  # fmt: skip
    yield _with_many_stored(kind)


def _against_bare(kind: str, url: str, instance: Path, world: World, batch: int) -> dict[str, Any]:
    with serving_phones(url, instance, world) as made:
        found = made.run(batch, BATCHES)
    # The server is gone by now, so that it takes nothing from what it is held against.
    bare = bare_rate(kind, url, PHONES * BATCHES * batch, batch)
    return {**found, "bare": bare, "ratio": found["rate"] / bare}


def _with_many_stored(kind: str) -> Figure:
    """Both servers stand at the same time and are measured by turns."""
    with _bench(kind, FEW) as few, _bench(kind, MANY) as many:
        with_few, with_many = alternate(lambda: few.run(20, BATCHES), lambda: many.run(20, BATCHES))
    ratio = statistics.median(b["rate"] / a["rate"] for a, b in zip(with_few, with_many, strict=True))
    note = f"{middle(with_many, 'rate'):,.0f} against {middle(with_few, 'rate'):,.0f} a second, batches of 20"
    return Figure(f"{DATABASES[kind]}: the same with {MANY:,} visits stored ÷ with {FEW:,}", ratio, "", "> 0.95", note)


def cpu_seconds(server: RunningServer) -> float:
    """CPU time of the server's processes so far."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == server.process.pid:  # the process group
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _run(callers: list[Caller], batch: int, batches: int, seed: int) -> tuple[list[float], float]:
    """Every phone sends its batches at the same time as the others; answers the waits and the whole time."""
    rng = random.Random(seed)
    work = {id(caller): [visits(caller, batch, rng) for _ in range(batches)] for caller in callers}
    waits: list[float] = []

    def send(caller: Caller) -> None:
        for mutations in work[id(caller)]:
            body = caller.body(mutations)
            start = time.perf_counter()
            answer = caller.post(body)
            waits.append(time.perf_counter() - start)
            assert all(result["status"] in ("applied", "duplicate") for result in answer["results"]), answer["results"]

    with ThreadPoolExecutor(len(callers)) as pool:
        start = time.perf_counter()
        for done in [pool.submit(send, caller) for caller in callers]:
            done.result()
        return waits, time.perf_counter() - start
