"""Orders to the press: a template is filled in a process of its own, and what it may cost is limited."""

import subprocess
import sys
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import BoundedSemaphore
from typing import Any

import msgspec

from cdtteam.core.clock import wire_instant
from cdtteam.core.problems import Problem
from cdtteam.monthly.placeholders import EXAMPLE
from cdtteam.monthly.press.faults import Code, Place
from cdtteam.monthly.press.wire import Delivery, Kind, Order

ROOT = Path(__file__).parents[2]
DATA = Path(__file__).parent / "data"
SECONDS = 30
WAIT = 15  # seconds for one's turn
KINDS: tuple[Kind, ...] = ("docx", "xlsx")
MIME = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

_turns = BoundedSemaphore(2)  # each press takes some 80 MB while it works


class Refused(Exception):
    """A template that the press does not take: the code, what is at fault, and where."""

    def __init__(self, code: Code | str, name: str, place: Place) -> None:
        super().__init__(code)
        self.code, self.name, self.place = code, name, place


@lru_cache
def shipped(kind: Kind) -> bytes:
    """The template that comes with the application."""
    return (DATA / f"bao-cao-thang.{kind}").read_bytes()


def print_file(kind: Kind, template: bytes, data: dict[str, Any], *, title: str, author: str, made: datetime) -> bytes:
    """The template filled with `data`; Refused when it cannot be, Problem `busy` when too many are at it."""
    order = Order(kind, template, data, EXAMPLE, title, author, wire_instant(made))
    delivery = _press(msgspec.msgpack.encode(order))
    if delivery.fault:
        raise Refused(delivery.fault, delivery.name, delivery.place or Place())
    return delivery.file


def check_template(kind: Kind, template: bytes, now: datetime) -> None:
    """Fills a template with the example; Refused when that cannot be."""
    print_file(kind, template, EXAMPLE, title="", author="", made=now)


def _press(order: bytes) -> Delivery:
    if not _turns.acquire(timeout=WAIT):
        raise Problem("busy", retry_after=5)
    try:
        # Without our environment: what a template may get hold of shall hold no key and no address.
        with TemporaryDirectory() as folder:
            done = subprocess.run(
                [sys.executable, "-m", "cdtteam.monthly.press"], input=order, capture_output=True, check=False,
                cwd=ROOT, env={"LANG": "C.UTF-8", "TMPDIR": folder}, timeout=SECONDS,
            )  # fmt: skip
    except subprocess.TimeoutExpired:
        return Delivery(fault="too_large")
    finally:
        _turns.release()
    if done.returncode < 0:  # the limit of its time or memory
        return Delivery(fault="too_large")
    if done.returncode:
        return Delivery(fault="too_large" if b"MemoryError" in done.stderr else "unreadable")
    return msgspec.msgpack.decode(done.stdout, type=Delivery)
