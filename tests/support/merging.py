"""Villages that are merged, and what becomes of their teams."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import select

from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.replica.work import Work
from cdtteam.teams.models import Membership, Team, TeamVillage
from cdtteam.web.transactions import writing
from tests.support.world import Phone, World

HEAD = "old_village_code,new_village_code,new_name,new_kind,commune_code\n"
MERGER = HEAD + "va,va,Thôn Chung,thôn,21601\nvb,va,Thôn Chung,thôn,21601\n"
COLUMNS = {
    Team: (Team.id, Team.ended_at),
    TeamVillage: (TeamVillage.id, TeamVillage.team_id, TeamVillage.village_id, TeamVillage.ended_at),
    Membership: (Membership.id, Membership.team_id, Membership.member_id, Membership.position, Membership.ended_at),
}
Merge = Callable[..., str]


def command(world: World, *words: str) -> str:
    """Runs `flask areas …`, which must succeed."""
    done = world.app.test_cli_runner().invoke(args=["areas", *words])
    assert done.exit_code == 0, done.output
    return done.output


def refused(world: World, *words: str) -> str:
    """Runs `flask areas …`, which must be refused."""
    done = world.app.test_cli_runner().invoke(args=["areas", *words])
    assert done.exit_code != 0, done.output
    return done.output


def today() -> date:
    """The civil day."""
    return clock.civil_date(clock.now())


def terms(world: World) -> list[Any]:
    """Every row of teams, their services and memberships."""
    with world.app.app_context():
        return [
            tuple(row)
            for columns in COLUMNS.values()
            for row in db.session().execute(select(*columns).order_by(columns[0]))
        ]


def positions(world: World, team: str) -> dict[str, str]:
    """Who is in a team now, in which position."""
    with world.app.app_context():
        now = clock.now()
        rows = db.session().execute(
            select(Membership.member_id, Membership.position, Membership.started_at, Membership.ended_at).where(
                Membership.team_id == world.teams[team]
            )
        )
        handles = {id_: handle for handle, id_ in world.members.items()}
        return {
            handles[member]: position
            for member, position, started_at, ended_at in rows
            if started_at <= now and (ended_at is None or ended_at > now)
        }


def served(phone: Phone) -> set[str]:
    """The villages that the phone mirrors, by its cursor: hexadecimal ids."""
    return {part.split("-")[0] for part in (phone.cursor or "").split(".")}


def desk(world: World, do: Callable[[Work], Any]) -> None:
    """Something that is done at the desk now."""
    with world.app.app_context(), writing(db.session()):
        work = Work(db.session(), clock.now())
        do(work)
        work.flush()
