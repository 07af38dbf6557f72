"""Teams of villages that will be merged on a day to come: nothing changes before it, everything on it."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from cdtteam.access.models import SYSTEM
from cdtteam.teams.models import Member, Membership, Team
from cdtteam.teams.operations import (
    end_membership,
    move_member,
)
from tests.support.merging import Merge, command, desk, positions, served, terms, today
from tests.support.world import World, add_account


def test_a_day_to_come_changes_teams_on_that_day(
    world: World, merge: Merge, travel: Callable[[timedelta], None]
) -> None:
    phone, other = world.phone("chi"), world.phone("an")
    for one in (phone, other):
        one.send(one.visit(world.villages["b" if one is phone else "a"]))
    merge(today() + timedelta(days=3))
    for one in (phone, other):
        one.send()
    assert positions(world, "b") == {"chi": "member"}
    assert phone.send(phone.visit(world.villages["a"]))[0]["code"] == "out_of_scope"
    travel(timedelta(days=3))
    assert positions(world, "a") == {"an": "member", "binh": "member", "chi": "member"}
    for one in (phone, other):
        one.send()
    assert served(phone) == served(other) >= {world.villages["a"].hex, world.villages["b"].hex}
    for one in (phone, other):
        assert set(one.kind("team")) == {str(world.teams["a"])}
        assert {team["team_id"] for team in one.kind("member").values()} == {str(world.teams["a"])}
        assert len(one.kind("visit")) == 2
        assert one.send(one.visit(world.villages["b"]))[0]["status"] == "applied"


def test_who_comes_and_goes_before_the_day_is_taken_up_on_it(
    world: World, merge: Merge, travel: Callable[[timedelta], None]
) -> None:
    desk(world, lambda work: add_account(work, world, "em", "b"))
    identifier = merge(today() + timedelta(days=3))
    travel(timedelta(days=1))
    leaving = lambda work: end_membership(  # noqa: E731 — one statement
        SYSTEM,
        work,
        work.session.scalars(
            select(Membership).where(
                Membership.member_id == world.members["chi"], Membership.team_id == world.teams["b"]
            )
        ).one(),
        ended_at=work.now,
    )
    desk(world, leaving)
    desk(world, lambda work: add_account(work, world, "moi", "b"))
    desk(
        world,
        lambda work: move_member(
            SYSTEM,
            work,
            work.session.get_one(Member, world.members["em"]),
            work.session.get_one(Team, world.teams["a"]),
            at=work.now,
        ),
    )
    travel(timedelta(days=2))
    world.phone("an").send()
    assert positions(world, "a") == dict.fromkeys(("an", "binh", "em", "moi"), "member")
    assert positions(world, "b") == {}
    phone = world.phone("moi")
    phone.send()
    assert served(phone) >= {world.villages["a"].hex, world.villages["b"].hex}
    command(world, "undo", identifier)
    assert positions(world, "a") == dict.fromkeys(("an", "binh", "em"), "member")
    assert positions(world, "b") == {"moi": "member"}


def test_a_day_to_come_is_undone_whatever_has_changed_until_then(
    world: World, merge: Merge, travel: Callable[[timedelta], None]
) -> None:
    before = terms(world)
    identifier = merge(today() + timedelta(days=3))
    assert terms(world) != before
    travel(timedelta(days=1))
    command(world, "undo", identifier)
    assert terms(world) == before
