"""Uploaded files: read in a process of their own, kept as packed rows until they are taken in."""

import subprocess
import sys
import zlib
from pathlib import Path
from threading import BoundedSemaphore

import msgspec

from cdtteam.core.problems import Problem
from cdtteam.imports.reader.wire import Code, Delivery, Sheet

ROOT = Path(__file__).parents[2]
LARGEST = 10 * 1024 * 1024  # bytes of an upload
SECONDS = 60
WAIT = 15  # seconds for one's turn

_turns = BoundedSemaphore(1)  # each reader takes up to a gigabyte while it works


class Refused(Exception):
    """A file that is not taken, with the reader's code."""

    def __init__(self, code: Code) -> None:
        super().__init__(code)
        self.code = code


def read_sheets(content: bytes) -> list[Sheet]:
    """The sheets of a file, at least one; Refused when it cannot be read, Problem `busy` when too many are at it."""
    if len(content) > LARGEST:
        raise Refused("too_large")
    delivery = _read(content)
    if delivery.fault:
        raise Refused(delivery.fault)
    return delivery.sheets


def pack_rows(rows: list[list[str]]) -> bytes:
    """Rows as they are kept."""
    return zlib.compress(msgspec.msgpack.encode(rows), 6)


def unpack_rows(content: bytes) -> list[list[str]]:
    """What pack_rows has packed."""
    return msgspec.msgpack.decode(zlib.decompress(content), type=list[list[str]])


def _read(content: bytes) -> Delivery:
    if not _turns.acquire(timeout=WAIT):
        raise Problem("busy", retry_after=5)
    try:
        # Without our environment: what a file may get hold of shall hold no key and no address.
        done = subprocess.run(
            [sys.executable, "-m", "cdtteam.imports.reader"], input=content, capture_output=True, check=False,
            cwd=ROOT, env={"LANG": "C.UTF-8"}, timeout=SECONDS,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return Delivery(fault="too_large")
    finally:
        _turns.release()
    if done.returncode:  # the limit of its time or memory, since its own faults are delivered
        return Delivery(fault="too_large")
    return msgspec.msgpack.decode(done.stdout, type=Delivery)
