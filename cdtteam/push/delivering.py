"""Sends what is due: rows are taken up, handed to threads, put on record; no transaction is open while one sends."""

import logging
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue
from time import monotonic, sleep
from typing import Self

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from cdtteam.core import clock
from cdtteam.core.problems import Problem
from cdtteam.push.channel import Channel, Fate, Outcome, Parcel
from cdtteam.push.fanning import fan_out, waits
from cdtteam.push.leasing import Result, due_by_host, hold, lease, record
from cdtteam.web.transactions import snapshot, writing

log = logging.getLogger("cdtteam")

THREADS = 32  # that send to one push service
DEPTH = 4  # parcels in hand for each of them, so that none waits for the database
RATE = 500  # parcels a second to one push service
GATHER_S, GATHERED = 0.08, 64  # results are put on record together: those of a moment, or so many
LOOK_S = 1.0  # between two looks at what has become due
RUN_S = 120.0  # after which nothing more is taken up: the chore comes round again
TRIES = 8  # to put results on record
# After so many first tries in a row that were put off or not answered, the whole service is left alone for a while.
TROUBLED, ALONE_S, LONGEST_ALONE_S = THREADS, 30.0, 600.0


class Service:
    """One push service: its threads, what they have in hand, how fast it is sent to, and how it has been doing."""

    def __init__(self, host: str) -> None:
        self.in_hand = 0
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix=f"push {host}")
        self._allowance = float(RATE)
        self._counted_at = monotonic()
        self._troubled = 0

    def room(self) -> int:
        """How many parcels may be taken up for it now."""
        now = monotonic()
        self._allowance = min(float(RATE), self._allowance + (now - self._counted_at) * RATE)
        self._counted_at = now
        return max(0, min(THREADS * DEPTH - self.in_hand, int(self._allowance)))

    def take(self, channel: Channel, parcel: Parcel, done: "SimpleQueue[Result]") -> None:
        """Has a thread send a parcel."""
        self.in_hand += 1
        self._allowance -= 1
        self._threads.submit(_send, channel, parcel, done)

    def note(self, parcel: Parcel, outcome: Outcome) -> float | None:
        """Takes a parcel back; answers for how many seconds the service is to be left alone, if it is in trouble."""
        self.in_hand -= 1
        if outcome.fate is not Fate.LATER:
            self._troubled = 0
        elif parcel.tries == 1:
            self._troubled += 1
        if self._troubled < TROUBLED:
            return None
        self._troubled = 0
        return min(max(ALONE_S, outcome.retry_after or 0), LONGEST_ALONE_S)

    def close(self) -> None:
        """Waits for its threads, which takes some seconds at most."""
        self._threads.shutdown()


class Round:
    """One run: from what is due to what became of it, until there is nothing more or the time is over."""

    def __init__(self, session: Session, channel: Channel) -> None:
        self._session = session
        self._channel = channel
        self._services: dict[str, Service] = {}
        self._done: SimpleQueue[Result] = SimpleQueue()
        self._results: list[Result] = []
        self._alone: dict[str, float] = {}
        self._failures = 0
        self.ends: Counter[tuple[str, str]] = Counter()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for service in self._services.values():
            service.close()
        self._channel.close()

    def run(self) -> None:
        """Goes on while anything is due, in hand, or not on record yet; after RUN_S it takes nothing more up."""
        over, look_at, is_more = monotonic() + RUN_S, 0.0, True
        while is_more or self._in_hand() or self._results:
            self._gather()
            is_over = monotonic() > over
            if self._results or is_more or (not is_over and monotonic() >= look_at):
                is_more = self._step(is_over=is_over)
                look_at = monotonic() + LOOK_S

    def _in_hand(self) -> int:
        return sum(service.in_hand for service in self._services.values())

    def _gather(self) -> None:
        """Collects results: for a moment at most, and only while any can come."""
        end = monotonic() + GATHER_S
        while len(self._results) < GATHERED and self._in_hand() and (left := end - monotonic()) > 0:
            try:
                parcel, outcome = self._done.get(timeout=left)
            except Empty:
                return
            host = parcel.address.host
            alone = self._services[host].note(parcel, outcome)
            if alone is not None:
                self._alone[host] = alone
            self._results.append((parcel, outcome))

    def _step(self, *, is_over: bool) -> bool:
        """Records results and takes up more; answers whether there is more to be taken up."""
        now = clock.now()
        try:
            is_fanned = not is_over and self._fan_out(now)
            room, due = ({}, 0) if is_over else self._room(now)
            parcels = self._exchange(room, now) if self._results or room else []
        except (DBAPIError, Problem):
            self._failures += 1
            if self._failures >= TRIES:  # what is in hand is taken up once more when its lease is over
                raise
            sleep(LOOK_S)
            return not is_over
        self._failures = 0
        for parcel in parcels:
            self._services[parcel.address.host].take(self._channel, parcel, self._done)
        return is_fanned or due > len(parcels)

    def _fan_out(self, now: datetime) -> bool:
        with snapshot(self._session):
            if not waits(self._session, now):
                return False
        with writing(self._session):
            return fan_out(self._session, now) > 0

    def _room(self, now: datetime) -> tuple[dict[str, int], int]:
        """For how many parcels of what is due there are hands, by service; and how many are due in all."""
        with snapshot(self._session):
            due = due_by_host(self._session, now)
        for host in due.keys() - self._services.keys():
            self._services[host] = Service(host)
        free = {host: min(number, self._services[host].room()) for host, number in due.items()}
        return {host: number for host, number in free.items() if number}, sum(due.values())

    def _exchange(self, room: dict[str, int], now: datetime) -> list[Parcel]:
        """One transaction: what is done is put on record, what is next is taken up."""
        with writing(self._session):
            record(self._session, self._results, now)
            for host, seconds in self._alone.items():
                hold(self._session, host, now + timedelta(seconds=seconds))
            parcels = lease(self._session, {host: room[host] for host in room.keys() - self._alone.keys()}, now)
        self.ends.update((parcel.address.host, outcome.answer) for parcel, outcome in self._results)
        self._results, self._alone = [], {}
        return parcels


def deliver(session: Session, channel: Channel) -> None:
    """Rings for all that is due; what went wrong is told in the log by service and answer."""
    with Round(session, channel) as round_:
        round_.run()
    failed = {end: number for end, number in round_.ends.items() if not end[1].startswith("2")}
    if failed:
        said = ", ".join(f"{host} {answer}: {number}" for (host, answer), number in sorted(failed.items()))
        log.warning("pushes that did not arrive: %s", said)


def _send(channel: Channel, parcel: Parcel, done: "SimpleQueue[Result]") -> None:
    try:
        outcome = channel.send(parcel)
    except Exception as error:  # noqa: BLE001 — a result must come back; the message may hold the address, so it is left out
        log.error("a push could not be sent: %s", type(error).__name__)  # noqa: TRY400
        outcome = Outcome(Fate.LATER, "fault")
    done.put((parcel, outcome))
