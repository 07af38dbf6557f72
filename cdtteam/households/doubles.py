"""Households that are likely one, two by two, unless an officer said that they are two: nobody is asked that again."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor, Permission
from cdtteam.access.policy import require, visible
from cdtteam.core.problems import Problem
from cdtteam.households.consents import not_asked_since
from cdtteam.households.group import decision_on, hold
from cdtteam.households.likeness import Known, Pair, pairs_alike
from cdtteam.households.models import Decided, Household, HouseholdDecision
from cdtteam.households.queries import now_known_as
from cdtteam.replica.work import Work

MOST_REMEMBERED = 200  # communes
_COLUMNS = (
    Household.id, Household.village_id, Household.head_name, Household.hamlet, Household.code, Household.phone,
)  # fmt: skip


class Waiting(NamedTuple):
    """How many pairs of households nobody has decided on, and how many households nobody has asked about their name."""

    undecided: int
    not_asked: int


def pairs_undecided(actor: Actor, session: Session, ground: Collection[UUID], now: datetime) -> list[Pair]:
    """The pairs of standing households on some ground on which nobody has decided, the likeliest first."""
    require(actor, Permission.HOUSEHOLD_MANAGE)
    pairs = _pairs(actor, session, ground, now)
    apart = kept_apart(session, ground) if pairs else set()
    return [pair for pair in pairs if pair.ids not in apart]


def number_undecided(actor: Actor, session: Session, ground: Collection[UUID], now: datetime) -> int:
    """How many these are."""
    return households_waiting(actor, session, ground, now, now).undecided


def households_waiting(
    actor: Actor, session: Session, ground: Collection[UUID], before: datetime, now: datetime
) -> Waiting:
    """What waits for an officer among the households of some ground, entered before a moment where nobody asked them.

    One look over them tells both. Pairs are looked for again only where a household of the ground has changed; a
    process remembers ids and no names.
    """
    require(actor, Permission.HOUSEHOLD_MANAGE)
    state, not_asked = _state(session, ground, before)
    key = (actor.area_id, frozenset(ground))
    remembered = _found.get(key)
    if remembered is None or remembered[0] != state:
        if len(_found) >= MOST_REMEMBERED:
            _found.clear()
        remembered = _found[key] = (state, {pair.ids for pair in _pairs(actor, session, ground, now)})
    pairs = remembered[1]
    return Waiting(len(pairs) - len(pairs & kept_apart(session, ground)) if pairs else 0, not_asked)


_found: dict[tuple[UUID | None, frozenset[UUID]], tuple[list[Any], set[frozenset[UUID]]]] = {}


def _state(session: Session, ground: Collection[UUID], before: datetime) -> tuple[list[Any], int]:
    """What tells whether a household of the ground was made, changed or moved: each change has a higher version.

    With it how many were not asked.
    """
    columns = (Household.village_id, func.count(), func.max(Household.version), not_asked_since(before))
    here = Household.village_id.in_(list(ground))
    rows = session.execute(select(*columns).where(here).group_by(Household.village_id)).all()
    return sorted(tuple(row[:3]) for row in rows), sum(row[3] for row in rows)


def _pairs(actor: Actor, session: Session, ground: Collection[UUID], now: datetime) -> list[Pair]:
    table, columns = Household, _COLUMNS
    standing = (table.withdrawn_at.is_(None), table.merged_into_id.is_(None), table.erased_at.is_(None))
    wanted: Any = select(*columns).where(table.village_id.in_(list(ground)), *standing)
    rows = session.execute(visible(wanted, actor, table.village_id, now))
    return pairs_alike(Known(*row) for row in rows)


def keep_apart(actor: Actor, work: Work, household: Household, other: Household) -> None:
    """Remembers that two households are two; by hand they can still be made one.

    Problem `withdrawn` unless both stand.
    """
    require(actor, Permission.HOUSEHOLD_MANAGE)
    hold(actor, work, [household, other])
    if household.gone or other.gone or household.id == other.id:
        raise Problem("withdrawn")
    if frozenset((household.id, other.id)) in kept_apart(work.session, [household.village_id, other.village_id]):
        return
    decision = decision_on(actor, work, household, Decided.APART)
    decision.into_id = other.id
    work.session.add(decision)


def kept_apart(session: Session, ground: Collection[UUID]) -> set[frozenset[UUID]]:
    """The pairs on some ground that are two; of what was merged since, the household that it is now."""
    table = HouseholdDecision
    wanted = select(table.household_id, table.into_id).join(Household, Household.id == table.household_id)
    rows = session.execute(wanted.where(table.kind == Decided.APART, Household.village_id.in_(list(ground))))
    pairs = [(one, other) for one, other in rows if other is not None]
    now = now_known_as(session, {id_ for pair in pairs for id_ in pair}) if pairs else {}
    return {frozenset((now.get(one, one), now.get(other, other))) for one, other in pairs}
