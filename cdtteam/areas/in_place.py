"""Areas that have ended, asked for by their old codes or ids: what stands in their place."""

from datetime import date

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
