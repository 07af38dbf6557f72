"""How each team stands in a period: active, nothing to report, or silent and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Executable, and_, exists, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import aggregate_strings

from cdtteam.accounts.models import DeviceContact, User
from cdtteam.core.periods import Period
from cdtteam.participation.columns import PERIODS, hex_id, plain_rows
from cdtteam.participation.summaries import Summary
from cdtteam.reports.models import NothingReport
from cdtteam.teams.models import Membership, Team, TeamDay
from cdtteam.teams.queries import touches

FEW = 300  # teams that are asked for by their ids; more are cheaper to ask for all at once


class Standing(StrEnum):
    """What a team did; the last four are the causes of silence, in the order in which they are looked at."""

    ACTIVE = "active"
    REPORTED_NOTHING = "reported_nothing"
    NEVER_SIGNED_IN = "never_signed_in"
    NO_CONTACT = "no_contact"
    REFUSED = "refused"
    NO_ENTRIES = "no_entries"


CAUSES = (Standing.NEVER_SIGNED_IN, Standing.NO_CONTACT, Standing.REFUSED, Standing.NO_ENTRIES)


@dataclass(slots=True)
class TeamStanding:
    """A team in force in the period; ids are 32 hexadecimal digits."""

    id: str
    home: str
    name: str
    members: set[str]
    visits: int = 0
    active_members: set[str] = field(default_factory=set)
    standing: Standing = Standing.ACTIVE


TeamRow = tuple[Any, ...]  # team, home village, name, members


def read_teams(session: Session, period: Period) -> list[TeamRow]:
    """A row for every team whose dates touch the period."""
    return [*map(tuple, plain_rows(session, _in_force(period)))]


@lru_cache(PERIODS)
def _in_force(period: Period) -> Executable:
    members = aggregate_strings(hex_id(Membership.member_id), ",")
    joined = and_(Membership.team_id == Team.id, touches(Membership, period.start, period.end))
    columns = (hex_id(Team.id), hex_id(Team.home_village_id), Team.name, members)
    statement = select(*columns).outerjoin(Membership, joined).where(touches(Team, period.start, period.end))
    return statement.group_by(Team.id)


def count_teams(rows: Iterable[TeamRow], summaries: Mapping[str, Summary]) -> dict[str, TeamStanding]:
    """Each team with what it did in any village; why those without visits are quiet is not known yet."""
    teams = {row[0]: TeamStanding(row[0], row[1], row[2], set(row[3].split(",") if row[3] else ())) for row in rows}
    for summary in summaries.values():
        for team_id, (visits, members) in summary.teams.items():
            team = teams.get(team_id)
            if team is not None:
                team.visits += visits
                team.active_members.update(team.members.intersection(members))
    return teams


def read_standings(session: Session, period: Period, quiet: set[str]) -> dict[str, Standing]:
    """How each of the teams without visits stands."""
    if not quiet:
        return {}
    statement = _signs(period)
    if len(quiet) <= FEW:
        statement = statement.where(Team.id.in_([UUID(team) for team in quiet]))
    return {row[0]: _standing(*row[1:]) for row in plain_rows(session, statement) if row[0] in quiet}


@lru_cache(PERIODS)
def _signs(period: Period) -> Any:
    columns: Any = (hex_id(Team.id), _reported(period), _signed_in(period), _contact(period), *_sent(period))
    return select(*columns).where(touches(Team, period.start, period.end))


def _standing(reported: bool, signed_in: bool, contact: bool, applied: bool, refused: bool) -> Standing:
    if reported:
        return Standing.REPORTED_NOTHING
    if not signed_in:
        return Standing.NEVER_SIGNED_IN
    if not contact:
        return Standing.NO_CONTACT
    return Standing.REFUSED if refused and not applied else Standing.NO_ENTRIES


def _reported(period: Period) -> ColumnElement[bool]:
    days = (NothingReport.from_on <= period.to_on, NothingReport.to_on >= period.from_on)
    return exists().where(NothingReport.team_id == Team.id, *days)


def _of_its_members(period: Period) -> ColumnElement[bool]:
    return and_(Membership.team_id == Team.id, touches(Membership, period.start, period.end))


def _signed_in(period: Period) -> ColumnElement[bool]:
    accounts = and_(User.member_id == Membership.member_id, User.first_signed_in_at.is_not(None))
    return exists().where(_of_its_members(period), accounts)


def _contact(period: Period) -> ColumnElement[bool]:
    days = DeviceContact.on.between(period.from_on, period.to_on)
    return exists().where(_of_its_members(period), DeviceContact.member_id == Membership.member_id, days)


def _sent(period: Period) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    of_team = and_(TeamDay.team_id == Team.id, TeamDay.on.between(period.from_on, period.to_on))
    return exists().where(of_team, TeamDay.applied > 0), exists().where(of_team, TeamDay.refused > 0)
