"""The two questions: `require` for one object, `visible` for lists; nothing else decides."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from cdtteam.access.models import Actor, Permission, Place, Role
from cdtteam.areas.models import AreaTerm
from cdtteam.areas.queries import commune_of, in_force
from cdtteam.core.clock import civil_date
from cdtteam.core.problems import Problem


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
    A coordinator's reach is that of today's map (`now`), for which `session` is asked.
    """
    if not actor.may(permission):
        raise Problem("forbidden")
    if obj is None or actor.role in (Role.PROVINCE, Role.ADMIN):
        return
    if isinstance(obj, Place) and _reaches(actor, obj, session, now):
        return
    if obj == actor.area_id:
        return
    raise Problem("out_of_scope")


def visible(statement: Select[Any], actor: Actor, village: InstrumentedAttribute[UUID], now: datetime) -> Select[Any]:
    """`statement` narrowed to the rows whose `village` column the actor may see at `now`."""
    return statement.where(_visible(actor, village, now))


def _visible(actor: Actor, village: InstrumentedAttribute[UUID], now: datetime) -> ColumnElement[bool]:
    if actor.role in (Role.PROVINCE, Role.ADMIN):
        return true()
    if actor.role is Role.COORDINATOR:
        own = select(AreaTerm.area_id).where(AreaTerm.parent_id == actor.area_id, in_force(civil_date(now)))
        return village.in_(own)
    villages = actor.villages_at(now)
    return village.in_(villages) if villages else false()


def _reaches(actor: Actor, place: Place, session: Session | None, now: datetime | None) -> bool:
    if actor.role is Role.VOLUNTEER:
        return actor.team_at(place.village_id, place.at) is not None
    if session is None or now is None:
        raise TypeError("a coordinator's reach is asked of the database, at a moment")
    return commune_of(session, place.village_id, civil_date(now)) == actor.area_id
