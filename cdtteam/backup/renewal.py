"""From a copy of an older database to one that may take its place: this version's schema, a new line of history."""

from datetime import datetime
from functools import cache

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import URL, Engine
from sqlalchemy.orm import Session

from cdtteam.core.db import engine_at
from cdtteam.core.problems import Problem
from cdtteam.replica.operations import start_epoch


def refuse_newer(revision: str) -> None:
    """Problem `invalid_file` when a database has a migration that this version does not know."""
    known = _revisions(str(current_app.extensions["migrate"].directory))
    if revision not in known:
        detail = (
            f"This comes from a newer version of cdtteam (its schema is “{revision}”, this version knows up to "
            f"“{known[0]}”). Install that version first."
        )
        raise Problem("invalid_file", detail=detail)


def renew(url: URL, now: datetime) -> None:
    """Migrates the database at `url` to this version's schema and begins a new epoch in it."""
    engine = engine_at(url)
    try:
        command.upgrade(_config(engine), "head")
        with Session(engine) as session, session.begin():
            start_epoch(session, now=now)
    finally:
        engine.dispose()


@cache
def _revisions(directory: str) -> list[str]:
    return [script.revision for script in ScriptDirectory(directory).walk_revisions()]


def _config(engine: Engine) -> Config:
    config: Config = current_app.extensions["migrate"].migrate.get_config()
    config.attributes["engine"] = engine
    return config
