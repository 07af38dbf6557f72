"""The secret by which a browser is known again on which an account signed in before: a cookie, kept as its hash."""

import hashlib
import secrets

from flask import Response, current_app, request
from itsdangerous import BadSignature, Signer

COOKIE = "browser"
LASTS = 365 * 86400


def browser_secret() -> str:
    """This browser's secret; a new one, to be given to it at a sign-in that succeeds, when it has none of ours."""
    try:
        return _signer().unsign(request.cookies.get(COOKIE, "")).decode()
    except BadSignature:
        return secrets.token_urlsafe(32)


def browser_digest(secret: str) -> bytes:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).digest()


def give_secret(answer: Response, secret: str) -> None:
    """Lets the browser keep the secret, past signing out; no script reads it."""
    value = _signer().sign(secret).decode()
    is_secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    answer.set_cookie(COOKIE, value, max_age=LASTS, secure=is_secure, httponly=True, samesite="Lax")


def _signer() -> Signer:
    return Signer(current_app.config["SECRET_KEY"], salt=COOKIE)
