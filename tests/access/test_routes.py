"""Every route, for every role, on what is theirs and what is not; a route that nobody has thought about fails."""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from cdtteam.access.models import SYSTEM, Actor, Duty, Permission, Role
from cdtteam.accounts.tokens import issue_token
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.ids import new_id
from cdtteam.households.operations import Entry, create_household
from cdtteam.replica.work import Work
from cdtteam.teams.models import Membership, TeamVillage
from cdtteam.teams.operations import end_membership
from cdtteam.web.transactions import writing
from tests.access.routes import GUARDED, HOMES, PUBLIC, ROLES, UNMARKED, Ask
from tests.support.apps import running_app
from tests.support.world import LONG_AGO, World

HANDLES = {"no team": "nobody", "volunteer": "an", "former member": "dung", "coordinator": "xa"}
HANDLES |= {"province": "tinh", "admin": "quantri"}
TABLE = GUARDED | PUBLIC
ASKS = [(route, ask) for route, asks in TABLE.items() for ask in asks]


def routes(app: Flask) -> dict[tuple[str, str], str]:
    """The endpoint of each method and rule."""
    return {
        (method, rule.rule): rule.endpoint
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def test_every_route_is_in_the_table_and_the_table_has_no_others(world_on_sqlite: World) -> None:
    found = routes(world_on_sqlite.app).keys()
    assert found - TABLE.keys() == set(), "Say in tests/access/routes.py who gets what from these."
    assert TABLE.keys() - found == set(), "These are no routes any more."
    assert GUARDED.keys() & PUBLIC.keys() == set()


def test_every_route_declares_its_permission(world_on_sqlite: World) -> None:
    app = world_on_sqlite.app
    without = {endpoint for endpoint, view in app.view_functions.items() if not hasattr(view, "permission")}
    assert without == UNMARKED
    for route, endpoint in routes(app).items():
        permission = getattr(app.view_functions[endpoint], "permission", None)
        assert isinstance(permission, Permission) is (route in GUARDED), route


@pytest.fixture(scope="module")
def names(sqlite_world: tuple[Path, World], instance_folder: Path) -> dict[str, str]:
    """Ids of teams and people of the coordinator's commune (near) and of its sibling, for the paths of the table."""
    path, world = sqlite_world
    with running_app(f"sqlite:///{path}", instance_folder) as app:
        return names_of(replace(world, app=app))


def names_of(world: World) -> dict[str, str]:
    """See `names`."""
    found = {}
    with world.app.app_context():
        for where, village, member in (("near", "b", "chi"), ("far", "c", "dung")):
            member_id = world.members[member]
            term = db.session.scalars(select(Membership.id).where(Membership.member_id == member_id)).one()
            found |= {f"team_{where}": str(world.teams[village]), f"person_{where}": str(member_id)}
            served = db.session.scalars(select(TeamVillage.id).where(TeamVillage.team_id == world.teams[village])).one()
            found |= {f"term_{where}": str(term), f"service_{where}": str(served)}
    return found | HOMES


@pytest.fixture(scope="module")
def clients(
    sqlite_world: tuple[Path, World], instance_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], FlaskClient]]:
    """A client for each role."""
    path, world = sqlite_world
    copy = shutil.copy(path, tmp_path_factory.mktemp("routes") / "world.sqlite3")
    with running_app(f"sqlite:///{copy}", instance_folder) as app:
        yield clients_of(replace(world, app=app))


def clients_of(world: World) -> Callable[[str], FlaskClient]:
    """What makes a client of a role, in a world where one member has left."""
    with world.app.app_context(), writing(db.session()):
        work = Work(db.session(), clock.now())
        membership = work.session.scalars(select(Membership).where(Membership.member_id == world.members["dung"])).one()
        end_membership(SYSTEM, work, membership, ended_at=work.now)
        add_homes(work, world)
        work.flush()
        assert world.province is not None
        _, text = issue_token(SYSTEM, work.session, note="figures", area_id=world.province, now=work.now)

    cookies = {role: cookie_of(world.client(handle)) for role, handle in HANDLES.items()}

    def client(role: str) -> FlaskClient:
        made = world.app.test_client()
        if role == "token":
            made.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {text}"
        if role not in cookies:
            return made
        made.set_cookie("cdtteam", cookies[role])
        if made.get("/api/v1/session").status_code == 401:  # an earlier question was to sign out
            cookies[role] = cookie_of(world.client(HANDLES[role]))
            made.set_cookie("cdtteam", cookies[role])
        return made

    return client


def add_homes(work: Work, world: World) -> None:
    """A household in each of villages a, b and c, under ids that the table's paths know."""
    for id_, village in zip(HOMES.values(), "abc", strict=True):
        village_id = world.villages[village]
        work.lock([village_id])
        actor = Actor(Role.VOLUNTEER, duties=(Duty(world.teams[village], village_id, LONG_AGO, None),))
        entry, fields = Entry(None, None, work.now), {"head_name": "Nguyễn Văn An"}
        create_household(actor, work, entry, household_id=UUID(id_), village_id=village_id, fields=fields)


def cookie_of(client: FlaskClient) -> str:
    """The session cookie of a client that has signed in."""
    cookie = client.get_cookie("cdtteam")
    assert cookie is not None
    return cookie.value


@pytest.mark.parametrize(("route", "ask"), ASKS, ids=[f"{method} {ask.path} {ask.where}" for (method, _), ask in ASKS])
def test_who_gets_what(
    clients: Callable[[str], FlaskClient], names: dict[str, str], route: tuple[str, str], ask: Ask
) -> None:
    got, path = {}, ask.path.format(**names)
    for role in ROLES:
        with clients(role).open(path, method=route[0], json=ask.body, data=ask.form or None) as answer:
            got[role] = answer.status_code
            if answer.status_code in (401, 403, 404) and ask.path.startswith("/api/"):
                assert answer.content_type == "application/problem+json"
                assert answer.headers["Cdt-Protocol"] == "1"
    assert got == {role: ask.gets.get(role, ask.otherwise) for role in ROLES}


def test_the_table_asks_by_the_rule_that_it_names(world_on_sqlite: World) -> None:
    adapter = world_on_sqlite.app.url_map.bind("localhost")
    for (method, rule), ask in ASKS:
        path = re.sub(r"\{\w+\}", str(new_id()), ask.path).partition("?")[0]
        if "%" not in path:
            assert adapter.match(path, method, return_rule=True)[0].rule == rule
