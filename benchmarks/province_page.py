"""Server time of the province's page and of GET /api/v1/participation, with few and with many visits stored.

`python -m benchmarks.province_page [VISITS …]` prints a JSON line for each database and number of visits.
"""

import json
import random
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Connection, insert, select

from cdtteam.access.models import SYSTEM, Role
from cdtteam.accounts.models import Device, DeviceContact, User
from cdtteam.accounts.operations import NewAccount, open_account
from cdtteam.areas.models import BEGINNING, Area, AreaTerm, Level
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.ids import new_id
from cdtteam.replica.models import StaleDay, VillageCounter
from cdtteam.support.models import Service
from cdtteam.teams.models import Member, Membership, Team, TeamVillage
from cdtteam.web.transactions import writing
from tests.support.apps import running_app
from tests.support.postgres import running_postgres
from tests.support.schema import migrate

DISTRICTS, COMMUNES, VILLAGES, MEMBERS, DAYS = 11, 159, 1176, 4353, 90
SILENT = 0.08  # teams without visits
HOUSEHOLDS = 40  # a village
PASSWORD = "đo tốc độ"
SEED = 52
COLUMNS = (
    "id", "village_id", "version", "team_id", "author_id", "household_id", "kind", "occurred_at", "entered_at",
    "time_uncertain", "received_at", "participants", "member_ids", "services",
)  # fmt: skip


@dataclass
class Village:
    """A village with its team and what its visits are made of."""

    id: str
    team: str
    members: list[str]
    households: list[str]


@contextmanager
def province(url: str, visits: int) -> Iterator[Flask]:
    """An application on a new database at `url` with a whole province and so many visits."""
    migrate(url)
    with tempfile.TemporaryDirectory() as instance, running_app(url, Path(instance)) as app, app.app_context():
        villages = _load(random.Random(SEED))
        _load_visits(villages, visits, random.Random(SEED))
        yield app


def server_times(app: Flask, path: str, times: int = 25) -> tuple[list[float], list[float]]:
    """Seconds that passed, and seconds of the processor, for each of some requests of the province's staff."""
    client = _staff(app)
    client.get(path)
    passed, worked = [], []
    for _ in range(times):
        start, work = time.perf_counter(), time.thread_time()
        answer = client.get(path, headers={"Accept-Encoding": "gzip"})
        passed.append(time.perf_counter() - start)
        worked.append(time.thread_time() - work)
        assert answer.status_code == 200, answer.get_data(as_text=True)
    return passed, worked


def first_time(app: Flask, path: str) -> float:
    """Seconds for the first request of a period, which makes its summaries, and counts days that never were."""
    client = _staff(app)
    start = time.perf_counter()
    assert client.get(path).status_code == 200
    return time.perf_counter() - start


def paths() -> dict[str, str]:
    """What is asked for, by name."""
    month = f"{clock.civil_date(clock.now()):%Y-%m}"
    return {
        "page": f"/desk/area/52?period={month}",
        "page_communes": f"/desk/area/52?period={month}&by=commune",
        "api": f"/api/v1/participation?period={month}",
        "api_communes": f"/api/v1/participation?period={month}&by=commune",
    }


def _so_far() -> str:
    """The month's visits again, as a period of its own."""
    today = clock.civil_date(clock.now())
    return f"/api/v1/participation?from={today:%Y-%m}-01&to={today}"


def measure(url: str, visits: int) -> dict[str, Any]:
    """The medians, in milliseconds, for one database."""
    with province(url, visits) as app:
        found: dict[str, Any] = {"database": db.engine.dialect.name, "visits": visits}
        found["days_ms"] = round(first_time(app, paths()["api"]) * 1000)
        found["first_ms"] = round(first_time(app, _so_far()) * 1000)
        for name, path in paths().items():
            passed, worked = server_times(app, path)
            found[f"{name}_ms"] = round(statistics.median(passed) * 1000, 1)
            found[f"{name}_cpu_ms"] = round(statistics.median(worked) * 1000, 1)
    return found


def _staff(app: Flask) -> Any:
    client = app.test_client()
    client.post("/api/v1/session", json={"sign_in": "tinh", "password": PASSWORD})
    return client


def _load(rng: random.Random) -> list[Village]:
    session = db.session()
    with writing(session):
        connection = session.connection()
        codes = [f"{number:05d}" for number in range(COMMUNES)]
        top = _area(connection, Level.PROVINCE, "52", "Tỉnh đo", None)
        districts = [
            _area(connection, Level.DISTRICT, f"{n:03d}", f"Huyện {n}", top) for n in range(540, 540 + DISTRICTS)
        ]
        communes = [_area(connection, Level.COMMUNE, code, f"Xã {code}", rng.choice(districts)) for code in codes]
        villages = [_village(connection, number, communes[number % COMMUNES], rng) for number in range(VILLAGES)]
        account = NewAccount("tinh", "Tỉnh", Role.PROVINCE, PASSWORD, area_id=top)
        open_account(SYSTEM, session, account, now=clock.now())
    return villages


def _area(connection: Connection, level: Level, code: str, name: str, parent: uuid.UUID | None) -> uuid.UUID:
    area_id = new_id()
    connection.execute(insert(Area), {"id": area_id, "level": level})
    term = {"area_id": area_id, "from_on": BEGINNING, "code": code, "name": name, "kind": level, "parent_id": parent}
    connection.execute(insert(AreaTerm), term)
    return area_id


