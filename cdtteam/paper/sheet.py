"""The month's attendance sheet of a commune: who worked on which days, and what that is worth."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdtteam.areas.queries import AreaOnMap
from cdtteam.attendance.models import Attendance
from cdtteam.core.clock import civil_date
from cdtteam.core.periods import Period
from cdtteam.core.text import sort_key
from cdtteam.paper.models import AttendanceRates
from cdtteam.paper.operations import Forgotten
from cdtteam.teams.models import Member, Membership, Team, by_position
from cdtteam.teams.queries import touches
from cdtteam.visits.models import Visit

Key = tuple[UUID, UUID]  # a team and a member


@dataclass
class Line:
    """A member's month in a team; `visited` are the days with visits, which by themselves are no attendance.

    `entered` are those of the days attended that the commune added.
    """

    member_id: UUID
    name: str
    position: str
    rate: int | None
    attended: set[date] = field(default_factory=set)
    entered: set[date] = field(default_factory=set)
    visited: set[date] = field(default_factory=set)

    @property
    def days(self) -> int:
        """Số ngày."""
        return len(self.attended)

    @property
    def total(self) -> int | None:
        """Thành tiền, in đồng."""
        return None if self.rate is None else self.rate * self.days

    @property
    def forgotten(self) -> list[date]:
        """The days with visits on which no attendance stands."""
        return sorted(self.visited - self.attended)


@dataclass
class TeamSheet:
    """A team's lines, by position and name."""

    team: Team
    village: AreaOnMap
    lines: list[Line]

    @property
    def days(self) -> int:
        """The days of all its members."""
        return sum(line.days for line in self.lines)

    @property
    def total(self) -> int | None:
        """What all of them get; None while no rate is set."""
        totals = [line.total for line in self.lines]
        return None if None in totals else sum(total or 0 for total in totals)

    @property
    def forgotten(self) -> int:
        """How many days of members were forgotten."""
        return sum(len(line.forgotten) for line in self.lines)


@dataclass
class Sheet:
    """A commune's sheet of a period."""

    period: Period
    teams: list[TeamSheet]
    rates: AttendanceRates | None

    @property
    def dates(self) -> list[date]:
        """The days of the period."""
        return [
            self.period.from_on + timedelta(days=n) for n in range((self.period.to_on - self.period.from_on).days + 1)
        ]

    @property
    def days(self) -> int:
        """The days of everybody."""
        return sum(team.days for team in self.teams)

    @property
    def total(self) -> int | None:
        """What everybody gets; None while a rate is missing."""
        totals = [team.total for team in self.teams]
        return None if None in totals else sum(total or 0 for total in totals)

    @property
    def forgotten(self) -> int:
        """How many days of members were forgotten in all."""
        return sum(team.forgotten for team in self.teams)

    @property
    def has_entered(self) -> bool:
        """Whether the commune added any of its days."""
        return any(line.entered for team in self.teams for line in team.lines)


def rates_of(session: Session, commune_id: UUID, period: Period, calendar: str) -> AttendanceRates | None:
    """What the commune has set for the period."""
    return session.get(AttendanceRates, (commune_id, period.name, calendar), populate_existing=True)


def read_sheet(session: Session, villages: Iterable[AreaOnMap], period: Period, rates: AttendanceRates | None) -> Sheet:
    """The sheet of the teams that stand in some villages, each with its members of the period."""
    by_id = {village.id: village for village in villages}
    wanted = (Team.home_village_id.in_(by_id), touches(Team, period.start, period.end))
    teams = sorted(
        session.scalars(select(Team).where(*wanted)),
        key=lambda team: (by_id[team.home_village_id].code, sort_key(team.name)),
    )
    lines = _lines(session, teams, period, rates)
    _mark_attended(session, lines, [team.id for team in teams], period)
    for day in visited_days(session, [team.id for team in teams], period):
        for member_id in day.member_ids:
            if line := lines.get((day.team_id, member_id)):
                line.visited.add(day.on)
    found = [TeamSheet(team, by_id[team.home_village_id], _of_team(lines, team.id)) for team in teams]
    return Sheet(period, [team for team in found if team.lines], rates)


