"""What a commune sets for its attendance sheets, and days that it adds to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from cdtteam.access.models import Actor, Permission
from cdtteam.access.policy import require
from cdtteam.attendance.models import Activity, Attendance
from cdtteam.attendance.operations import record_attendance
from cdtteam.attendance.queries import members_on
from cdtteam.core.ids import new_id
from cdtteam.paper.models import AttendanceRates
from cdtteam.replica.work import Work


@dataclass(frozen=True, slots=True)
class Forgotten:
    """A day on which members of a team made visits in a village and stand in no attendance."""

    team_id: UUID
    village_id: UUID
    on: date
    member_ids: frozenset[UUID]


def set_rates(
    actor: Actor,
    session: Session,
    rates: AttendanceRates,
    rate: int | None,
    team_rates: Mapping[UUID, int],
    now: datetime,
) -> None:
    """Says what a day is worth in a commune's month; None while nobody has decided."""
    require(actor, Permission.PAPER_MANAGE, rates.area_id)
    rates.rate, rates.team_rates = rate, {str(team_id): amount for team_id, amount in team_rates.items()}
    rates.version = (rates.version or 0) + 1
    rates.changed_at, rates.changed_by = now, actor.user_id
    session.add(rates)


def add_forgotten(actor: Actor, work: Work, days: list[Forgotten]) -> int:
    """Records attendance for days with visits, in the officer's name; answers how many days were added.

    Whoever was in no such team on that day is left out, as attendance would refuse them.
    """
    require(actor, Permission.PAPER_MANAGE)
    work.lock({day.village_id for day in days})
    added = 0
    for day in days:
        present = sorted(day.member_ids & members_on(work.session, day.village_id, day.on), key=str)
        if present:
            record_attendance(actor, work, _attendance(actor, work, day, present))
            added += len(present)
    return added


def _attendance(actor: Actor, work: Work, day: Forgotten, present: list[UUID]) -> Attendance:
    return Attendance(
        id=new_id(),
        village_id=day.village_id,
        version=0,
        team_id=day.team_id,
        on=day.on,
        member_ids=[str(member_id) for member_id in present],
        activity=Activity.VISITS,
        author_id=present[0],
        entered_by=actor.user_id,
        entered_at=work.now,
        received_at=work.now,
    )
