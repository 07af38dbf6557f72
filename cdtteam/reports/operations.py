"""Saying that there was nothing to report."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from cdtteam.access.models import Actor, Permission, Place, Role
from cdtteam.access.policy import require
from cdtteam.replica.work import Work
from cdtteam.reports.models import NothingReport, period_to_report


def report_nothing(
    actor: Actor, work: Work, *, village_id: UUID, period: str, author_id: UUID, team_id: UUID, at: datetime
) -> None:
    """Records a team's word for a week or month up to the current one; repeating it changes nothing.

    What an officer says for a team is marked with their account.
    """
    require(actor, Permission.REPORT_NOTHING, Place(village_id, at), session=work.session, now=work.now)
    days = period_to_report(period, work.now)
    same = (NothingReport.team_id == team_id, NothingReport.village_id == village_id, NothingReport.period == period)
    if work.session.scalar(select(NothingReport.id).where(*same)):
        return
    report = NothingReport(
        team_id=team_id, village_id=village_id, period=period, from_on=days.from_on, to_on=days.to_on,
        author_id=author_id, entered_by=None if actor.role is Role.VOLUNTEER else actor.user_id, received_at=work.now,
    )  # fmt: skip
    work.session.add(report)
    work.session.flush()
    work.changed("report", report, village_id)
