"""`python -m cdtteam.serve`: database, demonstration, the production server and its worker, from one command."""

import gc
import os
import shutil
import signal
import socket
import sys
import traceback
from pathlib import Path
from time import monotonic, sleep
from typing import Any, NoReturn

from flask import Flask
from flask_migrate import upgrade
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]
from gunicorn.arbiter import Arbiter  # type: ignore[import-untyped]
from sqlalchemy import select

from cdtteam.app import create_app, instance_folder
from cdtteam.areas.models import Area
from cdtteam.cli.demo import sign_in_table
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.settings import is_synthetic
from cdtteam.demo.accounts import demo_accounts
from cdtteam.demo.load import load_demo
from cdtteam.demo.size import SIZES
from cdtteam.jobs.worker import GRACE, work
from cdtteam.web.metrics import SHARED
from cdtteam.web.transactions import writing

LOOPBACK = {"127.0.0.1", "::1", "localhost"}
BREATH = 5.0  # seconds between two beginnings of a worker that does not live


def main() -> None:
    """Serves until it is told to stop."""
    host, port = os.environ.get("HOST", "127.0.0.1"), _port()
    _check_free(host, port)
    os.environ[SHARED] = str(_emptied(instance_folder() / "metrics"))
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
    # What the workers share stays shared: collecting would write into every page of it.
    gc.collect()
    gc.freeze()
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

    def run(self) -> None:
        _Master(self).run()


class _Master(Arbiter):  # type: ignore[misc]
    """gunicorn's master, with one child more: the worker of jobs, forked so that it shares what is loaded.

    The master reaps whatever ends, also what it does not know; each second it looks whether the worker still lives.
    """

    worker: int = 0
    began = -BREATH

    def manage_workers(self) -> None:
        super().manage_workers()
        if os.environ.get("CDT_WORKER") != "off" and not self._lives() and monotonic() - self.began >= BREATH:
            self.began = monotonic()
            self.worker = self._fork()

    def stop(self, graceful: bool = True) -> None:
        if self._lives():
            os.kill(self.worker, signal.SIGTERM)
        super().stop(graceful)
        until = monotonic() + GRACE + 1
        while self._lives() and monotonic() < until:
            sleep(0.05)
        if self._lives():
            os.kill(self.worker, signal.SIGKILL)
            os.waitpid(self.worker, 0)

    def _lives(self) -> bool:
        """Whether the worker lives; where it has ended it is reaped, unless it was already."""
        if not self.worker:
            return False
        try:
            ended, _ = os.waitpid(self.worker, os.WNOHANG)
        except ChildProcessError:
            ended = self.worker
        if ended:
            self.worker = 0
        return not ended

    def _fork(self) -> int:
        """The worker's process id. What it is told before it listens waits: the master's handlers would swallow it."""
        told = (*self.SIGNALS, signal.SIGCHLD)
        signal.pthread_sigmask(signal.SIG_BLOCK, told)
        master = os.getpid()
        child = os.fork()
        if child:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, told)
            return child
        code = 1
        try:
            for number in told:
                signal.signal(number, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, told)
            for listener in self.LISTENERS:  # the address is free again when the master ends
                listener.close()
            work(self.app.wsgi(), parent=master)
            code = 0
        except BaseException:  # noqa: BLE001 — it must not go on as a second master
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            os._exit(code)


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


def _emptied(folder: Path) -> Path:
    """A folder for what the workers count: counts begin at nothing with each start."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


def _prepare() -> bool:
    """Brings the database up to date; answers whether it made the demonstration, which an empty one gets.

    With CDT_DEMO=off none is made: an installation for real people begins empty.
    """
    upgrade()
    session = db.session()
    if os.environ.get("CDT_DEMO") == "off" or is_synthetic(session) or session.scalar(select(Area.id).limit(1)):
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
