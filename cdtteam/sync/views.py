"""POST /api/v1/sync."""

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor, Permission
from cdtteam.accounts.devices import Sighting, is_noteworthy, note_device
from cdtteam.accounts.queries import member_actors
from cdtteam.core import clock
from cdtteam.core.db import db, is_transient
from cdtteam.core.problems import Problem
from cdtteam.replica.queries import current_epoch
from cdtteam.sync.batch import Sender, judge_mutations
from cdtteam.sync.cursor import read_cursor, write_cursor
from cdtteam.sync.pull import Reader, read_page
from cdtteam.sync.times import Clock
from cdtteam.sync.wire import PROTOCOL, Envelope, Mutation, read_request, unpack
from cdtteam.web.answers import json_answer
from cdtteam.web.guards import current_actor, requires
from cdtteam.web.transactions import snapshot, writing

blueprint = Blueprint("sync", __name__)

AFTERWARDS = timedelta(days=35)  # how long a former member can still send


@blueprint.post("/api/v1/sync")
@requires(Permission.SYNC, otherwise="not_a_member")
def sync() -> Response:
    """Judges the phone's mutations, then answers with one page of what changed in its villages."""
    now = clock.now()
    actor = current_actor()
    _require_membership(actor, now)
    envelope, mutations = read_request(unpack(request.get_data(cache=False), request.headers.get("Content-Encoding")))
    seen = read_cursor(envelope.cursor)
    results = _judge(envelope, mutations, actor, now)
    return json_answer(
        {"protocol": PROTOCOL, "server_time": clock.wire_instant(now), **_pull(envelope, seen, actor, results)}
    )


def _judge(envelope: Envelope, mutations: list[Mutation], actor: Actor, now: Any) -> list[dict[str, Any]]:
    session = db.session()
    sighting = Sighting(envelope.device_id, actor.member_id, envelope.app_version, now - envelope.sent_at)  # type: ignore[arg-type]
    if mutations:
        sender = Sender(actor, envelope.device_id, Clock.of(envelope.sent_at, now))
        return judge_mutations(session, sender, mutations, sighting=sighting, now=now)
    if is_noteworthy(session, sighting, now):
        _note(session, sighting, now)
    return []


def _note(session: Session, sighting: Sighting, now: datetime) -> None:
    try:
        with writing(session):
            note_device(session, sighting, now)
    except DBAPIError as error:
        if not is_transient(error):
            raise
        # Another connection of the same phone is putting it on record at this moment.


def _pull(envelope: Envelope, seen: dict[Any, int], actor: Actor, results: list[dict[str, Any]]) -> dict[str, Any]:
    session = db.session()
    with snapshot(session):
        epoch = str(current_epoch(session))
        answer: dict[str, Any] = {"epoch": epoch, "results": results}
        if envelope.epoch is not None and envelope.epoch != epoch:
            return answer | {"changes": [], "cursor": None, "more": True}
        if envelope.epoch is None:
            seen = {}
        assert actor.member_id is not None
        # Read anew: the scope belongs to the same snapshot as the rows.
        scope = member_actors(session, {actor.member_id}).get(actor.member_id, actor)
        page = read_page(Reader(session, scope, clock.now()), seen, envelope.page)
        return answer | {"changes": page.changes, "cursor": write_cursor(page.seen), "more": page.more}


def _require_membership(actor: Actor, now: Any) -> None:
    if not any(duty.ended_at is None or duty.ended_at + AFTERWARDS > now for duty in actor.duties):
        raise Problem("not_a_member")
