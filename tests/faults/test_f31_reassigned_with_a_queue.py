"""F31 on the wire: a member is reassigned, or a village moved, with a queue on the phone."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from cdtteam.access.models import SYSTEM
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.replica.work import Work
from cdtteam.teams.models import Membership, Team, TeamVillage
from cdtteam.teams.operations import end_membership, leave_village, serve_village
from cdtteam.web.transactions import writing
from tests.support.wire import hold_oracle, reassign
from tests.support.world import World


def end(world: World, handle: str, at: datetime) -> None:
    """Ends a member's membership."""
    with world.app.app_context(), writing(db.session()):
        work = Work(db.session(), clock.now())
        where = Membership.member_id == world.members[handle]
        end_membership(SYSTEM, work, db.session.scalars(select(Membership).where(where)).one(), ended_at=at)
        work.flush()


def test_before_is_accepted_and_after_is_not(world: World) -> None:
    phone = world.phone("an")
    kept = phone.visit(world.villages["a"])
    phone.send(kept)
    moved_at = clock.now() - timedelta(hours=1)
    reassign(world, "an", "b", moved_at)
    hours = {name: (moved_at + timedelta(hours=step)).isoformat() for name, step in (("before", -2), ("after", 0.5))}
    before = phone.visit(world.villages["a"], at=hours["before"])
    told_later = phone.visit(world.villages["a"], occurred_at=hours["before"])
    after = phone.visit(world.villages["a"], at=hours["after"])
    new = phone.visit(world.villages["b"], at=hours["after"])
    too_early = phone.visit(world.villages["b"], at=hours["before"])
    answer = phone.post(before, told_later, after, new, too_early).json
    assert [result.get("code", "applied") for result in answer["results"]] == [
        "applied", "applied", "out_of_scope", "applied", "out_of_scope",
    ]  # fmt: skip
    assert {"kind": "village", "id": str(world.villages["a"]), "gone": "left_scope"} in answer["changes"]
    phone.take(answer)
    assert {row["village_id"] for row in phone.kind("visit").values()} == {str(world.villages["b"])}
    mate = world.phone("binh")
    mate.send()
    assert set(mate.kind("visit")) == {kept["args"]["id"], before["args"]["id"], told_later["args"]["id"]}
    assert {row["team_id"] for row in mate.kind("visit").values()} == {str(world.teams["a"])}
    hold_oracle(world, [kept, before, told_later, after, new, too_early])


def test_the_moment_itself_belongs_to_the_new_team(world: World) -> None:
    phone = world.phone("an")
    moved_at = (clock.now() - timedelta(hours=1)).replace(microsecond=0)
    reassign(world, "an", "b", moved_at)
    edges = [(moved_at + timedelta(milliseconds=step)).isoformat() for step in (-1, 0)]
    results = phone.send(*[phone.visit(world.villages[name], at=edge) for edge in edges for name in "ab"])
    assert [result["status"] for result in results] == ["applied", "refused", "refused", "applied"]


def test_rows_of_the_new_village_come_from_the_start(world: World) -> None:
    phone, other = world.phone("an"), world.phone("chi")
    theirs = other.visit(world.villages["b"])
    other.send(theirs)
    phone.send(phone.visit(world.villages["a"]))
    reassign(world, "an", "b", clock.now())
    phone.send()
    assert set(phone.kind("visit")) == {theirs["args"]["id"]}
    assert set(phone.kind("team")) == {str(world.teams["b"])}
    assert str(world.members["an"]) in phone.kind("member")
    assert len(phone.kind("service")) == 27, "what belongs to no village stays"


def test_a_village_goes_to_another_team(world: World) -> None:
    phone = world.phone("an")
    queued = phone.visit(world.villages["a"], at=(clock.now() - timedelta(minutes=30)).isoformat())
    with world.app.app_context(), writing(db.session()):
        work = Work(db.session(), clock.now())
        moved_at = clock.now() - timedelta(minutes=5)
        term = db.session.scalars(select(TeamVillage).where(TeamVillage.team_id == world.teams["a"])).one()
        leave_village(SYSTEM, work, term, ended_at=moved_at)
        serve_village(
            SYSTEM, work, db.session.get_one(Team, world.teams["b"]), world.villages["a"], started_at=moved_at
        )
        work.flush()
    results = phone.send(queued, phone.visit(world.villages["a"]))
    assert [result.get("code", "applied") for result in results] == ["applied", "out_of_scope"]
    assert phone.kind("visit") == {}
    heir = world.phone("chi")
    heir.send()
    assert set(heir.kind("visit")) == {queued["args"]["id"]}
    assert heir.send(heir.visit(world.villages["a"]))[0]["status"] == "applied"


@pytest.mark.parametrize("days", [0, 34])
def test_a_former_member_sends_and_receives_nothing(world: World, days: int) -> None:
    phone, mate = world.phone("an"), world.phone("binh")
    phone.send(phone.visit(world.villages["a"]))
    ended_at = clock.now() - timedelta(days=days, minutes=1)
    end(world, "an", ended_at)
    phone.client = world.client("an")
    queued = phone.visit(world.villages["a"], at=(ended_at - timedelta(hours=2)).isoformat())
    later = phone.visit(world.villages["a"])
    mate.send(mate.visit(world.villages["a"]))
    answer = phone.post(queued, later)
    assert [result.get("code", "applied") for result in answer.json["results"]] == ["applied", "out_of_scope"]
    assert answer.json["changes"] == [{"kind": "village", "id": str(world.villages["a"]), "gone": "left_scope"}]
    phone.take(answer.json)
    assert phone.post().json["changes"] == []
    assert phone.post(epoch=None, cursor=None).json["changes"] == []
    mate.send()
    assert queued["args"]["id"] in mate.kind("visit")


def test_after_thirty_five_days_nothing_is_taken(world: World) -> None:
    end(world, "an", clock.now() - timedelta(days=35, minutes=1))
    phone = world.phone("an")
    answer = phone.post(phone.visit(world.villages["a"]))
    assert (answer.status_code, answer.json["code"]) == (403, "not_a_member")


def test_who_never_was_a_member(world: World) -> None:
    for handle in ("nobody", "xa", "tinh", "quantri"):
        phone = world.phone(handle)
        visit = phone.visit(world.villages["a"], member_id=str(UUID(int=7)))
        answer = phone.post(visit)
        assert (answer.status_code, answer.json["code"]) == (403, "not_a_member")
