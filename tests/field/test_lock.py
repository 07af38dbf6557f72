"""The phone's lock in the store: what a copied disk shows, a PIN set whole or not at all, tries, tabs, old phones."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.field.engine import Engine, outbox, record, send_now, until, until_sent
from tests.field.phonestore import stored_text
from tests.field.wire import VILLAGE, Wire, account, relay_key
from tests.support.browser import ContextFactory, kill

PIN, OTHER = "290473", "853016"
NAMES = ("Rơ Châm Suệ", "Siu H'Lan", "Lê Hữu Phước", "Đinh Thị Lễ", "0912345678", "Kpă Thuý", "Nguyễn Thị Hoa", "H'Bia")
"""Of households, members, people in notes, in drafts and under "needs attention"."""

ADOPT = "([who, relay_key]) => store.adopt(who, { relay_key, isEnrolled: true })"
STATE = "async () => (await store.frame()).lock"
READ = """(village) => Promise.all([
  store.households(village).then((all) => all.map((one) => one.head_name).sort()),
  store.myVisits({}).then((all) => all.map((one) => one.note).sort()),
  store.drafts().then((all) => all.map((one) => one.value)),
  store.attention().then((all) => all.map((one) => one.mutation.args.head_name)),
  store.members(village).then((all) => all.map((one) => one.name)),
])"""
USE = """async () => {
  const h = household({ head_name: 'Đinh Thị Lễ', phone: '0912345678', note: 'con là Kpă Thuý' });
  await store.createHousehold(h);
  await store.recordVisits([visit({ household_id: h.id, note: 'gặp Siu H\\'Lan' })]);
  await store.saveDraft('household:new', { head_name: 'H\\'Bia', phone: '0987' });
}"""


def used(engine: Engine) -> Page:
    """A phone that has pulled and sent, with an entry that was refused, one that waits, and a draft."""
    wire = engine.wire
    wire.signed_in = account(name="Kpă Thuý")
    wire.refuse = lambda mutation: {"code": "invalid_field"} if "Hoa" in str(mutation["args"]) else None
    home = {"village_id": VILLAGE, "head_name": "Rơ Châm Suệ", "note": "gọi Lê Hữu Phước", "hamlet": "Xóm H'Bia"}
    wire.put("household", {"id": "0197b0c2-0000-7000-8000-0000000000f1", **home})
    team = wire.signed_in["team_id"]
    wire.put("team", {"id": team, "name": "Tổ", "villages": [{"id": VILLAGE, "name": "Thôn"}]})
    wire.put("member", {"id": "0197b0c2-0000-7000-8000-0000000000f2", "name": "Siu H'Lan", "team_id": team})
    page = engine.open()
    page.evaluate(ADOPT, [wire.signed_in, relay_key()])
    page.evaluate("() => start()")
    page.evaluate("async () => store.createHousehold(household())")
    page.evaluate(USE)
    until(page, "(await store.outboxSize()) === 0 && (await store.attention()).length === 1")
    wire.faults.append(lambda route, body: bool(body["mutations"]) and not route.abort())
    record(page, fields={"note": "Lê Hữu Phước đi vắng"})
    until(page, "sync.state().phase === 'waiting'")
    page.evaluate("() => sync.stop()")
    return page


def read(page: Page) -> Any:
    """What the screens would show."""
    return page.evaluate(READ, VILLAGE)


def test_a_copied_disk_shows_no_name(phone: ContextFactory) -> None:
    engine = Engine(phone)
    page = used(engine)
    before = read(page)
    assert before[0] == ["Rơ Châm Suệ", "Đinh Thị Lễ"]
    assert [name for name in NAMES if name in stored_text(page)] == []
    assert "key:secret:false" in stored_text(page), "without a PIN the key lies beside the data"
    page.evaluate("(pin) => store.setPin(pin)", PIN)
    assert read(page) == before
    page.close()
    page = engine.open()
    assert page.evaluate(STATE) == "locked"
    everything = stored_text(page)
    assert [name for name in NAMES if name in everything] == []
    assert "key:secret" not in everything
    assert page.evaluate("async () => (await store.frame()).account.name") == ""
    said = page.evaluate("(id) => store.households(id).then(() => 'shown', (error) => error.code)", VILLAGE)
    assert said == "locked"
    said = page.evaluate("() => store.recordVisits([visit({ note: 'x' })]).then(() => 'saved', (error) => error.code)")
    assert said == "locked"
    assert page.evaluate("(pin) => store.unlock(pin)", OTHER) == {"isRight": False, "left": 9}
    assert page.evaluate("(pin) => store.unlock(pin)", PIN) == {"isRight": True, "left": 10}
    assert read(page) == before
    assert page.evaluate("async () => (await store.account()).name") == "Kpă Thuý"
    engine.wire.faults.clear()
    page.evaluate("() => start()")
    until(page, "(await store.outboxSize()) === 0")
    assert page.evaluate("async () => (await store.account()).name") == "Kpă Thuý"


@pytest.mark.parametrize("wait_ms", [0, 30, 80, 160, 240, 320, 500])
def test_killed_while_a_pin_is_set(phone: ContextFactory, wait_ms: int) -> None:
    engine = Engine(phone)
    page = used(engine)
    before = read(page)
    page.evaluate(
        "([pin, wait]) => { void store.setPin(pin); return new Promise((end) => setTimeout(end, wait)); }",
        [PIN, wait_ms],
    )
    kill(page)
    again = engine.open()
    state = again.evaluate(STATE)
    assert state in ("none", "locked")
    if state == "locked":
        assert again.evaluate("async (pin) => (await store.unlock(pin)).isRight", PIN)
    assert read(again) == before


def test_a_pin_is_changed(phone: ContextFactory) -> None:
    engine = Engine(phone)
    page = used(engine)
    before = read(page)
    page.evaluate("(pin) => store.setPin(pin)", PIN)
    assert page.evaluate("([old, pin]) => store.changePin(old, pin)", [OTHER, OTHER]) == {"isRight": False, "left": 9}
    assert page.evaluate("([old, pin]) => store.changePin(old, pin)", [PIN, OTHER]) == {"isRight": True, "left": 10}
    assert read(page) == before
    page = engine.open()
    assert not page.evaluate("async (pin) => (await store.unlock(pin)).isRight", PIN)
    assert page.evaluate("async (pin) => (await store.unlock(pin)).isRight", OTHER)
    assert read(page) == before


def test_a_try_counts_though_the_app_is_killed_before_it_is_judged(phone: ContextFactory) -> None:
    engine = Engine(phone)
    page = used(engine)
    page.evaluate("(pin) => store.setPin(pin)", PIN)
    for at in range(1, 4):
        page = engine.open()
        page.evaluate(
            """(pin) => { void store.unlock(pin);
              return new Promise((end) => { const look = async () => {
                const { triesLeft } = await store.frame();
                if (triesLeft < window.before) end(); else setTimeout(look, 1);
              }; void store.frame().then(({ triesLeft }) => { window.before = triesLeft; return look(); }); }); }""",
            OTHER,
        )
        kill(page)
        page = engine.open()
        assert page.evaluate("async () => (await store.frame()).triesLeft") == 10 - at
        page.close()


def test_the_eleventh_try_is_not_judged(phone: ContextFactory) -> None:
    engine = Engine(phone)
    page = used(engine)
    page.evaluate("(pin) => store.setPin(pin)", PIN)
    page.evaluate("() => store.lock()")
    for left in range(9, -1, -1):
        assert page.evaluate("(pin) => store.unlock(pin)", OTHER) == {"isRight": False, "left": left}
    assert page.evaluate("() => store.account()") is None
    page.evaluate("(who) => store.adopt(who)", account())
    assert page.evaluate(STATE) == "none"
    assert read(page)[:3] == [[], [], []]
    assert outbox(page) == 1
    assert len(page.evaluate("async () => (await store.sealedFile()).entries")) == 1


def test_two_tabs(phone: ContextFactory) -> None:
    engine = Engine(phone)
    one = used(engine)
    two = engine.open()
    one.evaluate("(pin) => store.setPin(pin)", PIN)
    said = two.evaluate("() => store.recordVisits([visit({ note: 'x' })]).then(() => 'saved', (error) => error.code)")
    assert said == "locked", "it knows the old key alone"
    assert two.evaluate("async (pin) => (await store.unlock(pin)).isRight", PIN)
    record(two, fields={"note": "hai"})
    assert "hai" in read(one)[1]
    two.evaluate("() => store.lock()")
    until(one, "(await store.lockState()) === 'locked'")
    third = engine.open()
    assert third.evaluate("async (pin) => (await store.unlock(pin)).isRight", PIN)
    assert one.evaluate(STATE) == "locked"
    record(third, fields={"note": "ba"})
    one.evaluate("() => start()")
    until_sent(one, engine.wire.relayed, 3)
    until(one, "sync.state().phase === 'idle'")
    assert len(engine.wire.relayed) == 3, "each of them once"
    engine.wire.faults.clear()
    third.evaluate("() => start()")
    until(third, "(await store.outboxSize()) === 0")
    assert len(engine.wire.relayed) == 3


COUNT_OPENED = """
window.opened = 0;
const decrypt = window.SubtleCrypto?.prototype.decrypt;
const counted = function (...args) { window.opened += 1; return decrypt.apply(this, args); };
if (decrypt) SubtleCrypto.prototype.decrypt = counted;
"""
KEPT = f"(await store.sync.note('names'))?.['{VILLAGE}']?.box.slice(0, 12).join()"


def test_a_list_opens_with_one_turn_of_the_key_and_no_name_outlives_its_row(phone: ContextFactory) -> None:
    engine = Engine(phone)
    engine.context.add_init_script(COUNT_OPENED)
    ids = [f"0197b0c2-0000-7000-8000-00000000{at:04x}" for at in range(60)]
    for at, identifier in enumerate(ids):
        engine.wire.put("household", {"id": identifier, "village_id": VILLAGE, "head_name": f"Rơ Châm {at}"})
    page = engine.open()
    page.evaluate(ADOPT, [account(), relay_key()])
    page.evaluate("() => start()")
    until(page, f"(await store.households('{VILLAGE}')).length === 60 && sync.state().phase === 'idle'")
    first = until(page, KEPT)
    again = engine.open()
    shown = again.evaluate("(id) => store.households(id)", VILLAGE)
    assert sorted(one["head_name"] for one in shown) == sorted(f"Rơ Châm {at}" for at in range(60))
    assert again.evaluate("() => window.opened") == 1
    assert "Rơ Châm" not in stored_text(again)

    record(page, fields={"household_id": ids[0]})
    until(page, "(await store.outboxSize()) === 0 && sync.state().phase === 'idle'")
    assert until(page, KEPT) == first, "a visit changes no name"
    engine.wire.put("household", {"id": ids[1], "village_id": VILLAGE, "head_name": "Rơ Châm Khác"})
    send_now(page)
    second = until(page, f"(({KEPT}) || '{first}') !== '{first}' && {KEPT}")
    assert "Rơ Châm Khác" in str(page.evaluate("(id) => store.households(id)", VILLAGE))
    engine.wire.put("household", {"id": ids[2], "village_id": VILLAGE}, gone="erased")
    send_now(page)
    until(page, f"(({KEPT}) || '{second}') !== '{second}'")
    assert len(page.evaluate("(id) => store.households(id)", VILLAGE)) == 59
    page.evaluate("() => { sync.stop(); }")
    home = page.evaluate("(id) => store.households(id)", VILLAGE)[0]["id"]
    page.evaluate("(id) => store.updateHousehold(id, { head_name: 'Siu Mới' })", home)
    assert not page.evaluate(f"async () => {KEPT}"), "dropped with the text that changed"
    page.evaluate("(pin) => store.setPin(pin)", PIN)
    third = engine.open()
    assert third.evaluate("async (pin) => (await store.unlock(pin)).isRight", PIN)
    assert len(third.evaluate("(id) => store.households(id)", VILLAGE)) == 59


def test_no_two_entries_share_an_envelope(phone: ContextFactory) -> None:
    page = Engine(phone).open()
    page.evaluate(ADOPT, [account(), relay_key()])
    page.evaluate("() => store.ready()")
    page.evaluate("() => Promise.all([store.recordVisits([visit(), visit(), visit()]), store.recordVisits([visit()])])")
    page.wait_for_timeout(300)
    record(page)
    entries = page.evaluate("async () => (await store.sealedFile()).entries")
    assert len({entry[:88] for entry in entries}) == len(entries) == 5


V1 = """([who, village, visit]) => new Promise((done) => {
  const request = indexedDB.open('cdtteam', 1);
  request.onupgradeneeded = () => {
    const db = request.result;
    const meta = db.createObjectStore('meta');
    db.createObjectStore('drafts', { keyPath: ['member_id', 'key'] })
      .put({ member_id: who.member_id, key: 'visit:1', value: { note: 'Siu H\\'Lan' } });
    for (const name of ['outbox', 'attention', 'sent']) {
      const store = db.createObjectStore(name, { keyPath: 'seq', autoIncrement: name === 'outbox' });
      store.createIndex('member', 'member_id');
      store.createIndex('id', 'id', { unique: true });
      if (name === 'sent') store.createIndex('acked_at', 'acked_at');
      if (name === 'outbox') store.add({ id: visit.id, member_id: who.member_id, mutation:
        { id: visit.id, member_id: who.member_id, type: 'visit.record', at: visit.occurred_at, after: null, replaces: null, args: visit } });
    }
    for (const side of ['a', 'b']) {
      const households = db.createObjectStore(`households_${side}`, { keyPath: 'id' });
      households.createIndex('list', 'list');
      const visits = db.createObjectStore(`visits_${side}`, { keyPath: 'id' });
      for (const [name, path] of [['place', 'place'], ['mine', 'mine'], ['village', 'village_id']]) visits.createIndex(name, path);
      db.createObjectStore(`rows_${side}`, { keyPath: ['kind', 'id'] });
      db.createObjectStore(`figures_${side}`, { keyPath: 'month' });
      if (side === 'b') continue;
      const data = { id: 'h1', village_id: village, head_name: 'Rơ Châm Suệ', note: null };
      households.put({ id: 'h1', village_id: village, version: 3, data, list: village });
      visits.put({ id: visit.id, village_id: village, version: 0, data: { ...visit, author_id: who.member_id }, pending: 1, server: null, mine: -1 });
    }
    meta.put(who, 'account');
    meta.put(who.member_id, 'owner');
    meta.put(true, 'is_used');
    meta.put({ side: 'a', epoch: null, cursor: null, isComplete: true, server_time: null, next: null }, 'replica');
  };
  request.onsuccess = () => { request.result.close(); done(); };
})"""  # noqa: E501 — another language


def test_a_phone_from_before_loses_nothing_and_hides_everything(phone: ContextFactory) -> None:
    engine = Engine(phone, Wire(signed_in=account(name="Lê Hữu Phước")))
    page = engine.blank()
    page.evaluate(
        "async (base) => { ({ uuid7: window.uuid7 } = await import(`${base}/field/model/ids.js`)); }", engine.base()
    )
    visit = page.evaluate("() => visit({ note: 'Kpă Thuý' })")
    page.evaluate(V1, [engine.wire.signed_in, VILLAGE, visit])
    page.close()
    page = engine.open()
    before = read(page)
    assert before[:3] == [["Rơ Châm Suệ"], ["Kpă Thuý"], [{"note": "Siu H'Lan"}]]
    assert "Rơ Châm Suệ" in stored_text(page)
    page.evaluate("() => store.settleOld()")
    assert [name for name in NAMES if name in stored_text(page)] == []
    assert read(page) == before
    page.evaluate(ADOPT, [engine.wire.signed_in, relay_key()])
    page.evaluate("() => start()")
    until(page, "(await store.outboxSize()) === 0")
    assert engine.wire.effects == [visit["id"]]
    sent = next(request for request in engine.wire.requests if request["mutations"])["mutations"][0]
    assert sent["args"] == visit
