"""Coming, moving, ending, replacing: history stays, guests count for their host, phones learn of an end beforehand."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from cdtteam.access.models import SYSTEM, Actor, Role
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.ids import new_id
from cdtteam.core.problems import Problem
from cdtteam.replica.work import Work
from cdtteam.teams.models import Member, Membership, Organisation, Position, Team, TeamVillage
from cdtteam.teams.operations import (
    Capacity,
    add_member,
    change_position,
    correct_membership,
    edit_member,
    end_membership,
    end_team,
    found_team,
    leave_village,
    move_member,
    rename_team,
    replace_member,
    serve_village,
)
from cdtteam.web.transactions import writing
from tests.support.world import World

DAY = timedelta(days=1)
MEMBER = Position.MEMBER


@contextmanager
def working(world: World) -> Iterator[Work]:
    """One transaction of the desk."""
    with world.app.app_context(), writing(db.session()):
        work = Work(db.session(), clock.now())
        yield work
        work.flush()


def team_of(work: Work, world: World, name: str) -> Team:
    return work.session.get_one(Team, world.teams[name])


def current(work: Work, member_id: UUID) -> Membership:
    wanted = (Membership.member_id == member_id, Membership.ended_at.is_(None))
    return work.session.scalars(select(Membership).where(*wanted)).one()


def history(world: World, member_id: UUID) -> list[tuple[str, str, bool]]:
    """Team, position and whether it ended, in order."""
    names = {team_id: name for name, team_id in world.teams.items()}
    with world.app.app_context():
        rows = db.session.scalars(
            select(Membership).where(Membership.member_id == member_id).order_by(Membership.started_at, Membership.id)
        )
        return [(names[row.team_id], row.position, row.ended_at is not None) for row in rows]


def coordinator(world: World, commune: str = "near") -> Actor:
    return Actor(Role.COORDINATOR, area_id=world.communes[commune])


def members_in_force(world: World) -> dict[str, int]:
    """Members of each village's team in this month, as the API tells the province."""
    month = f"{clock.civil_date(clock.now()):%Y-%m}"
    answer = world.client("tinh").get(f"/api/v1/participation?period={month}&by=village").json
    return {row["code"]: row["members"]["in_force"] for row in answer["rows"]}


def test_a_member_goes_from_position_to_position_and_from_team_to_team(world: World) -> None:
    an = world.members["an"]
    with working(world) as work:
        change_position(coordinator(world), work, current(work, an), Position.LEADER, at=work.now - 2 * DAY)
    with working(world) as work:
        move_member(coordinator(world), work, work.session.get_one(Member, an), team_of(work, world, "b"), at=work.now)
    with working(world) as work:
        end_membership(coordinator(world), work, current(work, an), ended_at=work.now)
    assert history(world, an) == [("a", "member", True), ("a", "leader", True), ("b", "leader", True)]


def test_a_leader_is_replaced_in_one_step(world: World) -> None:
    an, binh = world.members["an"], world.members["binh"]
    new = Member(id=new_id(), name="Đinh Thị Mới", phone="0912345678")
    with working(world) as work:
        at = work.now - DAY
        leader = change_position(SYSTEM, work, current(work, an), Position.LEADER, at=at)
        teammate = work.session.get_one(Member, binh)
        replace_member(coordinator(world), work, leader, teammate, at=at, capacity=Capacity())
        police = Capacity(Organisation.POLICE)
        replace_member(coordinator(world), work, current(work, binh), new, at=work.now, capacity=police)
        new_id_ = new.id
    assert history(world, an)[-1] == ("a", "leader", True)
    assert history(world, binh) == [("a", "member", True), ("a", "leader", True)]
    assert history(world, new_id_) == [("a", "leader", False)]
    phone = world.phone("an")
    assert phone.send() == []
    with working(world) as work:
        assert current(work, new_id_).organisation == "police"


