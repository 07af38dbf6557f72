"""When villages are merged their teams stay, or one takes over the others; and undoing gives back what was taken."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from cdtteam.access.models import SYSTEM
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.ids import new_id
from cdtteam.replica.work import Work
from cdtteam.teams.models import Member, Membership, Organisation, Position, Team
from cdtteam.teams.operations import (
    Capacity,
    add_member,
    change_position,
    end_membership,
    end_team,
    serve_village,
)
from tests.support.merging import HEAD, MERGER, Merge, command, desk, positions, refused, served, terms, today
from tests.support.world import Phone, World


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
