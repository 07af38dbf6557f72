"""Loading the demonstration: once, in the caller's transaction, from a fixed seed."""

import gc
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from importlib import resources
from itertools import count
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor, Role
from cdtteam.accounts.models import Device, DeviceContact, User
from cdtteam.accounts.passwords import hash_password
from cdtteam.areas.models import Area, Level
from cdtteam.areas.operations import Rows, import_province, import_villages
from cdtteam.areas.queries import AreaMap, AreaOnMap, area_map
from cdtteam.areas.reading import Faults, Unit, read_units
from cdtteam.core.clock import civil_date
from cdtteam.core.db import Base
from cdtteam.core.ids import new_id
from cdtteam.core.problems import Problem
from cdtteam.core.settings import SYNTHETIC, Setting, is_synthetic
from cdtteam.demo.accounts import OWN_COMMUNE, SIGN_INS, staff_area
from cdtteam.demo.activity import Calendar, Sent, activity
from cdtteam.demo.calls import enter_doubles, raise_calls
from cdtteam.demo.drives import Officers, give_work
from cdtteam.demo.names import HIGHLAND, village_name
from cdtteam.demo.oddities import stand_out
from cdtteam.demo.people import FOUNDED_AT, Mate, Village, account_row, household_rows, team_rows
from cdtteam.demo.size import FIRST_HABITS, FULL, SEED, WEIGHTS, Habit, Size, spread
from cdtteam.households.models import Household
from cdtteam.replica.models import LogEntry, StaleDay, VillageCounter
from cdtteam.reports.models import NothingReport
from cdtteam.teams.models import Member, Membership, Team, TeamDay, TeamVillage
from cdtteam.visits.models import Visit

PROVINCE = "Tỉnh Bình Định"
VILLAGES_AT_ONCE = 50  # their rows are written together, so that memory stays small

# In the order in which rows need each other.
MODELS: tuple[type[Base], ...] = (
    Member, Team, TeamVillage, Membership, User, Device, DeviceContact, TeamDay,
    Household, NothingReport, Visit, LogEntry, StaleDay,
)  # fmt: skip


def load_demo(
    session: Session, *, now: datetime, size: Size = FULL, progress: Callable[[int, int], None] | None = None
) -> bool:
    """Loads the demonstration up to `now`; answers whether it was not there yet.

    `progress` is told how many villages are done, of how many.
    Problem `invalid_file` when the database holds areas of another origin: what is real is never mixed with this.
    """
    if is_synthetic(session):
        return False
    if session.scalar(select(Area.id).limit(1)):
        raise Problem("invalid_file", detail="This database holds areas already: the demonstration needs an empty one.")
    rng = Random(SEED)
    session.add(Setting(key=SYNTHETIC, value={"seed": SEED, "loaded_on": civil_date(now).isoformat()}))
    session.flush()
    areas = _load_areas(session, rng, size, now)
    villages = _villages(areas, rng, size)
    with _no_collection():
        _Loader(session, Calendar.until(now, size.days), areas, is_odd=size.has_work).load(villages, progress)
        if size.has_work:
            _add_work(session, villages, now)
    return True


def _add_work(session: Session, villages: list[Village], now: datetime) -> None:
    """Tasks, requests and doubles, by the operations that make them."""
    officers = _officers(session)
    give_work(session, officers, villages, now)
    raise_calls(session, officers, villages, now)
    enter_doubles(session, villages, now)


def _officers(session: Session) -> Officers:
    """The province's officer and the coordinator of the sign-ins' commune, who is the first of the coordinators."""
    found: dict[Role, Actor] = {}
    for sign_in in SIGN_INS:
        if sign_in.role in (Role.PROVINCE, Role.COORDINATOR) and sign_in.role not in found:
            user = session.scalars(select(User).where(User.handle == sign_in.sign_in)).one()
            found[sign_in.role] = Actor(sign_in.role, user.id, area_id=user.area_id)
    return Officers(found[Role.PROVINCE], found[Role.COORDINATOR])


