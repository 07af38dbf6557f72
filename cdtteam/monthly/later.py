"""A province's report in somebody's template is made by the worker; the reader sees how far it is and fetches it."""

from datetime import datetime
from uuid import UUID, uuid5

import msgspec
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor
from cdtteam.accounts.queries import account_actor
from cdtteam.core import clock
from cdtteam.core.problems import Problem
from cdtteam.jobs.models import Job
from cdtteam.jobs.operations import About, queue_job
from cdtteam.jobs.running import File, JobKind, Running
from cdtteam.monthly.desk import file_name, period_name
from cdtteam.monthly.facts import Facts, Subject
from cdtteam.monthly.files import edition_seen, printed, report_now, template_named
from cdtteam.monthly.printing import MIME, Refused

NAME = "report.file"
STEPS = 2  # figures are read, the template is filled


class Wanted(msgspec.Struct):
    """Which file: in a template that was put up, of an edition, or of a report as it stands."""

    template_id: UUID
    of: UUID | Subject


def queue_file(
    actor: Actor, session: Session, wanted: Wanted, facts: Facts, *, place: str, now: datetime
) -> Job:  # fmt: skip
    """Has the worker make a file that the actor may see; `place` is the report's page. While it waits it is one job."""
    args = msgspec.to_builtins(wanted)
    subject_id = uuid5(wanted.template_id, f"{actor.user_id} {args['of']}")
    about = About(label_of(facts), place, subject_id=subject_id)
    return queue_job(actor, session, NAME, args, about=about, now=now)


def label_of(facts: Facts) -> str:
    """By what a job about a report is called: Tỉnh Bình Định · Tháng 9/2026."""
    return f"{facts.area_name} · {period_name(facts)}"


def _run(running: Running) -> None:
    """It only reads, so that being run twice makes the same file."""
    session, wanted = running.session, msgspec.convert(running.args, Wanted)
    running.progress(0, STEPS)
    now = clock.now()
    actor = account_actor(session, running.made_by, now)
    template = template_named(actor, session, str(wanted.template_id), now)
    if isinstance(wanted.of, UUID):
        report, made = edition_seen(actor, session, wanted.of, now)
    else:
        report, made = report_now(actor, session, wanted.of, now), now
    running.progress(1, STEPS)
    try:
        content = printed(session, template.kind, template.content, report, made)
    except Refused as refused:
        raise Problem("invalid_file", field=str(refused.code)) from refused
    running.file = File(file_name(report.facts, template.kind)[1], MIME[template.kind], content)


def reason_of(code: str, field: str) -> str:
    """Why there is no file, where we have words of our own."""
    if code == "not_found":
        return str(_("This template is no longer there."))
    if code != "invalid_file":
        return ""
    too_large = _("The template is too large, or too long to fill in.")
    return str(too_large if field == "too_large" else _("The file could not be read as a template."))


JOB = JobKind(NAME, _l("Making a file of a report"), _run, reason_of)
