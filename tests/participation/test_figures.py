"""The page's and the API's figures are what a plain count of the rows says, whatever has happened to them."""

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask_migrate import downgrade, upgrade

from cdtteam.access.models import SYSTEM
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.households.models import Household
from cdtteam.participation.summaries import RANGES_KEPT
from cdtteam.replica.models import StaleDay
from cdtteam.replica.work import Work
from cdtteam.teams.models import Member, Team
from cdtteam.teams.operations import move_member
from cdtteam.web.transactions import writing
from tests.participation.plain_count import plain_figures
from tests.support.apps import running_app
from tests.support.world import Phone, World

SEED = 20261124
CODES = ("dvc_online", "vneid_level2", "online_safety", "cashless_payment")


def ask(world: World, query: str, who: Any = None) -> dict[str, Any]:
    """The API's answer to the province's staff."""
    answer = (who or world.client("tinh")).get(f"/api/v1/participation?{query}")
    assert answer.status_code == 200, answer.json
    found: dict[str, Any] = answer.json
    return found


def figures_of(answer: dict[str, Any]) -> dict[str, Any]:
    """The figures of an answer or of a row of one."""
    keys = ("teams", "members", "visits", "people", "households", "households_unnamed", "services")
    return {key: answer[key] for key in keys}


def assert_right(world: World, query: str, who: Any, first: date, last: date) -> None:
    """The answer's total, its communes and its villages are those of the plain count."""
    for by in ("commune", "village"):
        answer = ask(world, f"{query}&by={by}", who)
        assert figures_of(answer) == plain_figures(world.app, world.villages.values(), first, last)
        places = {"21601": ("a", "b"), "21604": ("c",)} if by == "commune" else {f"v{name}": (name,) for name in "abc"}
        assert [row["code"] for row in answer["rows"]] == list(places)
        for row in answer["rows"]:
            here = [world.villages[name] for name in places[row["code"]]]
            assert figures_of(row) == plain_figures(world.app, here, first, last), row["code"]


class Life:
    """Some weeks of a small province, at random."""

    def __init__(self, world: World, seed: int) -> None:
        self.world = world
        self.rng = random.Random(seed)
        self.phones = {name: world.phone(name) for name in ("an", "binh", "chi", "dung")}
        self.home = {"an": "a", "binh": "a", "chi": "b", "dung": "c"}
        self.households: dict[str, list[str]] = {"a": [], "b": [], "c": []}
        self.visits: dict[str, list[str]] = {name: [] for name in self.phones}

    def step(self) -> None:
        """One thing happens."""
        name = self.rng.choice(list(self.phones))
        what = self.rng.choices(
            [self.record, self.new_household, self.amend, self.withdraw, self.nothing, self.move], [60, 8, 14, 10, 3, 2]
        )[0]
        what(name, self.phones[name], self.home[name])

    def record(self, name: str, phone: Phone, village: str) -> None:
        at = clock.now() - timedelta(minutes=self.rng.randrange(60 * 24 * 40))
        sent = phone.visit(
            self.world.villages[village],
            kind=self.rng.choice(("home", "home", "group", "phone")),
            household_id=self.rng.choice([None, *self.households[village]]),
            participants=self.rng.randint(1, 9),
            occurred_at=at.isoformat(),
            services=self.services(),
            member_ids=[str(self.world.members[one]) for one in self.rng.sample(list(self.phones), 2)],
        )
        if phone.send(sent)[0]["status"] == "applied":
            self.visits[name].append(sent["args"]["id"])

    def services(self) -> list[dict[str, Any]]:
        codes = self.rng.choices(CODES, k=self.rng.randint(1, 3))
        return [{"code": code, "people": self.rng.randint(0, 5), "outcome": "done"} for code in codes]

    def new_household(self, name: str, phone: Phone, village: str) -> None:
        sent = phone.household(self.world.villages[village])
        if phone.send(sent)[0]["status"] == "applied":
            self.households[village].append(sent["args"]["id"])

    def amend(self, name: str, phone: Phone, village: str) -> None:
        if self.visits[name]:
            at = clock.now() - timedelta(days=self.rng.randrange(40))
            fields = self.rng.choice(
                [{"participants": 7}, {"services": self.services()}, {"occurred_at": at.isoformat()}, {"kind": "phone"},
                 {"household_id": None}]
            )  # fmt: skip
            args = {"id": self.rng.choice(self.visits[name]), "reason": "ghi nhầm", **fields}
            phone.send(phone.mutation("visit.amend", args))

    def withdraw(self, name: str, phone: Phone, village: str) -> None:
        if self.visits[name]:
            gone = self.visits[name].pop(self.rng.randrange(len(self.visits[name])))
            phone.send(phone.mutation("visit.withdraw", {"id": gone, "reason": "ghi nhầm"}))

    def nothing(self, name: str, phone: Phone, village: str) -> None:
        args = {"village_id": str(self.world.villages[village]), "period": f"{clock.civil_date(clock.now()):%Y-%m}"}
        phone.send(phone.mutation("report.nothing", args))

    def move(self, name: str, phone: Phone, village: str) -> None:
        """The member goes over to another team, and comes with the visits they have made."""
        self.home[name] = self.rng.choice("abc")
        with self.world.app.app_context(), writing(db.session()):
            work = Work(db.session(), clock.now())
            member = work.session.get_one(Member, self.world.members[name])
            team = work.session.get_one(Team, self.world.teams[self.home[name]])
            move_member(SYSTEM, work, member, team, at=work.now)
            work.flush()


