"""A server of our own to be measured: the production server on a fresh database, with phones that are signed in."""

import json
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import requests

from benchmarks.stored import store_visits
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.ids import new_id
from cdtteam.replica.work import Work
from cdtteam.web.transactions import writing
from tests.support.apps import running_app
from tests.support.demo_db import RunningServer, running_server
from tests.support.postgres import running_postgres
from tests.support.schema import migrate
from tests.support.world import PASSWORD, World, add_account, add_village, make_world

PHONES = 8


@dataclass
class Caller:
    """A phone on a connection of its own; bodies are made beforehand, so that little of the time is the caller's."""

    http: requests.Session
    url: str
    member_id: str
    village_id: str
    device_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    households: list[str] = field(default_factory=list)
    epoch: str | None = None
    cursor: str | None = None

    def body(self, mutations: list[dict[str, Any]]) -> bytes:
        """A sync request."""
        return json.dumps(
            {
                "protocol": 1,
                "device_id": self.device_id,
                "app_version": "bench",
                "sent_at": clock.now().isoformat(),
                "epoch": self.epoch,
                "cursor": self.cursor,
                "mutations": mutations,
            }
        ).encode()

    def mutation(self, kind: str, args: dict[str, Any]) -> dict[str, Any]:
        """A mutation of this phone's member, under the id of the row that it makes."""
        return {
            "id": args["id"],
            "member_id": self.member_id,
            "type": kind,
            "at": clock.now().isoformat(),
            "args": args,
        }

    def post(self, body: bytes) -> dict[str, Any]:
        """Sends a request, once more where a connection that had been idle was cut; the cursor moves on."""
        try:
            answer = self._send(body)
        except requests.ConnectionError:
            answer = self._send(body)
        answer.raise_for_status()
        content: dict[str, Any] = answer.json()
        self.epoch, self.cursor = content["epoch"], content["cursor"]
        return content

    def _send(self, body: bytes) -> requests.Response:
        return self.http.post(f"{self.url}/api/v1/sync", data=body, headers={"Content-Type": "application/json"})


@contextmanager
def fresh_database(kind: str) -> Iterator[tuple[str, Path]]:
    """The URL of an empty database with the newest schema, and a folder for its instance."""
    with tempfile.TemporaryDirectory(prefix="cdtteam-bench-") as folder:
        if kind == "sqlite":
            url = f"sqlite:///{folder}/bench.sqlite3"
            migrate(url)
            yield url, Path(folder)
            return
        with running_postgres() as server:
            url = server.create("bench")
            migrate(url)
            yield url, Path(folder)


def populate(url: str, instance: Path, stored: int = 0) -> World:
    """A province with one village and one member for each phone, and `stored` visits over these and other villages."""
    with running_app(url, instance) as app:
        world = make_world(app)
        with app.app_context(), writing(db.session()):
            work = Work(db.session(), clock.now())
            for number in range(PHONES):
                add_village(work, world, f"p{number}", world.communes["near"])
                add_account(work, world, f"phone{number}", f"p{number}")
            work.flush()
        if stored:
            with app.app_context(), writing(db.session()):
                store_visits(db.session(), world, stored)
        return world


@contextmanager
def served(url: str, instance: Path) -> Iterator[RunningServer]:
    """The production server with two workers on the database."""
    with running_server(url, instance, workers=2) as server:
        yield server


def call_in(server: RunningServer, world: World, number: int) -> Caller:
    """Phone `number`, signed in, with forty households of its village."""
    http = requests.Session()
    device = str(uuid.uuid4())
    sign_in = {"sign_in": f"phone{number}", "password": PASSWORD, "device_id": device}
    http.post(f"{server.url}/api/v1/session", json=sign_in).raise_for_status()
    name = f"p{number}"
    caller = Caller(http, server.url, str(world.members[f"phone{number}"]), str(world.villages[name]), device)
    made = [
        caller.mutation("household.create", {"id": _id(), "village_id": caller.village_id, "head_name": f"Hộ {i}"})
        for i in range(40)
    ]
    caller.households = [one["args"]["id"] for one in made]
    answer = caller.post(caller.body(made))
    while answer["more"]:
        answer = caller.post(caller.body([]))
    return caller


def visits(caller: Caller, count: int, rng: Any) -> list[dict[str, Any]]:
    """`count` visits as volunteers record them."""
    codes = ("dvc_online", "vneid_level2", "online_safety", "cashless_payment", "health_record")
    made = []
    for _ in range(count):
        args = {
            "id": _id(), "village_id": caller.village_id, "household_id": rng.choice(caller.households),
            "kind": "home", "participants": rng.randint(1, 3), "member_ids": [caller.member_id],
            "occurred_at": (clock.now() - timedelta(minutes=rng.randint(5, 600))).isoformat(),
            "services": [{"code": rng.choice(codes), "people": 1, "outcome": "done"}],
        }  # fmt: skip
        made.append(caller.mutation("visit.record", args))
    return made


def _id() -> str:
    return str(new_id())
