"""When villages are merged their teams stay, or one takes over the others; and undoing gives back what was taken."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from cdtteam.access.models import SYSTEM
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.ids import new_id
from cdtteam.replica.work import Work
from cdtteam.teams.models import Member, Membership, Organisation, Position, Team, TeamVillage
from cdtteam.teams.operations import (
    Capacity,
    add_member,
    change_position,
    end_membership,
    end_team,
    move_member,
    serve_village,
)
from cdtteam.web.transactions import writing
from tests.support.world import Phone, World, add_account

HEAD = "old_village_code,new_village_code,new_name,new_kind,commune_code\n"
MERGER = HEAD + "va,va,Thôn Chung,thôn,21601\nvb,va,Thôn Chung,thôn,21601\n"
COLUMNS = {
    Team: (Team.id, Team.ended_at),
    TeamVillage: (TeamVillage.id, TeamVillage.team_id, TeamVillage.village_id, TeamVillage.ended_at),
    Membership: (Membership.id, Membership.team_id, Membership.member_id, Membership.position, Membership.ended_at),
}

Merge = Callable[..., str]


@pytest.fixture
def merge(world: World, tmp_path: Path) -> Merge:
    """Merges villages on a day, teams and all unless `teams` says otherwise; answers the id by which it is undone."""

    def run(on: date, file: str = MERGER, teams: str = "merge") -> str:
        path = tmp_path / "merger.csv"
        path.write_text(file, encoding="utf-8")
        done = command(world, "merge-villages", str(path), "--effective", on.isoformat(), "--teams", teams)
        return done.split()[-1].rstrip(".")

    return run


@pytest.fixture
def travel(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Moves the clock on."""
    real, gone = clock.now, timedelta()

    def run(by: timedelta) -> None:
        nonlocal gone
        gone += by
        monkeypatch.setattr(clock, "now", lambda: real() + gone)

    return run


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


def test_teams_that_stay_go_on_as_they_were(world: World, merge: Merge) -> None:
    phone = world.phone("chi")
    phone.send()
    before = terms(world)
    merge(today(), teams="stay")
    assert terms(world) == before
    assert phone.send(phone.visit(world.villages["b"]))[0]["status"] == "applied"
    assert phone.send(phone.visit(world.villages["a"]))[0]["code"] == "out_of_scope"


def test_the_team_that_goes_on_takes_over_ground_and_people(world: World, merge: Merge) -> None:
    def prepare(work: Work) -> None:
        leads = work.session.scalars(select(Membership).where(Membership.member_id == world.members["chi"])).one()
        change_position(SYSTEM, work, leads, Position.LEADER, at=work.now)
        guest = Member(id=new_id(), name="Lê Khách")
        capacity = Capacity(Organisation.TEACHER, is_guest=True, ended_at=work.now + timedelta(days=9))
        add_member(
            SYSTEM,
            work,
            work.session.get_one(Team, world.teams["b"]),
            guest,
            Position.MEMBER,
            started_at=work.now,
            capacity=capacity,
        )
        both = work.session.get_one(Member, world.members["an"])
        add_member(
            SYSTEM, work, work.session.get_one(Team, world.teams["b"]), both, Position.DEPUTY, started_at=work.now
        )
        world.members["khách"] = guest.id

    desk(world, prepare)
    merge(today())
    assert positions(world, "a") == {"an": "member", "binh": "member", "chi": "member", "khách": "member"}
    assert positions(world, "b") == {}
    with world.app.app_context():
        own = select(Membership).where(
            Membership.member_id == world.members["khách"], Membership.team_id == world.teams["a"]
        )
        guest = db.session().scalars(own).one()
        assert (guest.organisation, guest.is_guest) == ("teacher", True)
        assert guest.ended_at is not None
        assert guest.ended_at > clock.now() + timedelta(days=8)
    phone = world.phone("an")
    for village in ("a", "b"):
        assert phone.send(phone.visit(world.villages[village]))[0]["status"] == "applied"
    other = world.phone("chi")
    assert other.send(other.visit(world.villages["a"]))[0]["status"] == "applied"
    assert [team["id"] for team in other.kind("team").values()] == [str(world.teams["a"])]
    origins = {id_: member.get("came_from") for id_, member in other.kind("member").items()}
    assert origins[str(world.members["chi"])] == {"team": "Tổ CNSCĐ thôn B", "on": f"{today()}"}
    assert origins[str(world.members["an"])] is None


