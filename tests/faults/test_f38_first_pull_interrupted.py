"""F38: the first pull is interrupted at any page; it goes on where it was and is not called complete before the end."""

import pytest
from playwright.sync_api import Route

from tests.field.engine import Engine, until
from tests.field.wire import VILLAGE, Json, Wire, account
from tests.support.browser import ContextFactory, kill


def village(wire: Wire, households: int) -> None:
    for number in range(households):
        identifier = f"0197b0c2-0000-7000-8000-{number:012d}"
        wire.put("household", {"id": identifier, "village_id": VILLAGE, "head_name": f"Hộ {number}"})


@pytest.mark.parametrize("page_number", [0, 1, 3])
@pytest.mark.parametrize("is_killed", [False, True])
def test_goes_on(phone: ContextFactory, page_number: int, is_killed: bool) -> None:
    wire = Wire(page=50)
    village(wire, 230)
    engine = Engine(phone, wire)
    page = engine.open(account())
    cursor = str(page_number * 50) if page_number else None
    cuts: list[Json] = []

    def cut(route: Route, body: Json) -> bool:
        # However often it is asked for: a phone that has just signed in tries a second time at once.
        if body["cursor"] != cursor:
            return False
        cuts.append(body)
        if not is_killed:
            route.abort()
        return True

    wire.faults.append(cut)
    page.evaluate("() => start({ backoff: 100000, timeout: 100000 })")
    while not cuts:
        page.wait_for_timeout(20)
    until(page, f"(await store.households('{VILLAGE}')).length === {page_number * 50}")
    assert page.evaluate("() => store.isComplete()") is False
    before = len(wire.requests)
    if is_killed:
        kill(page)
        page = engine.open()
    else:
        page.evaluate("() => sync.stop()")
    wire.faults.clear()
    page.evaluate("() => start()")
    until(page, "store.isComplete()")
    assert len(page.evaluate("(id) => store.households(id)", VILLAGE)) == 230
    assert wire.requests[before]["cursor"] == cursor
    assert len(wire.requests) - before == 5 - page_number
