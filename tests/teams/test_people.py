"""Who is where: duties, and what phones know of the people beside their own."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from cdtteam.access.models import SYSTEM
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.ids import new_id
from cdtteam.replica.work import Work
from cdtteam.teams.models import Member, Membership, Position, Team, TeamVillage
from cdtteam.teams.operations import add_member, end_membership, leave_village, move_member, serve_village
from cdtteam.teams.queries import duties_of
from cdtteam.web.transactions import writing
from tests.support.world import Phone, World

FEW = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
START = datetime(2026, 1, 1, tzinfo=UTC)
TERMS = st.tuples(st.integers(0, 10), st.none() | st.integers(0, 10)).filter(lambda t: t[1] is None or t[0] <= t[1])


def day(number: int | None) -> datetime | None:
    """An instant of the tests' calendar."""
    return None if number is None else START + timedelta(days=number)


def holds(term: tuple[int, int | None], on: float) -> bool:
    """Whether a term is in force."""
    return term[0] <= on and (term[1] is None or on < term[1])


def test_one_serves_a_village_while_membership_team_and_service_hold(world: World) -> None:
    @FEW
    @given(TERMS, st.lists(TERMS, min_size=1, max_size=3), st.lists(TERMS, min_size=1, max_size=3))
    def play(
        team: tuple[int, int | None], members: list[tuple[int, int | None]], serves: list[tuple[int, int | None]]
    ) -> None:
        with world.app.app_context():
            session = db.session()
            session.rollback()
            made = Team(name="T", home_village_id=world.villages["a"], started_at=day(team[0]), ended_at=day(team[1]))
            member = Member(id=new_id(), name="M")
            session.add_all([made, member])
            session.flush()
            for start, end in members:
                terms = {"started_at": day(start), "ended_at": day(end)}
                session.add(Membership(team_id=made.id, member_id=member.id, position=Position.MEMBER, **terms))
            for start, end in serves:
                terms = {"started_at": day(start), "ended_at": day(end)}
                session.add(TeamVillage(team_id=made.id, village_id=world.villages["a"], **terms))
            session.flush()
            duties = duties_of(session, [member.id]).get(member.id, ())
            session.rollback()
        for on in (number / 2 for number in range(24)):
            at = START + timedelta(days=on)
            expected = (
                holds(team, on) and any(holds(one, on) for one in members) and any(holds(one, on) for one in serves)
            )
            assert any(duty.holds(at) for duty in duties) is expected
        assert all(duty.ended_at is None or duty.started_at < duty.ended_at for duty in duties)

    play()


def people(phone: Phone) -> set[str]:
    """The members whom a phone knows after a sync."""
    phone.send()
    return set(phone.kind("member"))


def ids(world: World, *handles: str) -> set[str]:
    """Members by handle."""
    return {str(world.members[handle]) for handle in handles}


def test_who_ends_in_one_team_and_stays_in_another_stays_on_phones(world: World) -> None:
    with world.app.app_context(), writing(db.session()):
        work = Work(db.session(), clock.now())
        serve_village(
            SYSTEM, work, work.session.get_one(Team, world.teams["b"]), world.villages["a"], started_at=work.now
        )
        chi = work.session.get_one(Member, world.members["chi"])
        second = add_member(
            SYSTEM, work, work.session.get_one(Team, world.teams["a"]), chi, Position.MEMBER, started_at=work.now
        )
        work.flush()
        second_id = second.id
    phone = world.phone("an")
    assert people(phone) == ids(world, "an", "binh", "chi")
    with world.app.app_context(), writing(db.session()):
        work = Work(db.session(), clock.now())
        end_membership(SYSTEM, work, work.session.get_one(Membership, second_id), ended_at=work.now)
        work.flush()
    assert people(phone) == ids(world, "an", "binh", "chi")
    assert phone.kind("member")[str(world.members["chi"])]["team_id"] == str(world.teams["b"])


def test_people_of_villages_that_stay_stay_when_another_is_left(world: World) -> None:
    """A phone drops with a village whom it heard of there last, though they serve its other villages too."""
    with world.app.app_context(), writing(db.session()):
        work = Work(db.session(), clock.now())
        for village in "bc":
            team = work.session.get_one(Team, world.teams["a"])
            serve_village(SYSTEM, work, team, world.villages[village], started_at=work.now)
        work.flush()
    phone = world.phone("an")
    assert people(phone) == ids(world, "an", "binh", "chi", "dung")
    for to_team in "bc":
        with world.app.app_context(), writing(db.session()):
            work = Work(db.session(), clock.now())
            an, team = (
                work.session.get_one(Member, world.members["an"]),
                work.session.get_one(Team, world.teams[to_team]),
            )
            move_member(SYSTEM, work, an, team, at=work.now)
            work.flush()
        neighbour = {"b": "chi", "c": "dung"}[to_team]
        assert people(phone) == ids(world, "an", "binh", neighbour)
        assert set(phone.kind("team")) == {str(world.teams["a"]), str(world.teams[to_team])}


def test_a_team_that_leaves_a_village_leaves_its_phones(world: World) -> None:
    terms: list[UUID] = []
    with world.app.app_context(), writing(db.session()):
        work = Work(db.session(), clock.now())
        team = work.session.get_one(Team, world.teams["b"])
        terms.append(serve_village(SYSTEM, work, team, world.villages["a"], started_at=work.now).id)
        work.flush()
    phone, theirs = world.phone("an"), world.phone("chi")
    visit = phone.visit(world.villages["a"])
    phone.send(visit)
    assert people(phone) == people(theirs) == ids(world, "an", "binh", "chi")
    assert set(theirs.kind("visit")) == {visit["args"]["id"]}
    with world.app.app_context(), writing(db.session()):
        work = Work(db.session(), clock.now())
        term = work.session.scalars(select(TeamVillage).where(TeamVillage.id == terms[0])).one()
        leave_village(SYSTEM, work, term, ended_at=work.now)
        work.flush()
    assert people(phone) == ids(world, "an", "binh")
    assert set(phone.kind("team")) == {str(world.teams["a"])}
    assert people(theirs) == ids(world, "chi")
    assert theirs.kind("visit") == {}
