"""Ending a campaign at the desk: those who took part are thanked, each with their own share."""

from sqlalchemy import select

from cdtteam.access.models import Actor, Permission
from cdtteam.access.policy import require
from cdtteam.assigning.progress import is_counted_for
from cdtteam.assigning.queries import CAMPAIGN
from cdtteam.campaigns.models import Campaign
from cdtteam.core.reasons import because
from cdtteam.notify.models import Topic
from cdtteam.notify.operations import Letter, Subject, notify_each
from cdtteam.notify.queries import Recipient, people
from cdtteam.participation.members import shares_of
from cdtteam.replica.work import Work
from cdtteam.tasks.models import Task
from cdtteam.tasks.operations import close_whole_campaign

OWN_PART = "/visits?mine=1"  # where the field app shows what its member has done

Counts = tuple[int, int]  # visits, households


def end_campaign(
    actor: Actor, work: Work, campaign: Campaign, *, note: str | None = None, thanks: str | None = None
) -> None:
    """Closes a campaign; with `thanks` who took part in visits that count for it is thanked, once, as it closes."""
    require(actor, Permission.TASK_MANAGE, campaign.area_id, session=work.session, now=work.now)
    close_whole_campaign(actor, work, campaign, note=note)
    if thanks:
        crews = _crews(work, campaign)
        notify_each(work, [(crew, _letter(campaign, counts, thanks)) for counts, crew in crews.items()])


def _crews(work: Work, campaign: Campaign) -> dict[Counts, list[Recipient]]:
    """Who took part and is still in a team, by what they did: one letter for all who did as much."""
    tasks = work.session.scalars(select(Task).where(Task.campaign_id == campaign.id)).all()
    shares = shares_of(work.session, is_counted_for(work.session, tasks))
    found: dict[Counts, list[Recipient]] = {}
    for member_id, recipient in people(work.session, list(shares), work.now).items():
        share = shares[member_id]
        found.setdefault((share.visits, share.households + share.households_unnamed), []).append(recipient)
    return found


def _letter(campaign: Campaign, counts: Counts, thanks: str) -> Letter:
    visits, households = counts
    body = because(
        "%(thanks)s Visits in which you took part: %(visits)s. Households: %(households)s.",
        thanks=thanks, visits=visits, households=households,
    )  # fmt: skip
    title = because("Thank you for “%(campaign)s”", campaign=campaign.title)
    return Letter(Topic.THANKS, title, body, OWN_PART, Subject(CAMPAIGN, campaign.id))
