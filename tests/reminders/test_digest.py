"""The digest: once a day at the chosen hour, only for who has something due, in numbers and in their language."""

import threading
from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor, Role
from cdtteam.accounts.models import DeviceContact, User
from cdtteam.core import clock
from cdtteam.core.clock import CIVIL_ZONE
from cdtteam.core.db import db
from cdtteam.notify.models import Notification, Preference
from cdtteam.reminders import chores
from cdtteam.reminders.chores import remind
from cdtteam.tasks.models import Task
from cdtteam.web.transactions import writing
from tests.support.assigning import Officer, says
from tests.support.days import today
from tests.support.noticing import told
from tests.support.world import Phone, World


def at(hour: int, *, days: int = 0) -> datetime:
    """An hour of the civil day."""
    return datetime(today().year, today().month, today().day, hour, 5, tzinfo=CIVIL_ZONE) + timedelta(days=days)


def reminded(world: World, now: datetime | None = None) -> dict[str, tuple[str, str]]:
    """Text and link of each digest that one run of the chore writes, by handle."""
    before = {one.id for one in digests(world)}
    with world.app.app_context():
        remind(now or at(12))
    with world.app.app_context():
        by_id = {id_: handle for id_, handle in db.session.execute(select(User.id, User.handle))}  # noqa: C416
    new = [one for one in digests(world) if one.id not in before]
    assert len({one.account_id for one in new}) == len(new), "one at most"
    return {by_id[one.account_id]: (one.body["text"], one.link) for one in new if one.account_id}


def digests(world: World) -> list[Notification]:
    return told(world, Notification.topic == "reminder")


def came(world: World, *handles: str) -> list[Phone]:
    """Members who are in the app; nothing of theirs is due."""
    phones = [world.phone(handle) for handle in handles]
    for phone in phones:
        phone.send()
    return phones


def give(world: World, due_on: date, **order: Any) -> str:
    officer = Officer(world)
    [task_id] = officer.give(
        officer.order(**order), from_on=today() - timedelta(days=20), due_on=today() + timedelta(days=30)
    )
    with world.app.app_context(), writing(db.session()):
        db.session.execute(update(Task).where(Task.id == UUID(task_id)).values(due_on=due_on))
    return task_id


def test_who_has_nothing_due_hears_nothing(world: World) -> None:
    came(world, "an", "chi")
    give(world, today() + timedelta(days=2))
    assert reminded(world) == {}
    assert digests(world) == []


def test_tasks_due_and_late_are_counted_once_a_day(world: World) -> None:
    an, binh, _ = came(world, "an", "binh", "chi")
    soon = give(world, today() + timedelta(days=1))
    assert reminded(world, at(6)) == {}, "before the hour nobody is woken"
    assert reminded(world, at(7)) == {
        "an": ("1 nhiệm vụ đến hạn hôm nay hoặc ngày mai.", f"/task/{soon}"),
        "binh": ("1 nhiệm vụ đến hạn hôm nay hoặc ngày mai.", f"/task/{soon}"),
    }
    for hour in (7, 8, 20):
        assert reminded(world, at(hour)) == {}, "one a day"
    late = give(world, today() - timedelta(days=1), member_id=world.members["binh"])
    give(world, today() - timedelta(days=40), team="b")  # late for so long that nobody is told of it day by day
    an.send(says(an, soon, "done"))
    assert reminded(world, at(7, days=1)) == {"binh": ("1 nhiệm vụ quá hạn.", f"/task/{late}")}
    binh.send(says(binh, late, "blocked", "Mất sóng"))
    assert reminded(world, at(7, days=2)) == {}, "it is the desk's turn"
    assert {one.title["text"] for one in digests(world)} == {"Việc hôm nay"}


def test_each_at_the_hour_that_they_chose_and_never_at_night(world: World) -> None:
    came(world, "an", "binh")
    give(world, today())
    with world.app.app_context(), writing(db.session()):
        account = db.session.scalars(select(User.id).where(User.handle == "an")).one()
        db.session.add(Preference(account_id=account, topics_off=[], digest_hour=19, set_at=clock.now()))
    assert list(reminded(world, at(8))) == ["binh"]
    assert list(reminded(world, at(19))) == ["an"]
    assert reminded(world, at(22, days=1)) == {}, "what the worker missed all day is another day's"
    assert len(reminded(world, at(19, days=2))) == 2


def test_households_that_were_promised_a_visit_and_not_visited_since(world: World) -> None:
    [an, _] = came(world, "an", "chi")
    village = world.villages["a"]
    homes = [an.household(village, name) for name in ("Đinh Văn Ổn", "Rơ Châm Suệ", "Siu H'Lan")]
    an.send(*homes)
    ids = [home["args"]["id"] for home in homes]
    earlier = (an.now() - timedelta(days=3)).isoformat()
    again = (today() - timedelta(days=1)).isoformat()
    far = (today() + timedelta(days=9)).isoformat()
    results = an.send(
        an.visit(village, household_id=ids[0], occurred_at=earlier, follow_up_on=again),
        an.visit(village, household_id=ids[1], occurred_at=earlier, follow_up_on=again),
        an.visit(village, household_id=ids[2], follow_up_on=far),
        an.visit(village, household_id=ids[1]),
    )
    assert {result["status"] for result in results} == {"applied"}
    assert reminded(world) == {"an": ("1 hộ đã đến ngày hẹn quay lại.", "/next")}
    assert not [one for one in digests(world) if any(name in str(one.body) for name in ("Ổn", "Suệ", "Lan"))]
    an.send(an.visit(village, household_id=ids[0]))
    assert reminded(world, at(12, days=1)) == {}


