"""Backups are made while phones send; what comes back is whole, damage is refused, and phones bring the rest."""

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from cdtteam.backup.seal import SQLITE
from cdtteam.core.db import db
from cdtteam.replica.models import Epoch
from cdtteam.visits.models import Visit
from tests.support.backups import Said, command, leave, served_again, url_of
from tests.support.wire import hold_oracle, phone_at, threaded_server
from tests.support.world import Phone, World

pytestmark = pytest.mark.own_app


class Sender(threading.Thread):
    """A phone that records visits until it is told to stop."""

    def __init__(self, phone: Phone, world: World) -> None:
        super().__init__(daemon=True)
        self.phone, self.village = phone, world.villages["a"]
        self.sent: list[dict[str, Any]] = []
        self.is_over = threading.Event()
        phone.send()

    def run(self) -> None:
        while not self.is_over.is_set():
            batch = [self.phone.visit(self.village) for _ in range(5)]
            answer = self.phone.post(*batch)
            assert answer.status_code == 200
            self.sent += batch


def record(world: World, number: int = 1) -> None:
    """Visits of village `a`."""
    phone = world.phone("an")
    phone.send(*[phone.visit(world.villages["a"]) for _ in range(number)])
    leave(world)


def back_up(world: World, instance: Path, file: Path) -> Said:
    return command(url_of(world), instance, "backup", str(file))


def restore(world: World, instance: Path, file: Path, *options: str) -> Said:
    return command(url_of(world), instance, "restore", str(file), *options)


def state(world: World) -> tuple[list[Any], list[Any]]:
    """What tells one database from another: its epochs and its visits."""
    with world.app.app_context():
        found = [sorted(db.session.scalars(select(row.id))) for row in (Epoch, Visit)]
    leave(world)
    return found[0], found[1]


def test_backup_while_phones_send_and_what_phones_bring_back(
    world: World, instance_folder: Path, tmp_path: Path
) -> None:
    file = tmp_path / "nightly.backup"
    with threaded_server(world.app) as url:
        senders = [Sender(phone_at(url, world, handle), world) for handle in ("an", "binh")]
        for sender in senders:
            sender.start()
        while not all(sender.sent for sender in senders):
            threading.Event().wait(0.01)
        before = sum(len(sender.sent) for sender in senders)
        said = back_up(world, instance_folder, file)
        after = sum(len(sender.sent) for sender in senders) + 10
        for sender in senders:
            sender.is_over.set()
            sender.join(20)
    assert said.code == 0, said.text
    held = int(said.text.split(": ")[1].split(" visits")[0].replace(",", ""))
    assert before <= held <= after
    assert held % 5 == 0, "a batch is in the backup whole or not at all"
    minted = [mutation for sender in senders for mutation in sender.sent]
    assert len(minted) > held, "phones went on after the backup"
    leave(world)
    said = restore(world, instance_folder, file)
    assert said.code == 0, said.text
    assert f"{held:,} visits" in said.text
    assert "35 days" in said.text
    with served_again(world, instance_folder) as again:
        for sender in senders:
            phone = replace(sender.phone, client=again.client("an" if sender is senders[0] else "binh"))
            answer = phone.post()
            assert (answer.json["cursor"], answer.json["more"]) == (None, True)
            phone.take(answer.json)
            for at in range(0, len(sender.sent), 100):
                told = {result["status"] for result in phone.send(*sender.sent[at : at + 100])}
                assert told <= {"applied", "duplicate"}
        hold_oracle(again, minted)
        fresh = again.phone("an")
        fresh.send()
        assert set(fresh.kind("visit")) == {mutation["args"]["id"] for mutation in minted}


