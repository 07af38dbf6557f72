"""What tests of the wire share: the faults' oracle, real connections, and a clock that can be set."""

import json
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask import Flask
from sqlalchemy import func, select
from werkzeug.serving import WSGIRequestHandler, make_server

from cdtteam.access.models import SYSTEM
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.ids import new_id
from cdtteam.replica.work import Work
from cdtteam.sync.models import LedgerEntry, Quarantined
from cdtteam.teams.models import Member, Team
from cdtteam.teams.operations import move_member
from cdtteam.visits.models import Visit
from cdtteam.web.transactions import writing
from tests.support.world import PASSWORD, Phone, World


def unlimited(world: World) -> World:
    """`world` without its limit of 30 requests a second, which tests pass easily."""
    for limiter in world.app.extensions["limiter"]:
        limiter.enabled = False
    return world


def ledger(world: World) -> set[str]:
    """The ids of the mutations that were applied."""
    with world.app.app_context():
        return {str(id_) for id_ in db.session.scalars(select(LedgerEntry.id))}


def quarantine(world: World) -> dict[str, Quarantined]:
    """The refused mutations, by id (the latest of an id)."""
    with world.app.app_context():
        rows = db.session.scalars(select(Quarantined).order_by(Quarantined.received_at))
        return {row.mutation_id: row for row in rows}


def visits_stored(world: World) -> int:
    """How many visits there are."""
    with world.app.app_context():
        return db.session.scalar(select(func.count()).select_from(Visit)) or 0


def row_of(world: World, model: type[Any], row_id: str) -> Any:
    """A row as the database has it."""
    with world.app.app_context():
        return db.session.get(model, UUID(row_id))


def hold_oracle(world: World, minted: Iterable[dict[str, Any]], waiting: Iterable[str] = ()) -> None:
    """Every minted id is in the ledger, waiting on a phone, or refused and kept; each visit is there once or not."""
    mutations = list(minted)
    ids = {mutation["id"] for mutation in mutations}
    applied = ledger(world)
    refused = {id_ for id_, row in quarantine(world).items() if row.settled_at is None}
    assert ids == (applied & ids) | set(waiting) | (refused & ids)
    assert applied <= ids
    recorded = {m["args"]["id"] for m in mutations if m["type"] == "visit.record" and m["id"] in applied}
    assert visits_stored(world) == len(recorded)


def reassign(world: World, handle: str, team: str, at: datetime) -> None:
    """Moves a member to another team at an instant."""
    with world.app.app_context(), writing(db.session()):
        work = Work(db.session(), clock.now())
        member = db.session.get_one(Member, world.members[handle])
        move_member(SYSTEM, work, member, db.session.get_one(Team, world.teams[team]), at=at)
        work.flush()


@dataclass
class Reply:
    """An answer that came in over a real connection."""

    status_code: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, read."""
        return json.loads(self.body)

    def get_data(self, *, as_text: bool = False) -> str | bytes:
        """The body, as Flask's test client tells it."""
        return self.body.decode() if as_text else self.body


@dataclass
class HttpClient:
    """A client over real connections, one for each request; it keeps the session cookie."""

    url: str
    timeout: float = 30
    cookie: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def post(self, path: str, *, json: Any = None, data: bytes | None = None, method: str = "POST") -> Reply:
        """One request; OSError or HTTPException when the answer does not come in whole."""
        place = urlsplit(self.url)
        assert place.hostname
        link = HTTPConnection(place.hostname, place.port, timeout=self.timeout)
        try:
            headers = {"Content-Type": "application/json", "Cookie": self.cookie, **self.headers}
            link.request(method, path, _encoded(json) if data is None else data, headers)
            answer = link.getresponse()
            body = answer.read()
            for header in answer.headers.get_all("Set-Cookie") or ():
                self.cookie = header.split(";")[0]
            return Reply(answer.status, {key.title(): value for key, value in answer.headers.items()}, body)
        finally:
            link.close()

    def sign_in(self, handle: str) -> "HttpClient":
        """This client, signed in."""
        body = {"sign_in": handle, "password": PASSWORD, "device_id": str(new_id())}
        answer = self.post("/api/v1/session", json=body)
        assert answer.status_code == 200, answer.body
        return self


def _encoded(value: Any) -> bytes:
    return json.dumps(value).encode()


def phone_at(url: str, world: World, handle: str, **kwargs: Any) -> Phone:
    """A phone of a member that speaks to the server at `url`."""
    client: Any = HttpClient(url).sign_in(handle)
    return Phone(client, world.members[handle], **kwargs)


def try_post(phone: Phone, *mutations: dict[str, Any]) -> Reply | None:
    """The answer, or None when it did not come in, or is none of the server's."""
    with suppress(OSError, HTTPException):
        reply: Reply = phone.post(*mutations)
        return reply if "Cdt-Protocol" in reply.headers else None
    return None


class _Quiet(WSGIRequestHandler):
    def log_request(self, *_: object) -> None:
        """A line for each request would bury what a failing test says."""


@contextmanager
def threaded_server(app: Flask) -> Iterator[str]:
    """The address of a real server of `app`, a thread for each connection."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def at_once(*calls: Any) -> list[Any]:
    """Runs all `calls` at the same moment, each in a thread; what they answer, in order."""
    gate = threading.Barrier(len(calls))
    answers: list[Any] = [None] * len(calls)

    def run(place: int) -> None:
        gate.wait(10)
        answers[place] = calls[place]()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers
