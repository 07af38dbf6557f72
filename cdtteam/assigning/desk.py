"""What the pages of campaigns and tasks share: the blueprint, whose commune, which campaign, which task."""

from typing import Any
from uuid import UUID

from flask import Blueprint, url_for

from cdtteam.access.models import Permission, Place
from cdtteam.access.policy import require
from cdtteam.admin.desk import is_within_reach
from cdtteam.assigning import words
from cdtteam.assigning.queries import campaigns_seen
from cdtteam.campaigns.models import Campaign
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.problems import Problem
from cdtteam.replica.work import Work
from cdtteam.tasks.models import Task
from cdtteam.web.desk import send_to_sign_in
from cdtteam.web.forms import check_version
from cdtteam.web.guards import current_actor

blueprint = Blueprint("assigning", __name__)
blueprint.register_error_handler(Problem, send_to_sign_in)

MANAGE = Permission.TASK_MANAGE


@blueprint.record_once
def _configure(state: Any) -> None:
    """What the templates ask for."""
    for name in ("state_mark", "withdrawn_mark", "closed_mark", "change_words", "unit_name", "amount", "done_words"):
        state.app.jinja_env.globals[f"task_{name}"] = getattr(words, name)


def campaign_at_hand(campaign_id: UUID, *, is_locked: bool = False) -> Campaign:
    """A campaign that the reader may see; locked until the commit for whoever changes it."""
    session, now = db.session(), clock.now()
    campaign = session.get(Campaign, campaign_id, with_for_update=is_locked or None, populate_existing=True)
    if campaign is None:
        raise Problem("not_found")
    if not campaigns_seen(current_actor(), session, now, Campaign.id == campaign_id):
        raise Problem("out_of_scope")
    return campaign


def is_own(campaign: Campaign) -> bool:
    """Whether the reader may extend and close a campaign: it is the province's to do so, or its issuer's."""
    return is_within_reach(MANAGE, campaign.area_id)


def task_at_hand(task_id: UUID) -> Task:
    """A task that the reader may manage."""
    session, now = db.session(), clock.now()
    task = session.get(Task, task_id, populate_existing=True)
    if task is None:
        raise Problem("not_found")
    require(current_actor(), MANAGE, Place(task.village_id, now), session=session, now=now)
    return task


def unchanged_task(work: Work, task_id: UUID, seen: str, *village_ids: UUID) -> Task:
    """The task as a form's reader saw it, its village held, and others with it; Problem `changed_meanwhile`.

    Phones change tasks as well, so the version is compared under the lock that they take.
    """
    task = task_at_hand(task_id)
    work.lock([task.village_id, *village_ids])
    work.session.refresh(task)
    check_version(task, seen)
    return task


def campaign_place(campaign_id: UUID, done: str | None = None) -> str:
    """The address of a campaign's page, which then says what was `done`."""
    return url_for("assigning.campaign_page", campaign_id=campaign_id, done=done)


def task_place(task_id: UUID, done: str | None = None) -> str:
    """The address of a task's page, which then says what was `done`."""
    return url_for("assigning.task_page", task_id=task_id, done=done)
