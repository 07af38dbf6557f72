"""F39, on the phone: the server was restored from an older backup: what was acknowledged is sent again."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route

from tests.field.engine import Engine, record, send_now, until
from tests.field.wire import VILLAGE, Json, Wire, account
from tests.support.browser import ContextFactory, kill


def test_new_epoch(phone: ContextFactory) -> None:
    engine = Engine(phone)
    wire = engine.wire
    page = engine.open(account(), sync=True)
    home = page.evaluate("async () => { const h = household(); await store.createHousehold(h); return h.id; }")
    early = record(page, 3, {"household_id": home})
    until(page, "(await store.outboxSize()) === 0 && sync.state().phase === 'idle'")
    ledger, log, version = dict(wire.ledger), list(wire.log), wire.version
    late = record(page, 4, {"household_id": home})
    until(page, "(await store.outboxSize()) === 0 && sync.state().phase === 'idle'")

    wire.ledger, wire.log, wire.epoch, wire.effects = ledger, log, "b3f2", []
    wire.version = version + 1_000_000
    (new,) = record(page, 1, {"household_id": home})
    until(page, "(await store.outboxSize()) === 0 && sync.state().phase === 'idle'")
    assert sorted(wire.effects) == sorted([*late, new])
    assert set(early) <= set(wire.ledger)
    assert len(page.evaluate("() => store.myVisits({})")) == 8
    (listed,) = page.evaluate("(id) => store.households(id)", VILLAGE)
    assert listed["visits"] == 8
    totals = page.evaluate("() => store.totals(new Date(Date.now() + 7 * 3600000).toISOString().slice(0, 7))")
    assert (totals["visits"], totals["households"], totals["pending"]) == (8, 1, 0)


def test_old_rows_stay_until_the_second_set_is_full(phone: ContextFactory) -> None:
    engine = Engine(phone)
    wire = engine.wire
    page = engine.open(account(), sync=True)
    for number in range(120):
        identifier = f"0197b0c2-0000-7000-8000-{number:012d}"
        wire.put("household", {"id": identifier, "village_id": VILLAGE, "head_name": f"Hộ {number}"})
    until(page, "sync.state().phase === 'idle'")
    send_now(page)
    until(page, f"(await store.households('{VILLAGE}')).length === 120")
    wire.epoch, wire.page = "b3f2", 50
    wire.log.pop()
    count = [0]

    def cut(route: Route, _body: Json) -> bool:
        count[0] += 1
        return count[0] >= 3 and not route.abort()

    wire.faults.append(cut)
    page.evaluate("() => { sync.stop(); start({ backoff: 100000 }); }")
    until(page, "sync.state().phase === 'waiting'")
    record(page)
    assert len(page.evaluate("(id) => store.households(id)", VILLAGE)) == 120
    kill(page)
    wire.faults.clear()
    again = engine.open()
    assert len(again.evaluate("(id) => store.households(id)", VILLAGE)) == 120
    again.evaluate("() => start()")
    until(again, "(await store.outboxSize()) === 0 && sync.state().phase === 'idle'")
    assert len(again.evaluate("(id) => store.households(id)", VILLAGE)) == 119
    assert len(again.evaluate("() => store.myVisits({})")) == 1


IDLE = "(await store.outboxSize()) === 0 && sync.state().phase === 'idle'"


def sign_in(page: Page, wire: Wire, who: Json) -> None:
    """Signs in with a password, and waits for the sending to end."""
    wire.signed_in = who
    page.evaluate("() => session.signIn(store, { sign_in: 'x', password: 'y' })")
    send_now(page)
    until(page, f"{IDLE} && (await store.isComplete())")


def sign_out(page: Page) -> None:
    page.evaluate("() => session.signOut(store)")


def stay_away(page: Page, _wire: Wire) -> None:
    sign_out(page)


def lend(page: Page, wire: Wire) -> None:
    """Somebody else uses the phone; without a sign-out the session has changed hands."""
    sign_in(page, wire, account(2))


def acknowledged_then_lost(engine: Engine, page: Page, away: Callable[[Page, Wire], None]) -> list[str]:
    """Four visits that were acknowledged after the backup to which the server then goes back."""
    wire = engine.wire
    record(page, 2)
    until(page, IDLE)
    ledger, log = dict(wire.ledger), list(wire.log)
    late = record(page, 4)
    until(page, IDLE)
    away(page, wire)
    wire.ledger, wire.log, wire.epoch, wire.effects = ledger, log, "b3f2", []
    wire.version = 1_000_000
    return late


@pytest.mark.parametrize("away", [stay_away, lend])
def test_restored_while_the_member_was_away(phone: ContextFactory, away: Callable[[Page, Wire], None]) -> None:
    engine = Engine(phone)
    wire = engine.wire
    page = engine.open(account(), sync=True)
    late = acknowledged_then_lost(engine, page, away)
    sign_in(page, wire, account())
    assert wire.effects == late
    assert len(page.evaluate("() => store.myVisits({})")) == 6

    count = len(wire.sent)
    sign_out(page)
    sign_in(page, wire, account())
    assert len(wire.sent) == count, "what is acknowledged in this epoch is not sent again"


def test_signed_out_in_the_middle_of_sending_again(phone: ContextFactory) -> None:
    engine = Engine(phone)
    wire = engine.wire
    page = engine.open(account())
    page.evaluate("() => start({ batch: 2 })")
    late = acknowledged_then_lost(engine, page, stay_away)

    def cut(route: Route, body: Json) -> bool:
        return late[2] in [mutation["id"] for mutation in body["mutations"]] and not route.abort()

    wire.faults.append(cut)
    wire.signed_in = account()
    page.evaluate("() => session.signIn(store, { sign_in: 'x', password: 'y' })")
    until(page, "sync.state().phase === 'waiting'")
    assert wire.effects == late[:2]
    sign_out(page)
    wire.faults.clear()
    sign_in(page, wire, account())
    assert wire.effects == late