def _village(connection: Connection, number: int, commune: uuid.UUID, rng: random.Random) -> Village:
    village = _area(connection, Level.VILLAGE, f"v{number:05d}", f"Thôn {number}", commune)
    began = datetime(2024, 1, 1, tzinfo=UTC)
    team = {"id": new_id(), "name": f"Tổ CNSCĐ thôn {number}", "home_village_id": village, "started_at": began}
    people = [new_id() for _ in range(MEMBERS // VILLAGES + (number < MEMBERS % VILLAGES))]
    connection.execute(insert(VillageCounter), {"village_id": village, "version": 0})
    connection.execute(insert(Team), team)
    served = {"id": new_id(), "team_id": team["id"], "village_id": village, "started_at": began}
    connection.execute(insert(TeamVillage), served)
    connection.execute(insert(Member), [{"id": one, "name": f"Người {one}"} for one in people])
    terms = [{"id": new_id(), "team_id": team["id"], "member_id": one, "position": "member", "started_at": began}
             for one in people]  # fmt: skip
    connection.execute(insert(Membership), terms)
    if number % 3:
        _contacts(connection, number, people[0], began)
    households = [uuid.UUID(int=rng.getrandbits(128)).hex for _ in range(HOUSEHOLDS)]
    return Village(village.hex, team["id"].hex, [str(one) for one in people], households)


def _contacts(connection: Connection, number: int, member: uuid.UUID, began: datetime) -> None:
    user = {"id": new_id(), "handle": f"to{number}", "name": "Tổ trưởng", "role": Role.VOLUNTEER, "locale": "vi",
            "member_id": member, "created_at": began, "first_signed_in_at": began}  # fmt: skip
    connection.execute(insert(User), user)
    device = {"id": new_id(), "app_version": "", "clock_error_ms": 0, "first_seen_at": began}
    connection.execute(insert(Device), device)
    today = clock.civil_date(clock.now())
    days = [{"device_id": device["id"], "member_id": member, "on": today - timedelta(days=day), "last_at": began}
            for day in range(DAYS)]  # fmt: skip
    connection.execute(insert(DeviceContact), days)


def _load_visits(villages: list[Village], visits: int, rng: random.Random) -> None:
    """Straight into the tables, by the drivers' own fastest ways."""
    raw = db.engine.raw_connection()
    driver: Any = raw.driver_connection
    households = [(household, village.id) for village in villages for household in village.households]
    now = datetime.now(UTC).replace(tzinfo=None).isoformat(" ")
    filled = "version, head_name, indicators, consents, sources, entered_at, created_version, has_moved"
    rows = ((*one, 0, "Hộ", "{}", "{}", "{}", now, 0, False) for one in households)
    _fill(driver, "household", ("id", "village_id", *filled.split(", ")), rows)
    _fill(driver, "visit", COLUMNS, _visits(villages, visits, rng))
    days = [f"{clock.civil_date(clock.now()) - timedelta(days=day)}" for day in range(DAYS)]
    marks = ((village.id, day) for village in villages for day in days)
    _fill(driver, StaleDay.__tablename__, ("village_id", '"on"'), marks)
    driver.commit()
    raw.close()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def _fill(driver: Any, table: str, columns: tuple[str, ...], rows: Iterator[tuple[Any, ...]]) -> None:
    names = ", ".join(columns)
    if db.engine.dialect.name == "sqlite":
        driver.execute("BEGIN IMMEDIATE")
        driver.executemany(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(columns))})", rows)
        driver.execute("COMMIT")
        return
    with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _visits(villages: list[Village], number: int, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    """Visits of the last 90 days, as many in each village that has any."""
    codes = sorted(db.session().scalars(select(Service.code)))
    services = [_services(codes, rng) for _ in range(400)]
    working = [village for village in villages if rng.random() >= SILENT]
    days = [clock.civil_date(clock.now()) - timedelta(days=day) for day in range(DAYS)]
    moments = [_moment(rng.choice(days), rng) for _ in range(5000)]
    for count in range(number):
        village = working[count % len(working)]
        kind = "home" if rng.random() < 0.8 else "public_place"
        at = rng.choice(moments)
        named = rng.choice(village.households) if rng.random() < 0.9 else None
        helpers = json.dumps(rng.sample(village.members, rng.randint(1, 2)))
        yield (
            f"{rng.getrandbits(128):032x}", village.id, count + 1, village.team, village.members[0].replace("-", ""),
            named, kind, at, at, False, at, rng.randint(1, 4), helpers, rng.choice(services),
        )  # fmt: skip


def _services(codes: list[str], rng: random.Random) -> str:
    given = rng.sample(codes, rng.choice((1, 1, 2, 3)))
    return json.dumps([{"code": code, "people": rng.randint(1, 3), "outcome": "done"} for code in given])


def _moment(on: date, rng: random.Random) -> str:
    return f"{on} {rng.randint(1, 13):02d}:{rng.randint(0, 59):02d}:00.000000"


def run(sizes: list[int]) -> Iterator[dict[str, Any]]:
    """A line for each database and size."""
    with tempfile.TemporaryDirectory() as folder:
        for visits in sizes:
            yield measure(f"sqlite:///{folder}/{visits}.db", visits)
    with running_postgres() as server:
        for visits in sizes:
            yield measure(server.create(f"visits_{visits}"), visits)


if __name__ == "__main__":
    for line in run([int(argument) for argument in sys.argv[1:]] or [100_000, 3_000_000]):
        print(json.dumps(line), flush=True)
