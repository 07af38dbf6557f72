"""What households said when they were asked, in numbers: no names, and a household that refused counts as one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, select, true
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor, Permission
from cdtteam.access.policy import require, visible
from cdtteam.households.models import Household

NOTICE = "2026-1"  # the wording that is read out; a new one is a new version

_THERE = and_(Household.withdrawn_at.is_(None), Household.merged_into_id.is_(None))


def _said(purpose: str) -> ColumnElement[bool]:
    """The word on a purpose; NULL where nobody asked."""
    said: ColumnElement[bool] = Household.consents[(purpose, "given")].as_boolean()
    return said


@dataclass(frozen=True, slots=True)
class Words:
    """How many households agree to a purpose, how many do not, and how many nobody has asked yet."""

    yes: int = 0
    no: int = 0
    not_asked: int = 0


@dataclass(frozen=True, slots=True)
class Consents:
    """What some households said of being named and of being contacted.

    One that refuses to be named is known to nobody, so it cannot be contacted and is not counted there.
    """

    named: Words = Words()
    contact: Words = Words()


def total(parts: Iterable[Consents]) -> Consents:
    """The sum of some areas'."""
    found = list(parts)
    return Consents(_sum(part.named for part in found), _sum(part.contact for part in found))


def consents_by_village(actor: Actor, session: Session, now: datetime) -> dict[UUID, Consents]:
    """The households of each village that the actor may see; villages without households are absent."""
    require(actor, Permission.PARTICIPATION_READ)
    columns: Any = (*_counts(_said("named"), true()), *_counts(_said("contact"), Household.erased_at.is_(None)))
    statement = select(Household.village_id, *columns).where(_THERE).group_by(Household.village_id)
    rows = session.execute(visible(statement, actor, Household.village_id, now))
    return {row[0]: Consents(Words(*row[1:4]), Words(*row[4:7])) for row in rows}


def not_asked_since(before: datetime) -> ColumnElement[int]:
    """How many households of a group, entered before a moment, nobody has asked about their name."""
    waiting = and_(Household.entered_at < before, Household.erased_at.is_(None), _THERE, _said("named").is_(None))
    return func.coalesce(func.sum(case((waiting, 1), else_=0)), 0)


def _counts(said: ColumnElement[bool], among: ColumnElement[bool]) -> list[ColumnElement[int]]:
    words = (said.is_(True), said.is_(False), said.is_(None))
    return [func.coalesce(func.sum(case((and_(among, word), 1), else_=0)), 0) for word in words]


def _sum(parts: Iterable[Words]) -> Words:
    found = list(parts)
    return Words(sum(one.yes for one in found), sum(one.no for one in found), sum(one.not_asked for one in found))
