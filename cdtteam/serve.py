"""`python -m cdtteam.serve`: database, demonstration and the production server, from one command."""

import os
import socket
import sys
from typing import Any, NoReturn

from flask import Flask
from flask_migrate import upgrade
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]
from sqlalchemy import select

from cdtteam.app import create_app
from cdtteam.areas.models import Area
from cdtteam.cli.demo import sign_in_table
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.settings import is_synthetic
from cdtteam.demo.accounts import demo_accounts
from cdtteam.demo.load import load_demo
from cdtteam.demo.size import SIZES
from cdtteam.web.transactions import writing

LOOPBACK = {"127.0.0.1", "::1", "localhost"}


def main() -> None:
    """Serves until it is told to stop."""
    host, port = os.environ.get("HOST", "127.0.0.1"), _port()
    _check_free(host, port)
    app = create_app()
    with app.app_context():
        if _prepare():
            # Making the demonstration takes memory that the server has no use for: begin again with little.
            sys.stdout.flush()
            os.execv(sys.executable, [sys.executable, "-m", "cdtteam.serve"])
        _announce(host, port)
        # Each worker opens connections of its own; SQLite's must not cross a fork.
        db.session.remove()
        db.engine.dispose()
    _Server(app, f"[{host}]:{port}" if ":" in host else f"{host}:{port}").run()


class _Server(BaseApplication):  # type: ignore[misc]
    """gunicorn, told everything by us and nothing by the environment."""

    def __init__(self, app: Flask, bind: str) -> None:
        self._app = app
        self._options: dict[str, Any] = {
            "bind": bind, "workers": 2, "worker_class": "gthread", "threads": 8, "preload_app": True,
            "accesslog": None, "loglevel": "warning", "control_socket_disable": True,
            "timeout": 60, "graceful_timeout": 20, "keepalive": 5,
        }  # fmt: skip
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._app


def _port() -> int:
    given = os.environ.get("PORT", "8000")
    if not given.isascii() or not given.isdigit() or not 0 < int(given) < 65536:
        _give_up(f"PORT must be a number from 1 to 65535, not “{given}”.")
    return int(given)


def _check_free(host: str, port: int) -> None:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        _give_up(f"The server cannot listen at {host}, port {port}: {error.strerror}. Try another: PORT=8001 make run")


def _give_up(reason: str) -> NoReturn:
    print(reason, file=sys.stderr)
    raise SystemExit(1)


def _prepare() -> bool:
    """Brings the database up to date; answers whether it made the demonstration, which an empty one gets."""
    upgrade()
    session = db.session()
    if is_synthetic(session) or session.scalar(select(Area.id).limit(1)):
        return False
    print("Making the demonstration province, once; this takes less than a minute.", flush=True)
    with writing(session):
        size = SIZES[os.environ.get("CDT_DEMO_SIZE", "full")]
        load_demo(session, now=clock.now(), size=size, progress=_show if sys.stdout.isatty() else None)
    return True


def _show(done: int, of: int) -> None:
    print(f"\r  {done} of {of} villages", end="\n" if done == of else "", flush=True)


def _announce(host: str, port: int) -> None:
    name = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104
    print(f"\nhttp://{f'[{name}]' if ':' in name else name}:{port}/")
    if is_synthetic(db.session()):
        print("\nDemonstration data: villages, people and visits are made up. Sign in as:\n")
        print(sign_in_table(demo_accounts(db.session(), clock.now())))
        if host not in LOOPBACK:
            print(f"\nAttention: these passwords are public, and whoever reaches {host} can use them.")
    print("\nStop with Ctrl+C.", flush=True)


if __name__ == "__main__":
    main()
