"""`python -m cdtteam.serve` prepares, serves, comes back quickly and stops when told."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tests.support.demo_db import RunningServer, await_answer
from tests.support.ports import free_port
from tests.support.schema import ROOT

Start = Callable[..., RunningServer]


def environment(instance: Path, port: int) -> dict[str, str]:
    """What the command is told."""
    rest = {key: value for key, value in os.environ.items() if key != "CDT_DATABASE_URL"}
    return {**rest, "PORT": str(port), "CDT_INSTANCE": str(instance), "CDT_DEMO_SIZE": "small"}


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts the command with an instance of this test and what it prints in `out`."""
    started = []

    def begin(port: int) -> RunningServer:
        with (tmp_path / "out").open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", "cdtteam.serve"], cwd=ROOT, env=environment(tmp_path / "instance", port),
                stdout=out, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        server = RunningServer(f"http://127.0.0.1:{port}", process)
        started.append(server)
        await_answer(server)
        return server

    yield begin
    for server in started:
        server.stop()


def sign_in(server: RunningServer, handle: str, password: str) -> dict[str, object]:
    """What the server answers to a sign-in."""
    body = json.dumps({"sign_in": handle, "password": password}).encode()
    request = urllib.request.Request(f"{server.url}/api/v1/session", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        said: dict[str, object] = json.load(answer)
        return said


def memory(server: RunningServer) -> int:
    """The bytes (PSS) of the master and its workers."""
    family = [psutil.Process(server.process.pid), *psutil.Process(server.process.pid).children()]
    return sum(process.memory_full_info().pss for process in family)


def test_first_start_second_start_and_stop(start: Start, tmp_path: Path) -> None:
    port = free_port()
    first = start(port)
    said = (tmp_path / "out").read_text()
    assert f"http://127.0.0.1:{port}/" in said
    assert "Making the demonstration" in said
    role, handle, password, commune = next(line for line in said.splitlines() if line.startswith("volunteer")).split()
    assert (role, commune) == ("volunteer", "21787")
    member = sign_in(first, handle, password)["member_id"]
    with urllib.request.urlopen(f"{first.url}/healthz", timeout=10) as answer:
        assert answer.status == 200
    workers = psutil.Process(first.process.pid).children()
    assert len(workers) == 2
    first.process.send_signal(signal.SIGTERM)
    assert first.process.wait(25) == 0
    assert not psutil.wait_procs(workers, timeout=5)[1]

    second = start(port)
    assert "Making" not in (tmp_path / "out").read_text()
    assert sign_in(second, handle, password)["member_id"] == member
    for _ in range(6):
        sign_in(second, handle, password)
    assert memory(second) < 150 * 2**20


def test_a_taken_port_is_said_before_anything_is_made(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "cdtteam.serve"], cwd=ROOT, env=environment(tmp_path / "instance", port),
            capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
    assert done.returncode == 1
    assert f"port {port}" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "instance").exists()
