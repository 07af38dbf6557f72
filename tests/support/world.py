"""A small province for server tests: two communes, three villages, their teams, and phones that speak the protocol."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from cdtteam.access.models import SYSTEM, Actor, Role
from cdtteam.accounts.operations import NewAccount, open_account
from cdtteam.areas.models import BEGINNING, Area, AreaTerm, Level
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.ids import new_id
from cdtteam.replica.models import VillageCounter
from cdtteam.replica.work import Work
from cdtteam.teams.models import Member, Position, Team
from cdtteam.teams.operations import add_member, found_team
from cdtteam.web.transactions import writing

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
PASSWORD = "mật khẩu 1"
OFFICER = Actor(Role.PROVINCE)  # who may manage households everywhere


@dataclass
class World:
    """Ids of what there is, by name."""

    app: Flask
    villages: dict[str, UUID] = field(default_factory=dict)
    communes: dict[str, UUID] = field(default_factory=dict)
    teams: dict[str, UUID] = field(default_factory=dict)
    members: dict[str, UUID] = field(default_factory=dict)
    province: UUID | None = None

    def client(self, handle: str) -> FlaskClient:
        """A client signed in as `handle`."""
        client = self.app.test_client()
        answer = client.post(
            "/api/v1/session", json={"sign_in": handle, "password": PASSWORD, "device_id": str(new_id())}
        )
        assert answer.status_code == 200, answer.json
        return client

    def phone(self, handle: str, **kwargs: Any) -> "Phone":
        """A phone of the member `handle`, signed in."""
        return Phone(self.client(handle), self.members.get(handle), **kwargs)


@dataclass
class Phone:
    """A plain client of the sync protocol: an outbox is the caller's business."""

    client: FlaskClient
    member_id: UUID | None
    device_id: UUID = field(default_factory=new_id)
    epoch: str | None = None
    cursor: str | None = None
    rows: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    clock_error: timedelta = timedelta()

    def now(self) -> datetime:
        """What the phone's clock says."""
        return clock.now() - self.clock_error

    def mutation(self, type_: str, args: dict[str, Any], **header: Any) -> dict[str, Any]:
        """A mutation made now by the phone's member."""
        made = {
            "id": str(new_id()),
            "member_id": str(self.member_id),
            "type": type_,
            "at": self.now().isoformat(),
            "args": args,
        }
        return made | header

    def visit(self, village_id: UUID, **args: Any) -> dict[str, Any]:
        """A visit.record of the commonest kind."""
        given = {
            "id": str(new_id()), "village_id": str(village_id), "kind": "home", "participants": 1, "household_id": None,
            "services": [{"code": "dvc_online", "people": 1, "outcome": "done"}],
        }  # fmt: skip
        header = {key: args.pop(key) for key in ("at", "after", "member_id", "replaces") if key in args}
        return self.mutation("visit.record", given | args, **header)

    def household(self, village_id: UUID, name: str = "Nguyễn Văn An", **args: Any) -> dict[str, Any]:
        """A household.create."""
        given = {"id": str(new_id()), "village_id": str(village_id), "head_name": name}
        return self.mutation("household.create", given | args)

    def envelope(self, *mutations: Any, **changes: Any) -> dict[str, Any]:
        """A request with the phone's cursor."""
        body = {
            "protocol": 1, "device_id": str(self.device_id), "app_version": "test", "sent_at": self.now().isoformat(),
            "epoch": self.epoch, "cursor": self.cursor, "mutations": list(mutations),
        }  # fmt: skip
        return body | changes

    def post(self, *mutations: Any, **changes: Any) -> Any:
        """The raw response to one request."""
        return self.client.post("/api/v1/sync", json=self.envelope(*mutations, **changes))

    def send(self, *mutations: Any, **changes: Any) -> list[dict[str, Any]]:
        """Sends, pulls all that there is, and answers the results."""
        answer = self.post(*mutations, **changes)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        results: list[dict[str, Any]] = answer.json["results"]
        self.take(answer.json)
        while answer.json["more"]:
            answer = self.post(**changes)
            self.take(answer.json)
        return results

    def take(self, answer: dict[str, Any]) -> None:
        """Applies a page as the protocol says."""
        if self.epoch not in (None, answer["epoch"]) and answer["cursor"] is None:
            self.rows.clear()
        for change in answer["changes"]:
            self._apply(change)
        self.epoch, self.cursor = answer["epoch"], answer["cursor"]

    def kind(self, kind: str) -> dict[str, dict[str, Any]]:
        """The rows of a kind on the phone, by id."""
        return {row_id: row for (of, row_id), row in self.rows.items() if of == kind}

    def _apply(self, change: dict[str, Any]) -> None:
        key = (change["kind"], change["id"])
        if change["kind"] == "village":
            self.rows = {of: row for of, row in self.rows.items() if row["village_id"] != change["id"]}
        elif change["kind"] == "inbox":
            self.rows = {of: row for of, row in self.rows.items() if of[0] not in ("notification", "preference")}
        elif "gone" not in change:
            self.rows[key] = {**change["data"], "village_id": change["village_id"], "version": change["version"]}
        elif change["gone"] != "left_scope" or self.rows.get(key, {}).get("village_id") == change["village_id"]:
            self.rows.pop(key, None)


