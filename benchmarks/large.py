"""A village as large as a phone has to bear: 400 households and 5,000 visits of a year, as such a village has them."""

import random
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from benchmarks.bulk import Row, id_at, store_village
from cdtteam.access.models import Actor, Role
from cdtteam.areas.models import Level
from cdtteam.areas.queries import area_map
from cdtteam.campaigns.models import Brief
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.ids import new_id
from cdtteam.demo.activity import Calendar, activity
from cdtteam.demo.people import Mate, Village, household_rows
from cdtteam.demo.size import Habit
from cdtteam.replica.work import Work
from cdtteam.tasks.giving import Order, give_tasks
from cdtteam.teams.models import Position
from cdtteam.web.transactions import writing
from tests.support.apps import running_app
from tests.support.world import World, add_account, make_world

HOUSEHOLDS, VISITS = 400, 5000
DAYS = 365
MATES = ("an", "binh", "giang", "hoa")  # sign-ins of the village's team
SEED = 400


def make_large(url: str, instance: Path, households: int = HOUSEHOLDS, visits: int = VISITS) -> World:
    """The tests' province in the migrated database at `url`, its village `a` filled."""
    with running_app(url, instance) as app:
        world = make_world(app)
        with app.app_context(), writing(db.session()):
            work = Work(db.session(), clock.now())
            for handle in MATES[2:]:
                add_account(work, world, handle, "a")
            work.flush()
            homes, made = _contents(world, households, visits, clock.now())
            store_village(db.session(), world.villages["a"], homes, made)
        return world


def give_large(world: World, url: str, instance: Path) -> None:
    """Tasks of several kinds for the large village, for which visits of half a year count."""
    with running_app(url, instance) as app, app.app_context(), writing(db.session()):
        work = Work(db.session(), clock.now())
        today = clock.civil_date(work.now)
        order = Order(world.teams["a"], world.villages["a"], target=HOUSEHOLDS)
        for number, service in enumerate(("vneid_level2", "dvc_online", "online_safety", "cashless_payment")):
            from_on, due_on = today - timedelta(days=45 * (number + 1)), today + timedelta(days=3 * number)
            give_tasks(
                Actor(Role.PROVINCE), work, Brief(service, "", from_on=from_on, due_on=due_on, service=service), [order]
            )
        work.flush()


def _contents(world: World, households: int, visits: int, now: datetime) -> tuple[list[Row], list[Row]]:
    rng = random.Random(SEED)
    area = next(one for one in area_map(db.session(), clock.civil_date(now)).of_level(Level.VILLAGE)
                if one.id == world.villages["a"])  # fmt: skip
    mates = [Mate(world.members[name], name, Position.MEMBER, new_id()) for name in MATES]
    village = Village(area, Habit.ACTIVE, False, True, 0, households, rng, world.teams["a"], mates)
    # What was known before the first visit was entered in the weeks before it.
    homes = list(household_rows(village, now - timedelta(days=DAYS + 30)))
    for home in homes:
        home["entered_at"] += timedelta(minutes=rng.randint(0, 60 * 24 * 20))
        home["id"] = id_at(home["entered_at"], rng)
        home["device_id"] = rng.choice(mates).device_id
    homes.sort(key=lambda home: home["entered_at"])
    village.household_ids = [home["id"] for home in homes]
    return homes, _visits(village, visits, Calendar.until(now, DAYS), rng)


def _visits(village: Village, count: int, calendar: Calendar, rng: random.Random) -> list[Row]:
    """As many years of one team's outings as it takes, laid over each other."""
    made: dict[UUID, Row] = {}
    while len(made) < count:
        for visit in activity(village, calendar).visits:
            _time_as_phones_do(visit, rng)
            made[visit["id"]] = visit
    return sorted(rng.sample(list(made.values()), count), key=lambda visit: visit["received_at"])


def _time_as_phones_do(visit: Row, rng: random.Random) -> None:
    """The id is minted when the form opens; a visit of the same day occurred, to the phone, when it was saved."""
    opened_at = visit["occurred_at"] + timedelta(milliseconds=rng.randint(0, 120_000))
    visit["id"] = id_at(opened_at, rng)
    visit["entered_at"] = opened_at + timedelta(milliseconds=rng.randint(8_000, 90_000))
    visit["received_at"] = max(visit["received_at"], visit["entered_at"])
    visit["occurred_at"] = visit["entered_at"]