def test_replaced_database_is_kept_and_a_second_backup_takes_the_first_ones_place(
    world: World, instance_folder: Path, tmp_path: Path
) -> None:
    file = tmp_path / "b"
    phone = world.phone("an")
    phone.send(phone.visit(world.villages["a"]))
    leave(world)
    assert back_up(world, instance_folder, file).code == 0
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".part")] == []
    assert file.stat().st_mode & 0o077 == 0, "names of residents are for the operator alone"
    phone.send(phone.visit(world.villages["a"]))
    earlier = state(world)
    assert back_up(world, instance_folder, file).text.startswith(f"{file}: 2 visits")
    said = restore(world, instance_folder, file)
    kept = said.text.split("is kept as ")[1].split(":")[0]
    now = state(world)
    assert len(now[0]) == len(earlier[0]) + 1
    assert now[1] == earlier[1]
    url = url_of(world)
    old = f"sqlite:///{kept}" if url.startswith("sqlite") else f"{url.rpartition('/')[0]}/{kept}"
    with served_again(replace(world, app=_App(old)), instance_folder) as before:
        assert state(before) == earlier


class _App:
    """As much of an application as tells where its database is."""

    def __init__(self, url: str) -> None:
        self.config = {"CDT_DATABASE_URL": url}


@pytest.mark.parametrize("share", [0.3, 0.999])
def test_damaged_files_are_refused(world: World, instance_folder: Path, tmp_path: Path, share: float) -> None:
    file = tmp_path / "b"
    phone = world.phone("an")
    phone.send(*[phone.visit(world.villages["a"], note="x" * 500) for _ in range(20)])
    leave(world)
    assert back_up(world, instance_folder, file).code == 0
    earlier, whole = state(world), file.read_bytes()
    at = int(len(whole) * share)
    flipped = whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :]
    for damaged in (flipped, whole[:at]):
        file.write_bytes(damaged)
        said = restore(world, instance_folder, file)
        assert said.code == 1
        assert "damaged" in said.text
        assert said.text.endswith("Nothing was changed.\n")
        assert state(world) == earlier
    file.write_bytes(whole)
    assert restore(world, instance_folder, file).code == 0


WRONG = {
    "no file": None,
    "an empty file": b"",
    "a text": b"code,name,kind\n" * 100,
    "a head of SQLite": SQLITE + bytes(2000),
    "a head of a dump": b"PGDMP" + bytes(2000),
}


@pytest.mark.parametrize("content", WRONG.values(), ids=list(WRONG))
def test_other_files_are_refused(world: World, instance_folder: Path, tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "other"
    if content is not None:
        file.write_bytes(content)
    earlier = state(world)
    said = restore(world, instance_folder, file)
    assert said.code == 1
    assert str(file) in said.text
    assert state(world) == earlier


def test_a_backup_overwrites_nothing_else(world: World, instance_folder: Path, tmp_path: Path) -> None:
    leave(world)
    precious = tmp_path / "letter.txt"
    precious.write_text("Kính gửi")
    said = back_up(world, instance_folder, precious)
    assert said.code == 1
    assert precious.read_text() == "Kính gửi"
    assert back_up(world, instance_folder, tmp_path / "no such folder" / "b").code == 1


def test_what_is_in_use_is_not_taken_away(world: World, instance_folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "b"
    leave(world)
    assert back_up(world, instance_folder, file).code == 0
    phone = world.phone("an")  # the server has connections again
    phone.send(phone.visit(world.villages["a"]))
    said = restore(world, instance_folder, file)
    assert said.code == 1
    assert "Stop the server first" in said.text
    leave(world)
    assert len(state(world)[1]) == 1


def test_force_ends_connections(world_on_postgres: World, instance_folder: Path, tmp_path: Path) -> None:
    world, file = world_on_postgres, tmp_path / "b"
    phone = world.phone("an")
    assert back_up(world, instance_folder, file).code == 0
    lost = phone.visit(world.villages["a"])
    phone.send(lost)
    assert restore(world, instance_folder, file, "--force").code == 0
    # The same server goes on, on the restored database; a phone that comes while it notices tries again.
    tries = 0
    while phone.post().status_code == 503 and tries < 20:
        tries += 1
    (told,) = phone.send(lost)
    assert told["status"] == "applied"
    assert len(state(world)[1]) == 1
