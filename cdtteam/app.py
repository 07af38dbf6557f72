"""The application, put together."""

import os
import secrets
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask_compress import Compress
from flask_migrate import Migrate
from werkzeug.middleware.proxy_fix import ProxyFix

from cdtteam.accounts.identity import init_identity
from cdtteam.accounts.views import blueprint as accounts
from cdtteam.cli import init_cli
from cdtteam.core.db import db, init_db
from cdtteam.core.i18n import init_i18n
from cdtteam.participation.views import blueprint as participation
from cdtteam.pwa import init_pwa
from cdtteam.sync.views import blueprint as sync
from cdtteam.web.answers import init_answers
from cdtteam.web.guards import init_guards
from cdtteam.web.health import blueprint as health
from cdtteam.web.limits import init_limits

ROOT = Path(__file__).parents[1]


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """The application, configured from the environment (see README) and then from `config`."""
    instance = Path(os.environ.get("CDT_INSTANCE", ROOT / "instance")).absolute()
    if config and "CDT_INSTANCE" in config:
        instance = Path(config["CDT_INSTANCE"]).absolute()
    instance.mkdir(parents=True, exist_ok=True)
    app = Flask(
        "cdtteam", instance_path=str(instance), root_path=str(ROOT / "cdtteam"),
        static_folder=str(ROOT / "static"), template_folder=str(ROOT / "templates"),
    )  # fmt: skip
    app.config.update(_defaults(instance))
    app.config.update(config or {})
    _trust_proxies(app, app.config["CDT_PROXIES"])
    init_db(app, app.config["CDT_DATABASE_URL"])
    Migrate(app, db, directory=str(ROOT / "cdtteam" / "migrations"))
    init_i18n(app)
    init_guards(app)
    init_answers(app)
    init_limits(app)
    Compress(app)
    init_identity(app)
    init_pwa(app)
    for blueprint in (health, accounts, sync, participation):
        app.register_blueprint(blueprint)
    init_cli(app)
    return app


def _defaults(instance: Path) -> dict[str, Any]:
    return {
        "CDT_DATABASE_URL": os.environ.get("CDT_DATABASE_URL", f"sqlite:///{instance / 'cdtteam.db'}"),
        "CDT_PROXIES": os.environ.get("CDT_PROXIES") or "0",
        "SECRET_KEY": os.environ.get("CDT_SECRET_KEY") or _kept_secret(instance / "secret_key"),
        "MAX_CONTENT_LENGTH": 1024 * 1024,
        "PERMANENT_SESSION_LIFETIME": timedelta(days=180),
        "SESSION_COOKIE_NAME": "cdtteam",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": os.environ.get("CDT_HTTPS") == "1",
        # The sign-in does not change from request to request, so its cookie need not be sent again each time.
        "SESSION_REFRESH_EACH_REQUEST": False,
        "COMPRESS_ALGORITHM": ["gzip"],  # as the sync protocol says; the field app's files are compressed beforehand
        "COMPRESS_MIN_SIZE": 200,
    }


def _trust_proxies(app: Flask, given: str) -> None:
    """Takes a client's address from what so many reverse proxies add; what stands before it anybody may make up."""
    if not given.isascii() or not given.isdigit():
        raise ValueError(f"CDT_PROXIES must be a number of proxies, not “{given}”.")
    if int(given):
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=int(given), x_proto=0)  # type: ignore[method-assign]


def _kept_secret(path: Path) -> str:
    """The key that signs cookies: made once, readable by its owner alone."""
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="utf-8")
    with os.fdopen(file, "w", encoding="utf-8") as out:
        out.write(secrets.token_hex(32))
    return path.read_text(encoding="utf-8")
