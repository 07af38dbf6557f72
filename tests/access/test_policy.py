"""Whose rows are visible, and what may be done where, on the map of the day."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from cdtteam.access.models import PERMISSIONS, SYSTEM, Actor, Duty, Permission, Place, Role
from cdtteam.access.policy import require, visible
from cdtteam.areas.models import AreaTerm
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.problems import Problem
from cdtteam.visits.models import Visit
from tests.support.merged import merge_villages
from tests.support.world import LONG_AGO, World


@pytest.fixture
def actors(world: World) -> dict[str, Actor]:
    """One of each kind."""
    near, now = world.communes["near"], clock.now()
    past = Duty(world.teams["a"], world.villages["a"], LONG_AGO, now - timedelta(days=1))
    serving = replace(past, ended_at=None)
    return {
        "volunteer": Actor(Role.VOLUNTEER, duties=(serving,)),
        "former member": Actor(Role.VOLUNTEER, duties=(past,)),
        "no team": Actor(Role.VOLUNTEER),
        "coordinator": Actor(Role.COORDINATOR, area_id=near),
        "coordinator of nothing": Actor(Role.COORDINATOR),
        "province": Actor(Role.PROVINCE, area_id=world.province),
        "admin": SYSTEM,
    }


SEES = {"volunteer": "a", "coordinator": "ab", "province": "abc", "admin": "abc"}


def seen(world: World, actor: Actor) -> str:
    """The villages whose visits an actor sees in a list."""
    names = {village_id: name for name, village_id in world.villages.items()}
    with world.app.app_context():
        statement = visible(select(Visit.village_id), actor, Visit.village_id, clock.now())
        return "".join(sorted(names[village_id] for village_id in db.session.scalars(statement)))


def may(world: World, actor: Actor, village_id: UUID, permission: Permission) -> bool:
    """Whether an actor may do something in a village now."""
    with world.app.app_context():
        try:
            require(actor, permission, Place(village_id, clock.now()), session=db.session(), now=clock.now())
        except Problem as problem:
            if problem.code not in ("forbidden", "out_of_scope"):
                raise
            return False
    return True


def test_lists_show_what_is_ones_own(world: World, actors: dict[str, Actor]) -> None:
    for handle, village in (("an", "a"), ("chi", "b"), ("dung", "c")):
        phone = world.phone(handle)
        phone.send(phone.visit(world.villages[village]))
    assert {name: seen(world, actor) for name, actor in actors.items()} == {name: SEES.get(name, "") for name in actors}


def test_each_permission_reaches_as_far_as_lists_do(world: World, actors: dict[str, Actor]) -> None:
    for name, actor in actors.items():
        for permission in Permission:
            reached = [village for village, id_ in world.villages.items() if may(world, actor, id_, permission)]
            expected = SEES.get(name, "") if permission in PERMISSIONS[actor.role] else ""
            assert "".join(reached) == expected, (name, permission)


def test_a_commune_reaches_as_far_as_todays_map(world: World, actors: dict[str, Actor]) -> None:
    """A village that went to another commune went with its rows."""
    today = clock.civil_date(clock.now())
    with world.app.app_context():
        moved = (AreaTerm.area_id == world.villages["b"], AreaTerm.until_on.is_(None))
        db.session.execute(update(AreaTerm).where(*moved).values(until_on=today))
        term = {"code": "vb", "name": "Thôn B", "kind": "thôn", "parent_id": world.communes["far"]}
        db.session.add(AreaTerm(area_id=world.villages["b"], from_on=today, **term))
        db.session.commit()
    phone = world.phone("chi")
    phone.send(phone.visit(world.villages["b"]))
    assert seen(world, actors["coordinator"]) == ""
    assert seen(world, replace(actors["coordinator"], area_id=world.communes["far"])) == "b"
    assert not may(world, actors["coordinator"], world.villages["b"], Permission.TEAM_MANAGE)
    assert may(world, actors["volunteer"], world.villages["a"], Permission.VISIT_RECORD)


def test_a_commune_reaches_the_ground_of_villages_that_ended(world: World, actors: dict[str, Actor]) -> None:
    """Who has the commune of the village in its place has what was done there, and nobody else."""
    merge_villages(world, "a", into="b")
    merge_villages(world, "b", into="c", on=clock.civil_date(clock.now()))
    for handle, village in (("an", "a"), ("chi", "b"), ("dung", "c")):
        phone = world.phone(handle)
        phone.send(phone.visit(world.villages[village]))
    far = replace(actors["coordinator"], area_id=world.communes["far"])
    assert (seen(world, actors["coordinator"]), seen(world, far)) == ("", "abc")
    for village_id in world.villages.values():
        assert may(world, far, village_id, Permission.TEAM_MANAGE)
        assert not may(world, actors["coordinator"], village_id, Permission.TEAM_MANAGE)


def test_an_end_that_is_to_come_changes_nothing_yet(world: World, actors: dict[str, Actor]) -> None:
    merge_villages(world, "a", into="c", on=clock.civil_date(clock.now()) + timedelta(days=1))
    phone = world.phone("an")
    phone.send(phone.visit(world.villages["a"]))
    assert seen(world, actors["coordinator"]) == "a"
    assert may(world, actors["coordinator"], world.villages["a"], Permission.TEAM_MANAGE)
