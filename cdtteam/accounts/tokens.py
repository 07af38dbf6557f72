"""Keys with which other systems read the province's figures: issued once, kept as a hash, revoked at any time."""

import hashlib
import secrets
from datetime import datetime
from uuid import UUID

from flask import Request, current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor, Permission, Role
from cdtteam.access.policy import require
from cdtteam.accounts.models import ApiToken
from cdtteam.core.db import db
from cdtteam.core.problems import Problem
from cdtteam.core.text import clean_text

READABLE = Permission.PARTICIPATION_READ  # all that a token opens


class TokenIdentity:
    """flask-login's user for a request with a token: the province's staff, for reading figures alone."""

    is_authenticated = True
    is_active = True
    is_anonymous = False
    device_id = None

    def __init__(self, token: ApiToken) -> None:
        self.actor = Actor(Role.PROVINCE, area_id=token.area_id)
        self.role = Role.PROVINCE
        self.name = token.note
        self._id = token.id

    def get_id(self) -> str:
        """What the limit of requests counts by."""
        return f"token {self._id}"


def issue_token(actor: Actor, session: Session, *, note: str, area_id: UUID, now: datetime) -> tuple[UUID, str]:
    """A new token's id and its text, which is told this once. Problem `invalid_field` (note)."""
    require(actor, Permission.ACCOUNT_MANAGE)
    note = clean_text(note, "note").strip()
    if not 1 <= len(note) <= 200:
        raise Problem("invalid_field", field="note")
    text = secrets.token_urlsafe(32)
    token = ApiToken(digest=_digest(text), note=note, area_id=area_id, issued_at=now)
    session.add(token)
    session.flush()
    return token.id, text


def revoke_token(actor: Actor, session: Session, token_id: UUID, *, now: datetime) -> ApiToken:
    """Ends a token, which stays on record. Problem `not_found`."""
    require(actor, Permission.ACCOUNT_MANAGE)
    token = session.get(ApiToken, token_id)
    if token is None:
        raise Problem("not_found")
    token.revoked_at = token.revoked_at or now
    return token


def token_identity(request: Request) -> TokenIdentity | None:
    """Who a request with `Authorization: Bearer` is; nobody where anything but figures is asked for."""
    # Read by hand: werkzeug fails on other schemes' text that is none.
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    view = current_app.view_functions.get(request.endpoint or "")
    if scheme.lower() != "bearer" or not text.strip() or request.method not in ("GET", "HEAD"):
        return None
    if getattr(view, "permission", None) != READABLE or not request.path.startswith("/api/"):
        return None
    wanted = (ApiToken.digest == _digest(text.strip()), ApiToken.revoked_at.is_(None))
    token = db.session().scalar(select(ApiToken).where(*wanted))
    return TokenIdentity(token) if token else None


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode(errors="replace")).digest()
