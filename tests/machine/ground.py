"""What all rules share: the server, the model beside it, the phones, and what is true at every moment."""

import sys
from datetime import date
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant

from cdtteam.core.clock import civil_date
from tests.machine.handset import Handset
from tests.machine.model import Model
from tests.machine.stage import OWNERS, Stage
from tests.machine.verdicts import judge

PHONES = st.sampled_from(range(len(OWNERS)))
PICK = st.integers(0, 1_000_000)
PAUSES = st.sampled_from([1, 60, 600, 5_000])
TAKEN = ("applied", "conflict", "duplicate")


class Ground(RuleBasedStateMachine):
    """The ground of the machine; `stage` is set by whoever runs it."""

    stage: Stage

    def __init__(self) -> None:
        super().__init__()
        self.model, self.handsets = self.stage.begin()
        self.epoch = self.stage.facts().epoch
        self.backup: Model | None = None
        self.is_restored = False
        self.told_on: date | None = None
        for handset in self.handsets[::2]:  # the others begin with their first pull
            self.sync(handset)

    @invariant()
    def server_and_model_agree(self) -> None:
        facts = self.stage.facts()
        assert facts.epoch == self.epoch
        assert facts.counters == self.model.counters
        assert all(version <= facts.counters[village] for village, version in facts.logged.items())
        assert facts.ledger == set(self.model.ledger)
        assert facts.counts == self.model.counts()
        assert facts.terms == self.model.terms()
        assert sorted(about for about, _ in facts.unread) == sorted(self.model.unread), "each is told once"
        self.model.unread = dict(facts.unread)  # with the ids that the server gave them
        assert facts.tasks == {
            id_: (task.village, task.team, task.state, task.is_withdrawn) for id_, task in self.model.tasks.items()
        }

    @invariant()
    def nothing_is_lost(self) -> None:
        """What phones minted is in the ledger, in an outbox or under "needs attention"."""
        minted, kept = set(self.stage.season), set(self.model.ledger)
        for handset in self.handsets:
            minted |= handset.minted
            kept |= {one["id"] for one in handset.outbox} | handset.attention.keys()
            if handset.epoch != self.epoch:  # it has not heard of the restore yet, and will send these again
                kept |= handset.sent.keys()
        assert kept == minted

    def teardown(self) -> None:
        """In the end all phones sync to rest, and everybody sees the same."""
        if sys.exc_info()[0] is not None:
            return
        self.stage.ticker.pass_time(1)
        for _ in range(4):
            for handset in self.handsets:
                handset.retry()
                self.sync(handset)
        for handset in self.handsets:
            self.sync(handset)
            assert handset.outbox == []
            assert handset.epoch == self.epoch
            self.replica_is_whole(handset)
        self.server_and_model_agree()
        self.nothing_is_lost()

    def replica_is_whole(self, handset: Handset) -> None:
        """A phone that has just pulled everything holds what is its member's, under the names of today's map."""
        member, now = str(handset.member_id), self.stage.ticker.now
        assert handset.replica() == self.model.replica(member, now)
        assert handset.places() == self.model.places_told(member, now)
        assert handset.unread() == self.model.unread_by(member, now)

    def begin_day(self) -> None:
        """What was laid on a day that has come is told by its first sync."""
        today = civil_date(self.stage.ticker.now)
        if self.told_on != today:
            self.stage.begin_day()
            self.told_on, self.model.counters = today, self.stage.facts().counters

    def use(self, phone: int, pause: int) -> Handset:
        """A phone, some time later."""
        self.stage.ticker.pass_time(pause)
        return self.handsets[phone]

    def homes_on(self, handset: Handset) -> set[str]:
        """The households that a phone knows."""
        unsent = {one["args"]["id"] for one in handset.outbox if one["type"] == "household.create"}
        return unsent | handset.kind("household").keys()

    def village_on(self, handset: Handset, pick: int) -> str:
        """A village that the phone believes to be its member's."""
        served = sorted({place for places in handset.places().values() for place in places})
        home = self.stage.world.villages[{"an": "a", "binh": "a", "chi": "b", "dung": "c"}[OWNERS[handset.name]]]
        return pick_of(served, pick) or str(home)

    def season_rows(self) -> set[str]:
        """The visits that were there before."""
        return set(self.stage.model.visits)

    def request(self, handset: Handset, size: int, fate: str = "arrives") -> bool:
        """One request with the first entries of the outbox; answers whether there is more to pull."""
        self.begin_day()
        mutations = handset.outbox[:size]
        answer: dict[str, Any] = {}
        for _ in range(2 if fate == "twice" else 1):
            batch = handset.batch(mutations, self.stage.ticker.now)
            earlier = {
                one["id"]: self.model.ledger[one["id"]][1] for one in mutations if one["id"] in self.model.ledger
            }
            expected = judge(self.model, batch)
            answer = self.stage.post(handset.name, handset.envelope(*mutations, page=100, inbox=True))
            assert statuses(answer) == expected
            for result in answer["results"]:
                if result["status"] == "duplicate" and result["id"] in earlier:
                    assert result["first"]["status"] == earlier[result["id"]]
        if fate == "reply lost":
            return True
        if fate != "killed before marking":
            handset.mark(mutations, answer["results"])
        if fate != "killed before storing":
            handset.absorb(answer)
        return bool(answer["more"])

    def sync(self, handset: Handset) -> None:
        """Sends everything and pulls everything."""
        while self.request(handset, 50) or handset.outbox:
            pass


def statuses(answer: dict[str, Any]) -> list[str]:
    """The status of each result, or the code of its refusal."""
    return [result.get("code", result["status"]) for result in answer["results"]]


def pick_of(items: list[Any], pick: int) -> Any:
    """One of the items, or None where there are none; half of the time the first or the last, so that paths cross."""
    if not items:
        return None
    return items[pick // 2 % len(items)] if pick % 2 else items[-1 if pick % 4 else 0]
