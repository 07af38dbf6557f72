"""F38 on the wire: the first pull is interrupted at any page; it goes on where it was, and only its end says so."""

from typing import Any

import pytest

from cdtteam.core import clock
from tests.support.wire import reassign, unlimited
from tests.support.world import Phone, World

PAGE = 100


@pytest.fixture
def full(world: World) -> tuple[World, dict[str, dict[str, Any]]]:
    """A village with some pages of rows, and what a phone that pulled them at once has."""
    unlimited(world)
    phone = world.phone("an")
    for _ in range(2):
        phone.send(*[phone.visit(world.villages["a"]) for _ in range(160)])
    phone.send(*[phone.household(world.villages["a"], f"Hộ {number}") for number in range(40)])
    return world, phone.rows  # type: ignore[return-value]


def test_at_every_page(full: tuple[World, Any]) -> None:
    world, rows = full
    phone = world.phone("binh")
    pages = 0
    while True:
        lost = phone.post(page=PAGE).json
        again = phone.post(page=PAGE).json
        assert again["changes"] == lost["changes"]
        assert (again["cursor"], again["more"]) == (lost["cursor"], lost["more"])
        assert len(again["changes"]) <= PAGE
        assert (phone.rows == rows) is False
        phone.take(again)
        pages += 1
        if not again["more"]:
            break
    assert pages == 4
    assert phone.rows == rows


def test_with_changes_between_the_pages(full: tuple[World, Any]) -> None:
    world, _ = full
    writer, phone = world.phone("an"), world.phone("binh")
    writer.send()
    written = list(writer.kind("visit"))
    more, step = True, 0
    while more:
        answer = phone.post(page=PAGE + 50 * step).json
        phone.take(answer)
        more = answer["more"]
        gone = {"id": written[step], "reason": "nhầm"}
        change = {"id": written[-1 - step], "reason": "sửa", "participants": 9}
        new = writer.visit(world.villages["a"])
        results = writer.send(writer.mutation("visit.withdraw", gone), writer.mutation("visit.amend", change), new)
        assert {result["status"] for result in results} == {"applied"}
        step += 1
    phone.send()
    assert phone.rows == writer.rows


def test_any_size_of_page_brings_the_same(full: tuple[World, Any]) -> None:
    world, rows = full
    for size in (100, 133, 5000):
        phone: Phone = world.phone("binh")
        phone.send(page=size)
        assert phone.rows == rows


def test_reassigned_in_the_middle(full: tuple[World, Any]) -> None:
    """The pages so far are dropped, the new village comes whole."""
    world, _ = full
    phone = world.phone("binh")
    phone.take(phone.post(page=PAGE).json)
    assert phone.rows
    reassign(world, "binh", "b", clock.now())
    phone.send(page=PAGE)
    assert phone.kind("visit") == phone.kind("household") == {}
    assert {row["village_id"] for row in phone.rows.values()} == {None, str(world.villages["b"])}
