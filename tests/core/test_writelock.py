"""One writer at a time, in fair turn and not for ever, across threads and processes."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cdtteam.core.problems import Problem
from cdtteam.core.writelock import WriteLock

ROOT = Path(__file__).parents[2]

# Adds to a number in a file for two seconds, in two steps that only a lock holds together; prints how often.
WRITER = """
import sys, time
from pathlib import Path
from cdtteam.core.writelock import WriteLock
lock, number, turns = WriteLock(sys.argv[1]), Path(sys.argv[2]), 0
print("ready", flush=True)
sys.stdin.readline()
begun = time.monotonic()
while time.monotonic() < begun + 2:
    with lock.held():
        seen = int(number.read_text())
        time.sleep(0.003)
        number.write_text(str(seen + 1))
    turns += 1
print(turns)
"""
HOLDER = """
import sys, time
from cdtteam.core.writelock import WriteLock
with WriteLock(sys.argv[1]).held():
    print("held", flush=True)
    time.sleep(60)
"""


def python(program: str, *arguments: str) -> subprocess.Popen[str]:
    """A process of our own that runs a program."""
    return subprocess.Popen(
        [sys.executable, "-c", program, *arguments], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )  # fmt: skip


def test_processes_take_turns_and_lose_nothing(tmp_path: Path) -> None:
    number = tmp_path / "number"
    number.write_text("0")
    writers = [python(WRITER, f"{tmp_path}/lock", str(number)) for _ in range(3)]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
    turns = [int(writer.communicate(timeout=60)[0]) for writer in writers]
    assert sum(turns) == int(number.read_text())
    assert min(turns) * 3 > max(turns) > 5, turns


def test_threads_take_turns_and_lose_nothing(tmp_path: Path) -> None:
    lock, number = WriteLock(f"{tmp_path}/lock"), tmp_path / "number"
    number.write_text("0")

    def write(_: int) -> None:
        for _ in range(20):
            with lock.held():
                seen = int(number.read_text())
                time.sleep(0.0005)
                number.write_text(str(seen + 1))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    assert int(number.read_text()) == 80


def test_who_waits_too_long_is_told_to_come_back_and_the_dead_let_go(tmp_path: Path) -> None:
    path = f"{tmp_path}/lock"
    holder = python(HOLDER, path)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    try:
        lock = WriteLock(path, limit=0.2)
        begun = time.monotonic()
        with pytest.raises(Problem, match="busy") as raised, lock.held():
            pytest.fail("two hold the lock")
        assert raised.value.retry_after == 2
        assert time.monotonic() - begun < 5
    finally:
        holder.send_signal(signal.SIGKILL)
        holder.communicate()
    with lock.held():
        pass


def test_a_second_thread_waits_no_longer_than_the_limit(tmp_path: Path) -> None:
    lock = WriteLock(f"{tmp_path}/lock", limit=0.1)
    with lock.held(), ThreadPoolExecutor(1) as pool, pytest.raises(Problem, match="busy"):
        pool.submit(lambda: lock.held().__enter__()).result()


def test_what_fails_under_the_lock_lets_go_of_it(tmp_path: Path) -> None:
    lock = WriteLock(f"{tmp_path}/lock", limit=0.1)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), lock.held():
            raise ZeroDivisionError


def test_a_child_does_not_inherit_the_lock(tmp_path: Path) -> None:
    """A lock that belongs to an open file would be shared with a forked process."""
    first = WriteLock(f"{tmp_path}/lock", limit=0.1)
    with first.held():
        pass
    child = os.fork()
    if child == 0:
        with first.held():
            os._exit(0 if first._pid == os.getpid() else 3)
        os._exit(4)
    assert os.waitpid(child, 0)[1] == 0
