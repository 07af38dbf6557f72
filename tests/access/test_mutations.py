"""Every mutation type on one's own village, a sibling's and a foreign one, by ids in every place where ids stand."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from cdtteam.access.models import SYSTEM, Actor, Role
from cdtteam.attendance.models import Attendance
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.ids import new_id
from cdtteam.households.models import Household
from cdtteam.replica.work import Work
from cdtteam.requests.models import Request
from cdtteam.sync.models import Quarantined
from cdtteam.sync.mutations import TYPES
from cdtteam.tasks.models import Task
from cdtteam.teams.models import Membership
from cdtteam.teams.operations import end_membership
from cdtteam.visits.models import Visit
from cdtteam.web.transactions import writing
from tests.support.assigning import Officer
from tests.support.world import Phone, World

Args = dict[str, Any]


def new_visit(village: UUID, *_: str) -> Args:
    """A visit in a village."""
    services = [{"code": "dvc_online", "people": 1, "outcome": "done"}]
    return {"id": str(new_id()), "village_id": str(village), "kind": "home", "participants": 1, "services": services}


def new_home(village: UUID, *_: str) -> Args:
    """A household in a village."""
    return {"id": str(new_id()), "village_id": str(village), "head_name": "Lê Thị Tư"}


def somebodys_day(village: UUID, *_: str) -> Args:
    """A day of somebody who is in no team: who was in one is told only to those who serve the village."""
    days = {"on": str(clock.civil_date(clock.now())), "member_ids": [str(new_id())], "activity": "meeting"}
    return {"id": str(new_id()), "village_id": str(village), **days}


# What each type says of a village, of its household, of its visit and of its team's task.
MUTATIONS: dict[str, Callable[[UUID, str, str, str], Args]] = {
    "household.create": new_home,
    "household.update": lambda _, home, *__: {"id": home, "base_version": None, "head_name": "Đã sửa"},
    "household.withdraw": lambda _, home, *__: {"id": home, "reason": "đã chuyển đi"},
    "visit.record": new_visit,
    "visit.amend": lambda _, __, visit, ___: {"id": visit, "reason": "nhầm", "participants": 77},
    "visit.withdraw": lambda _, __, visit, ___: {"id": visit, "reason": "nhầm"},
    "attendance.record": somebodys_day,
    "task.progress": lambda _, __, ___, task: {"id": task, "state": "declined", "note": "không có sóng"},
    "request.raise": lambda village, *_: {
        "id": str(new_id()),
        "village_id": str(village),
        "topic": "connection",
        "text": "Thôn không có sóng",
    },
    "report.nothing": lambda village, *_: {"village_id": str(village), "period": "2026-01"},
}
# See test_giving_up_reaches_only_ones_own, and tests/notify/test_sync.py.
PLACELESS = {"mutation.discard", "notification.read", "notification.prefer"}


def test_every_mutation_type_is_in_the_table() -> None:
    assert TYPES.keys() == MUTATIONS.keys() | PLACELESS


@pytest.fixture
def rows(world: World) -> dict[str, tuple[str, str, str]]:
    """A household and a visit of each village, made by its own people, and a task of its team."""
    made = {}
    officer = Officer(world, Actor(Role.PROVINCE, area_id=world.province))
    for handle, village in (("binh", "a"), ("chi", "b"), ("dung", "c")):
        phone = world.phone(handle)
        home, visit = phone.household(world.villages[village]), phone.visit(world.villages[village])
        assert [result["status"] for result in phone.send(home, visit)] == ["applied", "applied"]
        made[village] = home["args"]["id"], visit["args"]["id"], *officer.give(officer.order(village))
    return made


def codes(phone: Phone, *mutations: Any) -> list[str]:
    """What became of mutations."""
    return [result.get("code", result["status"]) for result in phone.send(*mutations)]


def content(world: World) -> Any:
    """What may not have changed: everything of households, visits, tasks and requests."""
    with world.app.app_context():
        homes = db.session.execute(select(Household.id, Household.head_name, Household.withdrawn_at, Household.version))
        visits = db.session.execute(select(Visit.id, Visit.participants, Visit.withdrawn_at, Visit.version))
        days = db.session.scalars(select(Attendance.id))
        tasks = db.session.execute(select(Task.id, Task.state, Task.note, Task.version))
        asked = db.session.scalars(select(Request.id))
        return sorted(homes.all()), sorted(visits.all()), sorted(days.all()), sorted(tasks.all()), sorted(asked.all())


def test_other_villages_stay_as_they_are(world: World, rows: dict[str, tuple[str, str, str]]) -> None:
    phone = world.phone("an")
    before = content(world)
    for village in "bc":
        sent = [phone.mutation(of, make(world.villages[village], *rows[village])) for of, make in MUTATIONS.items()]
        assert codes(phone, *sent) == ["out_of_scope"] * len(sent)
    assert content(world) == before
    assert {row["village_id"] for kind in ("household", "visit", "task") for row in phone.kind(kind).values()} == {
        str(world.villages["a"])
    }


def test_ones_own_village_is_open_and_teammates_visits_are_theirs(
    world: World, rows: dict[str, tuple[str, str, str]]
) -> None:
    phone = world.phone("an")
    sent = [phone.mutation(of, make(world.villages["a"], *rows["a"])) for of, make in MUTATIONS.items()]
    own = dict.fromkeys(MUTATIONS, "applied") | {"household.update": "conflict"}
    own |= {"visit.amend": "not_author", "visit.withdraw": "not_author", "attendance.record": "invalid_field"}
    assert codes(phone, *sent) == list(own.values())


def test_a_foreign_household_cannot_be_pulled_over_by_a_visit(
    world: World, rows: dict[str, tuple[str, str, str]]
) -> None:
    phone = world.phone("an")
    own = phone.visit(world.villages["a"])
    assert codes(phone, own) == ["applied"]
    over = {"id": own["args"]["id"], "reason": "nhầm", "household_id": rows["b"][0]}
    before = content(world)
    assert codes(phone, phone.visit(world.villages["a"], household_id=rows["b"][0])) == ["out_of_scope"]
    assert codes(phone, phone.mutation("visit.amend", over)) == ["out_of_scope"]
    assert content(world) == before


def test_a_foreign_authors_name_opens_nothing(world: World, rows: dict[str, tuple[str, str, str]]) -> None:
    phone = world.phone("an")
    before = content(world)
    for handle, village in (("chi", "b"), ("dung", "c"), ("chi", "a")):
        author = {"member_id": str(world.members[handle])}
        sent = [
            phone.mutation(of, make(world.villages[village], *rows[village]), **author)
            for of, make in MUTATIONS.items()
        ]
        assert codes(phone, *sent) == ["wrong_author"] * len(sent)
    stranger = phone.visit(world.villages["a"], member_id=str(new_id()))
    assert codes(phone, stranger) == ["wrong_author"]
    assert content(world) == before


def test_a_cursor_of_foreign_villages_brings_nothing_of_them(
    world: World, rows: dict[str, tuple[str, str, str]]
) -> None:
    phone = world.phone("an")
    phone.send()
    named = ".".join(f"{village.hex}-0" for village in world.villages.values())
    answer = phone.post(cursor=named).json
    assert {change["village_id"] for change in answer["changes"] if "data" in change} <= {
        str(world.villages["a"]),
        None,
    }
    assert {change["id"] for change in answer["changes"] if change["kind"] == "village"} == {
        str(world.villages[village]) for village in "bc"
    }
    assert not {*rows["b"], *rows["c"]} & {change["id"] for change in answer["changes"]}


def test_a_duplicate_of_somebody_elses_mutation_tells_nothing(world: World) -> None:
    """The ledger answers for ids; what it says of an id that one did not send must not carry a row's content."""
    chi, an = world.phone("chi"), world.phone("an")
    home = chi.household(world.villages["b"])
    chi.send(home)
    guess = an.household(world.villages["b"]) | {"id": home["id"]}
    result = an.send(guess)[0]
    assert result["code"] == "id_reused"
    assert "current" not in result
    assert "first" not in result


