"""What happens to phones and networks."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.machine.ground import PAUSES, PHONES, TAKEN, Ground, statuses
from tests.machine.verdicts import judge

FATES = st.sampled_from(["arrives", "arrives", "reply lost", "twice", "killed before marking", "killed before storing"])
_DAYS = [timedelta(days=days) for days in (-1800, 2, 3300)]
JUMPS = st.sampled_from([timedelta(minutes=minutes) for minutes in (0, 1, 30, -30)] + _DAYS)
MAKERS = ("visit.record", "household.create")


class Network(Ground):
    """Rules of clocks, requests and their fates."""

    @rule(phone=PHONES, error=JUMPS)
    def clock_jumps(self, phone: int, error: timedelta) -> None:
        self.handsets[phone].clock_error = error

    @rule(phone=PHONES, order=st.randoms(use_true_random=False))
    def outbox_is_reordered(self, phone: int, order: Any) -> None:
        order.shuffle(self.handsets[phone].outbox)

    @rule(phone=PHONES, pause=PAUSES, fate=FATES, size=st.integers(0, 4))
    def a_request(self, phone: int, pause: int, fate: str, size: int) -> None:
        handset = self.use(phone, pause)
        self.request(handset, size, fate)

    @rule(phone=PHONES, pause=PAUSES)
    def sync_whole(self, phone: int, pause: int) -> None:
        handset = self.use(phone, pause)
        self.sync(handset)
        assert handset.outbox == []
        self.replica_is_whole(handset)

    @rule(phone=PHONES, other=PHONES, pause=PAUSES)
    def requests_at_the_same_moment(self, phone: int, other: int, pause: int) -> None:
        """The same request twice, as from two tabs, and another phone's."""
        handset, neighbour = self.use(phone, pause), self.handsets[other]
        self.begin_day()
        senders = [handset, handset] + ([neighbour] if other != phone else [])
        batches = [
            sender.batch([one for one in sender.outbox[:4] if one["type"] in MAKERS], self.stage.ticker.now)
            for sender in senders
        ]
        bodies = [sender.envelope(*batch.mutations, inbox=True) for sender, batch in zip(senders, batches, strict=True)]
        # A client keeps what it sends in its own hands, so each thread has one that is signed in with the same cookie.
        with ThreadPoolExecutor(len(senders)) as pool:
            answers = list(pool.map(self.stage.post, [sender.name for sender in senders], bodies))
        once = [judge(self.model, batch) for batch in (batches[0], *batches[2:])]
        for said, first, second in zip(once[0], statuses(answers[0]), statuses(answers[1]), strict=True):
            again = "duplicate" if said in TAKEN else said
            assert sorted([first, second]) == sorted([said, again])
        assert once[1:] == [statuses(answer) for answer in answers[2:]]
        for sender, batch, answer in list(zip(senders, batches, answers, strict=True))[1:]:
            sender.mark(batch.mutations, answer["results"])
            sender.absorb(answer)