def test_figures_after_500_random_mutations(world: World) -> None:
    life, who = Life(world, SEED), world.client("tinh")
    today = clock.civil_date(clock.now())
    month = today.replace(day=1)
    ranges = [
        (month, (month + timedelta(31)).replace(day=1) - timedelta(1)),
        (today - timedelta(45), today),
        (today, today),
    ]
    for number in range(500):
        life.step()
        if number in (5, 20, 250, 499):
            for first, last in ranges:
                assert_right(world, f"from={first}&to={last}", who, first, last)
    assert ask(world, f"from={ranges[1][0]}&to={ranges[1][1]}", who)["visits"] > 100


def test_a_visit_counts_at_once_in_every_process(world_on_sqlite: World, tmp_path: Any) -> None:
    world = world_on_sqlite
    phone, who = world.phone("an"), world.client("tinh")
    month = f"{clock.civil_date(clock.now()):%Y-%m}"
    with running_app(world.app.config["CDT_DATABASE_URL"], tmp_path) as other:
        elsewhere = World(other, world.villages, world.communes, world.teams, world.members).client("tinh")
        for number in range(1, 6):
            phone.send(phone.visit(world.villages["a"]))
            counts = [ask(world, f"period={month}", client)["visits"] for client in (who, elsewhere, who)]
            assert counts == [number] * 3


DAY_EDGES = [
    ("2026-11-23T16:59:59.999999Z", "2026-11-23"),
    ("2026-11-23T17:00:00Z", "2026-11-24"),
    ("2026-11-24T16:59:59Z", "2026-11-24"),
]


@pytest.mark.parametrize(("at", "day"), DAY_EDGES)
def test_a_day_is_vietnams(world_on_sqlite: World, at: str, day: str) -> None:
    world, who = world_on_sqlite, world_on_sqlite.client("tinh")
    days_ago = clock.now() - datetime(2026, 11, 24, 17, tzinfo=UTC)
    shift = timedelta(days=max(0, days_ago.days))  # the same edges, on days that phones may still send
    instant, on = datetime.fromisoformat(at) + shift, date.fromisoformat(day) + shift
    if instant > clock.now():
        instant, on = instant - timedelta(days=2), on - timedelta(days=2)
    phone = world.phone("an")
    assert phone.send(phone.visit(world.villages["a"], occurred_at=instant.isoformat()))[0]["status"] == "applied"
    found = {near: ask(world, f"period={near}", who)["visits"] for near in (on - timedelta(1), on, on + timedelta(1))}
    assert found == {on - timedelta(1): 0, on: 1, on + timedelta(1): 0}


