"""F36, on the phone: a visit whose household was refused waits, and is sent again once the household is there."""

from tests.field.engine import Engine, record, until
from tests.field.wire import Json, account
from tests.support.browser import ContextFactory


def test_resent_by_itself(phone: ContextFactory) -> None:
    engine = Engine(phone)
    page = engine.open(account())
    home = page.evaluate(
        "async () => { const h = household({ head_name: '' }); await store.createHousehold(h); return h; }"
    )
    (visit,) = record(page, 1, {"household_id": home["id"]})

    def refuse(mutation: Json) -> Json | None:
        if mutation["type"] == "household.create" and not mutation["args"]["head_name"]:
            return {"code": "invalid_field", "field": "head_name"}
        there = any(change["id"] == home["id"] for change in engine.wire.log)
        return None if mutation["type"] != "visit.record" or there else {"code": "depends_on_refused"}

    engine.wire.refuse = refuse
    page.evaluate("() => start()")
    until(page, "(await store.attention()).length === 2 && sync.state().phase === 'idle'")
    page.evaluate("([id, args]) => store.correct(id, { ...args, head_name: 'Rơ Châm Suệ' })", [home["id"], home])
    until(page, "(await store.attention()).length === 0 && (await store.outboxSize()) === 0")
    assert engine.wire.effects[-1] == visit
    (listed,) = page.evaluate("(id) => store.visitsOf(id)", home["id"])
    assert listed["status"] == {"step": "counted"}