def test_giving_up_reaches_only_ones_own(world: World) -> None:
    chi, an = world.phone("chi"), world.phone("an")
    bad, own = chi.visit(world.villages["b"], participants=0), an.visit(world.villages["a"], participants=0)
    assert codes(chi, bad) == codes(an, own) == ["invalid_field"]
    for refused in (bad, own):
        assert codes(an, an.mutation("mutation.discard", {"id": refused["id"]})) == ["applied"]
    with world.app.app_context():
        settled = select(Quarantined.mutation_id).where(Quarantined.settled_at.is_not(None))
        assert db.session.scalars(settled).all() == [own["id"]]


def test_former_members_send_what_they_did_and_receive_nothing(world: World) -> None:
    phone = world.phone("an")
    phone.send()
    before, during = phone.visit(world.villages["a"]), clock.now()
    with world.app.app_context(), writing(db.session()):
        work = Work(db.session(), clock.now())
        membership = work.session.scalars(select(Membership).where(Membership.member_id == world.members["an"])).one()
        end_membership(SYSTEM, work, membership, ended_at=during)
        work.flush()
    after = phone.visit(world.villages["a"])
    assert codes(phone, before, after) == ["applied", "out_of_scope"]
    assert {kind for kind, _ in phone.rows} <= {"service", "indicator"}


@pytest.mark.parametrize("handle", ["nobody", "xa", "tinh", "quantri"])
def test_who_is_in_no_team_neither_sends_nor_receives(world: World, handle: str) -> None:
    an = world.phone("an")
    phone = world.phone(handle)
    for author in (None, str(world.members["an"])):
        answer = phone.post(an.visit(world.villages["a"]) | ({"member_id": author} if author else {}))
        assert (answer.status_code, answer.json["code"]) == (403, "not_a_member")
    assert an.send() == []
    assert an.kind("visit") == {}