def forgotten_days(session: Session, sheet: Sheet, team_id: UUID) -> list[Forgotten]:
    """What is missing in a team's sheet, day by day."""
    lines = {line.member_id: line for team in sheet.teams if team.team.id == team_id for line in team.lines}
    found, taken = [], set()
    for day in visited_days(session, [team_id], sheet.period):
        missing = {
            member_id
            for member_id in day.member_ids
            if member_id in lines and day.on not in lines[member_id].attended and (member_id, day.on) not in taken
        }
        taken |= {(member_id, day.on) for member_id in missing}
        if missing:
            found.append(Forgotten(team_id, day.village_id, day.on, frozenset(missing)))
    return found


def visited_days(session: Session, team_ids: list[UUID], period: Period) -> list[Forgotten]:
    """Who of each team made visits where, day by day."""
    columns = (Visit.team_id, Visit.village_id, Visit.occurred_at, Visit.member_ids)
    counted = (Visit.withdrawn_at.is_(None), Visit.occurred_at >= period.start, Visit.occurred_at < period.end)
    found: dict[tuple[UUID, UUID, date], set[UUID]] = {}
    for team_id, village_id, at, member_ids in session.execute(
        select(*columns).where(Visit.team_id.in_(team_ids), *counted)
    ):
        found.setdefault((team_id, village_id, civil_date(at)), set()).update(map(UUID, member_ids))
    return [Forgotten(*key, frozenset(members)) for key, members in sorted(found.items(), key=lambda one: one[0][2])]


def _lines(session: Session, teams: list[Team], period: Period, rates: AttendanceRates | None) -> dict[Key, Line]:
    columns = (Membership.team_id, Member.id, Member.name, Membership.position)
    statement = select(*columns).join(Membership, Membership.member_id == Member.id).order_by(Membership.started_at)
    of_teams = Membership.team_id.in_([team.id for team in teams])
    rows = session.execute(statement.where(of_teams, touches(Membership, period.start, period.end)))
    return {
        (team_id, member_id): Line(member_id, name, position, _rate(rates, team_id))
        for team_id, member_id, name, position in rows
    }


def _rate(rates: AttendanceRates | None, team_id: UUID) -> int | None:
    if rates is None:
        return None
    own: int | None = rates.team_rates.get(str(team_id))
    return rates.rate if own is None else own


def _mark_attended(session: Session, lines: dict[Key, Line], team_ids: list[UUID], period: Period) -> None:
    """A person's day counts once, whatever they did on it and with however many teams."""
    columns = (Attendance.team_id, Attendance.on, Attendance.member_ids, Attendance.entered_by)
    wanted = (Attendance.team_id.in_(team_ids), Attendance.on.between(period.from_on, period.to_on))
    own_lines: dict[UUID, list[Key]] = {}
    for key in lines:
        own_lines.setdefault(key[1], []).append(key)
    taken: set[tuple[UUID, date]] = set()
    statement = select(*columns).where(*wanted).order_by(Attendance.on, Attendance.received_at, Attendance.id)
    for team_id, on, member_ids, entered_by in session.execute(statement):
        for member_id in map(UUID, member_ids):
            keys = own_lines.get(member_id, [])
            if keys and (member_id, on) not in taken:
                taken.add((member_id, on))
                line = lines[(team_id, member_id) if (team_id, member_id) in lines else keys[0]]
                line.attended.add(on)
                if entered_by:
                    line.entered.add(on)


def _of_team(lines: dict[Key, Line], team_id: UUID) -> list[Line]:
    found = [line for (team, _), line in lines.items() if team == team_id]
    return sorted(found, key=lambda line: by_position(line.position, line.name))
