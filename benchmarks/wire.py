"""Bytes on the wire between the field app in Chromium and the server: a visit in a batch of twenty, and the first pull.

Bodies are as they travel. The aims are for gzip; what phones get that accept all that browsers do stands beside it.
"""

import gzip
import json
import random
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from playwright.sync_api import Browser, Page

from benchmarks.counter import Counter, Exchange, counting
from benchmarks.fieldphone import STORE, chromium, large_server, phone, sign_in, until
from benchmarks.figures import ALTERNATIONS, Figure, quick
from benchmarks.large import HOUSEHOLDS, VISITS
from cdtteam.core import clock
from cdtteam.demo.activity import SERVICES

SYNC = "/api/v1/sync"
GZIP, ANY = "gzip", "gzip, deflate, br, zstd"  # the second is what browsers accept over HTTPS
BATCH = 20
GAP_MINUTES = (12, 35)  # between two visits of an evening
TOPICS_AT_ONCE = (1, 1, 1, 2, 2, 3)

CLOCK = """() => {
  const Real = Date;
  window.behind = Number(sessionStorage.getItem("behind")) || 0;
  window.Date = class extends Real {
    constructor(...given) { if (given.length) super(...given); else super(Real.now() - window.behind); }
    static now() { return Real.now() - window.behind; }
  };
}"""
"""A phone's clock that the benchmark can set back, so that visits lie as far apart as in an evening."""

LAST_ANSWER = """async (at) => {
  const opened = indexedDB.open("cdtteam");
  const db = await new Promise((done) => { opened.onsuccess = () => done(opened.result); });
  const meta = db.transaction("meta", "readwrite").objectStore("meta");
  await new Promise((done) => {
    meta.get("replica").onsuccess = ({ target }) => {
      meta.put({ ...target.result, server_time: at }, "replica").onsuccess = done;
    };
  });
  db.close();
}"""
"""Lets the phone's last answer have come before the evening, as it did for whoever was in the village since."""

RECORD = """async ([id, codes, people, behind]) => {
  window.behind = behind;
  const main = document.querySelector("script[type=module]").src;
  const at = (name) => import(new URL(name, main).href);
  const names = ["model/visit.js", "model/ids.js", "model/time.js"];
  const [{ visitArgs }, { uuid7 }, { today }] = await Promise.all(names.map(at));
  const [account, [village]] = await Promise.all([store.account(), store.villages()]);
  const opened = uuid7();
  window.behind -= 15000 + Math.random() * 60000;
  await store.recordVisits([visitArgs({
    id: opened, village_id: village.id, household_id: id, services: codes.map((code) => ({ code, outcome: "done" })),
    on: today(), kind: "home", participants: people, member_ids: [account.member_id], follow_up_on: null, note: "",
  })]);
}"""
"""What the visit form does when it is opened and saved."""


@dataclass
class Recorder:
    """Saves batches on a phone whose network is gone, and sends them when it is back."""

    page: Page
    counter: Counter
    rng: random.Random

    def batch(self, accepted: str) -> Exchange:
        """The one exchange that carried a batch of visits, its answer packed in one of the `accepted` ways."""
        gaps = [self.rng.randint(*GAP_MINUTES) * 60_000 for _ in range(BATCH)]
        self._go_back(sum(gaps) + 600_000)
        read = "async () => (await store.households((await store.villages())[0].id)).map((one) => one.id)"
        for at, household in enumerate(self.rng.sample(self.page.evaluate(read), BATCH)):
            people = self.rng.choice((1, 1, 1, 2, 3))
            self.page.evaluate(RECORD, [household, self._topics(), people, sum(gaps[at:])])
        self.page.evaluate("() => { window.behind = 0; }")
        self.counter.take(SYNC)
        self.counter.encoding, self.counter.is_down = accepted, False
        self.page.evaluate("() => dispatchEvent(new Event('online'))")
        until(self.page, "store.outboxSize().then((size) => size === 0)", 90)
        exchange = max(self.counter.take(SYNC), key=lambda one: one.body_up)
        assert len(json.loads(gzip.decompress(exchange.content))["mutations"]) == BATCH
        assert exchange.encoding in accepted.split(", ")
        return exchange

    def _go_back(self, milliseconds: int) -> None:
        """Loads the app with its clock so much behind, and then takes its network away."""
        self.page.evaluate("(behind) => sessionStorage.setItem('behind', behind)", milliseconds)
        self.page.reload()
        until(self.page, "document.querySelector('a[href=\"#/several\"]') !== null")
        self.page.evaluate(STORE)
        self.page.wait_for_timeout(1500)
        self.counter.is_down = True
        last = clock.now() - timedelta(milliseconds=milliseconds)
        self.page.evaluate(LAST_ANSWER, clock.wire_instant(last))

    def _topics(self) -> list[str]:
        topics = self.rng.choices(list(SERVICES), list(SERVICES.values()), k=self.rng.choice(TOPICS_AT_ONCE))
        return list(dict.fromkeys(topics))


