"""A form that arrives twice at the same moment has one effect; both arrivals lead to the same place."""

import threading
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.ids import new_id
from cdtteam.core.problems import Problem
from cdtteam.teams.models import Member
from cdtteam.web.forms import SubmittedForm, submit_once
from tests.support.world import World

USER = new_id()


def members(world: World) -> int:
    with world.app.app_context():
        return db.session.scalar(select(func.count()).where(Member.name == "Mới")) or 0


def submit(world: World, form_id: UUID, *, user_id: UUID = USER, is_wrong: bool = False) -> str:
    """Sends a form that makes a member."""

    def act() -> str:
        member = Member(id=new_id(), name="Mới")
        db.session.add(member)
        db.session.flush()
        if is_wrong:
            raise Problem("invalid_field", field="name")
        return f"/desk/people/{member.id}"

    with world.app.app_context():
        return submit_once(db.session(), form_id, user_id, clock.now(), act)


def test_two_at_the_same_moment(world: World) -> None:
    form_id, start, led_to = new_id(), threading.Barrier(4), []

    def arrive() -> None:
        start.wait(20)
        led_to.append(submit(world, form_id))

    threads = [threading.Thread(target=arrive) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(led_to) == 4
    assert len(set(led_to)) == 1
    assert members(world) == 1


def test_a_form_that_was_refused_can_be_sent_again(world: World) -> None:
    form_id = new_id()
    with pytest.raises(Problem):
        submit(world, form_id, is_wrong=True)
    assert members(world) == 0
    submit(world, form_id)
    assert members(world) == 1


def test_a_form_is_its_readers_alone(world: World) -> None:
    form_id = new_id()
    submit(world, form_id)
    with pytest.raises(Problem, match="malformed"):
        submit(world, form_id, user_id=new_id())


def test_old_forms_are_forgotten(world_on_sqlite: World, monkeypatch: pytest.MonkeyPatch) -> None:
    submit(world_on_sqlite, new_id())
    later = clock.now() + timedelta(days=365)
    monkeypatch.setattr(clock, "now", lambda: later)
    submit(world_on_sqlite, new_id())
    with world_on_sqlite.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(SubmittedForm)) == 1
