"""Applications for tests, whose connections are closed afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from unittest.mock import patch

from flask import Flask
from jinja2 import FileSystemBytecodeCache

from cdtteam.app import create_app
from cdtteam.core.db import db
from cdtteam.pwa.assets import Assets

# Hundreds of applications stand one after the other: the files that all of them serve are read and compressed once.
_assets = cache(Assets)


@contextmanager
def running_app(url: str, instance: Path, **config: str) -> Iterator[Flask]:
    """An application on the database at `url`, configured further by `config`.

    It does not limit requests a second: a client in the same process asks faster than any phone. F28 limits them.
    """
    with patch("cdtteam.pwa.views.Assets", _assets):
        app = create_app({"CDT_DATABASE_URL": url, "CDT_INSTANCE": str(instance), "TESTING": True, **config})
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(instance))
    limit_requests(app, is_on=False)
    try:
        yield app
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def limit_requests(app: Flask, *, is_on: bool) -> None:
    """Switches the limit of requests a second."""
    for limiter in app.extensions["limiter"]:
        limiter.enabled = is_on
