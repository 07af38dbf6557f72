"""What was laid on a day is told to the phones when it has come: nobody does anything then that would tell them."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from cdtteam.access.models import Actor, Permission
from cdtteam.access.policy import require
from cdtteam.areas.models import AreaTerm
from cdtteam.core.clock import civil_date, day_start
from cdtteam.replica.models import Told
from cdtteam.replica.work import Work
from cdtteam.teams.models import Membership, Team, TeamVillage
from cdtteam.teams.queries import members_of_teams
from cdtteam.teams.telling import reach_of, teams_around, tell
from cdtteam.teams.unmerging import settle_mergers

LOOKED_BACK = 400  # days, after a time in which nobody synced


def is_told(session: Session, on: date) -> bool:
    """Whether what begins or ends with a day has been told."""
    told = session.scalar(select(Told.on))
    return told is not None and told >= on


def tell_due(actor: Actor, work: Work) -> None:
    """Logs the teams, people and villages of which terms begin or end with today, or a day since it was last done.

    At once in one process only: who comes second finds it done.
    """
    require(actor, Permission.AREA_MANAGE)
    today = civil_date(work.now)
    told = work.session.scalar(select(Told).with_for_update())
    if told is None or told.on >= today:
        return
    since = max(told.on, today - timedelta(days=LOOKED_BACK))
    days = [since + timedelta(days=n + 1) for n in range((today - since).days)]
    told.on = today
    instants = [day_start(day) for day in days]
    settle_mergers(work.session, instants)
    teams, members = _teams(work.session, instants), _members(work.session, instants)
    members |= {mate.id for mate in members_of_teams(work.session, teams, work.now)}
    teams |= teams_around(work.session, _villages(work.session, days))
    tell(work, reach_of(work.session, teams, members))


def _teams(session: Session, instants: Iterable[datetime]) -> set[UUID]:
    found = set[UUID]()
    for model, team_id in ((Team, Team.id), (TeamVillage, TeamVillage.team_id)):
        edge = or_(model.started_at.in_(instants), model.ended_at.in_(instants))
        found |= set(session.scalars(select(team_id).where(edge)))
    return found


def _members(session: Session, instants: Iterable[datetime]) -> set[UUID]:
    edge = or_(Membership.started_at.in_(instants), Membership.ended_at.in_(instants))
    return set(session.scalars(select(Membership.member_id).where(edge)))


def _villages(session: Session, days: list[date]) -> set[UUID]:
    """Areas that change on the days, with those that lie in them by then."""
    changed = select(AreaTerm.area_id).where(or_(AreaTerm.from_on.in_(days), AreaTerm.until_on.in_(days)))
    inner = aliased(AreaTerm)
    below = select(inner.area_id).where(
        inner.parent_id.in_(changed), or_(inner.until_on.is_(None), inner.until_on > days[-1])
    )
    return set(session.scalars(changed)) | set(session.scalars(below))
