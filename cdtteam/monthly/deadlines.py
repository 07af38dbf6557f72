"""By when a month's report is to be closed, and which of the last ones are not.

A commune that closed its last report by report months is asked for those, every other one for civil months.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, select
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor, Permission
from cdtteam.access.policy import require
from cdtteam.areas.lineage import Stood, read_stood, stood_terms
from cdtteam.areas.models import AreaTerm
from cdtteam.areas.queries import with_forerunners
from cdtteam.core.clock import civil_date
from cdtteam.core.periods import Period, parse_period
from cdtteam.core.text import natural_key
from cdtteam.monthly.left import is_own_report, left_open
from cdtteam.monthly.models import ReportEdition

ASKED = timedelta(days=10)  # before the month's end: as the page of reports turns to a civil month on its 20th
ALLOWED = timedelta(days=5)  # after it: a report month that ends on the 14th is due before that turn
LOOKED_BACK = timedelta(days=400)  # for whether a commune closes civil or report months


@dataclass(frozen=True, slots=True)
class Owed:
    """A month whose report is not closed; `left_by` are communes that ended without closing it."""

    period: Period
    calendar: str
    left_by: tuple[str, ...] = ()

    @property
    def due_on(self) -> date:
        """The last day for closing it."""
        return self.period.to_on + ALLOWED


def reports_owed(
    actor: Actor, session: Session, area_id: UUID, since: date, today: date, report_day: int
) -> list[Owed]:
    """Of the last two months that are asked for by now those not closed; of its own none that ended before `since`.

    With them those that communes left open in whose place the area stands.
    """
    require(actor, Permission.REPORT_READ, area_id)
    communes, editions = _communes_and_editions(session, area_id, today)
    if area_id not in communes:
        return []
    calendar = editions[-1].calendar if editions else "civil"
    months = (parse_period(name, calendar=calendar, report_day=report_day) for name in _months_around(today))
    found = []
    for month in [month for month in months if month.to_on - ASKED <= today][-2:]:
        closed = closing_days((one.area_id, one.closed_at) for one in editions if one.period == month.name)
        left = left_open(session, communes, closed, month).get(area_id, [])
        is_own = area_id not in closed and month.to_on >= since and is_own_report(communes, area_id, month)
        if is_own or left:
            found.append(Owed(month, calendar, tuple(sorted(left, key=natural_key))))
    return found


def left_to(actor: Actor, session: Session, area_id: UUID, period: Period, today: date) -> list[str]:
    """The communes that ended without closing a period's report, which is to be a part of the area's."""
    require(actor, Permission.REPORT_READ, area_id)
    communes = read_stood(session.execute(stood_terms(with_forerunners(area_id, today), today)), today)
    of_period = (ReportEdition.area_id.in_(communes), ReportEdition.period == period.name)
    editions = session.execute(select(ReportEdition.area_id, ReportEdition.closed_at).where(*of_period))
    left = left_open(session, communes, closing_days((row[0], row[1]) for row in editions), period)
    return sorted(left.get(area_id, []), key=natural_key)


def closing_days(editions: Iterable[tuple[UUID, datetime]]) -> dict[UUID, date]:
    """The day of the last one of each area's closings."""
    return {area_id: civil_date(at) for area_id, at in sorted(editions, key=lambda one: one[1])}


def _communes_and_editions(session: Session, area_id: UUID, today: date) -> tuple[dict[UUID, Stood], list[Row[Any]]]:
    """The area and its forerunners, and what they closed of late, the last one last; asked for at once."""
    its_own = and_(ReportEdition.area_id == AreaTerm.area_id, ReportEdition.to_on > today - LOOKED_BACK)
    terms = stood_terms(with_forerunners(area_id, today), today).outerjoin(ReportEdition, its_own)
    columns = (ReportEdition.period, ReportEdition.calendar, ReportEdition.closed_at)
    rows = session.execute(terms.add_columns(*columns)).all()
    return read_stood(rows, today), sorted((row for row in rows if row.period), key=lambda row: row.closed_at)


def _months_around(today: date) -> list[str]:
    """The names of the two months before today's, of its own and of the next, to which a report month may belong."""
    number = today.year * 12 + today.month - 1
    return [f"{month // 12}-{month % 12 + 1:02d}" for month in range(number - 2, number + 2)]
