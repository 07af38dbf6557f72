"""The demonstration: its numbers, its sign-ins, and that phones would find its rows as if they had been sent."""

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor, Role
from cdtteam.accounts.models import DeviceContact, User
from cdtteam.areas.models import AreaTerm, Level
from cdtteam.areas.queries import area_map
from cdtteam.assigning.queries import members_thanked
from cdtteam.campaigns.models import Campaign
from cdtteam.core.clock import civil_date
from cdtteam.core.db import db
from cdtteam.core.text import fold
from cdtteam.demo.accounts import OWN_COMMUNE, SIGN_INS
from cdtteam.demo.activity import SERVICES, Calendar
from cdtteam.demo.load import load_demo
from cdtteam.demo.size import FULL, SMALL, Size
from cdtteam.households.models import Household
from cdtteam.replica.models import CATALOGUE, LogEntry, VillageCounter
from cdtteam.reports.models import NothingReport
from cdtteam.requests.models import Request, RequestState
from cdtteam.reviewing.found import looks_at
from cdtteam.reviewing.models import Sign
from cdtteam.support.models import Service
from cdtteam.tasks.models import State, Task
from cdtteam.teams.models import Member, Membership, Team, TeamDay
from cdtteam.visits.models import Visit
from cdtteam.web.transactions import writing
from tests.support.apps import running_app
from tests.support.once import made_once

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


def load(url: str, instance: Path, size: Size, now: datetime = NOW) -> None:
    """Loads the demonstration into a migrated database."""
    with running_app(url, instance) as app, app.app_context(), writing(db.session()):
        assert load_demo(db.session(), now=now, size=size)


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """The small demonstration, to be read."""
    with app.app_context():
        yield db.session()


