"""Where the machine plays: the small province with a season's visits, its phones signed in, a clock of our own."""

from collections import Counter
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cdtteam.access.models import SYSTEM, Actor, Role
from cdtteam.areas.queries import commune_of
from cdtteam.core import clock
from cdtteam.core.clock import civil_date
from cdtteam.core.db import db
from cdtteam.core.ids import new_id
from cdtteam.households.models import Household
from cdtteam.households.operations import move_household
from cdtteam.notify.models import Notification
from cdtteam.replica.models import LogEntry, VillageCounter
from cdtteam.replica.operations import start_epoch
from cdtteam.replica.queries import current_epoch
from cdtteam.replica.work import Work
from cdtteam.requests.operations import answer_request, pass_on_request
from cdtteam.sync.daybreak import begin_day
from cdtteam.sync.models import LedgerEntry
from cdtteam.tasks.giving import Order
from cdtteam.tasks.models import Task
from cdtteam.tasks.operations import reassign_task, reopen_task, withdraw_task
from cdtteam.teams.models import Member, Membership, Team, TeamVillage
from cdtteam.teams.operations import leave_village, move_member, serve_village
from cdtteam.teams.queries import holds
from cdtteam.visits.models import Visit
from cdtteam.visits.operations import Correction, amend_visit, restore_visit, withdraw_visit
from cdtteam.web.transactions import writing
from tests.machine.handset import Handset
from tests.machine.model import Model
from tests.machine.store import Store
from tests.machine.surveyor import Surveyor
from tests.machine.verdicts import judge
from tests.support.asking import at_desk
from tests.support.assigning import Officer
from tests.support.world import LONG_AGO, OFFICER, World

