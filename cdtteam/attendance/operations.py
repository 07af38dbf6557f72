"""Attendance is recorded; nobody changes anything in it afterwards, for it is an event."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import or_, select

from cdtteam.access.models import Actor, Permission, Place
from cdtteam.access.policy import require
from cdtteam.attendance.models import Attendance, check_day
from cdtteam.attendance.queries import members_on
from cdtteam.core.problems import Problem
from cdtteam.core.text import TAKEN_OUT, texts_in
from cdtteam.replica.work import Work


def record_attendance(actor: Actor, work: Work, attendance: Attendance) -> None:
    """Adds a day's attendance; Problem `invalid_field` (member_ids) for whoever was not in such a team that day.

    Who was is told only to those who may record there.
    """
    require(
        actor,
        Permission.ATTENDANCE_RECORD,
        Place(attendance.village_id, attendance.entered_at),
        session=work.session,
        now=work.now,
    )
    check_day(attendance.on, work.now)
    present = {UUID(member_id) for member_id in attendance.member_ids}
    if not present or present - members_on(work.session, attendance.village_id, attendance.on):
        raise Problem("invalid_field", field="member_ids")
    work.changed("attendance", attendance, attendance.village_id)
    work.session.add(attendance)


def forget_in_attendance(actor: Actor, work: Work, village_ids: set[UUID], names_it: Callable[[str], bool]) -> None:
    """Takes out notes of days in villages, which must be locked, that name a household which is to be forgotten."""
    require(actor, Permission.HOUSEHOLD_MANAGE)
    work.write_rows()
    here = select(Attendance).where(Attendance.village_id.in_(village_ids))
    noted = here.where(or_(Attendance.note.is_not(None), Attendance.extra.is_not(None)))
    for day in work.session.scalars(noted.order_by(Attendance.village_id, Attendance.version)):
        if any(map(names_it, texts_in([day.note, day.extra]))):
            day.note, day.extra = day.note and TAKEN_OUT, None
            work.changed("attendance", day, day.village_id)
