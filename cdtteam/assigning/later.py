"""A province's campaigns are given out, extended and closed by the worker, in one transaction; small ones at once."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from cdtteam.access.models import Actor, Permission
from cdtteam.access.policy import require
from cdtteam.accounts.queries import account_actor
from cdtteam.assigning import words
from cdtteam.assigning.desk import campaign_place
from cdtteam.assigning.operations import end_campaign
from cdtteam.campaigns.checks import check_brief, check_due
from cdtteam.campaigns.models import Brief, Campaign
from cdtteam.campaigns.operations import Paper, issue_campaign
from cdtteam.core import clock
from cdtteam.core.ids import new_id
from cdtteam.core.problems import Problem
from cdtteam.jobs.operations import About, queue_job
from cdtteam.jobs.running import JobKind, Running
from cdtteam.replica.work import Work
from cdtteam.tasks.giving import Order, check_orders, give_tasks
from cdtteam.tasks.models import Task
from cdtteam.tasks.operations import extend_whole_campaign
from cdtteam.web.forms import check_version
from cdtteam.web.transactions import writing

AT_ONCE = 200  # tasks that are written while their officer waits
GIVE, EXTEND, CLOSE = "campaign.give", "campaign.extend", "campaign.close"


class Drive(msgspec.Struct):
    """A campaign as its officer agreed to it."""

    area_id: UUID
    brief: Brief
    target: int | None
    paper: Paper
    orders: list[Order]


class Change(msgspec.Struct):
    """What is to become of a campaign, as its officer saw it (`version`)."""

    campaign_id: UUID
    version: int
    due_on: date | None = None
    note: str | None = None
    thanks: str | None = None


def give_drive(actor: Actor, work: Work, drive: Drive) -> str:
    """Gives a campaign out, or has the worker do it: where that leads. Problem `invalid_field`."""
    if len(drive.orders) <= AT_ONCE:
        return campaign_place(_give(actor, work, drive, new_id()), "given")
    require(actor, Permission.TASK_MANAGE, drive.area_id, session=work.session, now=work.now)
    check_brief(work, drive.brief)
    check_orders(work, drive.orders)
    id_ = new_id()
    about = About(drive.brief.title, url_for("assigning.home_page"), campaign_place(id_, "given"), id_)
    job = queue_job(actor, work.session, GIVE, msgspec.to_builtins(drive), about=about, now=work.now)
    return _job_place(job.id)


def change_drive(
    actor: Actor, work: Work, campaign: Campaign,
    *, due_on: date | None = None, note: str | None = None, thanks: str | None = None,
) -> str:  # fmt: skip
    """Extends a campaign to a day, or closes it without one; or has the worker do it: where that leads."""
    leads_to = campaign_place(campaign.id, "extended" if due_on else "closed")
    change = Change(campaign.id, campaign.version, due_on, note, thanks)
    tasks = select(func.count()).select_from(Task).where(Task.campaign_id == campaign.id, Task.ended_at.is_(None))
    if (work.session.scalar(tasks) or 0) <= AT_ONCE:
        _change(actor, work, campaign, change)
        return leads_to
    require(actor, Permission.TASK_MANAGE, campaign.area_id, session=work.session, now=work.now)
    if due_on:
        check_due(work, campaign.from_on, due_on)
    about = About(campaign.title, campaign_place(campaign.id), leads_to, campaign.id)
    args = msgspec.to_builtins(change)
    return _job_place(queue_job(actor, work.session, EXTEND if due_on else CLOSE, args, about=about, now=work.now).id)


def _give(actor: Actor, work: Work, drive: Drive, campaign_id: UUID) -> UUID:
    campaign = issue_campaign(
        actor, work, drive.area_id, drive.brief, target=drive.target, paper=drive.paper, campaign_id=campaign_id
    )
    give_tasks(actor, work, drive.brief, drive.orders, campaign.id)
    return campaign.id


def _change(actor: Actor, work: Work, campaign: Campaign, change: Change) -> None:
    if change.due_on:
        extend_whole_campaign(actor, work, campaign, change.due_on)
    else:
        end_campaign(actor, work, campaign, note=change.note, thanks=change.thanks)


def _run_giving(running: Running) -> Mapping[str, Any] | None:
    session, now, drive = running.session, clock.now(), msgspec.convert(running.args, Drive)
    running.progress(0, len(drive.orders))
    with writing(session):
        if running.subject_id is None or session.get(Campaign, running.subject_id) is None:
            actor, work = account_actor(session, running.made_by, now), Work(session, now)
            _give(actor, work, drive, running.subject_id or new_id())
            work.flush()
    return {"tasks": len(drive.orders)}


def _run_change(running: Running) -> None:
    session, now, change = running.session, clock.now(), msgspec.convert(running.args, Change)
    with writing(session):
        campaign = session.get(Campaign, change.campaign_id, with_for_update=True, populate_existing=True)
        if campaign is None:
            raise Problem("not_found")
        if _is_done(campaign, change):
            return
        check_version(campaign, str(change.version))
        work = Work(session, now)
        _change(account_actor(session, running.made_by, now), work, campaign, change)
        work.flush()


def _is_done(campaign: Campaign, change: Change) -> bool:
    """Whether this was done before the worker died that did it."""
    if change.due_on is None:
        return campaign.closed_at is not None
    return (campaign.version, campaign.due_on) == (change.version + 1, change.due_on)


def _job_place(job_id: UUID) -> str:
    return url_for("jobs.job_page", job_id=job_id)


def _reason(_code: str, field: str) -> str:
    return words.trouble_of(field)


JOBS: Sequence[JobKind] = (
    JobKind(GIVE, _l("Giving out a campaign"), _run_giving, _reason),
    JobKind(EXTEND, _l("Extending a campaign"), _run_change, _reason),
    JobKind(CLOSE, _l("Closing a campaign"), _run_change, _reason),
)
