"""Finding households of a commune: by words in any order, without marks, or as the list of a village."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor, Permission
from cdtteam.access.policy import require, visible
from cdtteam.areas.ground import name_on
from cdtteam.areas.queries import AreaMap
from cdtteam.core.text import fold, name_key, natural_key
from cdtteam.households.likeness import Known
from cdtteam.households.models import Household

MOST = 60  # households that a search shows
_COLUMNS = (
    Household.id, Household.village_id, Household.head_name, Household.hamlet, Household.code, Household.phone,
    Household.people, Household.withdrawn_at, Household.merged_into_id,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A household as a line of a list, with its village's name on today's map; `gone` as phones are told."""

    known: Known
    village: str
    people: int | None
    gone: str | None

    @property
    def text(self) -> str:
        """What it can be found by, folded."""
        parts = (self.known.head_name, self.known.code, self.known.hamlet, self.village, self.known.phone)
        return fold(" ".join(part for part in parts if part))


@dataclass(frozen=True, slots=True)
class Found:
    """The first households that a search found, and how many there are."""

    lines: list[Line]
    total: int


def households_in(
    actor: Actor,
    session: Session,
    areas: AreaMap,
    ground: Collection[UUID],
    now: datetime,
    among: ColumnElement[bool] | None = None,
) -> list[Line]:
    """The households of some pieces of ground (or those `among` them), withdrawn and merged ones included, in no order.

    One that refused to be named is on no list.
    """
    require(actor, Permission.HOUSEHOLD_MANAGE)
    here = (Household.village_id.in_(list(ground)), Household.erased_at.is_(None), true() if among is None else among)
    columns: Any = _COLUMNS
    statement = visible(select(*columns).where(*here), actor, Household.village_id, now)
    return [
        Line(
            Known(*row[:6]),
            name_on(areas, row.village_id),
            row.people,
            _gone(row.withdrawn_at, row.merged_into_id),
        )
        for row in session.execute(statement)
    ]


def find(lines: Iterable[Line], words: str) -> Found:
    """Those in which every word stands, in any order, as a part of a word too (H’Blan): the standing ones first."""
    sought = fold(words).split()
    found = [line for line in lines if sought and all(word in line.text for word in sought)]
    found.sort(key=lambda line: (line.gone is not None, by_name(line)))
    return Found(found[:MOST], len(found))


def by_hamlet(lines: Iterable[Line]) -> list[tuple[str, list[Line]]]:
    """Households by hamlet, those without one at the end."""
    groups: dict[str, list[Line]] = {}
    for line in sorted(lines, key=by_name):
        groups.setdefault((line.known.hamlet or "").strip(), []).append(line)
    return sorted(groups.items(), key=lambda group: (not group[0], natural_key(group[0])))


def by_name(line: Line) -> Any:
    """The key for lists: by the head's given name, then the rest."""
    return name_key(line.known.head_name)


def _gone(withdrawn_at: datetime | None, merged_into_id: UUID | None) -> str | None:
    if merged_into_id:
        return "merged"
    return "withdrawn" if withdrawn_at else None
