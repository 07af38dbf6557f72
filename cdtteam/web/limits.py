"""Nobody asks more than 30 times a second: no device (sync protocol, "Transport"), no reader of the residents' page."""

from flask import Flask, request
from flask_limiter import Limiter
from flask_login import current_user

PER_ASKER = "30 per second"
_API, _RESIDENTS = "/api/", "/to/"


def init_limits(app: Flask) -> None:
    """Limits requests to the API by signed-in device, and those to the residents' page by address.

    Each worker counts alone, so the limit is never stricter than it says; the throttle of sign-ins, which matters,
    is in the database.
    """
    limiter = Limiter(_asker, app=app, default_limits=[PER_ASKER], storage_uri="memory://", strategy="moving-window")
    limiter.request_filter(_is_free)


def _asker() -> str:
    """Who is signed in; on the residents' page, where nobody needs to be, the address."""
    return request.remote_addr or "" if _is_for_residents() else str(current_user.get_id())


def _is_free() -> bool:
    if _is_for_residents():
        return False
    return not request.path.startswith(_API) or not current_user.is_authenticated


def _is_for_residents() -> bool:
    return request.path.startswith(_RESIDENTS)
