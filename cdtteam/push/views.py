"""Subscribing a phone's or a desk's browser, and what it tells of a notification."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, Literal, TypeVar
from uuid import UUID

import msgspec
from flask import Blueprint, Flask, Response, request
from flask_login import current_user
from sqlalchemy.exc import DBAPIError

from cdtteam.access.models import Permission
from cdtteam.core import clock
from cdtteam.core.db import db, is_transient
from cdtteam.core.problems import Problem
from cdtteam.push import keys
from cdtteam.push.hosts import LONGEST, configured_door, door_of
from cdtteam.push.operations import Browser, note_receipt, subscribe, unsubscribe
from cdtteam.web.answers import json_answer
from cdtteam.web.guards import current_actor, requires
from cdtteam.web.transactions import snapshot, writing

blueprint = Blueprint("push", __name__)
T = TypeVar("T")
TRIES = 4  # of what another page of the same browser does at the same moment

_Endpoint = Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST)]
_Key = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class BrowserKeys(msgspec.Struct):
    """As PushSubscription.toJSON() has them."""

    p256dh: _Key
    auth: _Key


class Wanted(msgspec.Struct):
    """The body of POST /api/v1/push/subscriptions; `key` is what the browser was told, by default today's key."""

    endpoint: _Endpoint
    keys: BrowserKeys
    device_id: UUID | None = None
    replaces: _Endpoint | None = None
    key: _Key | None = None


class Unwanted(msgspec.Struct):
    """The body of DELETE /api/v1/push/subscriptions."""

    endpoint: _Endpoint


class Receipt(msgspec.Struct):
    """The body of POST /api/v1/push/receipts."""

    receipt: UUID
    state: Literal["shown", "opened"]


def init_push(app: Flask) -> None:
    """Gives `app` its routes, and checks what the environment says; ValueError where that cannot be used."""
    keys.check_configured(app.config["CDT_VAPID_SUBJECT"], app.config["CDT_VAPID_PRIVATE_KEY"])
    door_of(app.config["CDT_PUSH_HOSTS"])
    app.register_blueprint(blueprint)


@blueprint.get("/api/v1/push/key")
@requires(Permission.INBOX_READ)
def show_key() -> Response:
    """The key to subscribe with; null while there is none, which a browser asks before it proposes to ring."""
    with snapshot(db.session()):
        return json_answer({"key": keys.public_key(db.session())})


@blueprint.post("/api/v1/push/subscriptions")
@requires(Permission.INBOX_READ)
def add_subscription() -> Response:
    """Rings this browser from now on; 201 when it is new. First of all it is seen whether it may be rung."""
    actor, wanted, session = current_actor(), _read(Wanted), db.session()
    door = configured_door()
    target = door.target_of(wanted.endpoint)
    p256dh = keys.point_text(wanted.keys.p256dh, "keys.p256dh")
    auth = keys.auth_text(wanted.keys.auth, "keys.auth")
    told = keys.point_text(wanted.key, "key") if wanted.key else None
    door.addresses(target)
    signed_in = current_user.account
    device_id = signed_in.device_id or wanted.device_id
    browser = Browser(wanted.endpoint, target.host, p256dh, auth, told, signed_in.id, device_id, wanted.replaces)

    def act() -> tuple[str, bool]:
        today = _key_of_today()
        if told is not None and all(told != pair.public for pair in keys.key_pairs(session)):
            raise Problem("invalid_field", field="key")
        _, is_new = subscribe(actor, session, browser, today, now=clock.now())
        return today, is_new

    today, is_new = _write(act)
    return json_answer({"key": today}, HTTPStatus.CREATED if is_new else HTTPStatus.OK)


@blueprint.delete("/api/v1/push/subscriptions")
@requires(Permission.INBOX_READ)
def end_subscription() -> Response:
    """Rings this browser no more, whether or not it was rung."""
    unwanted, session = _read(Unwanted), db.session()
    with writing(session):
        unsubscribe(current_actor(), session, unwanted.endpoint, now=clock.now())
    return Response(status=HTTPStatus.NO_CONTENT)


@blueprint.post("/api/v1/push/receipts")
@requires(Permission.INBOX_READ)
def take_receipt() -> Response:
    """A message was shown, or opened; Problem `not_found` when it was not sent to whoever is signed in."""
    given, session = _read(Receipt), db.session()
    with writing(session):
        is_opened = given.state == "opened"
        note_receipt(current_actor(), session, given.receipt, is_opened=is_opened, now=clock.now())
    return Response(status=HTTPStatus.NO_CONTENT)


def _write(act: Callable[[], T]) -> T:
    """Does something in a transaction, again where a browser came twice at one moment; Problem `busy` in the end."""
    for _ in range(TRIES):
        try:
            with writing(db.session()):
                return act()
        except DBAPIError as error:
            if not is_transient(error):
                raise
    raise Problem("busy", retry_after=1)


def _key_of_today() -> str:
    key = keys.public_key(db.session())
    if key is None:
        raise Problem("push_off")
    return key


def _read(kind: type[T]) -> T:
    try:
        return msgspec.json.decode(request.get_data(cache=False), type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Problem("malformed") from error
