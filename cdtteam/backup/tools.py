"""PostgreSQL's own programs: found where they fit the server, and told nothing on their command line that is secret."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from sqlalchemy import URL

from cdtteam.core.problems import Problem

_DEBIAN = Path("/usr/lib/postgresql")  # a folder for each version, which is not in PATH


def find_tool(name: str, server: int) -> str:
    """The path of `pg_dump` or `pg_restore` for a server of a major version: its own version's, or else a newer one's.

    Problem `invalid_file` says what to install; an older pg_dump refuses a newer server.
    """
    found = {path: version for path in _candidates(name) if (version := _version(path))}
    fitting = sorted((version, path) for path, version in found.items() if version >= server)
    if fitting:
        return fitting[0][1]
    there = ", ".join(f"{version} ({path})" for path, version in found.items())
    detail = (
        f"{name} {server} is needed, as the server is PostgreSQL {server}"
        + (f"; here is only version {there}" if there else ", and was not found")
        + f". On Debian: apt install postgresql-client-{server}; or put its folder into PATH."
    )
    raise Problem("invalid_file", detail=detail)


def client_url(url: URL) -> str:
    """The address as libpq takes it, without the password."""
    plain = URL.create("postgresql", url.username, None, url.host, url.port, url.database, url.query)
    return plain.render_as_string(hide_password=False)


def run_tool(command: list[str], url: URL) -> None:
    """Runs a program against the database at `url`; Problem `invalid_file` with what it said."""
    done = subprocess.run(  # noqa: S603 — our own words and PostgreSQL's program
        command, check=False, capture_output=True, text=True, errors="replace", env=_environment(url)
    )
    if done.returncode:
        raise _told(command[0], done.stderr)


@contextmanager
def output_of(command: list[str], url: URL) -> Iterator[IO[bytes]]:
    """What a program prints, as it comes; Problem `invalid_file` when it fails in the end."""
    with (
        TemporaryFile() as complaints,
        subprocess.Popen(  # noqa: S603 — as above
            command, stdout=subprocess.PIPE, stderr=complaints, env=_environment(url)
        ) as process,
    ):
        assert process.stdout is not None
        try:
            yield process.stdout
        except BaseException:
            process.kill()
            raise
        if process.wait():
            complaints.seek(0)
            raise _told(command[0], complaints.read().decode(errors="replace"))


def _told(program: str, said: str) -> Problem:
    """The Problem of a program that failed."""
    lines = [line for line in said.strip().splitlines() if line]
    return Problem("invalid_file", detail=f"{Path(program).name} failed: {lines[0] if lines else 'it said nothing'}")


def _environment(url: URL) -> dict[str, str]:
    password = {"PGPASSWORD": str(url.password)} if url.password else {}
    return {**os.environ, **password, "LC_ALL": "C"}


def _candidates(name: str) -> list[str]:
    on_path = shutil.which(name)
    versions = [str(path) for path in sorted(_DEBIAN.glob(f"*/bin/{name}"))]
    return ([on_path] if on_path else []) + versions


def _version(path: str) -> int | None:
    try:
        done = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=20, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(r"\) (\d+)", done.stdout)
    return int(found[1]) if found and not done.returncode else None
