"""Campaigns stay; words that call a household by name go when it is to be forgotten."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import select

from cdtteam.access.models import Actor, Permission
from cdtteam.access.policy import require
from cdtteam.areas.queries import area_in_place_of, area_map, communes_ever
from cdtteam.campaigns.models import Campaign
from cdtteam.core.clock import civil_date
from cdtteam.core.text import TAKEN_OUT
from cdtteam.replica.work import Work

_WORDS = ("title", "text", "document_subject")


def forget_in_campaigns(actor: Actor, work: Work, village_ids: set[UUID], names_it: Callable[[str], bool]) -> None:
    """Takes out what was written for villages by the communes that they ever belonged to, and by the province."""
    require(actor, Permission.HOUSEHOLD_MANAGE)
    today = civil_date(work.now)
    offices = communes_ever(work.session, village_ids, today)
    areas = area_map(work.session, today)
    offices |= {above.id for commune_id in offices for above in areas.above(commune_id)}
    for campaign in work.session.scalars(select(Campaign)):
        named = [name for name in _WORDS if names_it(getattr(campaign, name) or "")]
        if named and area_in_place_of(work.session, campaign.area_id, today) in offices:
            for name in named:
                setattr(campaign, name, TAKEN_OUT)
            campaign.version += 1
