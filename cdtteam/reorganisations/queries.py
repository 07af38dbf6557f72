"""What was applied and what is being prepared."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor, Permission
from cdtteam.access.policy import require
from cdtteam.accounts.models import User
from cdtteam.areas.models import Area, AreaTerm, Level, Reorganisation, ReorganisedTerm
from cdtteam.core.problems import Problem
from cdtteam.core.text import natural_key
from cdtteam.reorganisations.models import KEPT, MapDraft


def drafts_waiting(session: Session, actor: Actor, now: datetime) -> Sequence[MapDraft]:
    """Those that are looked over, the newest first."""
    require(actor, Permission.AREA_MANAGE)
    waiting = (MapDraft.applied_as.is_(None), MapDraft.made_at > now - KEPT)
    return session.scalars(select(MapDraft).where(*waiting).order_by(MapDraft.made_at.desc())).all()


def draft_with(session: Session, actor: Actor, id_: UUID, *, is_locked: bool = False) -> MapDraft:
    """A draft, locked until the commit for whoever changes it; Problem `not_found`."""
    require(actor, Permission.AREA_MANAGE)
    row = session.get(MapDraft, id_, with_for_update=is_locked or None, populate_existing=True)
    if row is None:
        raise Problem("not_found")
    return row


def reorganisation_with(session: Session, actor: Actor, id_: UUID) -> Reorganisation:
    """One that was applied; Problem `not_found`."""
    require(actor, Permission.AREA_MANAGE)
    record = session.get(Reorganisation, id_)
    if record is None:
        raise Problem("not_found")
    return record


def new_units(session: Session, records: Iterable[Reorganisation]) -> dict[UUID, list[str]]:
    """What each reorganisation made or changed, by name: communes where there are any, else villages.

    Of what was undone nothing is left; it is named by the units that came back.
    """
    began = and_(AreaTerm.area_id == ReorganisedTerm.area_id, AreaTerm.from_on == ReorganisedTerm.from_on)
    wanted = (
        select(ReorganisedTerm.reorganisation_id, Area.level, AreaTerm.name)
        .join(Reorganisation, Reorganisation.id == ReorganisedTerm.reorganisation_id)
        .join(AreaTerm, began)
        .join(Area, Area.id == AreaTerm.area_id)
        .where(ReorganisedTerm.reorganisation_id.in_([record.id for record in records]))
        .where(ReorganisedTerm.is_new == Reorganisation.undone_at.is_(None))
    )
    found: dict[UUID, dict[str, list[str]]] = {}
    for record_id, level, name in session.execute(wanted):
        found.setdefault(record_id, {}).setdefault(level, []).append(name)
    return {
        record_id: sorted(levels.get(Level.COMMUNE) or levels.get(Level.VILLAGE, []), key=natural_key)
        for record_id, levels in found.items()
    }


def names_of(session: Session, user_ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Names of accounts."""
    rows = session.execute(select(User.id, User.name).where(User.id.in_(set(user_ids) - {None}))).all()
    return dict(rows)