def test_a_phone_that_was_not_heard_of_for_three_days(world: World) -> None:
    an, _ = came(world, "an", "chi")
    an.send(an.visit(world.villages["a"]))
    assert reminded(world, at(9, days=2)) == {}
    text = "Máy chưa gửi gì về đã 3 ngày: mời mở ứng dụng ở nơi có mạng."
    assert reminded(world, at(9, days=3)) == {"an": (text, "/account")}, "chi never recorded anything"
    assert reminded(world, at(9, days=4)) == {}, "nobody is told so every day"
    assert list(reminded(world, at(9, days=7))) == ["an"]
    with world.app.app_context(), writing(db.session()):
        contacts = update(DeviceContact).where(DeviceContact.member_id == world.members["an"])
        db.session.execute(contacts.values(on=today() + timedelta(days=13)))
    assert reminded(world, at(9, days=14)) == {}


def test_several_things_are_one_digest_in_the_accounts_language(world_on_sqlite: World) -> None:
    world = world_on_sqlite
    [an] = came(world, "an")
    an.send(an.visit(world.villages["a"]))
    give(world, today() + timedelta(days=2))
    give(world, today() + timedelta(days=3))
    with world.app.app_context(), writing(db.session()):
        db.session.execute(update(User).where(User.handle == "an").values(locale="en"))
    text = (
        "1 task is late. 1 task is due by tomorrow. "
        "Your phone has sent nothing for 3 days: please open the app where there is a network."
    )
    assert reminded(world, at(9, days=3)) == {"an": (text, "/")}
    assert digests(world)[0].title == {"text": "For today"}


def test_officers_hear_of_the_months_report_near_its_last_day(world: World) -> None:
    world.client("xa")

    def hears(day: int) -> list[str]:
        """What is said at noon of a day of December 2026, whose fifth is the last for the report of November."""
        found = reminded(world, datetime(2026, 12, day, 12, tzinfo=CIVIL_ZONE))
        assert found.keys() <= {"xa"}, "who never signed in is not reminded"
        return list(found.get("xa", ()))

    assert hears(2) == []
    text = "Báo cáo tháng 11/2026 cần chốt trước hết ngày 05/12/2026."
    assert hears(3) == [text, "/desk/reports?period=2026-11&calendar=civil"]
    assert hears(12) == [text, "/desk/reports?period=2026-11&calendar=civil"]
    assert hears(13) == [], "late for over a week"
    assert "05/11/2026" in hears(14)[0], "the week begins with all that is late"


def test_whose_data_cannot_be_read_keeps_nobody_else_from_being_told(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    came(world, "an", "binh")
    world.client("xa")
    world.client("tinh")
    give(world, today())
    due_for, owed = chores.due_for, chores.reports_owed

    def fail_for_one(session: Session, member_ids: Collection[UUID], now: datetime) -> Any:
        if world.members["an"] in member_ids:
            raise ValueError("Nguyễn Văn An")
        return due_for(session, member_ids, now)

    def fail_for_commune(actor: Actor, *args: Any) -> Any:
        if actor.role is Role.COORDINATOR:
            raise ValueError("Nguyễn Văn An")
        return owed(actor, *args)

    monkeypatch.setattr(chores, "due_for", fail_for_one)
    monkeypatch.setattr(chores, "reports_owed", fail_for_commune)
    assert "binh" in reminded(world)
    assert f"member {world.members['an']} is not reminded: ValueError" in caplog.text
    assert caplog.text.count("is not reminded: ValueError") == 2, "the member and the commune's officer"
    assert "Nguyễn" not in caplog.text


def test_two_workers_at_once_remind_each_once(world: World) -> None:
    came(world, "an", "binh")
    give(world, today())
    meeting, errors = threading.Barrier(2, timeout=20), []

    def work() -> None:
        try:
            meeting.wait()
            with world.app.app_context():
                remind(at(12))
        except Exception as error:  # noqa: BLE001 — told by the test
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(digests(world)) == 2


def test_a_run_that_is_cut_short_is_made_up_for(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    came(world, "an")
    give(world, today())

    def fail(*_: object, **__: object) -> None:
        raise OSError("the power went")

    with monkeypatch.context() as patch:
        patch.setattr(chores, "notify_each", fail)
        with pytest.raises(OSError, match="the power went"):
            reminded(world)
    assert digests(world) == []
    assert list(reminded(world)) == ["an"], "nobody's turn was lost"
