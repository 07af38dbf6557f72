"""POST /api/v1/sync."""

import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor, Permission
from cdtteam.accounts.devices import Sighting, is_noteworthy, note_device
from cdtteam.core import clock
from cdtteam.core.db import db, is_transient
from cdtteam.core.problems import Problem
from cdtteam.replica.queries import current_epoch
from cdtteam.sync.batch import Judged, Sender, judge_mutations
from cdtteam.sync.cursor import read_cursor, write_cursor
from cdtteam.sync.daybreak import begin_day
from cdtteam.sync.pull import Reader, Scope, read_page, scope_of
from cdtteam.sync.relay import read_parcel, take_entries
from cdtteam.sync.times import Clock
from cdtteam.sync.wire import PROTOCOL, Envelope, Mutation, read_request, unpack
from cdtteam.tasks.queries import note_delivered
from cdtteam.web.answers import json_answer
from cdtteam.web.guards import current_actor, requires
from cdtteam.web.metrics import count_sync
from cdtteam.web.transactions import snapshot, writing

blueprint = Blueprint("sync", __name__)
log = logging.getLogger("cdtteam")

AFTERWARDS = timedelta(days=35)  # how long a former member can still send


@blueprint.post("/api/v1/sync")
@requires(Permission.SYNC, otherwise="not_a_member")
def sync() -> Response:
    """Judges the phone's mutations, then answers with one page of what changed in its villages."""
    now = clock.now()
    actor = current_actor()
    _require_membership(actor, now)
    envelope, mutations = read_request(unpack(request.get_data(cache=False), request.headers.get("Content-Encoding")))
    begin_day(db.session(), now)
    seen = _seen(envelope)
    judged = _judge(envelope, mutations, actor, now)
    count_sync(judged.results)
    return json_answer(
        {"protocol": PROTOCOL, "server_time": clock.wire_instant(now), **_pull(envelope, seen, actor, judged)}
    )


@blueprint.post("/api/v1/relay")
@requires(Permission.SYNC, otherwise="not_a_member")
def relay() -> Response:
    """Takes sealed entries of any device, its own or another's; what became of them is told to that device alone."""
    now = clock.now()
    actor = current_actor()
    _require_membership(actor, now)
    parcel = read_parcel(unpack(request.get_data(cache=False), request.headers.get("Content-Encoding")))
    results = take_entries(db.session(), actor, parcel, now=now)
    count_sync(results)
    return json_answer({"protocol": PROTOCOL, "received": len(results)})


def _seen(envelope: Envelope) -> dict[UUID, int]:
    """What the phone has seen; nothing where it is of another epoch, whose cursors may have been written otherwise."""
    try:
        return read_cursor(envelope.cursor)
    except Problem:
        if envelope.epoch in (None, str(current_epoch(db.session()))):
            raise
        return {}


def _judge(envelope: Envelope, mutations: list[Mutation], actor: Actor, now: Any) -> Judged:
    session = db.session()
    sighting = Sighting(envelope.device_id, actor.member_id, envelope.app_version, now - envelope.sent_at)  # type: ignore[arg-type]
    if mutations:
        sender = Sender(actor, envelope.device_id, Clock.of(envelope.sent_at, now))
        return judge_mutations(session, sender, mutations, sighting=sighting, now=now)
    if is_noteworthy(session, sighting, now):
        _note(session, sighting, now)
    return Judged()


def _note(session: Session, sighting: Sighting, now: datetime) -> None:
    try:
        with writing(session):
            note_device(session, sighting, now)
    except DBAPIError as error:
        if not is_transient(error):
            raise
        # Another connection of the same phone is putting it on record at this moment.


def _pull(envelope: Envelope, seen: dict[Any, int], actor: Actor, judged: Judged) -> dict[str, Any]:
    session = db.session()
    assert actor.member_id is not None
    now = clock.now()
    with snapshot(session):
        # The scope is read anew, so that it belongs to the same snapshot as the rows.
        scope = scope_of(session, actor.member_id)
        epoch = str(scope.epoch)
        answer: dict[str, Any] = {"epoch": epoch, "results": judged.results}
        if envelope.epoch is not None and envelope.epoch != epoch:
            return answer | {"changes": [], "cursor": None, "more": True}
        if envelope.epoch is None:
            seen = {}
        page = read_page(Reader(session, scope, now, judged.made, envelope.inbox), seen, envelope.page)
    _note_delivered(session, scope, seen, now)
    return answer | {"changes": page.changes, "cursor": write_cursor(page.seen), "more": page.more}


def _note_delivered(session: Session, scope: Scope, seen: dict[Any, int], now: datetime) -> None:
    arrived = scope.arrived(seen, now)
    if not arrived:
        return
    try:
        with writing(session):
            note_delivered(session, arrived, seen, now)
    except (Problem, DBAPIError):
        log.info("a delivery is noted at the next sync", exc_info=True)


def _require_membership(actor: Actor, now: Any) -> None:
    if not any(duty.ended_at is None or duty.ended_at + AFTERWARDS > now for duty in actor.duties):
        raise Problem("not_a_member")
