"""F29 on the wire: what is too large gets 413 and nothing of it is applied; a gzip bomb is cut off while it unpacks."""

import gzip
import json
import tracemalloc
from typing import Any

import pytest

from tests.support.wire import ledger
from tests.support.world import Phone, World

MIB = 1024 * 1024


def post(phone: Phone, body: bytes, **headers: str) -> Any:
    return phone.client.post("/api/v1/sync", data=body, headers={"Content-Type": "application/json", **headers})


def padded(phone: Phone, world: World, size: int) -> bytes:
    """A request of exactly `size` bytes with one visit."""
    body = json.dumps(phone.envelope(phone.visit(world.villages["a"])) | {"padding": ""}).encode()
    return body.replace(b'"padding": ""', b'"padding": "' + b"x" * (size - len(body)) + b'"')


@pytest.mark.parametrize("is_gzip", [False, True])
def test_a_body_of_one_mebibyte_and_no_byte_more(world: World, is_gzip: bool) -> None:
    phone = world.phone("an")
    for size, status in ((MIB + 1, 413), (MIB, 200)):
        body = padded(phone, world, size)
        assert len(body) == size
        answer = post(phone, gzip.compress(body), **{"Content-Encoding": "gzip"}) if is_gzip else post(phone, body)
        assert answer.status_code == status
        assert len(ledger(world)) == (0 if status == 413 else 1)
    assert answer.json["results"][0]["status"] == "applied"


def test_two_hundred_mutations(world: World) -> None:
    phone = world.phone("an")
    visits = [phone.visit(world.villages["a"]) for _ in range(201)]
    answer = phone.post(*visits)
    assert (answer.status_code, answer.json["code"]) == (413, "too_large")
    assert ledger(world) == set()
    assert {result["status"] for result in phone.send(*visits[:200])} == {"applied"}


@pytest.mark.parametrize("text", ["x", "ệ", "\u0301"])
def test_a_mutation_of_sixteen_kibibytes(world: World, text: str) -> None:
    phone = world.phone("an")
    visit = phone.visit(world.villages["a"], **{"x-later": ""})
    frame = len(json.dumps(visit, ensure_ascii=False).encode())
    room = (16 * 1024 - frame) // len(text.encode())

    def send(count: int) -> Any:
        visit["args"]["x-later"] = text * count
        return post(phone, json.dumps(phone.envelope(visit), ensure_ascii=False).encode())

    assert send(room + 1).status_code == 413
    assert ledger(world) == set()
    assert send(room).json["results"][0]["status"] == "applied"


@pytest.mark.parametrize("layers", [1, 2])
def test_a_gzip_bomb_is_cut_off(world_on_sqlite: World, layers: int) -> None:
    phone = world_on_sqlite.phone("an")
    bomb = gzip.compress(bytes(64 * MIB), 1)
    assert len(bomb) < MIB
    if layers == 2:
        bomb = gzip.compress(bomb, 9)
    phone.post()
    tracemalloc.start()
    try:
        answer = post(phone, bomb, **{"Content-Encoding": "gzip"})
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert answer.status_code == (413 if layers == 1 else 400)
    assert peak < 8 * MIB
