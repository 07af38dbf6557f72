"""Households that are likely one, as lines of the register."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from cdtteam.access.models import Actor, Permission
from cdtteam.access.policy import require
from cdtteam.areas.queries import AreaMap
from cdtteam.households.likeness import Pair
from cdtteam.households.models import Household
from cdtteam.register.finding import Line, households_in

MOST = 30  # pairs that a page shows: once these are decided the next come up


@dataclass(frozen=True, slots=True)
class Double:
    """Two lines of the register that are likely one household, and why."""

    first: Line
    second: Line
    why: str


def doubles_shown(
    actor: Actor, session: Session, areas: AreaMap, pairs: Collection[Pair], now: datetime
) -> list[Double]:
    """Pairs as lines of the register."""
    require(actor, Permission.HOUSEHOLD_MANAGE)
    known = [one for pair in pairs for one in (pair.first, pair.second)]
    ground, ids = {one.village_id for one in known}, {one.id for one in known}
    found = households_in(actor, session, areas, ground, now, Household.id.in_(ids))
    lines = {line.known.id: line for line in found}
    return [Double(lines[pair.first.id], lines[pair.second.id], pair.why) for pair in pairs]
