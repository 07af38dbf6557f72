"""Campaigns are issued, extended and closed; what that means for their tasks, the room of tasks knows."""

from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from cdtteam.access.models import Actor, Permission
from cdtteam.access.policy import require
from cdtteam.campaigns.checks import check_brief, check_due
from cdtteam.campaigns.models import Brief, Campaign
from cdtteam.core.ids import new_id
from cdtteam.core.problems import Problem
from cdtteam.replica.work import Work

MANAGE = Permission.TASK_MANAGE


@dataclass(frozen=True, slots=True)
class Paper:
    """The day and the subject of the paper that a campaign rests on; its number and sign stand in the brief."""

    dated_on: date | None = None
    subject: str | None = None


NO_PAPER = Paper()


def issue_campaign(
    actor: Actor,
    work: Work,
    area_id: UUID,
    brief: Brief,
    *,
    target: int | None = None,
    paper: Paper = NO_PAPER,
    campaign_id: UUID | None = None,
) -> Campaign:
    """A new campaign of a commune or the province; Problem `invalid_field`."""
    require(actor, MANAGE, area_id, session=work.session, now=work.now)
    check_brief(work, brief)
    campaign = Campaign(
        id=campaign_id or new_id(), **asdict(brief), area_id=area_id, target=target, document_on=paper.dated_on,
        document_subject=paper.subject, version=1, created_at=work.now, created_by=actor.user_id,
    )  # fmt: skip
    work.session.add(campaign)
    work.session.flush()
    return campaign


def extend_campaign(actor: Actor, work: Work, campaign: Campaign, due_on: date) -> None:
    """Gives a campaign that is not closed another last day, today or later."""
    require(actor, MANAGE, campaign.area_id, session=work.session, now=work.now)
    _check_open(campaign)
    check_due(work, campaign.from_on, due_on)
    campaign.due_on = due_on
    campaign.version += 1


def close_campaign(actor: Actor, work: Work, campaign: Campaign) -> None:
    """Ends a campaign for good; Problem `withdrawn` where that was done already."""
    require(actor, MANAGE, campaign.area_id, session=work.session, now=work.now)
    _check_open(campaign)
    campaign.closed_at, campaign.closed_by = work.now, actor.user_id
    campaign.version += 1


def _check_open(campaign: Campaign) -> None:
    if campaign.closed_at is not None:
        raise Problem("withdrawn")
