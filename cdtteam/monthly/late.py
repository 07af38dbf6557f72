"""What arrived after a report was closed: visits received, amended or withdrawn, and what that does to its figures."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor, Permission
from cdtteam.access.policy import require
from cdtteam.areas.ground import called
from cdtteam.areas.queries import area_map, day_with
from cdtteam.core.periods import Period, parse_range
from cdtteam.core.text import natural_key
from cdtteam.monthly.facts import Counts, Facts, Subject, read_facts
from cdtteam.monthly.models import ReportEdition
from cdtteam.monthly.queries import facts_of
from cdtteam.teams.models import Team
from cdtteam.visits.models import Visit, VisitChange

FEW = 300  # villages that are asked for by their ids; more are cheaper to ask for all at once
UNDER_WAY = timedelta(minutes=10)  # a visit received just before the closing may have been written just after it


@dataclass(slots=True)
class LateLine:
    """What came late of a team in a village."""

    village: str
    team: str
    received: int = 0
    amended: int = 0
    withdrawn: int = 0

    @property
    def visits(self) -> int:
        """All of them."""
        return self.received + self.amended + self.withdrawn


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure at the closing and now; None: nobody had reported it."""

    name: str
    then: int | None
    now: int | None

    @property
    def more(self) -> int:
        """By how much it has grown."""
        return (self.now or 0) - (self.then or 0)


@dataclass(frozen=True, slots=True)
class Late:
    """All that came late."""

    lines: list[LateLine]
    differences: list[Difference]


@dataclass(frozen=True, slots=True)
class _Row:
    visit_id: UUID
    village_id: UUID
    team: str
    version: int
    occurred_at: datetime
    received_at: datetime
    withdrawn_at: datetime | None


def late_arrivals(
    actor: Actor, session: Session, edition: ReportEdition, facts: Facts, report_day: int, now: datetime
) -> Late:
    """What came late to a closed report, on the map that it was made for.

    Where the area ended before that day by a reorganisation that was entered afterwards, on the map of its last day.
    """
    require(actor, Permission.REPORT_READ, edition.area_id, session=session, now=now)
    period = parse_range(edition.from_on.isoformat(), edition.to_on.isoformat())
    map_on = day_with(session, edition.area_id, facts.map_on)
    lines = _lines(session, edition, facts, period)
    named = Period(edition.period, edition.from_on, edition.to_on)
    subject = Subject(facts.area_code, named, edition.calendar, report_day, map_on)
    _, today = read_facts(actor, session, subject, now)
    return Late(lines, _differences(facts.counts, today.counts))


def changes_since(actor: Actor, session: Session, edition: ReportEdition, now: datetime) -> int:
    """How many visits came to a closed report, or were amended or withdrawn, after its closing."""
    require(actor, Permission.REPORT_READ, edition.area_id, session=session, now=now)
    facts, period = facts_of(edition), parse_range(edition.from_on.isoformat(), edition.to_on.isoformat())
    return sum(line.visits for line in _lines(session, edition, facts, period))


def _lines(session: Session, edition: ReportEdition, facts: Facts, period: Period) -> list[LateLine]:
    areas = area_map(session, facts.map_on)
    counted: Counter[tuple[UUID, str, str]] = Counter()
    changed = _changed_since(session, facts.as_of)
    for row in _candidates(session, edition, facts, period):
        what = _what(row, changed.get(row.visit_id), facts.as_of, period)
        if what and row.version > edition.versions.get(row.village_id.hex, 0):
            village = areas.village_of(row.village_id)
            counted[village.id if village else row.village_id, row.team, what] += 1
    lines: dict[tuple[UUID, str], LateLine] = {}
    for (village_id, team, what), number in counted.items():
        village = areas.by_id.get(village_id)
        line = lines.setdefault((village_id, team), LateLine(called(village) if village else "", team))
        setattr(line, what, number)
    return sorted(lines.values(), key=lambda line: (natural_key(line.village), natural_key(line.team)))


def _changed_since(session: Session, as_of: datetime) -> dict[UUID, list[datetime]]:
    """The visits amended or withdrawn since, each with the times at which it had been said to be before."""
    columns = (VisitChange.visit_id, VisitChange.before)
    found: dict[UUID, list[datetime]] = {}
    for visit_id, before in session.execute(select(*columns).where(VisitChange.received_at > as_of)):
        times = found.setdefault(visit_id, [])
        if "occurred_at" in before:
            times.append(datetime.fromisoformat(before["occurred_at"]))
    return found


def _candidates(session: Session, edition: ReportEdition, facts: Facts, period: Period) -> Iterator[_Row]:
    """The area's visits that were received since, or changed since."""
    columns = (
        Visit.id, Visit.village_id, Team.name, Visit.version, Visit.occurred_at, Visit.received_at, Visit.withdrawn_at,
    )  # fmt: skip
    statement = select(*columns).join(Team, Team.id == Visit.team_id)
    if len(edition.versions) <= FEW:
        statement = statement.where(Visit.village_id.in_([UUID(village) for village in edition.versions]))
    since = facts.as_of - UNDER_WAY
    received = (Visit.received_at > since, Visit.occurred_at >= period.start, Visit.occurred_at < period.end)
    altered = select(VisitChange.visit_id).where(VisitChange.received_at > facts.as_of)
    seen: set[UUID] = set()
    for condition in (received, (Visit.id.in_(altered),)):
        for found in session.execute(statement.where(*condition)):
            row = _Row(*found)
            if row.visit_id not in seen and row.village_id.hex in edition.versions:
                seen.add(row.visit_id)
                yield row


def _what(row: _Row, changed: list[datetime] | None, as_of: datetime, period: Period) -> str | None:
    """How a visit came late: received, amended, withdrawn; None when it concerns the period in no way."""
    is_in = period.start <= row.occurred_at < period.end
    was_in = any(period.start <= at < period.end for at in changed or ())
    if row.received_at > as_of or changed is None:
        return "received" if is_in and not row.withdrawn_at else None
    if not is_in and not was_in:
        return None
    return "withdrawn" if row.withdrawn_at else "amended"


def _differences(then: Counts, now: Counts) -> list[Difference]:
    names = {
        "visits": gettext("Support visits"),
        "people": gettext("People helped"),
        "households": gettext("Households supported"),
        "households_unnamed": gettext("Not named"),
        "active": gettext("Teams active"),
        "reported_nothing": gettext("Nothing to report"),
        "silent": gettext("Silent"),
        "members_active": gettext("Members active"),
    }
    both = (Difference(name, getattr(then, key), getattr(now, key)) for key, name in names.items())
    return [one for one in both if one.then != one.now]