def test_merged_households_count_as_one(world: World) -> None:
    phone, who = world.phone("an"), world.client("tinh")
    homes = [phone.household(world.villages["a"], f"Nguyễn Văn {name}") for name in ("An", "Ân", "Ẩn", "Bê")]
    ids = [home["args"]["id"] for home in homes]
    phone.send(*homes, *(phone.visit(world.villages["a"], household_id=one) for one in ids))
    today = clock.civil_date(clock.now())
    assert ask(world, f"period={today}", who)["households"] == 4
    with world.app.app_context(), writing(db.session()):
        work = Work(db.session(), clock.now())
        work.lock([world.villages["a"]])
        rows = {str(one.id): one for one in work.session.query(Household)}
        rows[ids[0]].merged_into_id, rows[ids[1]].merged_into_id = rows[ids[1]].id, rows[ids[2]].id
        work.figures_changed(world.villages["a"], work.now)
        work.flush()
    assert ask(world, f"period={today}", who)["households"] == 2
    assert_right(world, f"period={today}", who, today, today)


def test_households_that_were_merged_in_turn_count_as_one(world: World) -> None:
    """Of a chain of merges each marks the days of one household only."""
    phone, who, today = world.phone("an"), world.client("tinh"), clock.civil_date(clock.now())
    homes = [phone.household(world.villages["a"], f"Nguyễn Văn {name}") for name in ("An", "Ân", "Ẩn")]
    ids = [home["args"]["id"] for home in homes]
    moments = [clock.now() - timedelta(days=days) for days in range(3)]
    given = [{"household_id": one, "occurred_at": at.isoformat()} for one, at in zip(ids, moments, strict=True)]
    phone.send(*homes, *(phone.visit(world.villages["a"], **each) for each in given))
    period = f"from={today - timedelta(4)}&to={today}"
    for number, households in ((0, 2), (1, 1)):
        with world.app.app_context(), writing(db.session()):
            work = Work(db.session(), clock.now())
            work.lock([world.villages["a"]])
            rows = {str(one.id): one for one in work.session.query(Household)}
            rows[ids[number]].merged_into_id = rows[ids[number + 1]].id
            work.figures_changed(world.villages["a"], moments[number])
            work.flush()
        assert ask(world, period, who)["households"] == households
    assert_right(world, period, who, today - timedelta(4), today)


def test_the_migration_has_the_days_of_earlier_visits_counted(world: World) -> None:
    phone, today = world.phone("an"), clock.civil_date(clock.now())
    for days in (0, 0, 3, 40):
        at = clock.now() - timedelta(days=days)
        phone.send(phone.visit(world.villages["a"], occurred_at=at.isoformat()))
    ask(world, f"from={today - timedelta(50)}&to={today}")
    with world.app.app_context():
        downgrade(revision="0007")
        upgrade()
        assert db.session().query(StaleDay).count() == 3
    for days, visits in ((0, 2), (10, 3), (45, 4)):
        assert ask(world, f"from={today - timedelta(days)}&to={today}")["visits"] == visits


def test_kept_ranges_stay_few_and_right(world_on_sqlite: World) -> None:
    world, who = world_on_sqlite, world_on_sqlite.client("tinh")
    phone, today = world.phone("an"), clock.civil_date(clock.now())
    phone.send(phone.visit(world.villages["a"]))
    for days in range(RANGES_KEPT + 12):
        assert ask(world, f"from={today - timedelta(days)}&to={today}", who)["visits"] == 1
    phone.send(phone.visit(world.villages["a"]), phone.visit(world.villages["a"]))
    for days in (RANGES_KEPT + 11, 0, 30):
        assert ask(world, f"from={today - timedelta(days)}&to={today}", who)["visits"] == 3
    with world.app.app_context(), db.engine.connect() as connection:
        kept = "SELECT count(*) FROM (SELECT DISTINCT from_on, to_on FROM village_summary WHERE village_id = :v)"
        number = connection.exec_driver_sql(kept, {"v": world.villages["a"].hex}).scalar_one()
    assert number <= RANGES_KEPT


def test_figures_are_right_while_nothing_can_be_written(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    phone, who = world.phone("an"), world.client("tinh")
    phone.send(phone.visit(world.villages["a"]), phone.visit(world.villages["a"]))
    monkeypatch.setattr("cdtteam.participation.figures._renew", lambda *_: None)
    today = clock.civil_date(clock.now())
    assert ask(world, f"period={today}", who)["visits"] == 2
    phone.send(phone.visit(world.villages["a"]))
    assert_right(world, f"period={today}", who, today, today)
    with world.app.app_context(), writing(db.session()):
        assert db.session().query(StaleDay).count() == 1