def test_what_was_done_before_stays_with_the_team_that_did_it(world: World, merge: Merge) -> None:
    phone = world.phone("chi")
    before = phone.visit(world.villages["b"])
    merge(today() - timedelta(days=30))
    assert phone.send(before)[0]["status"] == "applied"
    assert phone.send(phone.visit(world.villages["b"]))[0]["status"] == "applied"
    teams = sorted(visit["team_id"] for visit in phone.kind("visit").values())
    assert teams == sorted([str(world.teams["a"]), str(world.teams["b"])]), "not backwards, though the day is past"


def test_undoing_gives_back_every_row(world: World, merge: Merge) -> None:
    phone, other = world.phone("chi"), world.phone("an")
    for one in (phone, other):
        one.send()
    before, known = terms(world), [set(one.rows) for one in (phone, other)]
    identifier = merge(today())
    for one in (phone, other):
        one.send()
    assert served(phone) == served(other)
    command(world, "undo", identifier)
    assert terms(world) == before
    for one in (phone, other):
        one.send()
    assert [set(one.rows) for one in (phone, other)] == known
    assert all("came_from" not in member for member in phone.kind("member").values())
    assert world.villages["a"].hex not in served(phone)


def test_a_third_team_in_the_village_comes_to_know_who_took_over_and_forgets_them_when_it_is_undone(
    world: World, merge: Merge
) -> None:
    def also_there(work: Work) -> None:
        team = work.session.get_one(Team, world.teams["c"])
        serve_village(SYSTEM, work, team, world.villages["b"], started_at=work.now)

    def known(phone: Phone) -> set[str]:
        phone.send()
        names = {str(id_): name for name, id_ in world.members.items()}
        return {names[row["id"]] for row in phone.kind("member").values()}

    desk(world, also_there)
    phone = world.phone("dung")
    assert known(phone) == {"chi", "dung"}
    identifier = merge(today())
    assert known(phone) == {"an", "binh", "chi", "dung"}
    command(world, "undo", identifier)
    assert known(phone) == {"chi", "dung"}


def test_it_is_not_undone_any_more_when_the_merged_team_has_entries(world: World, merge: Merge) -> None:
    identifier = merge(today())
    phone = world.phone("an")
    own = phone.visit(world.villages["a"])
    phone.send(own)
    taken = phone.visit(world.villages["b"])
    phone.send(taken)
    assert "has 1 entries for what it took over" in refused(world, "undo", identifier)
    phone.send(phone.mutation("visit.withdraw", {"id": taken["args"]["id"], "reason": "nhầm thôn"}))
    command(world, "undo", identifier)
    assert phone.send(phone.visit(world.villages["b"]))[0]["code"] == "out_of_scope"


def test_it_is_not_undone_any_more_when_a_person_who_came_has_entries(world: World, merge: Merge) -> None:
    identifier = merge(today())
    phone = world.phone("chi")
    phone.send(phone.visit(world.villages["a"]))
    assert "has 1 entries for what it took over" in refused(world, "undo", identifier)


def test_it_is_not_undone_any_more_when_people_have_changed_since(world: World, merge: Merge) -> None:
    identifier = merge(today())

    def leave(work: Work) -> None:
        own = (Membership.member_id == world.members["chi"], Membership.team_id == world.teams["a"])
        end_membership(SYSTEM, work, work.session.scalars(select(Membership).where(*own)).one(), ended_at=work.now)

    desk(world, leave)
    before = terms(world)
    assert "who is in “Tổ CNSCĐ thôn A”, or what it serves, has changed since" in refused(world, "undo", identifier)
    assert terms(world) == before


