"""Volunteers' phones that go on recording and sending while something else happens to the server."""

import random
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

import requests
from sqlalchemy import select, update

from benchmarks.serving import Caller, visits
from cdtteam.accounts.models import User
from cdtteam.accounts.passwords import hash_password
from cdtteam.core.db import db
from cdtteam.core.ids import new_id
from cdtteam.households.models import Household
from cdtteam.teams.models import Membership, Team
from cdtteam.web.transactions import writing

PHONES = 50
PAUSE_S = 1.0  # between two syncs of a phone, as a volunteer who saves one visit after the other
PATIENCE_S = 60
SEED = 159


@dataclass(frozen=True)
class Person:
    """A volunteer with the households of the village."""

    handle: str
    member_id: str
    village_id: str
    households: list[str]


@dataclass(frozen=True)
class Exchange:
    """A sync, from its first try to its answer, by the monotonic clock."""

    began: float
    ended: float


def enlist(password: str) -> list[Person]:
    """Fifty volunteers of as many villages, spread over the province, who may sign in with the password."""
    session = db.session()
    columns = (User.id, User.handle, User.member_id, Team.home_village_id)
    statement = select(*columns).join(Membership, Membership.member_id == User.member_id)
    rows = session.execute(statement.join(Team, Team.id == Membership.team_id).order_by(User.handle)).all()
    chosen = rows[:: max(1, len(rows) // PHONES)][:PHONES]
    people = [Person(handle, str(member), str(village), _households(village)) for _, handle, member, village in chosen]
    with writing(session):
        here = User.id.in_([row[0] for row in chosen])
        session.execute(update(User).where(here).values(password_hash=hash_password(password)))
    return people


def _households(village_id: UUID) -> list[str]:
    wanted = select(Household.id).where(Household.village_id == village_id).limit(10)
    return [str(one) for one in db.session().scalars(wanted)]


class Crew:
    """All of them at work, from the block's beginning to its end; leaving it, each still sends what it holds."""

    def __init__(self, url: str, people: list[Person], password: str) -> None:
        self.minted: set[UUID] = set()
        self.exchanges: list[Exchange] = []
        self.put_off = 0
        self._ends = threading.Event()
        self._faults: list[BaseException] = []
        self._callers = [_signed_in(url, person, password) for person in people]
        self._threads = [threading.Thread(target=self._live, args=(at,)) for at in range(len(people))]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.set()
        for thread in self._threads:
            thread.join(2 * PATIENCE_S)
        if self._faults:
            raise self._faults[0]

    def work(self, seconds: float) -> None:
        """Lets them work for a while."""
        time.sleep(seconds)
        if self._faults:
            raise self._faults[0]

    def median(self) -> float:
        """Seconds of the sync in the middle."""
        waits = sorted(one.ended - one.began for one in self.exchanges)
        return waits[len(waits) // 2]

    def _live(self, at: int) -> None:
        rng = random.Random(SEED + at)
        try:
            time.sleep(PAUSE_S * at / len(self._threads))
            while not self._ends.is_set():
                self._sync(self._callers[at], visits(self._callers[at], rng.randint(1, 3), rng))
                self._ends.wait(PAUSE_S)
        except Exception as fault:  # noqa: BLE001 — it is raised where the block ends
            self._faults.append(fault)

    def _sync(self, caller: Caller, made: list[dict[str, Any]]) -> None:
        """Sends until there is an answer, as a phone does."""
        self.minted |= {UUID(one["id"]) for one in made}
        began, tries = time.monotonic(), 0
        while time.monotonic() < began + PATIENCE_S:
            tries += 1
            with suppress(requests.RequestException):
                answer = caller.post(caller.body(made))
                states = {result["status"] for result in answer["results"]}
                assert states <= {"applied", "duplicate"}, answer["results"]
                self.exchanges.append(Exchange(began, time.monotonic()))
                self.put_off += tries > 1
                return
            time.sleep(1)
        raise AssertionError(f"no answer within {PATIENCE_S} s")


def _signed_in(url: str, person: Person, password: str) -> Caller:
    http, device = requests.Session(), str(new_id())
    given = {"sign_in": person.handle, "password": password, "device_id": device}
    http.post(f"{url}/api/v1/session", json=given, timeout=PATIENCE_S).raise_for_status()
    caller = Caller(http, url, person.member_id, person.village_id, device, person.households)
    while caller.post(caller.body([]))["more"]:
        pass
    return caller
