"""Applications for tests, whose connections are closed afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from cdtteam.app import create_app
from cdtteam.core.db import db


@contextmanager
def running_app(url: str, instance: Path, **config: str) -> Iterator[Flask]:
    """An application on the database at `url`, configured further by `config`."""
    app = create_app({"CDT_DATABASE_URL": url, "CDT_INSTANCE": str(instance), "TESTING": True, **config})
    try:
        yield app
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
