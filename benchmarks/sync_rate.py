"""Visits synced per second against bare SQL that inserts the same rows, and what it costs in CPU and in waiting.

Two workers, eight phones at once, everything on: sign-in, judging, ledger, log, marks, and the pull of what changed.
"""

import json
import os
import random
import statistics
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.bare import bare_rate
from benchmarks.serving import PHONES, Caller, call_in, fresh_database, populate, served, visits
from tests.support.demo_db import RunningServer

BATCHES = int(os.environ.get("CDT_BENCH_BATCHES", "30"))  # for each phone


def measure(kind: str, *, batch: int = 20, batches: int = BATCHES, stored: int = 0, seed: int = 7) -> dict[str, Any]:
    """One run on `sqlite` or `postgresql`: rates, CPU, times of answer; `stored` visits are there before it."""
    with fresh_database(kind) as (url, instance):
        world = populate(url, instance)
        with served(url, instance) as server:
            callers = [call_in(server, world, number) for number in range(PHONES)]
            _fill(callers, stored)
            _run(callers, batch, 3, seed)  # warm
            before = cpu_seconds(server)
            waits, seconds = _run(callers, batch, batches, seed + 1)
            spent = cpu_seconds(server) - before
        count = PHONES * batches * batch
        bare = bare_rate(kind, url, count, batch) if not stored else None
    ordered = sorted(waits)
    return {
        "database": kind,
        "batch": batch,
        "stored": stored,
        "visits_per_second": count / seconds,
        "bare_per_second": bare,
        "ratio": count / seconds / bare if bare else None,
        "cpu_seconds_per_1000": spent / count * 1000,
        "median_ms": statistics.median(waits) * 1000,
        "p99_ms": ordered[int(len(ordered) * 0.99)] * 1000,
        "p99_to_median": ordered[int(len(ordered) * 0.99)] / statistics.median(waits),
    }


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


def _fill(callers: list[Caller], stored: int) -> None:
    rng = random.Random(3)
    for index in range(0, stored, 200):
        caller = callers[index // 200 % len(callers)]
        caller.post(caller.body(visits(caller, min(200, stored - index), rng)))


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
            assert all(result["status"] == "applied" for result in answer["results"]), answer["results"]

    start = time.perf_counter()
    _together([lambda caller=caller: send(caller) for caller in callers])
    return waits, time.perf_counter() - start


def _together(jobs: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    for kind in sys.argv[1:] or ("sqlite", "postgresql"):
        print(json.dumps(measure(kind)))
        print(json.dumps(measure(kind, batch=1)))
