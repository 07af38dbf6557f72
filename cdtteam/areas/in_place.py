"""Areas that have ended, asked for by their old codes or ids: what stands in their place."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdtteam.areas.models import AreaTerm
from cdtteam.areas.queries import area_in_place_of, in_force


def last_with_code(session: Session, code: str, on: date) -> AreaTerm | None:
    """The term of whatever bore a code last, of those that had ended by a date."""
    last = select(AreaTerm).where(AreaTerm.code == code, AreaTerm.until_on <= on).order_by(AreaTerm.until_on.desc())
    return session.scalars(last.limit(1)).first()


def code_now(session: Session, code: str, on: date) -> str:
    """The code itself; where nothing has it on a date, that of what stands in the place of the area that had it last.

    Old addresses and bookmarks hold such codes.
    """
    holds = select(AreaTerm.area_id).where(AreaTerm.code == code, in_force(on)).limit(1)
    if not code.isprintable() or session.scalar(holds):
        return code
    term = last_with_code(session, code, on)
    stand_in = area_in_place_of(session, term.area_id, on) if term else None
    return session.scalar(select(AreaTerm.code).where(AreaTerm.area_id == stand_in, in_force(on))) or code


def names_in_place(session: Session, area_ids: Iterable[UUID], on: date) -> dict[UUID, str]:
    """What each area is called on a date, or what stands in its place then."""
    stand_ins = {area_id: area_in_place_of(session, area_id, on) for area_id in area_ids}
    rows = select(AreaTerm.area_id, AreaTerm.name).where(AreaTerm.area_id.in_(stand_ins.values()), in_force(on))
    names: dict[UUID, str] = {row[0]: row[1] for row in session.execute(rows)} if stand_ins else {}
    return {area_id: names[stand_in] for area_id, stand_in in stand_ins.items() if stand_in in names}
