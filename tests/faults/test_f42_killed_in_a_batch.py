"""F42: the server is killed (SIGKILL) in the middle of batches; each is whole or absent; the resend settles it."""

import random
import threading
import time
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from cdtteam.core.db import db
from tests.support.server_process import server_process
from tests.support.wire import hold_oracle, ledger, phone_at, try_post
from tests.support.world import Phone, World

KILLS = 10
BATCH = 20


class Sender(threading.Thread):
    """A phone that sends batch after batch, and each again until it is acknowledged."""

    def __init__(self, phone: Phone, world: World) -> None:
        super().__init__(daemon=True)
        self.phone, self.village = phone, world.villages["a"]
        self.batches: list[list[dict[str, Any]]] = []
        self.acknowledged: set[str] = set()
        self.statuses: set[str] = set()
        self.is_over = threading.Event()

    def run(self) -> None:
        while not self.is_over.is_set():
            household = self.phone.household(self.village)
            visits = [self.phone.visit(self.village, household_id=household["args"]["id"]) for _ in range(BATCH - 1)]
            self.batches.append([household, *visits])
            while not self.settle(self.batches[-1]) and not self.is_over.is_set():
                time.sleep(0.02)

    def settle(self, batch: list[dict[str, Any]]) -> bool:
        """Sends a batch; whether it was acknowledged."""
        answer = try_post(self.phone, *batch)
        if answer is None or answer.status_code != 200:
            return False
        self.statuses |= {result["status"] for result in answer.json["results"]}
        self.acknowledged |= {result["id"] for result in answer.json["results"]}
        return True


def check_whole(world: World, senders: list[Sender]) -> None:
    """What is acknowledged is there; of each batch all is there or nothing."""
    told = [set(sender.acknowledged) for sender in senders]
    batches = [batch for sender in senders for batch in list(sender.batches)]
    applied = ledger(world)
    assert set().union(*told) <= applied
    for batch in batches:
        assert len({mutation["id"] for mutation in batch} & applied) in (0, BATCH)


def wait_for_batches(senders: list[Sender]) -> None:
    """Until two more batches are on their way, or a while has passed."""
    seen = sum(len(sender.batches) for sender in senders)
    deadline = time.monotonic() + 3
    while sum(len(sender.batches) for sender in senders) < seen + 2 and time.monotonic() < deadline:
        time.sleep(0.005)


def finish(senders: list[Sender]) -> None:
    """Everything is sent once more, until it is acknowledged."""
    for sender in senders:
        sender.is_over.set()
    for sender in senders:
        sender.join(30)
        for batch in sender.batches:
            deadline = time.monotonic() + 20
            while not sender.settle(batch) and time.monotonic() < deadline:
                time.sleep(0.05)


def test_ten_kills(world: World, instance_folder: Path, tmp_path: Path) -> None:
    url = make_url(world.app.config["CDT_DATABASE_URL"]).render_as_string(hide_password=False)
    rng = random.Random(42)
    with server_process(url, instance_folder, tmp_path) as server:
        senders = [Sender(phone_at(server.url, world, handle), world) for handle in ("an", "binh")]
        for sender in senders:
            sender.phone.client.timeout = 20  # type: ignore[attr-defined]
            sender.start()
        for _ in range(KILLS):
            wait_for_batches(senders)
            time.sleep(rng.uniform(0, 0.05))
            server.kill_worker()
            check_whole(world, senders)
        finish(senders)
        reader = phone_at(server.url, world, "an")
        reader.send()
    minted = [mutation for sender in senders for batch in sender.batches for mutation in batch]
    assert len(minted) >= KILLS * BATCH
    assert {status for sender in senders for status in sender.statuses} <= {"applied", "duplicate"}
    hold_oracle(world, minted)
    assert set(reader.kind("visit")) == {m["args"]["id"] for m in minted if m["type"] == "visit.record"}
    assert ledger(world) == {mutation["id"] for mutation in minted}
    with world.app.app_context():
        if db.engine.dialect.name == "sqlite":
            assert db.session.connection().exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
