"""F39, on the phone: the server was restored from an older backup: what was acknowledged is sent again."""

from playwright.sync_api import Route

from tests.field.engine import VILLAGE, Engine, Json, account, record, until
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
    page.evaluate("() => sync.sendNow()")
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
