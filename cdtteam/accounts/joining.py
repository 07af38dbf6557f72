"""Coming in by an invitation: the page behind the link, its preview, and its redemption."""

from datetime import datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

import msgspec
from flask import Blueprint, Response, make_response, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from cdtteam.accounts.browser import browser_digest, browser_secret, give_secret
from cdtteam.accounts.inapp import is_apple, is_in_app
from cdtteam.accounts.invitations import Key, preview, redeem
from cdtteam.accounts.keys import PublicKey, octets_of
from cdtteam.accounts.models import User
from cdtteam.accounts.secrets import code_of, spaced
from cdtteam.accounts.throttle import Origin
from cdtteam.accounts.views import begin_session, enroll, session_json
from cdtteam.areas.models import AreaTerm
from cdtteam.areas.queries import commune_of, in_force
from cdtteam.core import clock
from cdtteam.core.clock import civil_date, wire_instant
from cdtteam.core.db import db
from cdtteam.core.problems import Problem
from cdtteam.teams.models import Membership, Team
from cdtteam.teams.queries import holds
from cdtteam.web.answers import json_answer
from cdtteam.web.guards import public

blueprint = Blueprint("joining", __name__)

_Text = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class Opened(msgspec.Struct):
    """The body of POST /api/v1/invitation: the secret of a link, or a code that was typed."""

    secret: _Text | None = None
    code: _Text | None = None


class Redeemed(Opened):
    """The body of POST /api/v1/invitation/redeem; the rest is as in POST /api/v1/session."""

    device_id: UUID | None = None
    device_key: PublicKey | None = None


T = TypeVar("T", bound=Opened)


@blueprint.get("/tham-gia")
@public
def join_page() -> Response:
    """The page behind the link: leads into the app, or out of another app's browser. It never sees the secret."""
    agent = request.user_agent.string
    page = render_template("accounts/join.html", is_in_app=is_in_app(agent), is_apple=is_apple(agent))
    answer = make_response(page)
    answer.headers["Cache-Control"] = "no-store"
    answer.vary.add("User-Agent")
    return answer


@blueprint.post("/api/v1/invitation")
@public
def show_invitation() -> Response:
    """Whom an invitation is for; consumes nothing. Who brings the link is told the short code that goes with it."""
    given, session, now = _read(Opened), db.session(), clock.now()
    invitation, user = preview(session, _key(given), _origin(browser_secret()), now)
    said: dict[str, Any] = {"name": user.name, **_place(session, user, now)}
    said["expires_at"] = wire_instant(invitation.expires_at)
    return json_answer(said | ({"code": spaced(code_of(given.secret))} if given.secret else {}))


@blueprint.post("/api/v1/invitation/redeem")
@public
def redeem_invitation() -> Response:
    """Signs in by an invitation; the answer is that of POST /api/v1/session."""
    given = _read(Redeemed)
    if is_in_app(request.user_agent.string):
        raise Problem("in_app_browser")
    if given.device_key is not None:
        octets_of(given.device_key)
    browser = browser_secret()
    signed_in = redeem(db.session(), _key(given), _origin(browser), given.device_id, now=clock.now())
    identity = begin_session(signed_in.id)
    enroll(identity, given.device_id, given.device_key)
    answer = json_answer(session_json(identity))
    give_secret(answer, browser)
    return answer


def _read(kind: type[T]) -> T:
    try:
        given = msgspec.json.decode(request.get_data(cache=False), type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Problem("malformed") from error
    if (given.secret is None) == (given.code is None):
        raise Problem("malformed")
    return given


def _key(given: Opened) -> Key:
    return Key(given.secret, given.code)


def _origin(browser: str) -> Origin:
    return Origin(request.remote_addr or "", browser_digest(browser))


def _place(session: Session, user: User, now: datetime) -> dict[str, str | None]:
    """The names of a member's team and of its commune."""
    team = (
        select(Team.name, Team.home_village_id)
        .join(Membership, Membership.team_id == Team.id)
        .where(Membership.member_id == user.member_id, holds(Membership, now), holds(Team, now))
        .order_by(Membership.is_guest, Membership.started_at)
    )
    found = session.execute(team.limit(1)).one_or_none()
    if found is None:
        return {"team": None, "commune": None}
    today = civil_date(now)
    commune = commune_of(session, found[1], today)
    name = session.scalar(select(AreaTerm.name).where(AreaTerm.area_id == commune, in_force(today)))
    return {"team": found[0], "commune": name}