def test_phones_hear_of_a_name_a_position_and_an_end_that_is_foreseen(world: World) -> None:
    phone, binh = world.phone("an"), world.members["binh"]
    phone.send()
    last = clock.now() + 40 * DAY
    with working(world) as work:
        edit_member(coordinator(world), work, work.session.get_one(Member, binh), name="Bình Mới", phone="0912345678")
        following = change_position(coordinator(world), work, current(work, binh), Position.DEPUTY, at=work.now)
        correct_membership(coordinator(world), work, following, Capacity(Organisation.TEACHER, True, last))
    phone.send()
    row = phone.kind("member")[str(binh)]
    assert (row["name"], row["position"]) == ("Bình Mới", "deputy")
    assert datetime.fromisoformat(row["ended_at"]) == last.replace(microsecond=last.microsecond // 1000 * 1000)
    assert "phone" not in row
    with working(world) as work:
        membership = work.session.scalars(
            select(Membership).where(Membership.member_id == binh, Membership.ended_at > work.now)
        ).one()
        correct_membership(coordinator(world), work, membership, Capacity(Organisation.TEACHER))
    phone.send()
    assert "ended_at" not in phone.kind("member")[str(binh)]


def test_a_guest_counts_for_the_host_and_works_until_the_end_that_was_foreseen(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    chi = world.members["chi"]
    before = members_in_force(world)
    now = clock.now()
    with working(world) as work:
        guest = Capacity(Organisation.YOUTH_UNION, is_guest=True, ended_at=now + timedelta(minutes=5))
        team, person = team_of(work, world, "a"), work.session.get_one(Member, chi)
        add_member(coordinator(world), work, team, person, MEMBER, started_at=work.now, capacity=guest)
    assert members_in_force(world) == before | {"va": before["va"] + 1}
    phone, host = world.phone("chi"), world.phone("an")
    assert phone.send(phone.visit(world.villages["a"]))[0]["status"] == "applied"
    host.send()
    assert host.kind("visit").popitem()[1]["team_id"] == str(world.teams["a"])
    assert "ended_at" in host.kind("member")[str(chi)]
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=6))
    refused = phone.send(phone.visit(world.villages["a"]))
    assert [result.get("code") for result in refused] == ["out_of_scope"]
    assert {row["village_id"] for row in phone.kind("team").values()} == {str(world.villages["b"])}
    assert phone.send(phone.visit(world.villages["b"]))[0]["status"] == "applied"


def test_a_team_ends_with_all_that_was_its(world: World) -> None:
    phone = world.phone("an")
    phone.send()
    with working(world) as work:
        end_team(coordinator(world), work, team_of(work, world, "a"), ended_at=work.now)
    assert history(world, world.members["an"]) == [("a", "member", True)]
    phone.send()
    assert phone.kind("team") == {}
    assert phone.kind("member") == {}
    with working(world) as work, pytest.raises(Problem, match="team_id"):
        add_member(SYSTEM, work, team_of(work, world, "a"), Member(id=new_id(), name="M"), MEMBER, started_at=work.now)


def test_a_team_is_renamed_on_phones(world: World) -> None:
    phone = world.phone("an")
    with working(world) as work:
        rename_team(coordinator(world), work, team_of(work, world, "a"), "Tổ CNSCĐ thôn Mới")
    phone.send()
    assert [row["name"] for row in phone.kind("team").values()] == ["Tổ CNSCĐ thôn Mới"]


def test_members_may_share_a_phone_number(world: World) -> None:
    with working(world) as work:
        for name in ("binh", "an"):
            person = work.session.get_one(Member, world.members[name])
            edit_member(coordinator(world), work, person, name=person.name, phone="0912345678")
    with world.app.app_context():
        assert len(db.session.scalars(select(Member).where(Member.phone == "0912345678")).all()) == 2