@pytest.fixture(scope="module")
def full_url(migrated_sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The whole demonstration, made once in a run."""

    def make(folder: Path) -> None:
        path = shutil.copy(migrated_sqlite_file, folder / "full.sqlite3")
        load(f"sqlite:///{path}", folder, FULL)

    return f"sqlite:///{made_once(tmp_path_factory, 'full-demo', make) / 'full.sqlite3'}"


@pytest.fixture
def full_session(full_url: str, tmp_path: Path) -> Iterator[Session]:
    """The whole demonstration, to be read."""
    with running_app(full_url, tmp_path) as app, app.app_context():
        yield db.session()


def test_the_province_has_its_numbers(full_session: Session) -> None:
    today = area_map(full_session, civil_date(NOW))
    assert [len(today.of_level(level)) for level in Level] == [1, 11, 159, 1176]
    names = Counter((village.parent_id, village.name) for village in today.of_level(Level.VILLAGE))
    assert max(names.values()) == 1
    assert full_session.scalar(select(func.count(Team.id))) == 1176
    assert full_session.scalar(select(func.count(Member.id))) == 4353
    sizes = Counter(full_session.scalars(select(Membership.team_id))).values()
    assert (min(sizes), max(sizes)) == (2, 6)
    homes = Counter(full_session.scalars(select(Household.village_id)))
    own = today.with_code(OWN_COMMUNE)
    assert own is not None
    own_villages = {village.id for village in today.children[own.id]}
    assert {count for village_id, count in homes.items() if village_id in own_villages} == {350, 352}
    assert {count for village_id, count in homes.items() if village_id not in own_villages} == {40}
    assert len(homes) == 1176


def test_the_province_has_ninety_days_of_visits(full_session: Session) -> None:
    instants = list(full_session.scalars(select(Visit.occurred_at)))
    assert 60_000 < len(instants) < 100_000
    days = {civil_date(instant) for instant in instants}
    assert max(instants) <= NOW
    assert (min(days), len(days)) == (civil_date(NOW) - timedelta(days=89), 90)
    visits = full_session.execute(select(Visit.services, Visit.household_id, Visit.kind, Visit.member_ids)).all()
    assert {given["code"] for services, *_ in visits for given in services} == set(SERVICES)
    assert {kind for _, _, kind, _ in visits} == {"home", "public_place", "phone", "group"}
    assert any(kind == "home" and household_id is None for _, household_id, kind, _ in visits)
    assert any(len(member_ids) > 2 for *_, member_ids in visits)


def test_work_is_given_out_asked_for_and_thanked_for(full_session: Session) -> None:
    states = set(full_session.scalars(select(Task.state).where(Task.withdrawn_at.is_(None))))
    assert states == set(State)
    titles = Counter(full_session.scalars(select(Task.title)))
    assert set(full_session.scalars(select(Campaign.title))) < titles.keys(), "single tasks too"
    assert titles.most_common(1)[0][1] == 1176
    assert set(full_session.scalars(select(Request.state))) == set(RequestState)
    [closed] = full_session.scalars(select(Campaign).where(Campaign.closed_at.is_not(None)))
    assert members_thanked(full_session, closed.id) > 2
    names = Counter((home.village_id, fold(home.head_name)) for home in full_session.scalars(select(Household)))
    assert max(names.values()) > 1
    latest = max(full_session.scalars(select(Task.changed_at)))
    assert latest <= NOW


def test_some_visits_deserve_a_look(full_session: Session) -> None:
    areas = area_map(full_session, civil_date(NOW))
    own = areas.with_code(OWN_COMMUNE)
    assert own is not None
    found = looks_at(Actor(Role.COORDINATOR, area_id=own.id), full_session, areas, own.id, NOW)
    assert {look.sign for look in found} == {Sign.MANY_PEOPLE, Sign.SAME_NOTE, Sign.SAME_HOME}
    assert len(found) == 3, "few enough to be looked at"


def test_every_service_of_the_catalogue_may_be_the_topic(session: Session) -> None:
    assert set(SERVICES) == set(session.scalars(select(Service.code)))


def test_every_cause_of_silence_is_there(session: Session) -> None:
    start = Calendar.until(datetime.now(UTC), SMALL.days).this_month.from_on
    quiet = set(session.scalars(select(Team.id))) - {
        team_id for team_id, at in session.execute(select(Visit.team_id, Visit.occurred_at)) if civil_date(at) >= start
    }
    reported = set(session.scalars(select(NothingReport.team_id).where(NothingReport.to_on >= start)))
    assert reported
    assert reported < quiet
    causes = Counter(cause(session, team_id, start) for team_id in quiet - reported)
    assert causes.keys() == {"never_signed_in", "no_contact", "refused", "no_entries"}


def cause(session: Session, team_id: Any, start: Any) -> str:
    """Why a team is silent from the day `start` on, after the contract's words."""
    members = select(Membership.member_id).where(Membership.team_id == team_id)
    users = select(User.id).where(User.member_id.in_(members), User.first_signed_in_at.is_not(None))
    if session.scalar(users.limit(1)) is None:
        return "never_signed_in"
    contact = select(DeviceContact.on).where(DeviceContact.member_id.in_(members), DeviceContact.on >= start)
    if session.scalar(contact.limit(1)) is None:
        return "no_contact"
    sums = select(func.sum(TeamDay.applied), func.sum(TeamDay.refused))
    applied, refused = session.execute(sums.where(TeamDay.team_id == team_id, TeamDay.on >= start)).one()
    return "refused" if refused and not applied else "no_entries"


def test_only_the_listed_sign_ins_have_a_password(session: Session) -> None:
    handles = set(session.scalars(select(User.handle).where(User.password_hash.is_not(None))))
    assert handles == {sign_in.sign_in for sign_in in SIGN_INS}
    leaders = set(session.scalars(select(Membership.member_id).where(Membership.position == "leader")))
    assert leaders <= set(session.scalars(select(User.member_id)))
    assert len(leaders) == SMALL.villages


def test_two_volunteers_of_one_village_one_of_another_and_every_role(accounts: list[dict[str, Any]]) -> None:
    assert {account["role"] for account in accounts} == {"volunteer", "coordinator", "province", "admin"}
    volunteers = [account for account in accounts if account["role"] == "volunteer"]
    villages = Counter(account["village_ids"][0] for account in volunteers)
    assert sorted(villages.values()) == [1, 2]
    assert {account["commune_code"] for account in volunteers} == {OWN_COMMUNE}
    assert len({account["member_id"] for account in volunteers}) == 3
    for account in accounts:
        if account["role"] != "volunteer":
            assert (account["member_id"], account["team_id"], account["village_ids"]) == (None, None, [])


def test_rows_are_logged_as_the_operations_would_have_done(session: Session) -> None:
    counters = dict(session.execute(select(VillageCounter.village_id, VillageCounter.version)).all())
    log: dict[Any, list[LogEntry]] = {}
    for entry in session.scalars(select(LogEntry).order_by(LogEntry.version)):
        log.setdefault(entry.village_id, []).append(entry)
    for village_id, entries in log.items():
        assert [entry.version for entry in entries] == list(range(1, counters[village_id] + 1))
    logged = {
        (entry.kind, entry.row_id, entry.village_id, entry.version)
        for village_id, entries in log.items()
        for entry in entries
        if village_id != CATALOGUE
    }
    rows = set()
    for kind, model in (("household", Household), ("visit", Visit), ("report", NothingReport)):
        found = session.execute(select(model.id, model.village_id, model.version))
        rows |= {(kind, id_, village_id, version) for id_, village_id, version in found}
    unversioned = {(kind, id_, village_id) for kind, id_, village_id, _ in logged if kind in ("team", "member")}
    homes = dict(session.execute(select(Team.id, Team.home_village_id)).all())
    people = session.execute(select(Membership.member_id, Membership.team_id))
    expected = {("team", id_, village_id) for id_, village_id in homes.items()}
    assert unversioned == expected | {("member", id_, homes[team_id]) for id_, team_id in people}
    assert {entry for entry in logged if entry[0] not in ("team", "member")} == rows


def test_visits_are_plausible(session: Session) -> None:
    people = dict(session.execute(select(Membership.member_id, Membership.team_id)).all())
    homes = dict(session.execute(select(Household.id, Household.village_id)).all())
    for visit in session.scalars(select(Visit)):
        assert visit.occurred_at <= visit.entered_at <= visit.received_at <= datetime.now(UTC)
        assert people[visit.author_id] == visit.team_id
        assert visit.member_ids[0] == str(visit.author_id)
        assert visit.household_id is None or homes[visit.household_id] == visit.village_id
        assert 1 <= len(visit.services) <= 12
        assert all(given["people"] <= visit.participants for given in visit.services)


def test_contacts_and_counts_agree_with_what_arrived(session: Session) -> None:
    arrived = Counter(
        (team_id, civil_date(at))
        for model in (Visit, NothingReport)
        for team_id, at in session.execute(select(model.team_id, model.received_at))
    )
    counted = {(day.team_id, day.on): day.applied for day in session.scalars(select(TeamDay)) if day.applied}
    assert counted == dict(arrived)
    contacts = {(contact.device_id, contact.on) for contact in session.scalars(select(DeviceContact))}
    visits = session.execute(select(Visit.device_id, Visit.received_at))
    assert {(device_id, civil_date(at)) for device_id, at in visits} <= contacts


def content(url: str, instance: Path) -> list[Any]:
    """What people would see of a demonstration, without the ids."""
    with running_app(url, instance) as app, app.app_context():
        names = select(AreaTerm.name).join(Household, Household.village_id == AreaTerm.area_id)
        homes = names.add_columns(Household.code, Household.head_name, Household.phone, Household.indicators)
        visits = select(AreaTerm.code, Visit.version, Visit.kind, Visit.occurred_at, Visit.received_at, Visit.services)
        visits = visits.join(AreaTerm, AreaTerm.area_id == Visit.village_id)
        return [sorted(map(repr, db.session().execute(statement).all())) for statement in (homes, visits)]


def test_the_same_moment_gives_the_same_demonstration(migrated_sqlite_file: Path, tmp_path: Path) -> None:
    contents = []
    for number in range(2):
        path = tmp_path / f"{number}.sqlite3"
        path.write_bytes(migrated_sqlite_file.read_bytes())
        load(f"sqlite:///{path}", tmp_path, SMALL)
        contents.append(content(f"sqlite:///{path}", tmp_path))
    assert contents[0] == contents[1]


@pytest.mark.parametrize("now", [datetime(2026, 10, 31, 17, 1, tzinfo=UTC), datetime(2027, 1, 1, 5, tzinfo=UTC)])
def test_it_can_be_made_at_the_edge_of_a_month(migrated_sqlite_url: str, tmp_path: Path, now: datetime) -> None:
    load(migrated_sqlite_url, tmp_path, SMALL, now)
    with running_app(migrated_sqlite_url, tmp_path) as app, app.app_context():
        for column in (Visit.occurred_at, Visit.received_at, NothingReport.received_at, DeviceContact.last_at):
            latest = db.session().scalar(select(func.max(column)))
            assert latest is None or latest <= now


def test_the_command_loads_once_and_prints_the_contract(migrated_url: str, tmp_path: Path) -> None:
    with running_app(migrated_url, tmp_path) as app:
        printed = [app.test_cli_runner().invoke(args=["demo", "--json", "--size", "small"]) for _ in range(2)]
        assert [result.exit_code for result in printed] == [0, 0]
        assert printed[0].stdout == printed[1].stdout
        said = json.loads(printed[0].stdout)
        assert said["synthetic"] is True
        keys = {"role", "sign_in", "password", "member_id", "team_id", "village_ids", "commune_code"}
        assert all(account.keys() == keys for account in said["accounts"])
        listed = app.test_cli_runner().invoke(args=["demo", "--size", "small"])
        assert all(account["sign_in"] in listed.stdout for account in said["accounts"])
        with app.app_context():
            assert db.session().scalar(select(func.count(Team.id))) == SMALL.villages


def test_real_areas_are_never_mixed_with_the_demonstration(migrated_sqlite_url: str, tmp_path: Path) -> None:
    path = tmp_path / "communes.csv"
    path.write_text("code,name,kind,province_code\n23536,Phường Yên Đỗ,ward,64\n", encoding="utf-8")
    with running_app(migrated_sqlite_url, tmp_path) as app:
        app.test_cli_runner().invoke(args=["areas", "import", str(path), "--province-name", "Tỉnh Gia Lai"])
        refused = app.test_cli_runner().invoke(args=["demo", "--json"])
        assert refused.exit_code == 1
        assert "holds areas already" in refused.stderr
        with app.app_context():
            assert db.session().scalar(select(func.count(Team.id))) == 0
