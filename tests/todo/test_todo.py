"""“Việc cần làm”: what waits for a coordinator, in plain sentences, by its last day, at most five."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, update
from sqlalchemy.engine import Engine

from cdtteam.access.models import SYSTEM
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.ids import new_id
from cdtteam.households.models import Household
from cdtteam.monthly.deadlines import reports_owed
from cdtteam.monthly.models import ReportEdition
from cdtteam.participation.todo import Todo, most_urgent
from cdtteam.participation.words import due_words
from cdtteam.residents.models import CommuneContact
from cdtteam.teams.models import Membership, Position
from cdtteam.web.transactions import writing
from tests.desk.test_pages import assert_valid, page, text_of
from tests.support.days import today
from tests.support.merged import merge_villages
from tests.support.world import World

BEGINNING = date(2020, 1, 1)


def todos(client: FlaskClient, path: str = "/desk/") -> list[str]:
    """Each line as it is read, without what its link says."""
    html = page(client, path)
    assert_valid(html)
    lines = re.search(r'<ol class="todos">(.*?)</ol>', html, re.DOTALL)
    return (
        [text_of(line.partition("<a ")[0]) for line in re.findall(r"<li>(.*?)</li>", lines[1], re.DOTALL)]
        if lines
        else []
    )


def everybody_leads(world: World) -> None:
    with world.app.app_context(), writing(db.session()):
        db.session.execute(update(Membership).values(position=Position.LEADER))


def close_months(world: World, calendar: str = "civil", of: str = "near") -> None:
    """Closes the reports of all months that can be asked for."""
    number = today().year * 12 + today().month - 1
    with world.app.app_context(), writing(db.session()):
        for month in range(number - 2, number + 2):
            db.session.add(
                ReportEdition(
                    id=new_id(), area_id=world.communes[of], period=f"{month // 12}-{month % 12 + 1:02d}",
                    calendar=calendar, from_on=today(), to_on=today(), number=1, closed_by_name="Xa",
                    closed_at=clock.now() + timedelta(seconds=month - number), texts={}, facts={}, versions={},
                    word=b"", sheet=b"",
                )
            )  # fmt: skip


def give_number(world: World) -> None:
    """Residents of the commune have a number to call."""
    with world.app.app_context(), writing(db.session()):
        number = CommuneContact(area_id=world.communes["near"], phone="0256123456", changed_at=clock.now())
        db.session.add(number)


def settled(world: World) -> FlaskClient:
    """The coordinator of a commune in which nothing waits: every team has reported, everybody is in the app."""
    close_months(world)
    everybody_leads(world)
    give_number(world)
    for handle, village in (("an", "a"), ("binh", "a"), ("chi", "b")):
        phone = world.phone(handle)
        phone.send(phone.visit(world.villages[village]))
    return world.client("xa")


def test_nothing_to_do_is_said(world: World) -> None:
    desk = settled(world)
    assert todos(desk) == []
    assert "Hôm nay không có việc nào đang chờ." in text_of(page(desk, "/desk/"))


def test_the_ground_of_a_village_that_ended_is_looked_after(world: World) -> None:
    """Thôn B went into Thôn A: its team, its people and its households wait as before, for whose commune it is."""
    desk, chi, an = settled(world), world.phone("chi"), world.phone("an")
    for phone, village in ((chi, "b"), (an, "a")):
        phone.send(phone.household(world.villages[village]))
    with world.app.app_context(), writing(db.session()):
        db.session.execute(update(Household).values(entered_at=clock.now() - timedelta(days=40)))
        wanted = Membership.member_id == world.members["chi"]
        db.session.execute(update(Membership).where(wanted).values(position=Position.MEMBER))
    merge_villages(world, "b", into="a")
    assert chi.send(chi.visit(world.villages["b"], participants=0))[0]["status"] == "refused"
    found = " ".join(todos(desk))
    assert "Tổ CNSCĐ thôn B chưa có tổ trưởng" in found
    assert "1 mục bị trả lại máy của tổ" in found
    assert re.search(r"2 hộ .* chưa được hỏi|2 hộ đã chờ", found), found


def test_what_waits_is_told_by_its_last_day(world: World) -> None:
    desk = world.client("xa")
    found = todos(desk)
    assert len(found) <= 5
    assert "3 người chưa vào ứng dụng và chưa có lời mời. khi thuận tiện" in found
    assert "2 tổ chưa có tổ trưởng. khi thuận tiện" in found
    assert re.match(r"Báo cáo tháng \d+/\d{4} chưa chốt\. (quá hạn|hạn|còn)", found[0])
    assert "khi thuận tiện" in found[-1]


def test_a_commune_without_a_number_for_residents_is_asked_for_it(world_on_sqlite: World) -> None:
    desk = settled(world_on_sqlite)
    with world_on_sqlite.app.app_context(), writing(db.session()):
        db.session.execute(update(CommuneContact).values(phone=None))
    assert todos(desk) == ["Trang của thôn chưa có số điện thoại của xã cho người dân gọi. khi thuận tiện"]


def test_an_entry_that_was_sent_back_is_told_until_it_is_settled(world: World) -> None:
    desk, an = settled(world), world.phone("an")
    bad = an.visit(world.villages["a"], participants=0)
    assert an.send(bad)[0]["status"] == "refused"
    (line,) = todos(desk)
    assert line.startswith("1 mục bị trả lại máy của tổ: nhắc tổ mở “Cần xem lại”.")
    assert todos(world.client("xakhac")) == [one for one in todos(world.client("xakhac")) if "trả lại" not in one]
    an.send(an.visit(world.villages["a"], replaces=bad["id"]))
    assert todos(desk) == []


def test_households_that_were_not_asked_wait_a_month_first(world: World) -> None:
    desk, an = settled(world), world.phone("an")
    asked = {"named": {"given": True, "notice": "2026-1", "at": an.now().isoformat()}}
    an.send(an.household(world.villages["a"]), an.household(world.villages["a"], "Lê Thị Tư", consents=asked))
    assert todos(desk) == []
    with world.app.app_context(), writing(db.session()):
        db.session.execute(update(Household).values(entered_at=clock.now() - timedelta(days=31)))
    assert todos(desk) == ["1 hộ đã hơn một tháng chưa được hỏi việc ghi tên. khi thuận tiện"]


def test_only_the_page_of_ones_own_area_has_the_list(world_on_sqlite: World) -> None:
    for handle, path in (
        ("tinh", "/desk/area/21601"),
        ("quantri", "/desk/"),
        ("xa", "/desk/area/va"),
        ("xa", "/desk/?map=2026-01-01"),
    ):
        assert "Việc cần làm" not in page(world_on_sqlite.client(handle), path)
    assert "Việc cần làm" in page(world_on_sqlite.client("xa"), "/desk/area/21601?period=2026-01")


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The statements that run meanwhile."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_the_list_costs_few_queries_and_none_of_visits(world_on_sqlite: World) -> None:
    desk = world_on_sqlite.client("xa")
    with world_on_sqlite.app.app_context():
        engine = db.engine
    page(desk, "/desk/")
    with counted(engine) as with_list:
        page(desk, "/desk/")
    with counted(engine) as without:
        page(desk, "/desk/?map=2026-01-01")
    assert 0 < len(with_list) - len(without) <= 9
    of_visits = [sum("FROM visit " in " ".join(one.split()) for one in seen) for seen in (with_list, without)]
    assert of_visits[0] == of_visits[1]


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (-2, "quá hạn 2 ngày"),
        (0, "hạn hôm nay"),
        (1, "còn 1 ngày"),
        (7, "còn 7 ngày"),
        (8, "hạn 08/12"),
        (40, "hạn 09/01/2027"),
    ],
)
def test_a_last_day_in_words(world_on_sqlite: World, days: int, words: str) -> None:
    today = date(2026, 11, 30)
    with world_on_sqlite.app.test_request_context():
        assert due_words(today + timedelta(days=days), today) == words
        assert due_words(None, today) == "khi thuận tiện"


def test_five_at_most_and_what_has_no_last_day_comes_last() -> None:
    def todo(text: str, due_on: date | None) -> Todo:
        return Todo(text, "/", "", due_on)

    some = [
        todo("never", None),
        todo("late", date(2027, 1, 2)),
        *(todo(str(n), date(2026, 1, n)) for n in range(9, 1, -1)),
    ]
    assert [one.text for one in most_urgent(some)] == ["2", "3", "4", "5", "6"]
    assert [one.text for one in most_urgent(some[:2])] == ["late", "never"]


@pytest.mark.parametrize(
    ("today", "owed"),
    [
        (date(2026, 11, 27), [("2026-10", date(2026, 11, 5)), ("2026-11", date(2026, 12, 5))]),
        (date(2026, 11, 19), [("2026-09", date(2026, 10, 5)), ("2026-10", date(2026, 11, 5))]),
        (date(2027, 1, 1), [("2026-11", date(2026, 12, 5)), ("2026-12", date(2027, 1, 5))]),
    ],
)
def test_which_months_are_owed_and_by_when(world_on_sqlite: World, today: date, owed: list[tuple[str, date]]) -> None:
    with world_on_sqlite.app.app_context():
        near = world_on_sqlite.communes["near"]
        found = reports_owed(SYSTEM, db.session(), near, BEGINNING, today, 15)
        assert [(one.period.name, one.due_on) for one in found] == owed
        assert [one.period.name for one in reports_owed(SYSTEM, db.session(), near, today, today, 15)] == [
            name for name, due_on in owed if due_on - timedelta(days=5) >= today
        ]


def test_a_commune_that_closes_report_months_is_asked_for_those(world_on_sqlite: World) -> None:
    close_months(world_on_sqlite, "report")
    later = today().replace(day=1) + timedelta(days=100)
    with world_on_sqlite.app.app_context():
        found = reports_owed(
            SYSTEM, db.session(), world_on_sqlite.communes["near"], BEGINNING, later.replace(day=5), 15
        )
    assert {one.calendar for one in found} == {"report"}
    assert [one.due_on.day for one in found] == [19, 19]
