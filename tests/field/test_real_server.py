"""The engine against the real server, over a connection that breaks: everything arrives once and says so."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from cdtteam.access.models import SYSTEM
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.replica.operations import start_epoch
from cdtteam.replica.work import Work
from cdtteam.teams.models import Membership
from cdtteam.teams.operations import Capacity, correct_membership
from cdtteam.web.transactions import writing
from tests.field.engine import EXPECTED, HELPERS, OPEN, until
from tests.support.browser import ContextFactory
from tests.support.faultproxy import FaultProxy, fault_proxy
from tests.support.field_server import FieldServer, serving
from tests.support.wire import ledger, unlimited
from tests.support.world import World

SIGN_IN = "([sign_in, password]) => session.signIn(store, { sign_in, password })"
DONE = "(await store.outboxSize()) === 0 && (await store.isComplete()) && sync.state().phase === 'idle'"
RECORD_TWO = """async () => {
  const pair = [visit(), visit()];
  await store.recordVisits(pair);
  return pair.map((one) => one.id);
}"""
MINTED = """async () => {
  const db = await new Promise((done) => { const r = indexedDB.open('cdtteam'); r.onsuccess = () => done(r.result); });
  const tx = db.transaction(['outbox', 'sent', 'attention']);
  const read = (name) => new Promise((done) => {
    tx.objectStore(name).getAll().onsuccess = ({ target }) => done(target.result);
  });
  const all = await Promise.all(['outbox', 'sent', 'attention'].map(read));
  db.close();
  return all.map((entries) => entries.map(({ mutation }) => mutation));
}"""


@dataclass
class Place:
    """A server with a village, behind a proxy that breaks."""

    server: FieldServer
    proxy: FaultProxy
    phone: ContextFactory

    @property
    def village(self) -> str:
        """The village that both members serve."""
        return str(self.server.world.villages["a"])

    def signed_in(self, handle: str) -> Page:
        """A phone of this member, with the engine at work."""
        context = self.phone(self.proxy.url, allow=EXPECTED)
        blank = "<!doctype html><title>e</title>"
        context.route("**/engine.html", lambda route: route.fulfill(content_type="text/html", body=blank))
        page = context.new_page()
        page.goto("/engine.html")
        page.evaluate(HELPERS % (self.village, self.village))
        version = self.server.world.app.extensions["cdtteam_pwa"].assets.field_version
        page.evaluate(OPEN, [f"/static/v-{version}", {}])
        page.evaluate("() => store.ready()")
        page.evaluate("() => start({ timeout: 20000 })")
        page.evaluate(SIGN_IN, [handle, self.server.password])
        until(page, DONE)
        return page

    def households(self, page: Page) -> dict[str, Any]:
        """What the phone shows, by id."""
        return {one["id"]: one for one in page.evaluate("(id) => store.households(id)", self.village)}


@pytest.fixture
def place(world_on_sqlite: World, phone: ContextFactory) -> Iterator[Place]:
    with serving(unlimited(world_on_sqlite)) as server, fault_proxy(server.url) as proxy:
        yield Place(server, proxy, phone)


def test_first_pull_brings_the_village(place: Place) -> None:
    page = place.signed_in("an")
    households = place.households(page)
    assert len(households) == 20
    assert sum(one["visits"] for one in households.values()) == 8
    (village,) = page.evaluate("() => store.villages()")
    assert (village["id"], village["name"]) == (place.village, "Thôn A")
    assert len(page.evaluate("(id) => store.members(id)", place.village)) == 2
    assert page.evaluate("async () => (await store.services()).length") == 27
    assert page.evaluate("async () => (await store.indicators()).length") == 7
    assert {visit["status"]["step"] for visit in page.evaluate("() => store.myVisits({})")} == {"counted"}


def test_a_guest_is_gone_when_the_last_day_is_over(place: Place) -> None:
    """The end was known beforehand: the phone needs no network to see it come."""
    world = place.server.world
    with world.app.app_context(), writing(db.session()):
        work = Work(db.session(), clock.now())
        binh = select(Membership).where(Membership.member_id == world.members["binh"])
        guest = Capacity(is_guest=True, ended_at=work.now + timedelta(days=1))
        correct_membership(SYSTEM, work, work.session.scalars(binh).one(), guest)
        work.flush()
    page = place.signed_in("an")
    assert len(page.evaluate("(id) => store.members(id)", place.village)) == 2
    page.evaluate("() => { const now = Date.now; Date.now = () => now() + 86_500_000; }")
    (only,) = page.evaluate("(id) => store.members(id)", place.village)
    assert only["id"] == str(world.members["an"])


def test_two_phones_over_a_broken_connection(place: Place) -> None:
    an, binh = place.signed_in("an"), place.signed_in("binh")
    before = ledger(place.server.world)
    known = next(iter(place.households(an)))
    place.proxy.refuse()
    new = an.evaluate("async () => { const h = household(); await store.createHousehold(h); return h.id; }")
    an.evaluate("(id) => store.recordVisits([visit({ household_id: id }), visit({ household_id: id })])", new)
    an.evaluate("() => store.recordVisits([visit({ services: [{ code: 'không có', people: 1, outcome: 'done' }] })])")
    an.evaluate("(id) => store.updateHousehold(id, { hamlet: 'Xóm của An' })", known)
    binh.evaluate("(id) => store.updateHousehold(id, { hamlet: 'Xóm của Bình' })", known)
    an.evaluate("(id) => store.reportNothing(id, '2026-11')", place.village)
    until(an, "sync.state().phase === 'waiting'")

    place.proxy.heal()
    for page in (binh, an):
        place.proxy.cut_response("POST /api/v1/sync", after=0)
        page.evaluate("() => sync.sendNow()")
        until(page, DONE)
    binh.evaluate("() => sync.sendNow()")
    until(binh, DONE)

    (refused,) = an.evaluate("() => store.attention()")
    assert (refused["code"], refused["field"]) == ("unknown_service", "services[0].code")
    assert place.households(an)[new]["visits"] == 2
    assert {place.households(page)[known]["hamlet"] for page in (an, binh)} == {"Xóm của Bình"}
    assert [one["pending"] for one in place.households(an).values()] == [False] * 21
    assert place.households(binh)[new]["visits"] == 2

    args = {**refused["mutation"]["args"], "services": [{"code": "dvc_online", "people": 1, "outcome": "done"}]}
    an.evaluate("([id, args]) => store.correct(id, args)", [refused["mutation"]["id"], args])
    until(an, DONE)
    assert an.evaluate("() => store.attention()") == []
    ours = [visit for visit in an.evaluate("() => store.myVisits({})") if visit["household_id"] in (new, None)]
    assert [visit["status"]["step"] for visit in ours] == ["counted"] * 3
    minted = [m for page in (an, binh) for part in page.evaluate(MINTED) for m in part]
    assert {mutation["id"] for mutation in minted} == ledger(place.server.world) - before


def test_amended_and_withdrawn(place: Place) -> None:
    page = place.signed_in("an")
    first, second = page.evaluate(RECORD_TWO)
    until(page, DONE)
    page.evaluate("(id) => store.amendVisit(id, 'ghi nhầm', { participants: 4 })", first)
    page.evaluate("(id) => store.withdrawVisit(id, 'ghi trùng')", second)
    until(page, DONE)
    assert page.evaluate("() => store.attention()") == []
    shown = {visit["id"]: visit for visit in page.evaluate("() => store.myVisits({})")}
    assert (shown[first]["participants"], shown[first]["status"]["step"]) == (4, "counted")
    assert shown[second]["status"] == {"step": "not_counted", "reason": "withdrawn"}


def test_a_new_epoch(place: Place) -> None:
    page = place.signed_in("an")
    page.evaluate("async () => store.recordVisits([visit(), visit()])")
    until(page, DONE)
    world = place.server.world
    with world.app.app_context(), writing(db.session()):
        start_epoch(db.session(), now=clock.now())
    page.evaluate("async () => store.recordVisits([visit()])")
    until(page, DONE)
    assert len(place.households(page)) == 20
    assert len(page.evaluate("() => store.myVisits({})")) == 8 + 3
    sent = [mutation for part in page.evaluate(MINTED) for mutation in part]
    assert {mutation["id"] for mutation in sent} <= ledger(world)
