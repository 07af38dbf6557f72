"""Where the machine plays: the small province with a season's visits, its phones signed in, a clock of our own."""

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cdtteam.access.models import SYSTEM
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.ids import new_id
from cdtteam.households.models import Household
from cdtteam.households.operations import move_household
from cdtteam.replica.models import LogEntry, VillageCounter
from cdtteam.replica.operations import start_epoch
from cdtteam.replica.queries import current_epoch
from cdtteam.replica.work import Work
from cdtteam.sync.models import LedgerEntry
from cdtteam.teams.models import Member, Team, TeamVillage
from cdtteam.teams.operations import leave_village, move_member, serve_village
from cdtteam.teams.queries import holds
from cdtteam.visits.models import Visit
from cdtteam.web.transactions import writing
from tests.machine.handset import Handset
from tests.machine.model import Model
from tests.machine.store import Store
from tests.support.world import LONG_AGO, World

OWNERS = {"an's": "an", "an's other": "an", "binh's": "binh", "chi's": "chi", "dung's": "dung"}
SEASON = 110  # visits that are there before: a first pull takes several of the smallest pages


@dataclass
class Ticker:
    """The clock that the server reads."""

    start: datetime = field(default_factory=lambda: clock.now().replace(microsecond=0))
    now: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.now = self.start

    def pass_time(self, seconds: float) -> datetime:
        """Lets time go by."""
        self.now += timedelta(seconds=seconds)
        return self.now


@dataclass(frozen=True)
class Facts:
    """What the database says, for comparison."""

    epoch: str
    counters: dict[str, int]
    logged: dict[str, int]
    ledger: set[str]
    counts: dict[str, tuple[int, int]]


@dataclass
class Stage:
    """The server, its database and its clock; `model` and the ledger are those of the beginning."""

    world: World
    store: Store
    ticker: Ticker
    clients: dict[str, FlaskClient] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    model: Model = field(init=False)
    season: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.clients = {name: self.world.client(handle) for name, handle in OWNERS.items()}
        for name, client in self.clients.items():
            cookie = client.get_cookie("cdtteam")
            assert cookie is not None
            self.cookies[name] = cookie.value
        self.model = Model(
            {str(self.world.members[handle]): [(str(self.world.teams[village]), LONG_AGO, None)] for handle, village in
             (("an", "a"), ("binh", "a"), ("chi", "b"), ("dung", "c"))},
            {str(self.world.teams[name]): [(str(self.world.villages[name]), LONG_AGO, None)] for name in "abc"},
            self.facts().counters,
        )  # fmt: skip
        self._fill()
        self.store.keep(self.app, "beginning")

    @property
    def app(self) -> Flask:
        """The server."""
        return self.world.app

    def begin(self) -> tuple[Model, list[Handset]]:
        """Everything as it was at the beginning."""
        self.store.restore(self.app, "beginning")
        self.ticker.now = self.ticker.start
        return deepcopy(self.model), [self._handset(name) for name in OWNERS]

    def facts(self) -> Facts:
        """What the database says now."""
        with self.app.app_context():
            session = db.session()
            logged = select(LogEntry.village_id, func.max(LogEntry.version)).group_by(LogEntry.village_id)
            counts = select(Visit.village_id, func.count(), func.sum(Visit.participants))
            counts = counts.where(Visit.withdrawn_at.is_(None)).group_by(Visit.village_id)
            return Facts(
                str(current_epoch(session)),
                _by_text(session, select(VillageCounter.village_id, VillageCounter.version)),
                _by_text(session, logged),
                {str(id_) for id_ in session.scalars(select(LedgerEntry.id))},
                {str(village): (visits, int(people)) for village, visits, people in session.execute(counts)},
            )

    def post(self, name: str, body: dict[str, Any]) -> dict[str, Any]:
        """The answer to one request of a phone, on a connection of its own."""
        client = self.app.test_client()
        client.set_cookie("cdtteam", self.cookies[name])
        response = client.post("/api/v1/sync", json=body)
        assert response.status_code == 200, response.get_data(as_text=True)
        answer: dict[str, Any] = response.get_json()
        return answer

    def move_home(self, home_id: str, village: str) -> None:
        """The desk moves a household."""
        with self.app.app_context(), writing(db.session()):
            work = Work(db.session(), clock.now())
            home = work.session.get_one(Household, UUID(home_id))
            move_household(SYSTEM, work, home, UUID(village), at=work.now)
            work.flush()

    def move_member(self, member: str, team: str) -> None:
        """The desk moves a person to a team."""
        with self.app.app_context(), writing(db.session()):
            work = Work(db.session(), clock.now())
            session = work.session
            to_team = session.get_one(Team, UUID(team))
            move_member(SYSTEM, work, session.get_one(Member, UUID(member)), to_team, at=work.now)
            work.flush()

    def serve(self, team: str, village: str) -> None:
        """The desk gives a team a village."""
        with self.app.app_context(), writing(db.session()):
            work = Work(db.session(), clock.now())
            serve_village(SYSTEM, work, work.session.get_one(Team, UUID(team)), UUID(village), started_at=work.now)
            work.flush()

    def stop_serving(self, team: str, village: str) -> None:
        """The desk takes a village from a team."""
        with self.app.app_context(), writing(db.session()):
            work = Work(db.session(), clock.now())
            term = select(TeamVillage).where(
                TeamVillage.team_id == UUID(team), TeamVillage.village_id == UUID(village), holds(TeamVillage, work.now)
            )
            leave_village(SYSTEM, work, work.session.scalars(term).one(), ended_at=work.now)
            work.flush()

    def restore(self, name: str) -> None:
        """The operator goes back to a backup and begins a new line of history."""
        self.store.restore(self.app, name)
        with self.app.app_context(), writing(db.session()):
            start_epoch(db.session(), now=clock.now())

    def _handset(self, name: str) -> Handset:
        return Handset(self.clients[name], self.world.members[OWNERS[name]], name=name, device_id=new_id())

    def _fill(self) -> None:
        phone = self._handset("an's")
        village = self.world.villages["a"]
        for _ in range(3):
            phone.enter("household.create", {"id": str(new_id()), "village_id": str(village), "head_name": "Đinh A"})
        for _ in range(SEASON):
            phone.enter("visit.record", visit_args(str(village)))
        batch = phone.batch(list(phone.outbox), self.ticker.now)
        assert set(self.model.judge(batch)) == {"applied"}
        results: Any = phone.send(*batch.mutations)
        assert {result["status"] for result in results} == {"applied"}
        self.season = set(phone.minted)


def visit_args(village: str, *, home: str | None = None, people: int = 1, code: str = "dvc_online") -> dict[str, Any]:
    """Args of visit.record."""
    services = [{"code": code, "people": 1, "outcome": "done"}]
    args = {"id": str(new_id()), "village_id": village, "kind": "home", "household_id": home, "services": services}
    return args | {"participants": people}


def _by_text(session: Session, statement: Any) -> dict[str, int]:
    return {str(key): value for key, value in session.execute(statement)}
