"""What teams asked of the commune and what it answered, and households that two of them entered."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor, Role
from cdtteam.core.ids import new_id
from cdtteam.demo.drives import Officers, duty_of
from cdtteam.demo.people import Village
from cdtteam.households.models import Household
from cdtteam.households.operations import Entry, create_household
from cdtteam.replica.work import Work
from cdtteam.requests.models import Request, RequestState, Topic
from cdtteam.requests.operations import answer_request, close_request, pass_on_request, raise_request

DOUBLES = 2
DAY = timedelta(days=1)


class Call(NamedTuple):
    """A request, how many days ago, how far it has come, and what the desk said."""

    topic: Topic
    text: str
    days: int
    state: RequestState
    words: str | None = None


CALLS = (
    Call(
        Topic.CONNECTION, "Xóm trên không có sóng, bà con phải ra đầu làng mới gọi được.", 5, RequestState.PASSED_ON,
        "Đề nghị tỉnh làm việc với nhà mạng.",
    ),
    Call(Topic.DEVICE, "Điện thoại của tổ bị vỡ màn hình, cần một máy để dùng tạm.", 2, RequestState.OPEN),
    Call(
        Topic.SERVICE, "Bà con hỏi cách nộp hồ sơ đất đai trên mạng, tổ chưa rõ các bước.", 6, RequestState.ANSWERED,
        "Xã gửi tài liệu qua nhóm Zalo, chiều thứ Năm cán bộ một cửa xuống hướng dẫn tại nhà văn hoá.",
    ),
    Call(
        Topic.TRAINING, "Tổ có hai thành viên mới, xin được tập huấn lại.", 9, RequestState.CLOSED,
        "Đã tập huấn sáng thứ Bảy tuần trước.",
    ),
)  # fmt: skip


def raise_calls(session: Session, officers: Officers, villages: Sequence[Village], now: datetime) -> None:
    """Requests of the teams that are at work in the commune of the sign-ins, in every state."""
    teams = [village for village in villages if village.is_own and village.mates[0].device_id]
    for place, call in enumerate(CALLS):
        village = teams[place % len(teams)]
        work = Work(session, now - call.days * DAY)
        work.lock([village.area.id])
        leader = village.mates[0]
        request = Request(
            id=new_id(), village_id=village.area.id, version=0, team_id=village.team_id, author_id=leader.id,
            device_id=leader.device_id, topic=call.topic, text=call.text, state=RequestState.OPEN,
            raised_at=work.now, received_at=work.now,
        )  # fmt: skip
        raise_request(_member(village), work, request)
        work.flush()
        _answer(Work(session, work.now + DAY), officers.commune, request, call)


def _answer(work: Work, officer: Actor, request: Request, call: Call) -> None:
    if call.state is RequestState.PASSED_ON:
        pass_on_request(officer, work, request, words=call.words)
    elif call.state is RequestState.ANSWERED and call.words:
        answer_request(officer, work, request, call.words)
    elif call.state is RequestState.CLOSED:
        close_request(officer, work, request, words=call.words)
    work.flush()


def enter_doubles(session: Session, villages: Sequence[Village], now: datetime) -> None:
    """A few households of the first village that somebody of its team entered again, as people type in a hurry."""
    village = next(one for one in villages if one.is_own)
    work = Work(session, now - 2 * DAY)
    work.lock([village.area.id])
    here = select(Household).where(Household.village_id == village.area.id).order_by(Household.code)
    mate = village.mates[1]
    for known in session.scalars(here.limit(DOUBLES)).all():
        fields = {"head_name": known.head_name.lower().title(), "hamlet": known.hamlet, "people": known.people}
        entry = Entry(mate.id, mate.device_id, work.now)
        create_household(
            _member(village), work, entry, household_id=new_id(), village_id=village.area.id, fields=fields
        )
    work.flush()


def _member(village: Village) -> Actor:
    return Actor(Role.VOLUNTEER, member_id=village.mates[0].id, duties=(duty_of(village),))