def _load_areas(session: Session, rng: Random, size: Size, now: datetime) -> AreaMap:
    districts = _read("districts-2023.csv", "province_code")
    communes = _read("communes-2023.csv", "district_code")
    if size.district is not None:
        districts.units[:] = [unit for unit in districts.units if unit.code == size.district]
        communes.units[:] = [unit for unit in communes.units if unit.parent == size.district][: size.communes]
    import_province(session, PROVINCE, communes, districts, on=civil_date(now))
    villages = Rows(list(_village_units(communes.units, rng, size)), Faults("villages"))
    import_villages(session, villages, on=civil_date(now))
    return area_map(session, civil_date(now))


def _read(name: str, parent_column: str) -> Rows:
    faults = Faults(name)
    data = (resources.files("cdtteam.areas") / "data" / name).read_bytes()
    return Rows(read_units(data, parent_column, faults), faults)


def _village_units(communes: list[Unit], rng: Random, size: Size) -> Iterator[Unit]:
    others = len(communes) - 1
    numbers = iter(spread(rng, size.villages - size.own_villages, others, *size.village_range))
    line = count(1)
    for commune in communes:
        villages = size.own_villages if commune.code == OWN_COMMUNE else next(numbers)
        for number in range(1, villages + 1):
            name, kind = village_name(commune.kind, number, is_highland=commune.parent in HIGHLAND)
            yield Unit(next(line), f"{commune.code}{number:03d}", name, kind, commune.code)


def _villages(areas: AreaMap, rng: Random, size: Size) -> list[Village]:
    """All villages, those of the sign-ins' commune first, with the number of their people."""
    ordered = sorted(areas.of_level(Level.VILLAGE), key=lambda area: (not _is_own(areas, area), area.code))
    members = [5, 4, *spread(rng, size.members - 9, len(ordered) - 2, 2, 6)]
    drawn = rng.choices(list(WEIGHTS), list(WEIGHTS.values()), k=len(ordered))
    habits = [*FIRST_HABITS, *drawn][: len(ordered)]
    return [
        Village(
            area, habit, _is_highland(areas, area), is_own := _is_own(areas, area), number,
            size.own_households if is_own else size.households, Random(f"{SEED} {area.code}"),
        )
        for area, habit, number in zip(ordered, habits, members, strict=True)
    ]  # fmt: skip


def _is_own(areas: AreaMap, village: AreaOnMap) -> bool:
    return village.parent_id is not None and areas.by_id[village.parent_id].code == OWN_COMMUNE


def _is_highland(areas: AreaMap, village: AreaOnMap) -> bool:
    return any(area.code in HIGHLAND for area in areas.above(village.id) if area.level is Level.DISTRICT)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Without looking for cycles, of which a hundred thousand rows have none: a fifth of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@cache
def _hashed(password: str) -> str:
    # A hash is slow by design, and the sign-ins share two passwords.
    return hash_password(password)