Change = Callable[[Work, Actor, World], object]
CHANGES: dict[str, Change] = {
    "found_team": lambda work, actor, world: found_team(actor, work, world.villages["a"], "T", started_at=work.now),
    "rename_team": lambda work, actor, world: rename_team(actor, work, team_of(work, world, "a"), "T"),
    "end_team": lambda work, actor, world: end_team(actor, work, team_of(work, world, "a"), ended_at=work.now),
    "add_member": lambda work, actor, world: add_member(
        actor, work, team_of(work, world, "a"), Member(id=new_id(), name="M"), MEMBER, started_at=work.now
    ),
    "edit_member": lambda work, actor, world: edit_member(
        actor, work, work.session.get_one(Member, world.members["an"]), name="M", phone=None
    ),
    "correct_membership": lambda work, actor, world: correct_membership(
        actor, work, current(work, world.members["an"]), Capacity()
    ),
    "change_position": lambda work, actor, world: change_position(
        actor, work, current(work, world.members["an"]), Position.LEADER, at=work.now
    ),
    "end_membership": lambda work, actor, world: end_membership(
        actor, work, current(work, world.members["an"]), ended_at=work.now
    ),
    "replace_member": lambda work, actor, world: replace_member(
        actor, work, current(work, world.members["an"]), Member(id=new_id(), name="M"), at=work.now, capacity=Capacity()
    ),
    "move out": lambda work, actor, world: move_member(
        actor, work, work.session.get_one(Member, world.members["an"]), team_of(work, world, "c"), at=work.now
    ),
    "pull over": lambda work, actor, world: add_member(
        actor, work, team_of(work, world, "c"), work.session.get_one(Member, world.members["an"]), MEMBER,
        started_at=work.now,
    ),
    "serve a village elsewhere": lambda work, actor, world: serve_village(
        actor, work, team_of(work, world, "c"), world.villages["a"], started_at=work.now
    ),
    "lend a village to a foreign team": lambda work, actor, world: serve_village(
        actor, work, team_of(work, world, "a"), world.villages["c"], started_at=work.now
    ),
    "leave_village": lambda work, actor, world: leave_village(
        actor, work,
        work.session.scalars(select(TeamVillage).where(TeamVillage.team_id == world.teams["a"])).one(),
        ended_at=work.now,
    ),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_a_coordinator_changes_nothing_of_another_commune(world: World, change: str) -> None:
    with world.app.app_context():
        work = Work(db.session(), clock.now())
        with pytest.raises(Problem, match="out_of_scope"):
            CHANGES[change](work, coordinator(world, "far"), world)
        db.session.rollback()
        with pytest.raises(Problem, match="forbidden"):
            CHANGES[change](work, Actor(Role.VOLUNTEER), world)
        db.session.rollback()


LATER = timedelta(seconds=1)
IMPOSSIBLE: dict[str, tuple[str, Change]] = {
    "a team is founded later": (
        "started_at",
        lambda work, _, world: found_team(SYSTEM, work, world.villages["a"], "T", started_at=work.now + LATER),
    ),
    "a team ends later": (
        "ended_at",
        lambda work, _, world: end_team(SYSTEM, work, team_of(work, world, "a"), ended_at=work.now + LATER),
    ),
    "a team ends before its people came": (
        "ended_at",
        lambda work, _, world: end_team(
            SYSTEM, work, team_of(work, world, "a"), ended_at=datetime(2019, 1, 1, tzinfo=clock.CIVIL_ZONE)
        ),
    ),
    "a member comes later": (
        "started_at",
        lambda work, _, world: add_member(
            SYSTEM, work, team_of(work, world, "a"), Member(id=new_id(), name="M"), MEMBER, started_at=work.now + LATER
        ),
    ),
    "a member comes after having left": (
        "ended_at",
        lambda work, _, world: add_member(
            SYSTEM, work, team_of(work, world, "a"), Member(id=new_id(), name="M"), MEMBER,
            started_at=work.now, capacity=Capacity(ended_at=work.now - DAY),
        ),
    ),
    "a member is twice in a team": (
        "member_id",
        lambda work, _, world: add_member(
            SYSTEM, work, team_of(work, world, "a"), work.session.get_one(Member, world.members["an"]), MEMBER,
            started_at=work.now - DAY,
        ),
    ),
    "a member moves later": (
        "at",
        lambda work, _, world: move_member(
            SYSTEM, work, work.session.get_one(Member, world.members["an"]), team_of(work, world, "b"),
            at=work.now + LATER,
        ),
    ),
    "a position changes later": (
        "at",
        lambda work, _, world: change_position(
            SYSTEM, work, current(work, world.members["an"]), Position.LEADER, at=work.now + LATER
        ),
    ),
    "a member replaces themselves": (
        "member_id",
        lambda work, _, world: replace_member(
            SYSTEM, work, current(work, world.members["an"]), work.session.get_one(Member, world.members["an"]),
            at=work.now, capacity=Capacity(),
        ),
    ),
    "a village is served later": (
        "started_at",
        lambda work, _, world: serve_village(
            SYSTEM, work, team_of(work, world, "b"), world.villages["a"], started_at=work.now + LATER
        ),
    ),
    "a village is served twice": (
        "village_id",
        lambda work, _, world: serve_village(
            SYSTEM, work, team_of(work, world, "a"), world.villages["a"], started_at=work.now
        ),
    ),
    "a village is left later": (
        "ended_at",
        lambda work, _, world: leave_village(
            SYSTEM, work,
            work.session.scalars(select(TeamVillage).where(TeamVillage.team_id == world.teams["b"])).one(),
            ended_at=work.now + LATER,
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("change", IMPOSSIBLE)
def test_what_cannot_be_is_refused_at_its_field(world_on_sqlite: World, change: str) -> None:
    field, act = IMPOSSIBLE[change]
    with world_on_sqlite.app.app_context():
        work = Work(db.session(), clock.now())
        with pytest.raises(Problem, match="invalid_field") as raised:
            act(work, SYSTEM, world_on_sqlite)
        assert raised.value.field == field
        db.session.rollback()


def test_what_has_ended_stays_as_it_was_recorded(world: World) -> None:
    an = world.members["an"]
    with working(world) as work:
        ended = current(work, an)
        end_membership(SYSTEM, work, ended, ended_at=work.now - DAY)
        for again in (
            lambda: end_membership(SYSTEM, work, ended, ended_at=work.now),
            lambda: change_position(SYSTEM, work, ended, Position.LEADER, at=work.now),
            lambda: correct_membership(SYSTEM, work, ended, Capacity()),
        ):
            with pytest.raises(Problem, match="ended_at"):
                again()
    with working(world) as work:
        person = work.session.get_one(Member, an)
        add_member(coordinator(world), work, team_of(work, world, "a"), person, MEMBER, started_at=work.now)
    assert history(world, an) == [("a", "member", True), ("a", "member", False)]
