"""`python -m cdtteam.serve` prepares, serves, comes back quickly and stops when told."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.error import HTTPError

import psutil
import pytest

from cdtteam.jobs.worker import HANDS
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


def sign_ins_told(server: RunningServer) -> int:
    """The sign-ins that /metrics has counted, in all workers."""
    with urllib.request.urlopen(f"{server.url}/metrics", timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    counts = (line.split() for line in lines if line.startswith("cdt_request_seconds_count"))
    return sum(int(float(value)) for *labels, value in counts if 'route="/api/v1/session"' in " ".join(labels))


def memory(*processes: psutil.Process) -> int:
    """The bytes (PSS) of some processes."""
    return sum(int(process.memory_full_info().pss) for process in processes)


def await_worker(server: RunningServer, other_than: psutil.Process | None = None) -> psutil.Process:
    """The process that does jobs, once it stands: it has its hands, which are threads, and listens at no port."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for child in psutil.Process(server.process.pid).children():
            with suppress(psutil.NoSuchProcess):  # it may have been reaped since
                if child != other_than and child.num_threads() > HANDS and not listens(child):
                    return child
        time.sleep(0.1)
    raise AssertionError("no worker does jobs")


def listens(process: psutil.Process) -> bool:
    """Whether a process answers requests."""
    return any(link.status == psutil.CONN_LISTEN for link in process.net_connections("tcp"))


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
    at_jobs = await_worker(first)  # the last that is begun
    workers = psutil.Process(first.process.pid).children()
    assert len(workers) == 3, "two for requests, one for jobs"
    at_jobs.kill()
    assert await_worker(first, at_jobs), "another one stands in its place"
    workers = psutil.Process(first.process.pid).children()
    assert len(workers) == 3
    assert all(one.status() != psutil.STATUS_ZOMBIE for one in workers)
    first.process.send_signal(signal.SIGTERM)
    assert first.process.wait(25) == 0
    assert not psutil.wait_procs(workers, timeout=5)[1]

    second = start(port)
    assert "Making" not in (tmp_path / "out").read_text()
    assert sign_in(second, handle, password)["member_id"] == member
    for _ in range(6):
        sign_in(second, handle, password)
    assert sign_ins_told(second) == 7
    master, at_jobs = psutil.Process(second.process.pid), await_worker(second)
    workers = master.children()
    assert memory(master, *(one for one in workers if one != at_jobs)) < 150 * 2**20, "who answers requests"
    assert memory(at_jobs) < 60 * 2**20
    second.process.kill()
    second.process.wait()
    assert not psutil.wait_procs(workers, timeout=30)[1], "none outlives its master, however that ended"


BORN = """
import os, signal, time
from cdtteam import serve

fork = os.fork

def told_at_once():
    child = fork()
    if not child:
        os.kill(os.getpid(), signal.SIGTERM)
    return child

os.fork = told_at_once
serve.work = lambda *_, **__: time.sleep(5)
master = object.__new__(serve._Master)
master.app = type("App", (), {"wsgi": lambda self: None})()
signal.signal(signal.SIGTERM, lambda *_: None)  # as the master listens
_, status = os.waitpid(master._fork(), 0)
print(os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGTERM)
"""
"""A worker that is told to end before it has begun."""


def test_a_worker_that_is_told_to_end_as_it_is_born_does_so() -> None:
    command = [sys.executable, "-c", BORN]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert (done.stdout, done.stderr) == ("True\n", ""), "the master would wait for it until it is killed"


def test_an_installation_for_real_people_begins_empty(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CDT_DEMO", "off")
    server = start(free_port())
    with pytest.raises(HTTPError, match="401"):
        sign_in(server, "quantri", "bien-xanh")
    said = (tmp_path / "out").read_text()
    assert server.url in said
    assert "emonstration" not in said


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
