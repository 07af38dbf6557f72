"""Requests on the wire: who may ask, who hears of it, and what becomes of it on their phones."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from cdtteam.access.models import Actor, Role
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.problems import Problem
from cdtteam.requests.models import Request, RequestChange, Topic
from cdtteam.requests.operations import answer_request, close_request, pass_on_request
from cdtteam.requests.queries import requests_seen
from tests.support.asking import asked, asks, at_desk
from tests.support.merged import merge_villages
from tests.support.wire import reassign, row_of, unlimited
from tests.support.world import Phone, World
from tests.sync.test_scope import Faults, check_order, head, put, told


@pytest.fixture
def officer(world: World) -> Actor:
    """The coordinator of the near commune."""
    return Actor(Role.COORDINATOR, area_id=world.communes["near"])


@pytest.fixture
def province(world: World) -> Actor:
    """Somebody of the province."""
    return Actor(Role.PROVINCE, area_id=world.province)


def on(phone: Phone, request_id: str) -> dict[str, Any]:
    """A request as a phone has it after a sync."""
    phone.send()
    return phone.kind("request")[request_id]


def test_all_who_serve_the_village_hear_of_it_and_nobody_else(world: World) -> None:
    an, binh, chi = (world.phone(handle) for handle in ("an", "binh", "chi"))
    sent = asks(an, world, text="  Làng không có sóng\nTổ không gửi được.  ", mood="lo")
    assert [result["status"] for result in an.send(sent, sent)] == ["applied", "duplicate"]
    row = on(binh, sent["args"]["id"])
    assert {name: row[name] for name in row if name not in ("version", "raised_at")} == {
        "id": sent["args"]["id"], "village_id": str(world.villages["a"]), "team_id": str(world.teams["a"]),
        "author_id": str(world.members["an"]), "topic": "connection", "state": "open", "answer": None,
        "text": "Làng không có sóng\nTổ không gửi được.", "answered_at": None, "answered_by": None, "mood": "lo",
    }  # fmt: skip
    assert row["raised_at"].endswith("Z")
    chi.send()
    assert chi.kind("request") == {}


def test_it_is_passed_on_answered_and_closed_and_the_team_sees_each(
    world: World, officer: Actor, province: Actor
) -> None:
    binh, request_id = world.phone("binh"), asked(world)
    at_desk(world, officer, pass_on_request, request_id, words="Xã không có kinh phí")
    assert (on(binh, request_id)["state"], on(binh, request_id)["answer"]) == ("passed_on", None)
    at_desk(world, province, answer_request, request_id, "Viettel dựng trạm trong tháng 12")
    row = on(binh, request_id)
    assert (row["state"], row["answer"]) == ("answered", "Viettel dựng trạm trong tháng 12")
    assert row["answered_by"] is None, "nobody with an account said it"
    assert row["answered_at"].endswith("Z")
    at_desk(world, officer, close_request, request_id)
    assert (on(binh, request_id)["state"], on(binh, request_id)["answer"]) == ("closed", row["answer"])
    with world.app.app_context():
        done = db.session.scalars(select(RequestChange).order_by(RequestChange.id)).all()
        assert [(one.state, one.words) for one in done] == [
            ("passed_on", "Xã không có kinh phí"), ("answered", row["answer"]), ("closed", None),
        ]  # fmt: skip


def test_a_word_with_the_end_is_the_answer_and_a_second_end_changes_nothing(world: World, officer: Actor) -> None:
    request_id = asked(world)
    at_desk(world, officer, close_request, request_id, words="Đã gọi điện trao đổi")
    at_desk(world, officer, close_request, request_id, words="Lần nữa")
    assert on(world.phone("an"), request_id)["answer"] == "Đã gọi điện trao đổi"


def test_what_is_closed_is_not_answered_and_what_was_answered_not_passed_on(world: World, officer: Actor) -> None:
    request_id = asked(world)
    at_desk(world, officer, answer_request, request_id, "Mai xã cử người đến")
    with pytest.raises(Problem, match="changed_meanwhile"):
        at_desk(world, officer, pass_on_request, request_id)
    at_desk(world, officer, answer_request, request_id, "Hoãn đến thứ Hai")
    at_desk(world, officer, close_request, request_id)
    with pytest.raises(Problem, match="changed_meanwhile"):
        at_desk(world, officer, answer_request, request_id, "Còn nữa")
    assert row_of(world, Request, request_id).answer == "Hoãn đến thứ Hai"


def test_another_communes_officer_and_a_volunteer_have_no_say(world: World) -> None:
    request_id = asked(world)
    far = Actor(Role.COORDINATOR, area_id=world.communes["far"])
    for actor, code in ((far, "out_of_scope"), (Actor(Role.VOLUNTEER), "forbidden"), (Actor(Role.ADMIN), "forbidden")):
        for operation, said in ((answer_request, ["x"]), (pass_on_request, []), (close_request, [])):
            with pytest.raises(Problem, match=code):
                at_desk(world, actor, operation, request_id, *said)
    assert row_of(world, Request, request_id).state == "open"


def test_the_order_of_the_refusals(world: World) -> None:
    phone = unlimited(world).phone("an")
    first = asks(phone, world)
    phone.send(first)
    faults: Faults = {
        "id_reused": put(id=first["args"]["id"]),
        "invalid_field": put(topic=""),
        "implausible_time": head(at="1970-01-01T00:00:00Z"),
        "wrong_author": head(member_id=str(world.members["chi"])),
        "out_of_scope": put(village_id=str(world.villages["c"])),
    }
    check_order(phone, lambda: asks(phone, world), faults)


@pytest.mark.parametrize(
    ("args", "field"),
    [({"topic": " "}, "topic"), ({"topic": "x" * 121}, "topic"), ({"topic": 5}, "topic"), ({"topic": None}, "topic"),
     ({"topic": ""}, "topic"), ({"text": " \n "}, "text"), ({"text": ""}, "text"),
     ({"text": None}, "text"), ({"text": "x" * 1001}, "text"), ({"text": "a\u0000b"}, "text"), ({"id": "x"}, "id")],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_by_its_field(world_on_sqlite: World, args: Any, field: str) -> None:
    phone = world_on_sqlite.phone("an")
    result = phone.send(asks(phone, world_on_sqlite, **args))[0]
    assert (result["code"], result["field"]) == ("invalid_field", field)


def test_every_topic_is_taken(world_on_sqlite: World) -> None:
    phone = world_on_sqlite.phone("an")
    assert {told(phone, asks(phone, world_on_sqlite, topic=topic)) for topic in Topic} == {"applied"}


def test_another_clients_topic_is_taken_in_its_own_words(world: World) -> None:
    """The protocol names no topics: whoever is written against it alone cannot know ours."""
    phone = world.phone("an")
    request = asks(phone, world, topic="Thời tiết", text="Đường ngập")
    assert told(phone, request) == "applied"
    assert on(phone, request["args"]["id"])["topic"] == "Thời tiết"
    assert "Thời tiết" in world.client("xa").get("/desk/requests").text


def test_what_was_asked_before_a_reassignment_is_still_taken_after_it(world: World) -> None:
    """F31: judged by where the author served when it was written."""
    an = world.phone("an")
    early = asks(an, world, at=(an.now() - timedelta(minutes=5)).isoformat())
    reassign(world, "an", "b", an.now())
    assert told(an, early) == "applied"
    assert told(an, asks(an, world)) == "out_of_scope"
    assert an.kind("request") == {}


def test_who_has_the_ground_has_the_request(world: World) -> None:
    """A village that became a part of another commune's brings what it asked."""
    request_id = UUID(asked(world))
    merge_villages(world, "a", into="c")
    for commune, seen in (("near", []), ("far", [request_id])):
        actor = Actor(Role.COORDINATOR, area_id=world.communes[commune])
        with world.app.app_context():
            assert [one.id for one in requests_seen(actor, db.session(), clock.now())] == seen
