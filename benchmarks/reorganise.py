"""A province of 159 communes becomes one of 60, and again of 159, while fifty phones sync: the times, and what is lost.

The operator's commands and the server are processes of their own, as they are for real.
"""

import os
import re
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import requests
from sqlalchemy import func, select

from benchmarks.crew import Crew, Exchange, enlist
from benchmarks.figures import Figure, quick
from benchmarks.province_page import COMMUNES, PASSWORD, province
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.sync.models import LedgerEntry
from cdtteam.visits.models import Visit
from tests.support.demo_db import running_server
from tests.support.postgres import running_postgres
from tests.support.schema import ROOT

UNITS = 60
VISITS = quick(20_000, 3_000_000)
QUIET_S = quick(2, 10)  # before, between and after the two


@dataclass
class Turn:
    """A command: when it began and ended, by the monotonic clock, its seconds of the processor, and what it said."""

    began: float
    ended: float
    worked: float
    said: str

    @property
    def seconds(self) -> float:
        """How long it took, from the shell's point of view."""
        return self.ended - self.began

    def longest(self, exchanges: list[Exchange]) -> float:
        """Seconds that the slowest sync took among those under way meanwhile, from its first try to its answer."""
        waits = [one.ended - one.began for one in exchanges if one.began < self.ended and one.ended > self.began]
        return max(waits, default=0.0)


def figures() -> Iterator[Figure]:
    """Those of each database."""
    for name, database in (("SQLite", _sqlite), ("PostgreSQL", _postgres)):
        with database() as url:
            yield from _measured(name, url)


@contextmanager
def _sqlite() -> Iterator[str]:
    with TemporaryDirectory(prefix="cdtteam-bench-") as folder:
        yield f"sqlite:///{folder}/bench.sqlite3"


@contextmanager
def _postgres() -> Iterator[str]:
    with running_postgres() as server:
        yield server.create("bench")


def _measured(database: str, url: str) -> Iterator[Figure]:
    with province(url, VISITS) as app, TemporaryDirectory(prefix="cdtteam-bench-") as name:
        folder, today = Path(name), clock.civil_date(clock.now())
        operator = _Operator(url, folder)
        people = enlist(PASSWORD)
        with running_server(url, folder, workers=2) as server:
            before = _totals(server.url, today, ("current",))
            start = operator.run("undo").worked
            with Crew(server.url, people, PASSWORD) as crew:
                crew.work(QUIET_S)
                applied = operator.run("reorganise", _mergers(folder), "--effective", f"{today}")
                crew.work(QUIET_S)
                undone = operator.run("undo", _id_in(applied.said))
                crew.work(QUIET_S)
            ordinary = crew.median()
            after = _totals(server.url, today, ("current", f"{today - timedelta(days=1)}"))
        with app.app_context():
            _check_oracle(crew)
        assert after[0] == after[1] == before[0] + len(crew.minted), "every map has all visits"
    what = f"{COMMUNES} communes into {UNITS} at {VISITS:,} visits, {len(people)} phones syncing, {database}"
    for words, turn in ((what, applied), (f"and back, {database}", undone)):
        longest = f"the longest sync meanwhile {turn.longest(crew.exchanges):.1f} s, an ordinary one {ordinary:.2f} s"
        beside = f"CPU {turn.worked:.1f} s, {start:.1f} of it the program's start; {longest}"
        yield Figure(words, turn.seconds, "s", "< 10", beside)
    said = f"{len(crew.exchanges):,} syncs, {crew.put_off} of them answered at a later try"
    yield Figure(f"visits of these phones that were lost or doubled, {database}", 0, "", "< 1", said)


class _Operator:
    def __init__(self, url: str, folder: Path) -> None:
        self._environment = {**os.environ, "CDT_DATABASE_URL": url, "CDT_INSTANCE": str(folder)}

    def run(self, *words: str) -> Turn:
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "areas", *words]
        began, worked = time.monotonic(), _worked_by_children()
        done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT, env=self._environment)
        assert done.returncode == 0, done.stdout + done.stderr
        return Turn(began, time.monotonic(), _worked_by_children() - worked, done.stdout)


def _worked_by_children() -> float:
    """Seconds of the processor of commands that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _mergers(folder: Path) -> str:
    """The file: each new unit takes two or three of the old ones."""
    path = folder / "mergers.csv"
    rows = [f"{old:05d},{30000 + old % UNITS},Xã {old % UNITS},commune" for old in range(COMMUNES)]
    path.write_text("\n".join(["old_code,new_code,new_name,new_kind", *rows, ""]), encoding="utf-8")
    return str(path)


def _id_in(said: str) -> str:
    found = re.search(r"Applied as (\S+)\.", said)
    assert found, said
    return found[1]


def _totals(url: str, today: date, maps: tuple[str, ...]) -> list[int]:
    """The year's visits in the province, on each of the maps."""
    http = requests.Session()
    http.post(f"{url}/api/v1/session", json={"sign_in": "tinh", "password": PASSWORD}).raise_for_status()
    found = []
    for map_ in maps:
        asked: dict[str, Any] = {"period": f"{today:%Y}", "by": "commune", "map": map_}
        answer = http.get(f"{url}/api/v1/participation", params=asked, timeout=600)
        answer.raise_for_status()
        content = answer.json()
        assert sum(row["visits"] for row in content["rows"]) == content["visits"]
        found.append(content["visits"])
    return found


def _check_oracle(crew: Crew) -> None:
    """What phones minted is in the ledger, and each has one effect (faults)."""
    session = db.session()
    kept = set(session.scalars(select(LedgerEntry.id)))
    assert kept == crew.minted, f"{len(crew.minted - kept)} lost, {len(kept - crew.minted)} from nowhere"
    stored = session.scalar(select(func.count()).select_from(Visit))
    assert stored == VISITS + len(crew.minted)
