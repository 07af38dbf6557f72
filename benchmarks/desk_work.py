"""A coordinator's day at the desk: the page of a large commune, and tasks for a whole province in one step."""

import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import select, update

from benchmarks.figures import Figure, quick
from benchmarks.province_page import PASSWORD, province
from cdtteam.access.models import SYSTEM, Actor, Role
from cdtteam.accounts.operations import NewAccount, open_account
from cdtteam.areas.models import AreaTerm, Level
from cdtteam.areas.queries import area_map
from cdtteam.campaigns.models import Brief
from cdtteam.campaigns.operations import issue_campaign
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.replica.work import Work
from cdtteam.tasks.giving import Order, give_tasks
from cdtteam.teams.models import Team
from cdtteam.web.transactions import writing
from tests.support.postgres import running_postgres

TEAMS = 35
VISITS = quick(20_000, 400_000)  # of the province in 90 days: in the commune about as many as in a year
TIMES = quick(3, 25)


@dataclass
class Took:
    """Seconds that passed, and seconds of the processor."""

    passed: float
    worked: float


def figures() -> Iterator[Figure]:
    """Those of each database."""
    with tempfile.TemporaryDirectory() as folder:
        yield from _measured("SQLite", f"sqlite:///{Path(folder) / 'desk.sqlite3'}")
    with running_postgres() as server:
        yield from _measured("PostgreSQL", server.create("desk"))


def _measured(name: str, url: str) -> Iterator[Figure]:
    with province(url, VISITS) as app:
        place, this_year = f"/desk/area/{_large_commune()}", f"{clock.civil_date(clock.now()):%Y}"
        for query, shows in (("", "its month, as it opens"), (f"?period={this_year}", "its year")):
            page = _page(app, place + query)
            what = f"{name}: the page of a commune with {TEAMS} teams and a year of visits, {shows}, server time"
            yield Figure(what, 1000 * page.passed, "ms", "< 100", f"CPU {1000 * page.worked:.0f} ms")
        teams, given = _give()
        what = f"{name}: tasks for {teams:,} villages"
        yield Figure(what, given.passed, "s", "< 5", f"CPU {given.worked:.1f} s")


def _large_commune() -> str:
    """Puts the villages of several communes into one, with an officer; answers its code."""
    session = db.session()
    with writing(session):
        areas = area_map(session, clock.civil_date(clock.now()))
        commune = min(areas.of_level(Level.COMMUNE), key=lambda area: area.code)
        own = areas.children.get(commune.id, [])
        others = [area.id for area in areas.of_level(Level.VILLAGE) if area.parent_id != commune.id]
        moved = AreaTerm.area_id.in_(others[: TEAMS - len(own)])
        session.execute(update(AreaTerm).where(moved).values(parent_id=commune.id))
        officer = NewAccount("xa", "Xã", Role.COORDINATOR, PASSWORD, area_id=commune.id)
        open_account(SYSTEM, session, officer, now=clock.now())
    return commune.code


def _page(app: Flask, path: str) -> Took:
    client = app.test_client()
    client.post("/api/v1/session", json={"sign_in": "xa", "password": PASSWORD})
    assert client.get(path).status_code == 200
    took = []
    for _ in range(TIMES):
        start, work = time.perf_counter(), time.thread_time()
        client.get(path, headers={"Accept-Encoding": "gzip"})
        took.append(Took(time.perf_counter() - start, time.thread_time() - work))
    return Took(statistics.median(one.passed for one in took), statistics.median(one.worked for one in took))


def _give() -> tuple[int, Took]:
    """A campaign for every team of the province."""
    session, start, work_ = db.session(), time.perf_counter(), time.thread_time()
    with writing(session):
        work = Work(session, clock.now())
        top = area_map(session, clock.civil_date(work.now)).province
        assert top
        today = clock.civil_date(work.now)
        brief = Brief("Cài VNeID", "Mỗi hộ một người.", today, today + timedelta(days=30), None)
        actor = Actor(Role.PROVINCE, area_id=top.id)
        teams = session.execute(select(Team.id, Team.home_village_id)).all()
        campaign = issue_campaign(actor, work, top.id, brief, target=12)
        give_tasks(actor, work, brief, [Order(team_id, village_id, 12) for team_id, village_id in teams], campaign.id)
        work.flush()
    return len(teams), Took(time.perf_counter() - start, time.thread_time() - work_)
