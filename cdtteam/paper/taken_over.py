"""Rates of communes that became another: proposed to whoever stands in their place, and true when they are saved."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdtteam.areas.models import AreaTerm
from cdtteam.areas.queries import last_names, with_forerunners
from cdtteam.core.periods import Period
from cdtteam.core.text import natural_key
from cdtteam.paper.models import AttendanceRates
from cdtteam.paper.sheet import TeamSheet


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a commune's month would have by what the former communes had set, each with its name and rate."""

    rate: int | None
    team_rates: dict[str, int]
    sources: list[tuple[str, int | None]]


def proposed_rates(
    session: Session, commune_id: UUID, month: tuple[Period, str], teams: Iterable[TeamSheet], today: date
) -> Proposal | None:
    """What had been set for a month of a calendar; None where nobody had.

    A rate on which all agree is proposed for everybody; else each team is proposed what it had.
    """
    period, calendar = month
    ended = (AttendanceRates.area_id.in_(with_forerunners(commune_id, today)), AttendanceRates.area_id != commune_id)
    own = (AttendanceRates.period == period.name, AttendanceRates.calendar == calendar)
    before = {rates.area_id: rates for rates in session.scalars(select(AttendanceRates).where(*ended, *own))}
    if not before:
        return None
    names = last_names(session, before)
    sources = sorted(((names[one], rates.rate) for one, rates in before.items()), key=lambda each: natural_key(each[0]))
    rates = {rates.rate for rates in before.values()}
    common = rates.pop() if len(rates) == 1 else None
    stood = _communes_among(session, before)
    of_teams: dict[str, int] = {}
    for team in teams:
        had = before.get(stood.get(team.team.home_village_id, commune_id))
        rate = had.team_rates.get(str(team.team.id), had.rate) if had else None
        if rate is not None and rate != common:
            of_teams[str(team.team.id)] = rate
    return Proposal(common, of_teams, sources)


def _communes_among(session: Session, commune_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """For each village the last of these communes in which it stood."""
    columns = select(AreaTerm.area_id, AreaTerm.parent_id).where(AreaTerm.parent_id.in_(commune_ids))
    rows = session.execute(columns.order_by(AreaTerm.from_on))
    return {village_id: parent_id for village_id, parent_id in rows if parent_id}