def figures() -> list[Figure]:
    """Everything of this part."""
    with (
        large_server(quick(60, HOUSEHOLDS), quick(300, VISITS)) as large,
        counting(large.url) as counter,
        chromium() as browser,
    ):
        pulls = {accepted: _first_pull(browser, counter, accepted) for accepted in (GZIP, ANY)}
        batches = _batches(browser, counter)
    return [*_batch_figures(batches), *_pull_figures(pulls)]


def _first_pull(browser: Browser, counter: Counter, accepted: str) -> list[Exchange]:
    counter.encoding = accepted
    counter.exchanges.clear()
    with phone(browser, counter.url, service_workers="block") as context:
        sign_in(context.new_page())
        exchanges = counter.take(SYNC)
    last = next(number for number, one in enumerate(exchanges, 1) if not one.json["more"])
    assert all(one.encoding in accepted.split(", ") for one in exchanges[:last])
    return exchanges[:last]


def _batches(browser: Browser, counter: Counter) -> dict[str, list[Exchange]]:
    found: dict[str, list[Exchange]] = {accepted: [] for accepted in (GZIP, ANY)}
    with phone(browser, counter.url, service_workers="block") as context:
        context.add_init_script(f"({CLOCK})()")
        page = context.new_page()
        sign_in(page)
        recorder = Recorder(page, counter, random.Random(BATCH))
        for _ in range(ALTERNATIONS):
            for accepted, exchanges in found.items():
                exchanges.append(recorder.batch(accepted))
    return found


def _batch_figures(batches: dict[str, list[Exchange]]) -> list[Figure]:
    gzipped = batches[GZIP]
    up, down, heads, usual = (
        median(values) / BATCH
        for values in (
            [one.body_up for one in gzipped],
            [one.body_down for one in gzipped],
            [one.heads for one in gzipped],
            [one.bodies for one in batches[ANY]],
        )
    )
    note = (
        f"{up:.1f} up, {down:.1f} down; the heads of HTTP/1.1 add {heads:.1f} ({heads * BATCH:.0f} a request); "
        f"{usual:.1f} as browsers get it ({batches[ANY][0].encoding})"
    )
    total = median(one.bodies for one in gzipped) / BATCH
    return [Figure("bytes on the wire per visit, batch of 20, both directions, gzip", total, "B", "< 110", note)]


def _pull_figures(pulls: dict[str, list[Exchange]]) -> list[Figure]:
    kilobytes = {accepted: sum(one.bodies for one in pull) / 1000 for accepted, pull in pulls.items()}
    heads = sum(one.heads for one in pulls[GZIP]) / 1000
    what = f"first pull of {quick(60, HOUSEHOLDS)} households and {quick(300, VISITS):,} visits"
    note = f"heads add {heads:.1f}; {kilobytes[ANY]:.1f} as browsers get it ({pulls[ANY][0].encoding})"
    return [
        Figure(f"{what}: requests", len(pulls[GZIP]), "", "<= 3"),
        Figure(f"{what}: bytes both ways, gzip", kilobytes[GZIP], "kB", "< 230", note),
    ]
