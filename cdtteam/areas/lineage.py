"""What stood in an area's place before it began."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, insert, select, update
from sqlalchemy.orm import Session, aliased

from cdtteam.areas.models import BEGINNING, AreaTerm

Span = tuple[date, UUID]  # from when an area stood there


@dataclass(frozen=True, slots=True)
class Stood:
    """From when an area stood; where it has ended, until before when and what took its place."""

    name: str
    from_on: date
    until_on: date | None
    successor_id: UUID | None


def stood_terms(area_ids: Select[Any], on: date) -> Select[Any]:
    """What `read_stood` reads of areas, as it was known on a date; columns and joins may be added."""
    columns: Any = (AreaTerm.area_id, AreaTerm.name, AreaTerm.from_on, AreaTerm.until_on, AreaTerm.successor_id)
    terms = select(*columns).where(AreaTerm.area_id.in_(area_ids), AreaTerm.from_on <= on)
    return terms.order_by(AreaTerm.from_on)


def read_stood(rows: Iterable[Any], on: date) -> dict[UUID, Stood]:
    """How long areas stood, as it was known on a date; each by its last name."""
    found: dict[UUID, Stood] = {}
    for row in rows:
        began_on = found[row.area_id].from_on if row.area_id in found else row.from_on
        is_over = row.until_on is not None and row.until_on <= on
        last = (row.until_on, row.successor_id) if is_over else (None, None)
        found[row.area_id] = Stood(row.name, began_on, *last)
    return found


def place_earlier(session: Session, placed: Mapping[UUID, UUID]) -> None:
    """Puts new villages, by the commune of today that they are under, under its forerunners on the maps before.

    So a village that is loaded after a reorganisation is on every map, and the province's totals are the same on each.
    """

    @cache
    def spans_of(commune_id: UUID) -> list[Span]:
        return list(reversed(_lineage(session, commune_id)))

    for village_id, commune_id in placed.items():
        spans = spans_of(commune_id)
        if len(spans) > 1 or spans[0][0] > BEGINNING:
            _spread(session, village_id, spans)


def _lineage(session: Session, area_id: UUID) -> list[Span]:
    """The area and its forerunners, the newest first."""
    spans: list[Span] = []
    current: UUID | None = area_id
    while current is not None:
        first = session.scalars(select(func.min(AreaTerm.from_on)).where(AreaTerm.area_id == current)).one()
        assert first is not None
        spans.append((first, current))
        current = _forerunner(session, current, first) if first > BEGINNING else None
    return spans


def _forerunner(session: Session, area_id: UUID, began_on: date) -> UUID | None:
    """The area whose place it took on its first day, else one that gave it a village."""
    replaced = select(AreaTerm.area_id).where(AreaTerm.successor_id == area_id, AreaTerm.until_on == began_on)
    before, after = aliased(AreaTerm), aliased(AreaTerm)
    gave = (
        select(before.parent_id)
        .join(after, after.area_id == before.area_id)
        .where(after.parent_id == area_id, after.from_on == began_on, before.until_on == began_on)
    )
    return session.scalar(replaced.order_by(AreaTerm.code).limit(1)) or session.scalar(
        gave.order_by(before.code).limit(1)
    )


def _spread(session: Session, village_id: UUID, spans: list[Span]) -> None:
    """Makes of a village's one term one for each span, in order."""
    term = session.scalars(select(AreaTerm).where(AreaTerm.area_id == village_id)).one()
    named = {"area_id": village_id, "code": term.code, "name": term.name, "kind": term.kind}
    ends = [*(from_on for from_on, _ in spans[1:]), None]
    rows = [
        {**named, "from_on": from_on, "until_on": until_on, "parent_id": parent_id}
        for (from_on, parent_id), until_on in zip(spans, ends, strict=True)
    ]
    first = rows.pop(0)
    session.execute(update(AreaTerm).where(AreaTerm.area_id == village_id).values(first))
    if rows:
        session.execute(insert(AreaTerm), rows)
