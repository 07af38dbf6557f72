"""Reports that communes left open when they ended: from then on each is a part of the report of who took their place.

Its ground is counted there, since a report is made on the map of its day; one that was closed before does not have it.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from cdtteam.areas.lineage import Stood
from cdtteam.areas.models import AreaTerm
from cdtteam.core.periods import Period
from cdtteam.teams.models import Team


def left_open(
    session: Session, communes: Mapping[UUID, Stood], closed: Mapping[UUID, date], month: Period
) -> dict[UUID, list[str]]:
    """By who stands in their place today, the names of communes that ended and whose report of a month is not closed.

    `closed` is the day on which each closed the month last. Communes that had no team in the month are left out, and
    those that ended in it, as long as the month is still to be closed by who stands in their place.
    """
    ended = [area_id for area_id, one in communes.items() if one.until_on and one.until_on > month.from_on]
    open_yet = {area_id: heir for area_id in ended if (heir := _who_has_it(communes, closed, month, area_id))}
    found: dict[UUID, list[str]] = {}
    for area_id in _at_work(session, open_yet, month) if open_yet else ():
        found.setdefault(open_yet[area_id], []).append(communes[area_id].name)
    return found


def is_own_report(communes: Mapping[UUID, Stood], area_id: UUID, month: Period) -> bool:
    """Whether a month's report is a commune's own: not where it was made of others after the month, who had theirs."""
    is_made_of_others = any(one.successor_id == area_id for one in communes.values())
    return communes[area_id].from_on <= month.to_on or not is_made_of_others


def _who_has_it(
    communes: Mapping[UUID, Stood], closed: Mapping[UUID, date], month: Period, area_id: UUID
) -> UUID | None:
    """Who stands in an ended commune's place today, where its report is still to be closed."""
    until_on = communes[area_id].until_on
    heirs = list(_heirs(communes, area_id))
    if until_on is None or not heirs or area_id in closed:
        return None
    is_counted = any(closed.get(heir, date.min) >= until_on for heir in heirs)
    is_the_heirs = until_on <= month.to_on and heirs[-1] not in closed
    return None if is_counted or is_the_heirs else heirs[-1]


def _heirs(communes: Mapping[UUID, Stood], area_id: UUID) -> Iterator[UUID]:
    """Who took a commune's place, then who took theirs."""
    next_id = communes[area_id].successor_id
    while next_id is not None and next_id in communes:
        yield next_id
        next_id = communes[next_id].successor_id


def _at_work(session: Session, area_ids: Collection[UUID], month: Period) -> set[UUID]:
    """The communes in whose villages of a month there were teams."""
    here = select(AreaTerm.parent_id).join(Team, Team.home_village_id == AreaTerm.area_id).distinct()
    lay = (AreaTerm.from_on <= month.to_on, or_(AreaTerm.until_on.is_(None), AreaTerm.until_on > month.from_on))
    worked = (Team.started_at < month.end, or_(Team.ended_at.is_(None), Team.ended_at > month.start))
    found = session.scalars(here.where(AreaTerm.parent_id.in_(area_ids), *lay, *worked))
    return {area_id for area_id in found if area_id}
