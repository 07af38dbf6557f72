"""A real production server as processes of their own, whose worker can be killed without warning."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests.support.ports import listening

ROOT = Path(__file__).parents[2]
READY_WITHIN_S = 40
# The application is loaded before the fork, so that another worker stands up at once.
CONFIG = """
preload_app = True
workers = 1
worker_class = "gthread"
threads = 4
graceful_timeout = 1
def post_fork(server, worker):
    with open({pids!r}, "a") as out:
        out.write(f"{{worker.pid}}\\n")
"""
# Jobs are done beside the requests, by the clock that they go by.
_JOBS = """
import threading, time
def post_worker_init(worker):
    def work():
        from cdtteam.jobs.running import run_jobs
        while True:
            run_jobs(worker.wsgi)
            time.sleep(0.2)
    threading.Thread(target=work, daemon=True).start()
"""
_MOVED = """
from pathlib import Path
from cdtteam.core import clock
from tests.support.moved_clock import moved
clock.now = moved(clock.now, Path({file!r}))
"""


class ServerProcess:
    """The address, and the processes behind it."""

    def __init__(self, url: str, pids: Path) -> None:
        self.url = url
        self._pids = pids

    def worker(self) -> int:
        """The process id of the worker that stands now."""
        return int(self._pids.read_text().split()[-1])

    def kill_worker(self) -> None:
        """SIGKILL: nothing is cleaned up, no transaction is ended; another worker follows."""
        known = self._pids.read_text()
        os.kill(self.worker(), signal.SIGKILL)
        deadline = time.monotonic() + READY_WITHIN_S
        while self._pids.read_text() == known and time.monotonic() < deadline:
            time.sleep(0.01)


@contextmanager
def server_process(
    url: str, instance: Path, folder: Path, *, clock: Path | None = None, does_jobs: bool = False
) -> Iterator[ServerProcess]:
    """Serves the database at `url` until the end of the block; configuration and log are kept in `folder`.

    With `does_jobs` long work is done too. `clock` is the file of a MovedClock by which the server goes.
    """
    pids, config, log = folder / "pids", folder / "server.py", folder / "server.log"
    pids.touch()
    parts = (CONFIG.format(pids=str(pids)), _MOVED.format(file=str(clock)) if clock else "", _JOBS if does_jobs else "")
    config.write_text("".join(parts))
    environment = {**os.environ, "CDT_DATABASE_URL": url, "CDT_INSTANCE": str(instance)}
    with log.open("wb") as out:
        with listening() as door:
            address = f"127.0.0.1:{door.getsockname()[1]}"
            command = [sys.executable, "-m", "gunicorn", "-c", str(config), "-b", f"fd://{door.fileno()}", "wsgi:app"]
            process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=out, stderr=out, pass_fds=(door.fileno(),)
            )  # fmt: skip
        try:
            _wait_until_ready(f"http://{address}", process, log)
            yield ServerProcess(f"http://{address}", pids)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_until_ready(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while process.poll() is None and time.monotonic() < deadline:
        with suppress(URLError, OSError), urlopen(f"{url}/healthz", timeout=5):
            return
        time.sleep(0.05)
    raise AssertionError(f"the server did not start: {log.read_text()[-2000:]}")
