"""Whether the process answers, and whether it can do its work."""

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, Response, current_app

from cdtteam.core.db import db
from cdtteam.core.problems import Problem
from cdtteam.web.answers import json_answer
from cdtteam.web.guards import public

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@public
def healthz() -> Response:
    """The process answers."""
    return json_answer({"status": "ok"})


@blueprint.get("/readyz")
@public
def readyz() -> Response:
    """The database answers and its migrations are in order; 503 otherwise."""
    scripts = ScriptDirectory(str(current_app.extensions["migrate"].directory))
    current = MigrationContext.configure(db.session.connection()).get_current_heads()
    if set(current) != set(scripts.get_heads()):
        raise Problem("busy", retry_after=10)
    return json_answer({"status": "ready"})
