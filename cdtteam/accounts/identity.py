"""Who is signed in on a request: the adapter between flask-login and our sign-ins."""

from functools import cached_property
from uuid import UUID

from flask import Flask
from flask_login import AnonymousUserMixin, LoginManager

from cdtteam.access.models import Actor
from cdtteam.accounts.queries import SignedIn, open_sign_in
from cdtteam.accounts.tokens import token_identity
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.i18n import speak_to_account


class Identity:
    """flask-login's user: one sign-in, its account and its actor."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, account: SignedIn) -> None:
        self.account = account

    @property
    def name(self) -> str:
        """The person's name."""
        return self.account.name

    @property
    def role(self) -> str:
        """The account's role."""
        return self.account.role

    @property
    def locale(self) -> str:
        """The account's language."""
        return self.account.locale

    def get_id(self) -> str:
        """What the cookie holds: the sign-in, not the account, so that one can be revoked without the others."""
        return str(self.account.id)

    @cached_property
    def actor(self) -> Actor:
        """On whose behalf this request acts."""
        return self.account.actor


def init_identity(app: Flask) -> None:
    """Teaches `app` to know who is signed in."""
    manager = LoginManager(app)
    manager.session_protection = None  # our own rows say which sign-ins hold
    manager.user_loader(_load)
    manager.request_loader(token_identity)
    manager.anonymous_user = AnonymousUserMixin


def _load(sign_in_id: str) -> Identity | None:
    try:
        key = UUID(sign_in_id)
    except ValueError:
        return None
    found = open_sign_in(db.session(), key, clock.now())
    if found is None:
        return None
    speak_to_account(found.locale)
    return Identity(found)
