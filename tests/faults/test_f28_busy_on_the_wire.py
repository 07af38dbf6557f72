"""F28 on the wire: overload is said with 503 or 429 and when to come back; nothing is half done."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from cdtteam.core.db import db
from cdtteam.core.writelock import LIMIT
from tests.support.apps import limit_requests
from tests.support.wire import hold_oracle, ledger
from tests.support.world import World

pytestmark = pytest.mark.own_app
HOLD_LOCK = (
    "import fcntl, sys; f = open(sys.argv[1], 'a'); fcntl.flock(f, fcntl.LOCK_EX); print('held', flush=True); input()"
)
HOLD_DATABASE = (
    "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None); c.execute('BEGIN IMMEDIATE');"
    " print('held', flush=True); input()"
)


@contextmanager
def other_process(script: str, path: str) -> Iterator[None]:
    """A process that holds something until the end of the block."""
    with subprocess.Popen(
        [sys.executable, "-c", script, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        try:
            yield
        finally:
            process.communicate("\n")


@pytest.mark.parametrize("script", [HOLD_LOCK, HOLD_DATABASE])
def test_another_process_writes_for_too_long(world_on_sqlite: World, script: str) -> None:
    world = world_on_sqlite
    phone = world.phone("an")
    visit = phone.visit(world.villages["a"])
    assert LIMIT == 10
    world.app.extensions["cdt_write_lock"].limit = 0.3
    with world.app.app_context():
        path = db.engine.url.database or ""
        db.engine.dispose()
        event.listen(db.engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout=300"))
    with other_process(script, path + (".lock" if script is HOLD_LOCK else "")):
        started = time.monotonic()
        answer = phone.post(visit)
        assert time.monotonic() - started < 5
        assert (answer.status_code, answer.json["code"]) == (503, "busy")
        assert int(answer.headers["Retry-After"]) >= 1
        assert answer.headers["Cdt-Protocol"] == "1"
        assert phone.client.get("/healthz").status_code == 200
    assert ledger(world) == set()
    assert phone.send(visit)[0]["status"] == "applied"
    hold_oracle(world, [visit])


def test_thirty_requests_a_second_are_taken(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = world.phone("an")
    other = world.phone("binh")
    limit_requests(world.app, is_on=True)
    # One second, however slow the machine: the limiter's clock stands still while the requests are made.
    stopped = time.time() + 60
    monkeypatch.setattr(time, "time", lambda: stopped)
    answers = [phone.client.get("/api/v1/session") for _ in range(30)]
    assert {answer.status_code for answer in answers} == {200}
    answer = phone.client.get("/api/v1/session")
    assert (answer.status_code, answer.json["code"]) == (429, "too_many_requests")
    assert int(answer.headers["Retry-After"]) >= 1
    assert other.client.get("/api/v1/session").status_code == 200, "another device is not held up"
    monkeypatch.setattr(time, "time", lambda: stopped + 1.05)
    assert phone.client.get("/api/v1/session").status_code == 200


def test_an_address_that_asks_for_the_residents_page_too_often(
    world_on_sqlite: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit_requests(world_on_sqlite.app, is_on=True)
    stopped = time.time() + 60
    monkeypatch.setattr(time, "time", lambda: stopped)
    client = world_on_sqlite.app.test_client()
    asked = [client.get("/to/none", environ_base={"REMOTE_ADDR": "192.0.2.7"}) for _ in range(31)]
    assert [answer.status_code for answer in asked] == [404] * 30 + [429]
    assert int(asked[-1].headers["Retry-After"]) >= 1
    assert client.get("/to/va", environ_base={"REMOTE_ADDR": "192.0.2.8"}).status_code == 200, "a neighbour still reads"
