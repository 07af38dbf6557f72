"""A member's inbox on the wire: who asks for it, reads it, chooses for it, and when a phone must drop it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select, update

from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.ids import new_id
from cdtteam.notify.models import Preference
from cdtteam.notify.operations import Subject, notify, notify_each, withdraw_notifications
from cdtteam.replica.operations import start_epoch
from cdtteam.teams.models import Membership
from cdtteam.web.transactions import writing
from tests.support.inboxes import a_letter, at_work, pull, reads, titles, who
from tests.support.wire import quarantine, reassign, unlimited
from tests.support.world import Phone, World


def write(world: World, *handles: str, **letter: Any) -> None:
    """A letter to some members."""
    with at_work(world) as work:
        notify(work, who(work, world, *handles), a_letter(**letter))


def test_who_does_not_ask_for_it_never_sees_it(world: World) -> None:
    write(world, "an")
    old, new = world.phone("an"), world.phone("an")
    old.send()
    new.send(inbox=False)
    assert old.kind("notification") == new.kind("notification") == {}
    assert world.members["an"].hex not in f"{old.cursor}{new.cursor}"


def test_a_phone_has_its_members_own_and_nobody_elses(world: World) -> None:
    write(world, "an", title="Nghỉ học vì bão", urgent=True, link="/task/1")
    [(id_, row)] = pull(world.phone("an")).items()
    assert {name: row[name] for name in row if name not in ("made_at", "version")} == {
        "village_id": None, "topic": "warning", "title": "Nghỉ học vì bão", "text": "8 giờ sáng mai",
        "link": "/task/1", "urgent": True, "read_at": None,
    }  # fmt: skip
    assert row["made_at"].endswith("Z")
    assert id_ not in pull(world.phone("binh"))


def test_what_is_read_on_one_phone_is_read_on_the_others_too(world: World) -> None:
    write(world, "an", "binh")
    first, other, mate = world.phone("an"), world.phone("an"), world.phone("binh")
    [id_] = pull(first)
    [foreign] = pull(mate)
    pull(other)
    at = first.now() - timedelta(minutes=3)
    read = reads(first, id_, foreign, new_id(), at=at.isoformat())
    assert [one["status"] for one in first.send(read, read, inbox=True)] == ["applied", "duplicate"]
    pull(first, reads(first, id_, opened=True))
    for phone in (first, other):
        assert pull(phone)[id_]["read_at"] == clock.wire_instant(at)
    assert pull(mate)[foreign]["read_at"] is None


def test_what_is_taken_back_or_replaced_leaves_the_phone(world: World) -> None:
    cause = Subject("task", new_id())
    write(world, "an", title="Một", subject=cause)
    write(world, "an", title="Hai", collapse="k")
    phone = world.phone("an")
    assert len(pull(phone)) == 2
    with at_work(world) as work:
        withdraw_notifications(work, cause)
    write(world, "an", title="Ba", collapse="k")
    answer = phone.post(inbox=True).json["changes"]
    assert sorted(one.get("gone") or one["data"]["title"] for one in answer) == ["Ba", "withdrawn", "withdrawn"]
    assert [row["title"] for row in pull(world.phone("an")).values()] == ["Ba"], "a fresh phone hears of no other"


def test_many_come_page_by_page_and_what_is_old_does_not(world: World) -> None:
    phone = unlimited(world).phone("an")
    with at_work(world, clock.now() - timedelta(days=61)) as work:
        notify(work, who(work, world, "an"), a_letter())
    with at_work(world) as work:
        notify_each(work, [(who(work, world, "an"), a_letter(f"{number}")) for number in range(250)])
    phone.send(inbox=True, page=100)
    assert sorted(int(row["title"]) for row in phone.kind("notification").values()) == list(range(250))


def test_what_was_chosen_is_on_all_phones(world: World) -> None:
    phone, other = world.phone("an"), world.phone("an")
    assert pull(phone) == {}
    assert phone.kind("preference") == {}, "nothing was chosen yet"
    chosen = {"topics_off": ["thanks", "task"], "digest_hour": 6}
    choices = [phone.mutation("notification.prefer", chosen | {"digest_hour": hour}) for hour in (20, 6)]
    assert [one["status"] for one in phone.send(*choices, inbox=True)] == ["applied", "applied"]
    pull(other)
    row = other.kind("preference")[str(world.members["an"])]
    assert (row["topics_off"], row["digest_hour"]) == (["task", "thanks"], 6)


@pytest.mark.parametrize(
    ("type_", "args", "field"),
    [("notification.read", {"ids": []}, "ids"), ("notification.read", {"ids": ["x"]}, "ids"),
     ("notification.read", {"ids": [str(new_id())] * 201}, "ids"), ("notification.read", {}, "ids"),
     ("notification.read", {"ids": [str(new_id())], "opened": "yes"}, "opened"),
     ("notification.prefer", {"topics_off": ["weather"], "digest_hour": 7}, "topics_off"),
     ("notification.prefer", {"topics_off": [], "digest_hour": 4}, "digest_hour"),
     ("notification.prefer", {"topics_off": [], "digest_hour": 21}, "digest_hour"),
     ("notification.prefer", {"topics_off": []}, "digest_hour")],
)  # fmt: skip
def test_what_cannot_be_said_is_refused_by_its_field(
    world_on_sqlite: World, type_: str, args: dict[str, Any], field: str
) -> None:
    phone = world_on_sqlite.phone("an")
    [result] = phone.send(phone.mutation(type_, args))
    assert (result["code"], result["field"].partition("[")[0]) == ("invalid_field", field)
    assert quarantine(world_on_sqlite)[result["id"]].code == "invalid_field"
    with world_on_sqlite.app.app_context():
        assert db.session.scalars(select(Preference)).all() == []


def test_asking_in_another_way_is_no_request(world_on_sqlite: World) -> None:
    phone = world_on_sqlite.phone("an")
    answer = phone.post(inbox="yes")
    assert (answer.status_code, answer.json["field"]) == (400, "inbox")
    assert phone.post(inbox=None).status_code == 200


def test_a_phone_drops_the_inbox_of_who_was_signed_in_before(world: World) -> None:
    """F25: a teammate signs in on the phone, which holds the cursor of the other."""
    write(world, "an", title="Cho An")
    write(world, "binh", title="Cho Bình")
    an, binh = world.phone("an"), world.phone("binh")
    pull(an)
    phone = Phone(binh.client, world.members["binh"], an.device_id, an.epoch, an.cursor, dict(an.rows))
    assert [row["title"] for row in pull(phone).values()] == ["Cho Bình"]
    assert phone.kind("member") == an.kind("member"), "the team's own rows stay as they are"


def test_an_inbox_goes_where_its_member_goes_and_ends_with_the_last_team(world: World) -> None:
    write(world, "an")
    phone = world.phone("an")
    [id_] = pull(phone)
    reassign(world, "an", "c", clock.now())
    assert set(pull(phone)) == {id_}
    with at_work(world) as work:
        own = Membership.member_id == world.members["an"]
        work.session.execute(update(Membership).where(own).values(ended_at=work.now))
    assert pull(phone) == {}
    assert pull(phone, reads(phone, id_)) == {}
    assert titles(world, "an") == [], "what was read is still told us"


def test_who_asks_no_more_loses_nothing_until_it_asks_again(world: World) -> None:
    cause = Subject("task", new_id())
    write(world, "an", title="Một", subject=cause)
    phone = world.phone("an")
    pull(phone)
    phone.send()
    with at_work(world) as work:
        withdraw_notifications(work, cause)
    phone.send()
    assert len(phone.kind("notification")) == 1
    assert pull(phone) == {}


def test_after_a_restore_everything_is_there_once(world: World) -> None:
    write(world, "an", title="Một")
    phone = world.phone("an")
    before = pull(phone)
    with world.app.app_context(), writing(db.session()):
        start_epoch(db.session(), now=clock.now())
    write(world, "an", title="Hai")
    phone.send(inbox=True)
    after = pull(phone)
    assert sorted(row["title"] for row in after.values()) == ["Hai", "Một"]
    assert set(before) < set(after)
    assert all(row["version"] > 0 for row in after.values())


def test_a_pull_of_nothing_costs_no_statement_more(world_on_sqlite: World) -> None:
    world = world_on_sqlite
    write(world, "an")
    phone = world.phone("an")
    pull(phone)
    asked: list[str] = []
    with world.app.app_context():
        engine = db.engine

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        phone.post(inbox=True)
        with_inbox = len(asked)
        phone.post(inbox=False)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert len(asked) == 2 * with_inbox