OWNERS = {"an's": "an", "an's other": "an", "binh's": "binh", "chi's": "chi", "dung's": "dung"}
PERIOD = {"from": -420, "to": 10}  # days from the beginning
STAFF = ("tinh", "xa", "xakhac")
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
    tasks: dict[str, tuple[str, str, str, bool]]
    unread: list[tuple[tuple[str, str], str]]
    terms: tuple[Counter[Any], Counter[Any], dict[str, datetime]]


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
    done: Counter[str] = field(default_factory=Counter)  # how many changes of the map went through, of each kind

    def __post_init__(self) -> None:
        self.clients = {name: self.world.client(handle) for name, handle in OWNERS.items()}
        staff = {handle: self.world.client(handle) for handle in STAFF}
        for name, client in (*self.clients.items(), *staff.items()):
            cookie = client.get_cookie("cdtteam")
            assert cookie is not None
            self.cookies[name] = cookie.value
        self.model = Model(
            {str(self.world.members[handle]): [(str(self.world.teams[village]), LONG_AGO, None)] for handle, village in
             (("an", "a"), ("binh", "a"), ("chi", "b"), ("dung", "c"))},
            {str(self.world.teams[name]): [(str(self.world.villages[name]), LONG_AGO, None)] for name in "abc"},
            self.facts().counters,
            atlas=Surveyor(self.app).atlas(),
            homes_of_teams={str(self.world.teams[name]): str(self.world.villages[name]) for name in "abc"},
        )  # fmt: skip
        self._fill()
        self.store.keep(self.app, "beginning")

    @property
    def app(self) -> Flask:
        """The server."""
        return self.world.app

    @property
    def _officer(self) -> Officer:
        return Officer(self.world, Actor(Role.PROVINCE, area_id=self.world.province))

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
            logged = logged.where(LogEntry.village_id.not_in(select(Member.id)))
            counters = select(VillageCounter.village_id, VillageCounter.version)
            counts = select(Visit.village_id, func.count(), func.sum(Visit.participants))
            tasks = select(Task.id, Task.village_id, Task.team_id, Task.state, Task.withdrawn_at.is_not(None))
            counts = counts.where(Visit.withdrawn_at.is_(None)).group_by(Visit.village_id)
            return Facts(
                str(current_epoch(session)),
                _by_text(session, counters.where(VillageCounter.village_id.not_in(select(Member.id)))),
                _by_text(session, logged),
                {str(id_) for id_ in session.scalars(select(LedgerEntry.id))},
                {str(village): (visits, int(people)) for village, visits, people in session.execute(counts)},
                {str(id_): (str(village), str(team), *rest) for id_, village, team, *rest in session.execute(tasks)},
                _unread_in(session),
                _terms_in(session),
            )

    def begin_day(self) -> None:
        """The first sync of a day has told the phones what was laid on it."""
        with self.app.app_context():
            begin_day(db.session(), clock.now())

    def figures(self, handle: str, **asked: str) -> dict[str, Any]:
        """The API's answer to one of the staff, for all the time in which visits may have been."""
        period = {name: f"{civil_date(self.ticker.start) + timedelta(days=days)}" for name, days in PERIOD.items()}
        response = self._client(handle).get("/api/v1/participation", query_string=period | asked)
        assert response.status_code == 200, response.get_data(as_text=True)
        answer: dict[str, Any] = response.get_json()
        return answer

    def post(self, name: str, body: dict[str, Any]) -> dict[str, Any]:
        """The answer to one request of a phone."""
        response = self._client(name).post("/api/v1/sync", json=body)
        assert response.status_code == 200, response.get_data(as_text=True)
        answer: dict[str, Any] = response.get_json()
        return answer

    def _client(self, name: str) -> FlaskClient:
        """A connection of its own for somebody who is signed in."""
        client = self.app.test_client()
        client.set_cookie("cdtteam", self.cookies[name])
        return client

    def move_home(self, home_id: str, village: str) -> None:
        """The desk moves a household."""
        with self.app.app_context(), writing(db.session()):
            work = Work(db.session(), clock.now())
            home = work.session.get_one(Household, UUID(home_id))
            move_household(OFFICER, work, home, UUID(village), at=work.now)
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

    def give_task(self, team: str, village: str) -> str:
        """The desk asks a team for something; answers the task's id."""
        return self._officer.give(Order(UUID(team), UUID(village)))[0]

    def withdraw_task(self, task_id: str) -> None:
        """The desk takes a task back."""
        self._officer.do(withdraw_task, task_id)

    def reopen_task(self, task_id: str) -> None:
        """The desk sends a task again."""
        self._officer.do(reopen_task, task_id)

    def reassign_task(self, task_id: str, team: str, village: str) -> None:
        """The desk gives a task to others."""
        self._officer.do(reassign_task, task_id, UUID(team), UUID(village))

    def move_request(self, request_id: str, state: str) -> None:
        """The desk passes a request for help on, or answers it."""
        if state == "passed_on":
            at_desk(self.world, self._officer.actor, pass_on_request, request_id)
        else:
            at_desk(self.world, self._officer.actor, answer_request, request_id, "Mai có người đến")

    def put_right(self, visit_id: str, people: int) -> None:
        """The commune puts a visit right."""
        self._review(amend_visit, visit_id, {"participants": people})

    def do_not_count(self, visit_id: str) -> None:
        """The commune takes a visit out of the figures."""
        self._review(withdraw_visit, visit_id)

    def count_again(self, visit_id: str) -> None:
        """The commune counts a visit again."""
        self._review(restore_visit, visit_id)

    def _review(self, operation: Any, visit_id: str, *args: Any) -> None:
        with self.app.app_context(), writing(db.session()):
            work = Work(db.session(), clock.now())
            visit = work.session.get_one(Visit, UUID(visit_id))
            work.lock([visit.village_id])
            commune = commune_of(work.session, visit.village_id, civil_date(work.now))
            officer = Actor(Role.COORDINATOR, area_id=commune)
            operation(officer, work, visit, Correction(None, "đã hỏi lại tổ", work.now), *args)
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
        assert set(judge(self.model, batch)) == {"applied"}
        results: Any = phone.send(*batch.mutations)
        assert {result["status"] for result in results} == {"applied"}
        self.season = set(phone.minted)


def visit_args(village: str, *, home: str | None = None, people: int = 1, code: str = "dvc_online") -> dict[str, Any]:
    """Args of visit.record."""
    services = [{"code": code, "people": 1, "outcome": "done"}]
    args = {"id": str(new_id()), "village_id": village, "kind": "home", "household_id": home, "services": services}
    return args | {"participants": people}


def _unread_in(session: Session) -> list[tuple[tuple[str, str], str]]:
    """What members have not read: whose it is, about what, and its id."""
    columns = select(Notification.member_id, Notification.subject_id, Notification.id)
    unread = (Notification.member_id.is_not(None), Notification.read_at.is_(None), Notification.withdrawn_at.is_(None))
    return [((str(member), str(subject)), str(id_)) for member, subject, id_ in session.execute(columns.where(*unread))]


def _terms_in(session: Session) -> tuple[Counter[Any], Counter[Any], dict[str, datetime]]:
    memberships = select(Membership.member_id, Membership.team_id, Membership.started_at, Membership.ended_at)
    services = select(TeamVillage.team_id, TeamVillage.village_id, TeamVillage.started_at, TeamVillage.ended_at)
    of_people, of_teams = (
        Counter((str(whose), str(where), *edges) for whose, where, *edges in session.execute(statement))
        for statement in (memberships, services)
    )
    ended = session.execute(select(Team.id, Team.ended_at).where(Team.ended_at.is_not(None)))
    return of_people, of_teams, {str(id_): at for id_, at in ended if at}


def _by_text(session: Session, statement: Any) -> dict[str, int]:
    return {str(key): value for key, value in session.execute(statement)}
