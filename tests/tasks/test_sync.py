"""Tasks on the wire: who receives them, and when the desk knows that they arrived."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import event, func, select

from cdtteam.access.models import Actor, Role
from cdtteam.accounts.models import User
from cdtteam.areas.models import AreaTerm
from cdtteam.core import clock
from cdtteam.core.clock import civil_date, day_start
from cdtteam.core.db import db
from cdtteam.tasks.models import Task
from cdtteam.tasks.operations import extend_task, reassign_task, reopen_task, withdraw_task
from cdtteam.teams.models import Team
from cdtteam.teams.operations import found_team, serve_village
from tests.support.assigning import Officer, a_brief, says, state_on
from tests.support.wire import reassign, row_of
from tests.support.world import LONG_AGO, Phone, World


def test_a_task_comes_to_every_phone_of_its_team_as_it_was_agreed(officer: Officer) -> None:
    [task_id] = officer.give()
    brief = a_brief()
    an, binh, chi = (officer.world.phone(handle) for handle in ("an", "binh", "chi"))
    for phone in (an, binh):
        phone.send()
        [row] = phone.kind("task").values()
        assert {name: value for name, value in row.items() if name != "version"} == {
            "id": task_id, "village_id": str(officer.world.villages["a"]), "team_id": str(officer.world.teams["a"]),
            "member_id": None, "campaign_id": None, "title": brief.title, "text": brief.text, "service": "vneid_level2",
            "target": 120, "unit": "households", "household_ids": None, "from_on": brief.from_on.isoformat(),
            "due_on": brief.due_on.isoformat(), "ended_on": None, "document": "123/KH-UBND", "focus": True,
            "state": "sent", "reason": None, "note": None,
        }  # fmt: skip
    chi.send()
    assert chi.kind("task") == {}


def test_phones_are_told_who_asks(officer: Officer) -> None:
    """The commune or the province, whoever of its officers it was, and whether by a campaign or not."""
    world = officer.world
    province = Officer(world, Actor(Role.PROVINCE, area_id=world.province))
    phone = world.phone("an")
    with world.app.app_context():
        [user_id] = db.session().scalars(select(User.id).where(User.handle == "xa"))
    own = Officer(world, Actor(Role.COORDINATOR, user_id, area_id=world.communes["near"]))
    drive = province.issue()
    [of_campaign] = own.give(campaign_id=drive)
    [single] = own.give()
    [nobodys] = officer.give()
    phone.send()
    rows = phone.kind("task")
    told = [rows[task_id].get("issuer") for task_id in (of_campaign, single, nobodys)]
    assert told == ["Tỉnh Bình Định", "Xã near", None]


def test_phones_agree_on_who_asks_when_the_map_has_changed(officer: Officer) -> None:
    world, yesterday = officer.world, civil_date(clock.now()) - timedelta(days=1)
    drive = officer.issue()
    [task_id] = officer.give(campaign_id=drive)
    phone = world.phone("an")
    phone.send()
    held = phone.kind("task")[task_id]["issuer"]
    with officer.at_work() as work:
        term = work.session.scalars(select(AreaTerm).where(AreaTerm.area_id == world.communes["near"])).one()
        said = {"area_id": term.area_id, "code": term.code, "kind": term.kind, "parent_id": term.parent_id}
        term.until_on = yesterday
        work.session.add(AreaTerm(name="Xã Gộp Mới", from_on=yesterday, **said))
        work.session.get_one(Task, UUID(task_id)).created_at -= timedelta(days=9)
    fresh = world.phone("binh")
    fresh.send()
    assert fresh.kind("task")[task_id]["issuer"] == held == "Xã near"


def test_withdrawn_and_given_to_others_it_leaves_the_phone(officer: Officer) -> None:
    world = officer.world
    back, over, away = officer.give(*[officer.order("a")] * 3)
    an, chi = world.phone("an"), world.phone("chi")
    an.send()
    second = second_team(officer)
    officer.do(withdraw_task, back)
    officer.do(reassign_task, over, second, world.villages["a"])
    officer.do(reassign_task, away, world.teams["b"], world.villages["b"])
    gone = {change["id"]: change.get("gone") for change in an.post().json["changes"] if change["kind"] == "task"}
    assert gone == {back: "withdrawn", over: "left_scope", away: "left_scope"}
    an.send()
    assert an.kind("task") == {}
    chi.send()
    assert set(chi.kind("task")) == {away}
    an.epoch = an.cursor = None
    assert [change for change in an.post().json["changes"] if change["kind"] == "task"] == []


def second_team(officer: Officer) -> UUID:
    """Another team that serves village `a`."""
    with officer.at_work() as work:
        actor = Actor(Role.ADMIN)
        team = found_team(actor, work, officer.world.villages["b"], "Tổ CNSCĐ thôn B (2)", started_at=LONG_AGO)
        serve_village(actor, work, team, officer.world.villages["a"], started_at=LONG_AGO)
        officer.world.teams["second"] = team.id
        return team.id


def test_who_changes_teams_within_a_village_changes_tasks(officer: Officer) -> None:
    """The village stays, so what was seen of its log stays as well: tasks of the new team are older than that."""
    world = officer.world
    second_team(officer)
    [old] = officer.give()
    [new] = officer.give(officer.order("second", "a"))
    an = world.phone("an")
    an.send()
    assert set(an.kind("task")) == {old}
    reassign(world, "an", "second", clock.now())
    an.send()
    assert set(an.kind("task")) == {new}


def test_the_desk_knows_when_a_phone_of_the_team_holds_it_as_it_stands(officer: Officer) -> None:
    [task_id] = officer.give()
    stranger, an = officer.world.phone("chi"), officer.world.phone("an")

    def is_delivered() -> bool:
        return row_of(officer.world, Task, task_id).delivered_at is not None

    stranger.send()
    stranger.send()
    an.send()
    assert not is_delivered(), "it was sent, and may have been lost on the way"
    an.send()
    assert is_delivered()
    officer.do(extend_task, task_id, civil_date(clock.now()) + timedelta(days=20))
    assert not is_delivered(), "the team does not know of the new day yet"
    an.send()
    an.send()
    assert is_delivered()


def test_whoever_answers_has_it(officer: Officer) -> None:
    [task_id] = officer.give()
    an = officer.world.phone("an")
    an.post(says(an, task_id, "seen"))
    assert row_of(officer.world, Task, task_id).delivered_at is not None


def test_a_sync_pays_for_deliveries_only_when_there_is_one(officer: Officer) -> None:
    an = officer.world.phone("an")
    an.send()
    an.send()
    without = statements_of(officer.world, an)
    officer.give()
    an.send()
    assert statements_of(officer.world, an) > without
    assert statements_of(officer.world, an) == without


def statements_of(world: World, phone: Phone) -> int:
    """How many statements a sync of nothing costs."""
    found: list[Any] = []
    with world.app.app_context():
        engine = db.engine
    listen = lambda *given: found.append(given[2])  # noqa: E731
    event.listen(engine, "before_cursor_execute", listen)
    phone.post()
    event.remove(engine, "before_cursor_execute", listen)
    return len(found)


def test_a_province_in_one_step(world: World) -> None:
    """What 1,176 villages need is written together: the number of statements does not grow with them."""
    officer = Officer(world)
    orders = [officer.order("a", target=number) for number in range(1, 401)]
    found: list[Any] = []
    with world.app.app_context():
        engine = db.engine
    listen = lambda *given: found.append(given[2])  # noqa: E731
    event.listen(engine, "before_cursor_execute", listen)
    officer.give(*orders)
    event.remove(engine, "before_cursor_execute", listen)
    assert len(found) < 20
    with world.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Task)) == 400
        assert len(set(db.session.scalars(select(Task.version)))) == 400
        assert db.session.get_one(Team, world.teams["a"])
    phone = world.phone("an")
    phone.send()
    assert sorted(row["target"] for row in phone.kind("task").values()) == list(range(1, 401))


def test_days_are_those_of_vietnam(officer: Officer) -> None:
    """Done shortly after midnight in Vietnam is done on the new day, though it is the day before in UTC."""
    [task_id] = officer.give(from_on=civil_date(clock.now()) - timedelta(days=30))
    an = officer.world.phone("an")
    midnight = day_start(civil_date(clock.now()))
    an.send(says(an, task_id, "done", at=midnight.isoformat()))
    assert row_of(officer.world, Task, task_id).ended_on == civil_date(clock.now())


def test_it_is_asked_again_though_a_household_of_its_list_has_gone(officer: Officer) -> None:
    phone = officer.world.phone("an")
    homes = [phone.household(officer.world.villages["a"], name) for name in ("Đinh Văn A", "Đinh Văn B")]
    phone.send(*homes)
    ids = [home["args"]["id"] for home in homes]
    [task_id] = officer.give(officer.order(household_ids=[UUID(one) for one in ids]))
    phone.send(
        says(phone, task_id, "blocked", "Hộ đã chuyển đi"),
        phone.mutation("household.withdraw", {"id": ids[0], "reason": "đã chuyển đi"}),
    )
    officer.do(reopen_task, task_id)
    assert state_on(phone, task_id) == "sent"
    assert phone.kind("task")[task_id]["household_ids"] == ids
