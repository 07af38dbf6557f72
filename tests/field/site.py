"""The application on a loopback port as phones meet it, and its next version."""

import atexit
import logging
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from flask import Flask
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from cdtteam.app import create_app
from cdtteam.pwa.views import Shell
from tests.field.wire import Json


class Site:
    """The application on a loopback port; `app` may be exchanged while it runs, as an operator's update does.

    The paths in `cut` arrive truncated.
    """

    def __init__(self, app: Flask) -> None:
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self.app = app
        self.served: list[str] = []
        self.cut: set[str] = set()
        server = make_server("127.0.0.1", 0, self._answer, threaded=True)
        self.url = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()

    def _answer(self, environ: Json, start: Any) -> Iterable[bytes]:
        self.served.append(environ["PATH_INFO"])
        if environ["PATH_INFO"] == "/trickle":
            start("200 OK", [("Content-Type", "application/json"), ("Cdt-Protocol", "1")])
            return _drops()
        if environ["PATH_INFO"] not in self.cut:
            return self.app(environ, start)
        environ.pop("HTTP_ACCEPT_ENCODING", None)
        answer = Response.from_app(self.app, environ)
        return Response(answer.data[:100], content_type=answer.content_type)(environ, start)


def _drops() -> Iterator[bytes]:
    """An answer that never ends, a byte at a time."""
    for _ in range(200):
        time.sleep(0.05)
        yield b" "


def new_app(**config: Any) -> Flask:
    """The application without a database: only the field app's files are asked of it here."""
    folder = mkdtemp(prefix="cdtteam-field-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return create_app({"CDT_INSTANCE": folder, "CDT_DATABASE_URL": f"sqlite:///{folder}/none.db", **config})


@lru_cache(maxsize=1)
def site() -> Site:
    """One site for all tests of a process."""
    return Site(new_app())


def next_version(folder: Path, change: Callable[[Path], object], **config: Any) -> Flask:
    """The application after an update: the static files in a copy, changed."""
    app = new_app(**config)
    app.static_folder = str(shutil.copytree(Path(app.static_folder or ""), folder / "static"))
    change(Path(app.static_folder))
    shell = Shell(app)
    app.extensions["cdtteam_pwa"] = shell
    app.jinja_env.globals["asset"] = shell.assets.url
    return app


def add_line(folder: Path) -> None:
    """The smallest update: another value in a module."""
    module = folder / "field" / "model" / "status.js"
    module.write_text(module.read_text(encoding="utf-8") + "export const isNew = true;\n", encoding="utf-8")
