"""Memory of the server that `make run` starts, with two workers: the PSS of its processes together."""

import os
import random
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.figures import Figure, quick
from benchmarks.serving import PHONES, call_in, fresh_database, populate, visits
from tests.support.demo_db import RunningServer, await_answer
from tests.support.ports import free_port
from tests.support.schema import ROOT

VISITS = quick(200, 2000)
BATCH = 20
VENV = ROOT / "build" / "served"
"""What the application needs and no more: what the tests need would be loaded too where it is found."""


def figures() -> list[Figure]:
    """After start, and after visits were synced."""
    subprocess.run(["make", "--no-print-directory", "install", f"VENV={VENV}"], cwd=ROOT, check=True)
    with fresh_database("sqlite") as (url, instance):
        world = populate(url, instance)
        with _as_in_make_run(url, instance) as server:
            before = group_pss(server)
            callers = [call_in(server, world, number) for number in range(PHONES)]
            rng = random.Random(1)
            for number in range(VISITS // BATCH):
                caller = callers[number % PHONES]
                caller.post(caller.body(visits(caller, BATCH, rng)))
            after = group_pss(server)
    note = f"{before:.1f} after start; master, two workers and the worker for jobs, on SQLite"
    return [Figure(f"memory of the server, PSS, after {VISITS:,} synced visits", after, "MiB", "< 150", note)]


@contextmanager
def _as_in_make_run(url: str, instance: Path) -> Iterator[RunningServer]:
    port = free_port()
    environment = {**os.environ, "CDT_DATABASE_URL": url, "CDT_INSTANCE": str(instance), "PORT": str(port)}
    command = [VENV / "bin" / "python", "-m", "cdtteam.serve"]
    with (instance / "server.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True, stdout=log)
    server = RunningServer(f"http://127.0.0.1:{port}", process)
    try:
        await_answer(server)
        yield server
    finally:
        server.stop()


def group_pss(server: RunningServer) -> float:
    """MiB of the server's process group: each page counted once, shared out among those that map it."""
    kibibytes = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(stat.read_text().rpartition(")")[2].split()[2]) != server.process.pid:
                continue
            lines = (stat.parent / "smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        kibibytes += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return kibibytes / 1024
