"""The press and the reader of lists in the tests' own process: the same code without starting one for each file.

That nothing in a file can hold up the application or reach it is tested without these.
"""

import msgspec
import pytest

from cdtteam.imports.reader.files import read_file
from cdtteam.imports.reader.wire import Delivery as Read
from cdtteam.monthly.press.filling import fill
from cdtteam.monthly.press.wire import Delivery as Filled
from cdtteam.monthly.press.wire import Order


def _press(order: bytes) -> Filled:
    delivery = fill(msgspec.msgpack.decode(order, type=Order))
    return msgspec.msgpack.decode(msgspec.msgpack.encode(delivery), type=Filled)


def _read(content: bytes) -> Read:
    return msgspec.msgpack.decode(msgspec.msgpack.encode(read_file(content)), type=Read)


@pytest.fixture
def press_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are filled here and not in a process of their own."""
    monkeypatch.setattr("cdtteam.monthly.printing._press", _press)


@pytest.fixture
def reader_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read here and not in a process of their own."""
    monkeypatch.setattr("cdtteam.imports.reading._read", _read)
