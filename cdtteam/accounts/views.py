"""Sign-in and sign-out: JSON for the field app and other clients, a plain form for the desk."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

import msgspec
from flask import Blueprint, Response, redirect, render_template, request, session, url_for
from flask_login import current_user, login_user, logout_user

from cdtteam.access.models import Permission, Role
from cdtteam.accounts.browser import browser_digest, browser_secret, give_secret
from cdtteam.accounts.identity import Identity
from cdtteam.accounts.keys import (
    PublicKey,
    device_of,
    make_relay_key,
    octets_of,
    public_part,
    relay_key,
    set_device_key,
)
from cdtteam.accounts.operations import sign_in, sign_out
from cdtteam.accounts.queries import has_sent_from, open_sign_in
from cdtteam.accounts.throttle import Origin
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.problems import Problem
from cdtteam.core.settings import is_synthetic
from cdtteam.core.text import clean_text
from cdtteam.web.answers import json_answer
from cdtteam.web.guards import public
from cdtteam.web.transactions import writing

blueprint = Blueprint("accounts", __name__)

_Text = Annotated[str, msgspec.Meta(max_length=200)]


class Credentials(msgspec.Struct):
    """The body of POST /api/v1/session."""

    sign_in: _Text
    password: _Text
    device_id: UUID | None = None
    device_key: PublicKey | None = None


@blueprint.post("/api/v1/session")
@public
def start_session() -> Response:
    """Signs in; the answer says who it is and where they work."""
    try:
        given = msgspec.json.decode(request.get_data(cache=False), type=Credentials)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Problem("malformed") from error
    if given.device_key is not None:
        octets_of(given.device_key)  # before anybody is signed in
    browser = browser_secret()
    identity = _enter(given, browser)
    enroll(identity, given.device_id, given.device_key)
    answer = json_answer(session_json(identity))
    give_secret(answer, browser)
    return answer


@blueprint.get("/api/v1/session")
@public
def show_session() -> Response:
    """Who is signed in; 401 when nobody is."""
    if not current_user.is_authenticated:
        raise Problem("signed_out")
    return json_answer(session_json(current_user))


@blueprint.delete("/api/v1/session")
@public
def end_session() -> Response:
    """Signs out, whether or not anybody was signed in."""
    _leave()
    return Response(status=HTTPStatus.NO_CONTENT)


@blueprint.get("/desk/sign-in")
@public
def sign_in_page() -> Response | str:
    """The desk's form."""
    if current_user.is_authenticated:
        return _home(current_user)
    return render_template("accounts/sign_in.html", problem=None, handle="")


@blueprint.post("/desk/sign-in")
@public
def sign_in_form() -> Response | tuple[str, int]:
    """Signs in from the desk's form."""
    handle = request.form.get("sign_in", "")[:200]
    browser = browser_secret()
    try:
        identity = _enter(Credentials(handle, request.form.get("password", "")[:200]), browser)
    except Problem as problem:
        return render_template("accounts/sign_in.html", problem=problem, handle=handle), problem.status
    answer = _home(identity)
    give_secret(answer, browser)
    return answer


@blueprint.post("/desk/sign-out")
@public
def sign_out_form() -> Response:
    """Signs out from the desk."""
    _leave()
    return _redirect(url_for("accounts.sign_in_page"))


def _enter(given: Credentials, browser: str) -> Identity:
    handle = clean_text(given.sign_in, "sign_in")
    found = sign_in(
        db.session(),
        handle,
        given.password,
        device_id=given.device_id,
        came_from=Origin(request.remote_addr or "", browser_digest(browser)),
        now=clock.now(),
    )
    return begin_session(found.id)


def begin_session(sign_in_id: UUID) -> Identity:
    """Gives the browser at hand the cookie of a sign-in that has just been made."""
    account = open_sign_in(db.session(), sign_in_id, clock.now())
    if account is None:  # closed in this very moment
        raise Problem("bad_credentials")
    identity = Identity(account)
    session.clear()
    session.permanent = True
    login_user(identity)
    return identity


def enroll(identity: Identity, device_id: UUID | None, device_key: PublicKey | None) -> None:
    """Keeps the key of the device on which somebody has just signed in; the first sign-in of all makes the relay's."""
    session = db.session()
    is_new = device_id is not None and device_key is not None and identity.actor.may(Permission.SYNC)
    if not is_new and relay_key(session) is not None:
        return
    with writing(session):
        make_relay_key(session)
        if is_new and device_id and device_key:
            set_device_key(identity.actor, session, device_id, device_key, now=clock.now())


def _leave() -> None:
    if current_user.is_authenticated:
        sign_out(db.session(), current_user.account.id, now=clock.now())
    logout_user()
    session.clear()


def session_json(identity: Identity) -> dict[str, object]:
    """Who is signed in and where they work, as contracts have it."""
    now = clock.now()
    duties = [duty for duty in identity.actor.duties if duty.holds(now)]
    return {
        "member_id": identity.actor.member_id,
        "role": identity.role,
        "village_ids": sorted({duty.village_id for duty in duties}),
        "locale": identity.locale,
        "name": identity.name,
        "team_id": duties[0].team_id if duties else None,
        "synthetic": is_synthetic(db.session()),
        "relay_key": public_part(relay_key(db.session())),
        "device_key": _device_key(identity),
        "device_known": has_sent_from(db.session(), identity.account.user_id, browser_digest(browser_secret())),
    }


def _device_key(identity: Identity) -> PublicKey | None:
    """By which the device of this sign-in is known: what a phone seals under another key cannot be told as its own."""
    device_id = identity.account.device_id
    return device_of(db.session(), device_id)[0] if device_id else None


def _home(identity: Identity) -> Response:
    return _redirect("/" if identity.role == Role.VOLUNTEER else "/desk/")


def _redirect(place: str) -> Response:
    answer = redirect(place, HTTPStatus.SEE_OTHER)
    assert isinstance(answer, Response)
    return answer