def test_the_first_old_village_with_a_team_gives_it_where_the_one_that_goes_on_has_none(
    world: World, merge: Merge
) -> None:
    def end(work: Work) -> None:
        end_team(SYSTEM, work, work.session.get_one(Team, world.teams["a"]), ended_at=work.now)

    desk(world, end)
    merge(today())
    phone = world.phone("chi")
    for village in ("a", "b"):
        assert phone.send(phone.visit(world.villages[village]))[0]["status"] == "applied"


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


def test_the_file_may_say_it_village_by_village(world: World, merge: Merge) -> None:
    desk(world, lambda work: None)
    rows = HEAD.replace("commune_code", "commune_code,teams")
    merge(today(), rows + "va,va,Thôn Chung,thôn,21601,merge\nvb,va,Thôn Chung,thôn,21601,merge\n", "stay")
    assert positions(world, "b") == {}


def test_a_dry_run_counts_the_teams(world: World, tmp_path: Path) -> None:
    before = terms(world)
    path = tmp_path / "merger.csv"
    path.write_text(MERGER, encoding="utf-8")
    said = command(
        world, "merge-villages", str(path), "--effective", today().isoformat(), "--teams", "merge", "--dry-run"
    )
    assert "2 villages change, with 2 teams, 3 members" in said
    assert "1 teams end" in said
    assert "Before: 2 communes, 3 villages, 3 teams, 4 members" in said
    assert "After: 2 communes, 2 villages, 2 teams, 4 members" in said
    assert terms(world) == before


def places(phone: Phone) -> list[dict[str, Any]]:
    """The villages of the phone's team as it knows them, without their ids."""
    (team,) = phone.kind("team").values()
    return sorted(
        ({key: value for key, value in place.items() if key != "id"} for place in team["villages"]),
        key=lambda place: place.get("former", ""),
    )


def test_phones_are_told_what_their_village_is_a_part_of(
    world: World, merge: Merge, travel: Callable[[timedelta], None]
) -> None:
    phone = world.phone("chi")
    on = today() + timedelta(days=2)
    identifier = merge(on, teams="stay")
    phone.send()
    joins = {"on": on.isoformat(), "commune_name": "Xã near", "name": "Thôn Chung", "was": "Thôn B", "joined": True}
    now = {"name": "Thôn B", "kind": "thôn", "commune_name": "Xã near"}
    assert places(phone) == [{**now, "moves": [joins]}]
    travel(timedelta(days=2))
    phone.send()
    assert places(phone) == [{**now, "name": "Thôn Chung", "former": "Thôn B", "moves": [joins]}]
    command(world, "undo", identifier)
    phone.send()
    assert places(phone) == [now]


def test_phones_are_told_that_a_village_is_only_called_otherwise(world: World, merge: Merge) -> None:
    phone = world.phone("chi")
    merge(today(), HEAD + "vb,vb,Thôn Bé,thôn,21604\n")
    phone.send()
    move = {"on": today().isoformat(), "commune_name": "Xã far", "name": "Thôn Bé", "was": "Thôn B", "joined": False}
    assert places(phone) == [{"name": "Thôn Bé", "kind": "thôn", "commune_name": "Xã far", "moves": [move]}]


def test_phones_on_ended_ground_follow_what_becomes_of_the_village_that_it_came_to(world: World, merge: Merge) -> None:
    phone = world.phone("chi")
    merge(today() - timedelta(days=90), teams="stay")
    phone.send()
    assert places(phone) == [{"name": "Thôn Chung", "kind": "thôn", "commune_name": "Xã near", "former": "Thôn B"}]
    merge(today(), HEAD + "va,vx,Thôn Mới,thôn,21604\n", teams="stay")
    phone.send()
    (place,) = places(phone)
    assert (place["name"], place["commune_name"], place["former"]) == ("Thôn Mới", "Xã far", "Thôn B")
    assert phone.send(phone.visit(world.villages["b"]))[0]["status"] == "applied"