class _Loader:
    """Writes villages in portions, with the log that the operations would have written."""

    def __init__(self, session: Session, calendar: Calendar, areas: AreaMap, *, is_odd: bool) -> None:
        self._connection = session.connection()
        self._calendar = calendar
        self._areas = areas
        self._is_odd = is_odd
        self._rows: dict[str, list[dict[str, Any]]] = {model.__tablename__: [] for model in MODELS}
        self._versions: Counter[UUID] = Counter()
        self._handle = count(11)
        self._made_at = min(FOUNDED_AT + timedelta(days=1), calendar.now)

    def load(self, villages: list[Village], progress: Callable[[int, int], None] | None) -> None:
        """Everything below the areas."""
        self._add_staff()
        for start in range(0, len(villages), VILLAGES_AT_ONCE):
            portion = villages[start : start + VILLAGES_AT_ONCE]
            for place, village in enumerate(portion, start):
                self._add_village(village, place)
            self._write()
            if progress:
                progress(start + len(portion), len(villages))
        counter = update(VillageCounter).where(VillageCounter.village_id == bindparam("v"))
        versions = [{"v": village_id, "n": version} for village_id, version in self._versions.items()]
        self._connection.execute(counter.values(version=bindparam("n")), versions)

    def _add_staff(self) -> None:
        for sign_in in SIGN_INS:
            if sign_in.role is not Role.VOLUNTEER:
                row = {
                    "id": new_id(), "handle": sign_in.sign_in, "name": sign_in.name, "role": str(sign_in.role),
                    "password_hash": _hashed(sign_in.password), "member_id": None,
                    "area_id": staff_area(self._areas, sign_in), "locale": "vi", "created_at": self._made_at,
                    "first_signed_in_at": None, "disabled_at": None,
                }  # fmt: skip
                self._rows["user_account"].append(row)

    def _add_village(self, village: Village, place: int) -> None:
        for table, rows in team_rows(village, FOUNDED_AT).items():
            self._rows[table] += rows
        self._log("team", village.team_id, village.area.id)
        for mate in village.mates:
            self._log("member", mate.id, village.area.id)
        self._add_accounts(village, place)
        entered_at = self._calendar.now - timedelta(days=120)
        for household in household_rows(village, entered_at):
            household["version"] = household["created_version"] = self._log(
                "household", household["id"], village.area.id
            )
            self._rows["household"].append(household)
        sent = activity(village, self._calendar)
        if self._is_odd:
            stand_out(place, sent)
        self._add_activity(village, sent)

    def _add_accounts(self, village: Village, place: int) -> None:
        """Accounts of the leader, of the deputy, and of whoever the sign-ins name."""
        named = {sign_in.member: sign_in for sign_in in SIGN_INS if sign_in.village == place and village.is_own}
        for number, mate in enumerate(village.mates[:2]):
            sign_in = named.get(number)
            if mate.position == "member" and sign_in is None:
                continue
            handle = sign_in.sign_in if sign_in else f"0900{next(self._handle):06d}"
            first_at = self._first_sign_in(village, is_certain=number == 0 or sign_in is not None)
            account = account_row(mate, handle, self._made_at, first_at)
            if sign_in:
                account["password_hash"] = _hashed(sign_in.password)
            self._rows["user_account"].append(account)
            if first_at:
                self._add_device(mate, first_at, village.rng)

    def _first_sign_in(self, village: Village, *, is_certain: bool) -> datetime | None:
        has_signed_in = is_certain or village.rng.random() < 0.6
        if village.habit is Habit.NEVER_SIGNED_IN or not has_signed_in:
            return None
        return self._calendar.now - timedelta(days=village.rng.randint(100, 118), minutes=village.rng.randint(0, 600))

    def _add_device(self, mate: Mate, first_seen_at: datetime, rng: Random) -> None:
        mate.device_id = new_id()
        self._rows["device"].append(
            {
                "id": mate.device_id, "key": None, "app_version": "demo", "clock_error_ms": rng.randint(-4000, 9000),
                "first_seen_at": first_seen_at, "revoked_at": None,
            }
        )  # fmt: skip

    def _add_activity(self, village: Village, sent: Sent) -> None:
        arrived = [("visit", row) for row in sent.visits] + [("report", row) for row in sent.reports]
        for kind, row in sorted(arrived, key=lambda one: one[1]["received_at"]):
            row["version"] = self._log(kind, row["id"], village.area.id)
        self._rows["visit"] += sent.visits
        days = {civil_date(visit["occurred_at"]) for visit in sent.visits}
        self._rows["stale_day"] += [{"village_id": village.area.id, "on": on} for on in sorted(days)]
        self._rows["nothing_report"] += sent.reports
        self._rows["device_contact"] += [
            {"device_id": device_id, "member_id": member_id, "on": on, "last_at": at}
            for (device_id, member_id, on), at in sent.contacts.items()
        ]
        self._rows["team_day"] += [
            {"team_id": village.team_id, "on": on, "applied": applied, "refused": refused}
            for on, (applied, refused) in sent.days.items()
            if applied + refused
        ]

    def _log(self, kind: str, row_id: UUID, village_id: UUID) -> int:
        self._versions[village_id] += 1
        version = self._versions[village_id]
        entry = {"village_id": village_id, "version": version, "kind": kind, "row_id": row_id}
        self._rows["village_log"].append(entry)
        return version

    def _write(self) -> None:
        for model in MODELS:
            table = model.__table__
            assert isinstance(table, Table)
            rows = self._rows[model.__tablename__]
            if rows:
                self._connection.execute(insert(table), rows)
                rows.clear()
