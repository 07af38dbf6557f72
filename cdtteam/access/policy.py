"""The two questions: `require` for one object, `visible` for lists; nothing else decides."""

from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from cdtteam.access.models import Actor, Permission, Place, Role
from cdtteam.areas.models import AreaTerm
from cdtteam.areas.queries import area_in_place_of, commune_of, in_force, with_ground
from cdtteam.core.clock import civil_date
from cdtteam.core.problems import Problem

_COMMUNES = "cdt_communes"


def require(
    actor: Actor,
    permission: Permission,
    obj: Place | UUID | None = None,
    *,
    session: Session | None = None,
    now: datetime | None = None,
) -> None:
    """Lets `actor` go on with `permission` on `obj`: a Place, the id of an area above villages, or None for no place.

    Raises Problem `forbidden` when the role never may, `out_of_scope` when not there or not then.
    A coordinator's reach is that of today's map (`now`), for which `session` is asked; of an area that has ended, also
    of a village, it is asked what stands in its place.
    """
    if not actor.may(permission):
        raise Problem("forbidden")
    if obj is None or actor.role in (Role.PROVINCE, Role.ADMIN):
        return
    if isinstance(obj, Place) and _reaches(actor, obj, session, now):
        return
    if obj == actor.area_id or (isinstance(obj, UUID) and _has_taken_its_place(actor, obj, session, now)):
        return
    raise Problem("out_of_scope")


def visible(statement: Select[Any], actor: Actor, village: InstrumentedAttribute[UUID], now: datetime) -> Select[Any]:
    """`statement` narrowed to the rows whose `village` column the actor may see at `now`."""
    return statement.where(_visible(actor, village, now))


def _visible(actor: Actor, village: InstrumentedAttribute[UUID], now: datetime) -> ColumnElement[bool]:
    if actor.role in (Role.PROVINCE, Role.ADMIN):
        return true()
    if actor.role is Role.COORDINATOR:
        on = civil_date(now)
        own = select(AreaTerm.area_id).where(AreaTerm.parent_id == actor.area_id, in_force(on))
        return village.in_(with_ground(own, on))
    villages = actor.villages_at(now)
    return village.in_(villages) if villages else false()


def _reaches(actor: Actor, place: Place, session: Session | None, now: datetime | None) -> bool:
    if actor.role is Role.VOLUNTEER:
        return actor.team_at(place.village_id, place.at) is not None
    if session is None or now is None:
        raise TypeError("a coordinator's reach is asked of the database, at a moment")
    return _commune_of(session, place.village_id, civil_date(now)) == actor.area_id


def _has_taken_its_place(actor: Actor, area_id: UUID, session: Session | None, now: datetime | None) -> bool:
    if session is None or now is None or actor.area_id is None:
        return False
    return area_in_place_of(session, area_id, civil_date(now)) == actor.area_id


def _commune_of(session: Session, village_id: UUID, on: date) -> UUID | None:
    """A village's commune, read once in a transaction, in which an officer may write thousands of rows."""
    transaction = session.get_transaction()
    if transaction is None:
        return commune_of(session, village_id, on)
    of, known = session.info.get(_COMMUNES, (None, {}))
    if of is not transaction:
        known = {}
        session.info[_COMMUNES] = (transaction, known)
    if (village_id, on) not in known:
        known[village_id, on] = commune_of(session, village_id, on)
    return cast("UUID | None", known[village_id, on])
