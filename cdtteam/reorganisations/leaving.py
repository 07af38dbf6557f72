"""What the offices of communes that end have under way: reports not closed, drafts, accounts of officers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor, Permission, Role
from cdtteam.access.policy import require
from cdtteam.accounts.models import User
from cdtteam.areas.reorganising import Plan
from cdtteam.core.clock import civil_date
from cdtteam.core.periods import Period
from cdtteam.core.text import natural_key
from cdtteam.monthly.deadlines import reports_owed
from cdtteam.monthly.models import ReportDraft
from cdtteam.monthly.queries import last_number
from cdtteam.participation.words import period_name
from cdtteam.teams.models import Team


@dataclass(frozen=True, slots=True)
class Leaving:
    """A commune that would end, and what its office has under way; months and periods in words."""

    name: str
    to: str
    not_closed: list[str]
    drafts: list[str]
    officers: list[str]


def offices_leaving(actor: Actor, session: Session, plan: Plan, report_day: int, now: datetime) -> list[Leaving]:
    """The communes that the plan ends whose office has something under way, by name."""
    require(actor, Permission.AREA_MANAGE)
    found = []
    for area_id, code in plan.ended.items():
        owed = _not_closed(actor, session, plan, area_id, civil_date(now), report_day)
        drafts, officers = _drafts(session, area_id), _officers(session, area_id)
        if owed or drafts or officers:
            found.append(Leaving(plan.before.by_id[area_id].name, plan.units[code].name, owed, drafts, officers))
    return sorted(found, key=lambda one: natural_key(one.name))


def _not_closed(actor: Actor, session: Session, plan: Plan, area_id: UUID, today: date, report_day: int) -> list[str]:
    """The months that the commune is asked for by now: none where it never had a team."""
    homes = Team.home_village_id.in_(plan.before.ground_below(area_id))
    started_at = session.scalar(select(func.min(Team.started_at)).where(homes))
    if started_at is None:
        return []
    owed = reports_owed(actor, session, area_id, civil_date(started_at), today, report_day)
    return _named(report.period.name for report in owed)


def _drafts(session: Session, area_id: UUID) -> list[str]:
    """The periods for which something is typed that was not closed."""
    wanted = select(ReportDraft.period, ReportDraft.calendar).where(ReportDraft.area_id == area_id)
    periods = session.execute(wanted.order_by(ReportDraft.period)).all()
    return _named(name for name, calendar in periods if not last_number(session, area_id, (name, calendar)))


def _named(periods: Iterable[str]) -> list[str]:
    return [period_name(Period(name, date.min, date.max), is_report=False) for name in periods]


def _officers(session: Session, area_id: UUID) -> list[str]:
    here = (User.area_id == area_id, User.role == Role.COORDINATOR, User.disabled_at.is_(None))
    return sorted(session.scalars(select(User.name).where(*here)), key=natural_key)
