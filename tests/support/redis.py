"""A Redis server of our own on a free loopback port, which keeps nothing and is gone after the test."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.availability import UnavailableError
from tests.support.ports import free_port

READY_WITHIN_S = 20
STARTS = 3


@contextmanager
def running_redis(folder: Path) -> Iterator[str]:
    """The URL of a server for the length of the block. Raises UnavailableError where Redis cannot be had."""
    program = shutil.which("redis-server")
    if program is None:
        raise UnavailableError("no Redis: apt install redis-server")
    for _ in range(STARTS):
        port = free_port()
        options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", str(folder)]
        process = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL)
        try:
            if _is_ready(process, port):
                yield f"redis://127.0.0.1:{port}/0"
                return
        finally:
            process.kill()
            process.wait()
    raise UnavailableError("Redis did not become ready")


def _is_ready(process: subprocess.Popen[bytes], port: int) -> bool:
    deadline = time.monotonic() + READY_WITHIN_S
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return True
    return False
