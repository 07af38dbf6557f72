"""A commune's list of 5,000 households: from the file to the households, and back."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.figures import Figure, alternate, middle, quick
from cdtteam.jobs.running import run_jobs
from tests.imports.desk import HOUSEHOLDS, Desk, coordinator, counts
from tests.support.apps import running_app
from tests.support.postgres import running_postgres
from tests.support.schema import migrate
from tests.support.spreadsheets import workbook
from tests.support.world import make_world

COUNT = quick(200, 5_000)
GIVEN = ("An", "Bình", "Chi", "Dũng", "Hằng", "Khánh", "Lễ", "Nhân", "Suệ", "Tuệ")


def figures() -> Iterator[Figure]:
    """Seconds on each database, reading the file and looking it over included."""
    content = workbook([HOUSEHOLDS, *(_row(at) for at in range(COUNT))])
    with running_postgres() as server:
        names = iter(range(100))
        runs = alternate(_turn(content, _sqlite), _turn(content, lambda: _postgres(server, next(names))))
    for name, of in zip(("SQLite", "PostgreSQL"), runs, strict=True):
        beside = f"of which taking in {middle(of, 'apply'):.1f} s; taking back {middle(of, 'undo'):.1f} s"
        yield Figure(f"importing {COUNT:,} households, {name}", middle(of, "all"), "s", "< 10", beside)


def _row(at: int) -> tuple[Any, ...]:
    name = f"Trần {GIVEN[at // 100 % 10]} {GIVEN[at // 10 % 10]} {GIVEN[at % 10]}"
    return (f"H{at:05}", name, "Thôn A" if at % 2 else "Thôn B", f"Xóm {at % 9}", 1 + at % 6, "")


def _turn(content: bytes, database: Callable[[], Any]) -> Callable[[], dict[str, Any]]:
    def turn() -> dict[str, Any]:
        with database() as (url, instance), running_app(url, instance) as app:
            migrate(url)
            desk = coordinator(make_world(app))
            start = time.monotonic()
            place = desk.page_of("households", [], file=(content, "hộ.xlsx"))
            shown = desk.read(place)
            looked = time.monotonic() - start
            assert counts(shown)[0] == COUNT
            apply, undo = (_sent(desk, place, form) for form in ("apply", "undo"))
            return {"all": looked + apply, "apply": apply, "undo": undo}

    return turn


def _sent(desk: Desk, place: str, form: str) -> float:
    """Seconds that a form of the page takes, without those in which the form itself was looked for."""
    names = ("form_id", "version") if form == "apply" else ("form_id",)
    data = {name: desk.field(place, form, name) for name in names}
    start = time.monotonic()
    answer = desk.client.post(f"{place}/{form}", data=data)
    assert answer.status_code == 303
    run_jobs(desk.client.application)  # a list of this length is the worker's
    return time.monotonic() - start


@contextmanager
def _sqlite() -> Iterator[tuple[str, Path]]:
    with TemporaryDirectory() as folder:
        yield f"sqlite:///{folder}/bench.sqlite3", Path(folder)


@contextmanager
def _postgres(server: Any, number: int) -> Iterator[tuple[str, Path]]:
    with TemporaryDirectory() as folder:
        yield server.create(f"imports{number}"), Path(folder)
