"""No device may ask more than 30 times a second (sync protocol, "Transport")."""

from flask import Flask, request
from flask_limiter import Limiter
from flask_login import current_user

PER_DEVICE = "30 per second"


def init_limits(app: Flask) -> None:
    """Limits requests to the API by signed-in device.

    Each worker counts alone, so the limit is never stricter than it says; the throttle of sign-ins, which matters,
    is in the database.
    """
    limiter = Limiter(_device, app=app, default_limits=[PER_DEVICE], storage_uri="memory://", strategy="moving-window")
    limiter.request_filter(_is_free)


def _device() -> str:
    return str(current_user.get_id())


def _is_free() -> bool:
    return not request.path.startswith("/api/") or not current_user.is_authenticated
