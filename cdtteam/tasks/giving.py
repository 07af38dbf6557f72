"""Giving tasks out, one or those of a whole province in one step, and what must be true of where they go."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from cdtteam.access.models import Actor, Permission, Place
from cdtteam.access.policy import require
from cdtteam.campaigns.checks import check_brief
from cdtteam.campaigns.models import Asked, Brief
from cdtteam.core.ids import new_id
from cdtteam.core.problems import Problem
from cdtteam.households.models import Household
from cdtteam.replica.work import Work
from cdtteam.tasks.models import State, Task
from cdtteam.tasks.telling import Held, tell_given
from cdtteam.teams.models import Membership, Team, TeamVillage
from cdtteam.teams.queries import holds

MANAGE = Permission.TASK_MANAGE
HIGHEST_TARGET = 100_000


@dataclass(frozen=True, slots=True)
class Order:
    """What one team is asked for in one village: how many, whom of it, and which households if not all."""

    team_id: UUID
    village_id: UUID
    target: int | None = None
    member_id: UUID | None = None
    household_ids: Sequence[UUID] | None = None


def give_tasks(
    actor: Actor, work: Work, brief: Brief, orders: Sequence[Order], campaign_id: UUID | None = None
) -> list[UUID]:
    """A task for each of `orders`, in their order; Problem `invalid_field` where one of them cannot be."""
    for village_id in {order.village_id for order in orders}:
        require(actor, MANAGE, Place(village_id, work.now), session=work.session, now=work.now)
    check_brief(work, brief)
    work.lock(order.village_id for order in orders)
    check_orders(work, orders)
    same = asdict(brief) | {
        "campaign_id": campaign_id, "state": State.SENT, "note": None, "changed_at": work.now, "created_at": work.now,
        "created_by": actor.user_id, "delivered_at": None, "ended_at": None, "withdrawn_at": None,
    }  # fmt: skip
    ids = []
    for order in orders:
        ids.append(new_id())
        version = work.log("task", ids[-1], order.village_id)
        work.insert(Task, {"id": ids[-1], "version": version, **_columns(order), **same})
    held = [Held(task_id, order.team_id, order.member_id) for task_id, order in zip(ids, orders, strict=True)]
    tell_given(work, brief.title, brief.due_on, held)
    return ids


def brief_of(asked: Asked) -> Brief:
    """What a campaign, or a task, asks for."""
    return Brief(**{name: getattr(asked, name) for name in Brief.__dataclass_fields__})


def check_orders(work: Work, orders: Sequence[Order]) -> None:
    """Problem `invalid_field` for a team that does not serve the village, somebody not in it, a foreign household."""
    serving = _serving(work, orders)
    mates = _mates(work, {order.team_id for order in orders if order.member_id})
    homes = _homes(work, {order.village_id for order in orders if order.household_ids is not None})
    for order in orders:
        if (order.team_id, order.village_id) not in serving:
            raise Problem("invalid_field", field="team_id")
        if order.member_id and (order.team_id, order.member_id) not in mates:
            raise Problem("invalid_field", field="member_id")
        if order.target is not None and not 1 <= order.target <= HIGHEST_TARGET:
            raise Problem("invalid_field", field="target")
        if order.household_ids is not None and not _all_here(order.household_ids, homes.get(order.village_id, set())):
            raise Problem("invalid_field", field="household_ids")


def _columns(order: Order) -> dict[str, Any]:
    listed = None if order.household_ids is None else [str(one) for one in dict.fromkeys(order.household_ids)]
    return {
        "team_id": order.team_id, "village_id": order.village_id, "target": order.target,
        "member_id": order.member_id, "household_ids": listed,
    }  # fmt: skip


def _serving(work: Work, orders: Sequence[Order]) -> set[tuple[UUID, UUID]]:
    statement = (
        select(TeamVillage.team_id, TeamVillage.village_id)
        .join(Team, Team.id == TeamVillage.team_id)
        .where(
            TeamVillage.village_id.in_({order.village_id for order in orders}),
            holds(TeamVillage, work.now),
            holds(Team, work.now),
        )
    )
    return {(team_id, village_id) for team_id, village_id in work.session.execute(statement)}


def _mates(work: Work, team_ids: Collection[UUID]) -> set[tuple[UUID, UUID]]:
    if not team_ids:
        return set()
    theirs = (Membership.team_id.in_(team_ids), holds(Membership, work.now))
    rows = work.session.execute(select(Membership.team_id, Membership.member_id).where(*theirs))
    return {(team_id, member_id) for team_id, member_id in rows}


def _homes(work: Work, village_ids: Collection[UUID]) -> dict[UUID, set[UUID]]:
    found: dict[UUID, set[UUID]] = {}
    if village_ids:
        standing = (Household.withdrawn_at, Household.merged_into_id, Household.erased_at)
        here = (Household.village_id.in_(village_ids), *(column.is_(None) for column in standing))
        for village_id, home_id in work.session.execute(select(Household.village_id, Household.id).where(*here)):
            found.setdefault(village_id, set()).add(home_id)
    return found


def _all_here(wanted: Iterable[UUID], there: set[UUID]) -> bool:
    chosen = set(wanted)
    return bool(chosen) and chosen <= there