def make_world(app: Flask) -> World:
    """Communes `near` and `far`; villages `a` and `b` near, `c` far; members an, binh (a), chi (b), dung (c); staff."""
    world = World(app)
    with app.app_context(), writing(db.session()):
        work = Work(db.session(), clock.now())
        world.province = _area(work, Level.PROVINCE, "52", "Tỉnh Bình Định", "province", None)
        for name, code in (("near", "21601"), ("far", "21604")):
            world.communes[name] = _area(work, Level.COMMUNE, code, f"Xã {name}", "commune", world.province)
        for name, commune in (("a", "near"), ("b", "near"), ("c", "far")):
            add_village(work, world, name, world.communes[commune])
        for handle, village in (("an", "a"), ("binh", "a"), ("chi", "b"), ("dung", "c")):
            add_account(work, world, handle, village)
        _account(work, "xa", Role.COORDINATOR, area_id=world.communes["near"])
        _account(work, "xakhac", Role.COORDINATOR, area_id=world.communes["far"])
        _account(work, "tinh", Role.PROVINCE, area_id=world.province)
        _account(work, "quantri", Role.ADMIN, area_id=world.province)
        _account(work, "nobody", Role.VOLUNTEER)
        work.flush()
    return world


def _area(work: Work, level: Level, code: str, name: str, kind: str, parent: UUID | None) -> UUID:
    area = Area(id=new_id(), level=level)
    work.session.add(area)
    work.session.flush()
    work.session.add(AreaTerm(area_id=area.id, from_on=BEGINNING, code=code, name=name, kind=kind, parent_id=parent))
    work.session.flush()
    return area.id


def add_village(work: Work, world: World, name: str, commune_id: UUID) -> None:
    code = f"v{name}"
    village_id = _area(work, Level.VILLAGE, code, f"Thôn {name.upper()}", "thôn", commune_id)
    work.session.add(VillageCounter(village_id=village_id, version=0))
    work.session.flush()
    world.villages[name] = village_id
    world.teams[name] = found_team(SYSTEM, work, village_id, f"Tổ CNSCĐ thôn {name.upper()}", started_at=LONG_AGO).id


def add_account(work: Work, world: World, handle: str, village: str) -> None:
    member = Member(id=new_id(), name=f"Trần Văn {handle.title()}")
    team = work.session.get_one(Team, world.teams[village])
    add_member(SYSTEM, work, team, member, Position.MEMBER, started_at=LONG_AGO)
    work.session.flush()
    world.members[handle] = member.id
    _account(work, handle, Role.VOLUNTEER, member_id=member.id)


# Verifying costs what the hash says, and tests sign in often.
_CHEAP_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def _account(work: Work, handle: str, role: Role, **where: Any) -> None:
    user = open_account(SYSTEM, work.session, NewAccount(handle, handle.title(), role, **where), now=LONG_AGO)
    user.password_hash = _CHEAP_HASH
