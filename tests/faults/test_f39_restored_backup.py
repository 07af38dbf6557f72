"""F39: last night's copy is restored under a new epoch; the phones send 35 days again: all there, once."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url

from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.replica.operations import start_epoch
from cdtteam.web.transactions import writing
from tests.support.apps import running_app
from tests.support.postgres import PostgresServer
from tests.support.wire import hold_oracle, unlimited
from tests.support.world import Phone, World


def copy_of(world: World, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """The URL of a copy of the world's database, as a nightly backup makes one."""
    url = make_url(world.app.config["CDT_DATABASE_URL"])
    if url.get_backend_name() == "sqlite":
        copy = tmp_path / "backup.sqlite3"
        with closing(sqlite3.connect(url.database or "")) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        return f"sqlite:///{copy}"
    with world.app.app_context():
        db.session.remove()
        db.engine.dispose()
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return server.create(server.new_name(), url.database or "")


@contextmanager
def restored(world: World, url: str, instance: Path) -> Iterator[World]:
    """The world as the copy has it, under a new epoch."""
    with running_app(url, instance) as app:
        with app.app_context(), writing(db.session()):
            start_epoch(db.session(), now=clock.now())
        yield unlimited(replace(world, app=app))


def back_on(world: World, phone: Phone, handle: str) -> Phone:
    """The same phone with its rows and cursor, signed in to the restored server."""
    return replace(phone, client=world.client(handle), rows=dict(phone.rows))


def test_nothing_lost_and_nothing_doubled(
    world: World, tmp_path: Path, instance_folder: Path, request: pytest.FixtureRequest
) -> None:
    an, binh = world.phone("an"), world.phone("binh")
    household = an.household(world.villages["a"])
    before = [household, an.visit(world.villages["a"], household_id=household["args"]["id"])]
    mates_before = [binh.visit(world.villages["a"])]
    an.send(*before)
    binh.send(*mates_before)
    url = copy_of(world, tmp_path, request)
    after = [
        an.visit(world.villages["a"], household_id=household["args"]["id"]),
        an.mutation("visit.amend", {"id": before[1]["args"]["id"], "reason": "sửa", "participants": 3}),
        an.household(world.villages["a"], "Lê Thị Mới"),
    ]
    mates_after = [binh.mutation("visit.withdraw", {"id": mates_before[0]["args"]["id"], "reason": "nhầm"})]
    an.send(*after)
    binh.send(*mates_after)
    an.send()
    wanted = an.rows
    with restored(world, url, instance_folder) as new:
        phones = {"an": back_on(new, an, "an"), "binh": back_on(new, binh, "binh")}
        queued = phones["an"].visit(new.villages["a"])
        old_cursor = phones["an"].cursor
        answer = phones["an"].post(queued).json
        assert answer["results"][0]["status"] == "applied"
        assert (answer["changes"], answer["cursor"], answer["more"]) == ([], None, True)
        assert answer["epoch"] != an.epoch
        phones["an"].take(answer)
        assert phones["an"].post(epoch=an.epoch, cursor=old_cursor).json["cursor"] is None
        sent: dict[str, list[dict[str, Any]]] = {"an": before + after, "binh": mates_before + mates_after}
        told = {handle: [one["status"] for one in phones[handle].send(*sent[handle])] for handle in phones}
        assert told == {"an": ["duplicate"] * 2 + ["applied"] * 3, "binh": ["duplicate", "applied"]}
        for phone in phones.values():
            phone.send()
        for phone in phones.values():
            phone.send()
            assert set(phone.kind("visit")) == set(an.kind("visit")) | {queued["args"]["id"]}
            assert set(phone.kind("household")) == set(an.kind("household"))
            assert phone.kind("visit")[before[1]["args"]["id"]]["participants"] == 3
        hold_oracle(new, [*before, *after, *mates_before, *mates_after, queued])
        fresh = new.phone("binh")
        fresh.send()
        assert fresh.rows == phones["binh"].rows
    assert {key for key in wanted if key[0] in ("service", "member", "team")} <= fresh.rows.keys()


def test_versions_are_above_all_that_the_lost_history_gave(
    world: World, tmp_path: Path, instance_folder: Path, request: pytest.FixtureRequest
) -> None:
    """A cursor of the lost history that is used all the same steps over nothing that came afterwards."""
    an = world.phone("an")
    url = copy_of(world, tmp_path, request)
    an.send(*[an.visit(world.villages["a"]) for _ in range(5)])
    top = max(row["version"] for row in an.kind("visit").values())
    with restored(world, url, instance_folder) as new:
        phone = new.phone("an")
        visit = phone.visit(new.villages["a"])
        phone.send(visit)
        assert phone.kind("visit")[visit["args"]["id"]]["version"] > top + 999_000
