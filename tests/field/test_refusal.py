"""A household that refuses to be named: its name is nowhere on the phone, whoever heard the refusal."""

from playwright.sync_api import Page

from tests.field.engine import Engine, record, send_now, until
from tests.field.wire import VILLAGE, account
from tests.support.browser import ContextFactory

NAME, NUMBER, NOTE = "Đinh Thị Quyên", "0912777333", "nhà bà Quyên"
OTHER = "Rơ Châm Suệ"

# Everything in every store, with what is hidden shown: an encrypted name would be no less there.
READ_ALL = """async (base) => {
  const { Keyring } = await import(`${base}/field/store/keyring.js`);
  const db = await new Promise((done) => { const r = indexedDB.open('cdtteam'); r.onsuccess = () => done(r.result); });
  const read = (source) => new Promise((done) => { source.onsuccess = () => done(source.result); });
  const meta = db.transaction('meta').objectStore('meta');
  const [who, vaults] = await Promise.all([read(meta.get('account')), read(meta.get('vaults'))]);
  const keys = new Keyring();
  keys.see(who, null, vaults);
  const found = {};
  for (const name of db.objectStoreNames) {
    found[name] = JSON.stringify(await keys.shown(await read(db.transaction(name).objectStore(name).getAll())));
  }
  db.close();
  return found;
}"""
REFUSE = """(id) => store.updateHousehold(id, { consents: { named: { given: false, notice: '2026-1' } } })"""


def where(engine: Engine, page: Page) -> set[str]:
    """The stores in which the name, the number or the note stand."""
    stores = page.evaluate(READ_ALL, engine.base())
    assert any(OTHER in text for text in stores.values()), "others stay, and can be read here"
    return {name for name, text in stores.items() if any(said in text for said in (NAME, NUMBER, NOTE))}


def known(engine: Engine) -> tuple[Page, str]:
    """A phone on which the household was entered, visited, corrected in vain, and opened once more."""
    engine.wire.refuse = lambda mutation: {"code": "invalid_field"} if mutation["args"].get("people") == 0 else None
    other = {"id": "0197b0c2-0000-7000-8000-0000000000f1", "village_id": VILLAGE, "head_name": OTHER}
    engine.wire.put("household", other)
    page = engine.open(account(), sync=True)
    fields = {"head_name": NAME, "phone": NUMBER, "note": NOTE}
    home: str = page.evaluate(
        "async (more) => { const h = household(more); await store.createHousehold(h); return h.id; }", fields
    )
    record(page, 2, {"household_id": home})
    page.evaluate("([id, note]) => store.updateHousehold(id, { note, people: 0 })", [home, NOTE])
    until(page, "(await store.outboxSize()) === 0 && (await store.attention()).length === 1")
    page.evaluate("([id, v]) => store.saveDraft(`household:${id}`, v)", [home, fields])
    page.evaluate("([id, name]) => store.saveDraft(`visit:${id}`, { name })", [home, NAME])
    assert where(engine, page) == {"households_a", "sent", "attention", "drafts"}
    return page, home


def test_heard_on_this_phone_it_is_gone_at_once_without_a_network(phone: ContextFactory) -> None:
    engine = Engine(phone)
    page, home = known(engine)
    page.evaluate("() => sync.stop()")
    page.evaluate(REFUSE, home)
    assert where(engine, page) == set()
    assert [one["head_name"] for one in page.evaluate("(id) => store.households(id)", VILLAGE)] == [OTHER]
    assert len(page.evaluate("() => store.myVisits({})")) == 2, "what was done stays"
    page.evaluate("() => start()")
    until(page, "(await store.outboxSize()) === 0")
    (said,) = [
        mutation
        for request in engine.wire.requests
        for mutation in request["mutations"]
        if mutation["args"].get("consents")
    ]
    assert said["args"]["consents"]["named"]["given"] is False
    assert "head_name" not in said["args"]


def test_heard_by_somebody_else_it_goes_at_the_next_contact(phone: ContextFactory) -> None:
    engine = Engine(phone)
    page, home = known(engine)
    engine.wire.put("household", {"id": home, "village_id": VILLAGE}, gone="erased")
    send_now(page)
    until(page, f"(await store.households('{VILLAGE}')).length === 1")
    assert where(engine, page) == set()
    assert {visit["household_id"] for visit in page.evaluate("() => store.myVisits({})")} == {None}
