"""The application, put together."""

import os
import secrets
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import Migrate
from werkzeug.middleware.proxy_fix import ProxyFix

from cdtteam.accounts.identity import init_identity
from cdtteam.accounts.joining import blueprint as joining
from cdtteam.accounts.views import blueprint as accounts
from cdtteam.admin.views import blueprint as admin
from cdtteam.answering.views import blueprint as answering
from cdtteam.assigning.later import JOBS as CAMPAIGNS
from cdtteam.assigning.routes import blueprint as assigning
from cdtteam.cli import init_cli
from cdtteam.core.db import db, init_db
from cdtteam.core.i18n import init_i18n
from cdtteam.core.wire import prepare_types
from cdtteam.gauges import GAUGES
from cdtteam.imports.later import JOB as IMPORT
from cdtteam.imports.views import blueprint as imports
from cdtteam.jobs import init_jobs
from cdtteam.jobs.chores import Chore
from cdtteam.jobs.running import JobKind
from cdtteam.monthly.closing import JOB as REPORT_CLOSING
from cdtteam.monthly.later import JOB as REPORT_FILE
from cdtteam.monthly.routes import blueprint as monthly
from cdtteam.notices.inbox_views import blueprint as inbox
from cdtteam.notices.routes import blueprint as notices
from cdtteam.notify.chores import CHORES as NOTIFY
from cdtteam.paper.routes import blueprint as paper
from cdtteam.participation.views import blueprint as participation
from cdtteam.push.chores import CHORES as PUSH
from cdtteam.push.views import init_push
from cdtteam.pwa import init_pwa
from cdtteam.recognition.views import blueprint as recognition
from cdtteam.register.routes import blueprint as register
from cdtteam.reminders.chores import CHORES as REMINDERS
from cdtteam.reorganisations.views import blueprint as reorganisations
from cdtteam.residents.desk_views import blueprint as residents
from cdtteam.residents.views import blueprint as public_pages
from cdtteam.reviewing.routes import blueprint as reviewing
from cdtteam.sync.views import blueprint as sync
from cdtteam.todo.sources import init_todo
from cdtteam.web.answers import Gzip, init_answers
from cdtteam.web.guards import init_guards
from cdtteam.web.health import blueprint as health
from cdtteam.web.limits import init_limits
from cdtteam.web.metrics import init_metrics
from cdtteam.web.navigation import init_navigation

ROOT = Path(__file__).parents[1]

# What the worker does: what comes round, and long work that somebody asks for. A room exports its own.
CHORES: list[Chore] = [*NOTIFY, *PUSH, *REMINDERS]
JOBS: list[JobKind] = [IMPORT, *CAMPAIGNS, REPORT_FILE, REPORT_CLOSING]

BLUEPRINTS = (
    health, accounts, joining, sync, participation, admin, assigning, answering, inbox, reviewing, notices, imports,
    monthly, reorganisations, residents, paper, recognition, register, public_pages,
)  # fmt: skip


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """The application, configured from the environment (see README) and then from `config`."""
    instance = instance_folder(config)
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
    init_metrics(app, GAUGES)
    init_guards(app)
    init_answers(app)
    init_limits(app)
    Gzip(app)
    init_identity(app)
    init_navigation(app)
    init_pwa(app)
    init_todo(app)
    init_jobs(app, CHORES, JOBS)
    init_push(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    init_cli(app)
    prepare_types()
    return app


def instance_folder(config: Mapping[str, Any] | None = None) -> Path:
    """The folder of what belongs to this installation alone, made where it is missing."""
    folder = Path((config or {}).get("CDT_INSTANCE") or os.environ.get("CDT_INSTANCE") or ROOT / "instance").absolute()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _defaults(instance: Path) -> dict[str, Any]:
    return {
        "CDT_DATABASE_URL": os.environ.get("CDT_DATABASE_URL", f"sqlite:///{instance / 'cdtteam.db'}"),
        "CDT_JOBS_URL": os.environ.get("CDT_JOBS_URL", ""),
        "CDT_PROXIES": os.environ.get("CDT_PROXIES") or "0",
        "CDT_METRICS_TOKEN": os.environ.get("CDT_METRICS_TOKEN", ""),
        "CDT_VAPID_SUBJECT": os.environ.get("CDT_VAPID_SUBJECT", ""),
        "CDT_VAPID_PRIVATE_KEY": os.environ.get("CDT_VAPID_PRIVATE_KEY", ""),
        "CDT_PUSH_HOSTS": os.environ.get("CDT_PUSH_HOSTS", ""),
        "CDT_PUSH_TEST_ENDPOINT": "",  # origins on this machine, for tests alone: no environment sets it
        "SECRET_KEY": os.environ.get("CDT_SECRET_KEY") or _kept_secret(instance / "secret_key"),
        # One octet above the limit: a body of unsaid length is cut off here, and must then be seen to be too large.
        "MAX_CONTENT_LENGTH": 1024 * 1024 + 1,
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
