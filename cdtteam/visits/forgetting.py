"""Visits stay; words that call a household by name go when it is to be forgotten, whomever the visits are of now."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import select

from cdtteam.access.models import Actor, Permission
from cdtteam.access.policy import require
from cdtteam.core.text import TAKEN_OUT, texts_in
from cdtteam.replica.work import Work
from cdtteam.visits.models import Visit, VisitChange
from cdtteam.visits.wire import bare_services

WORDS = ("note", "extra", "withdrawn_reason")


def forget_in_visits(actor: Actor, work: Work, village_ids: set[UUID], names_it: Callable[[str], bool]) -> None:
    """Takes out notes and reasons in villages, which must be locked, where a household is named in them."""
    require(actor, Permission.HOUSEHOLD_MANAGE)
    work.write_rows()
    here = Visit.village_id.in_(village_ids)
    for visit in work.session.scalars(select(Visit).where(here).order_by(Visit.village_id, Visit.version)):
        if _forget_in_one(visit, names_it):
            work.changed("visit", visit, visit.village_id, gone="withdrawn" if visit.withdrawn_at else None)
    for change in work.session.scalars(select(VisitChange).join(Visit, Visit.id == VisitChange.visit_id).where(here)):
        if names_it(change.reason):
            change.reason = TAKEN_OUT
        if any(map(names_it, texts_in([change.before.get(name) for name in (*WORDS, "services")]))):
            change.before = without_words(change.before)


def without_words(before: dict[str, Any]) -> dict[str, Any]:
    """What a visit was before, without what people wrote; its services stay as far as we know their fields."""
    services = {"services": bare_services(before["services"])} if "services" in before else {}
    return {name: value for name, value in before.items() if name not in WORDS} | services


def _forget_in_one(visit: Visit, names_it: Callable[[str], bool]) -> bool:
    """Whether something was to be taken out of a visit."""
    named = [name for name in (*WORDS, "services") if any(map(names_it, texts_in(getattr(visit, name))))]
    for name in named:
        bare = {"extra": None, "services": bare_services(visit.services)}
        setattr(visit, name, bare.get(name, TAKEN_OUT))
    is_in_review = visit.review is not None and names_it(visit.review["reason"])
    if is_in_review:
        visit.review = (visit.review or {}) | {"reason": TAKEN_OUT}
    return bool(named) or is_in_review
