"""Work that was given out: campaigns and tasks in every state, by the operations of the desk and of teams."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor, Duty, Role
from cdtteam.assigning.operations import end_campaign
from cdtteam.campaigns.models import Brief, Campaign, Unit
from cdtteam.campaigns.operations import issue_campaign
from cdtteam.core.clock import civil_date
from cdtteam.demo.people import FOUNDED_AT, Village
from cdtteam.demo.size import Habit
from cdtteam.replica.work import Work
from cdtteam.tasks.giving import Order, give_tasks
from cdtteam.tasks.models import State, Task
from cdtteam.tasks.operations import Word, progress_task
from cdtteam.tasks.queries import note_delivered

DAY = timedelta(days=1)
MANY = 12  # households, or visits


class Said(NamedTuple):
    """How far a team has come, and what it says about it."""

    state: State
    note: str | None = None


SAID = {
    Habit.ACTIVE: Said(State.ACCEPTED),
    Habit.NOTHING: Said(State.SEEN),
    Habit.NO_ENTRIES: Said(State.BLOCKED, "Cả thôn đang vụ thu hoạch, tối mới gặp được dân."),
    Habit.REFUSED: Said(State.DECLINED, "Tổ chỉ còn hai người, xin chuyển cho tổ bên."),
}
DONE_EVERY = 7  # of the teams that are at work so many are done already


@dataclass(frozen=True, slots=True)
class Officers:
    """Who gives out work: the province's, and the coordinator of the commune of the sign-ins."""

    province: Actor
    commune: Actor


def give_work(session: Session, officers: Officers, villages: Sequence[Village], now: datetime) -> None:
    """A campaign of the province that runs; one of the commune that is late, and one that was closed; single tasks."""
    own = [village for village in villages if village.is_own]
    vneid = Brief(
        "Cài VNeID mức 2 cho người cao tuổi", "Cuối năm, mỗi hộ có ít nhất một người dùng được VNeID.",
        *_days(now, 10, -20), "vneid_level2", document="123/KH-UBND", is_focus=True,
    )  # fmt: skip
    _run(session, officers.province, vneid, villages, now - 10 * DAY)
    safety = Brief(
        "Cảnh báo lừa đảo qua điện thoại", "Nhiều hộ đã nhận cuộc gọi giả danh công an. Hướng dẫn cách nhận ra.",
        *_days(now, 9, 2), "online_safety", Unit.VISITS, document="45/KH-UBND",
    )  # fmt: skip
    _run(session, officers.commune, safety, own, now - 9 * DAY)
    services = Brief(
        "Tuần lễ nộp hồ sơ trực tuyến", "Mỗi tổ giúp bà con nộp hồ sơ ngay tại nhà văn hoá.",
        *_days(now, 13, 4), "dvc_online",
    )  # fmt: skip
    closed = _run(session, officers.commune, services, own, now - 13 * DAY)
    work = Work(session, now - 3 * DAY)
    thanks = "Cảm ơn các anh chị đã dành thời gian cho bà con."
    end_campaign(officers.commune, work, session.get_one(Campaign, closed), thanks=thanks)
    work.flush()
    _single_tasks(session, officers.commune, own, now)


def _days(now: datetime, began: int, ended: int) -> tuple[date, date]:
    """The first day and the last one, by how many days each is past."""
    return civil_date(now - began * DAY), civil_date(now - ended * DAY)


def _run(session: Session, actor: Actor, brief: Brief, villages: Sequence[Village], began: datetime) -> UUID:
    """A campaign that each village's team was asked for, and what its team says the day after."""
    work = Work(session, began)
    assert actor.area_id
    campaign = issue_campaign(actor, work, actor.area_id, brief, target=MANY)
    orders = [Order(village.team_id, village.area.id, MANY) for village in villages]
    give_tasks(actor, work, brief, orders, campaign.id)
    work.flush()
    asked = {village.area.id: village for village in villages if village.habit in SAID}
    # The phones of teams that are heard of hold what they were given, and then they say something.
    tasks = [task for task in _tasks(session, campaign.id) if task.village_id in asked]
    duties = [duty_of(village) for village in asked.values()]
    note_delivered(session, duties, {task.village_id: task.version for task in tasks}, began + DAY / 2)
    _answer(Work(session, began + DAY), tasks, asked)
    return campaign.id


def _answer(work: Work, tasks: Sequence[Task], asked: Mapping[UUID, Village]) -> None:
    work.lock(asked)
    for place, task in enumerate(tasks):
        village = asked[task.village_id]
        is_done = village.habit is Habit.ACTIVE and place % DONE_EVERY == 1
        _say(work, task, village, Said(State.DONE) if is_done else SAID[village.habit])
    work.flush()


def _say(work: Work, task: Task, village: Village, said: Said) -> None:
    leader = village.mates[0]
    actor = Actor(Role.VOLUNTEER, member_id=leader.id, duties=(duty_of(village),))
    progress_task(actor, work, task, Word(leader.id, said.state, said.note, work.now))


def _single_tasks(session: Session, actor: Actor, own: Sequence[Village], now: datetime) -> None:
    """A list of households for the first team, and something for one member of the next."""
    first, second = own[0], own[1]
    again = Brief("Quay lại các hộ đã hẹn", "Các hộ này đã hẹn tổ quay lại.", *_days(now, 1, -2), "device_basics")
    group = Brief(
        "Mở một buổi hướng dẫn chung", "Mượn nhà văn hoá một tối, mời bà con mang theo điện thoại.",
        *_days(now, 1, -6), "cashless_payment", Unit.VISITS,
    )  # fmt: skip
    work = Work(session, now - DAY)
    give_tasks(actor, work, again, [Order(first.team_id, first.area.id, household_ids=first.household_ids[:4])])
    give_tasks(actor, work, group, [Order(second.team_id, second.area.id, 1, member_id=second.mates[0].id)])
    work.flush()


def duty_of(village: Village) -> Duty:
    """What a member of a village's team has to do there."""
    return Duty(village.team_id, village.area.id, FOUNDED_AT, None)


def _tasks(session: Session, campaign_id: UUID) -> list[Task]:
    """The tasks of a campaign, in the order in which they were given."""
    return list(session.scalars(select(Task).where(Task.campaign_id == campaign_id).order_by(Task.id)))
