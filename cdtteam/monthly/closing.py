"""A report is closed at once; a province's in somebody's template by the worker, since the press may take long."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import msgspec
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor, Permission
from cdtteam.access.policy import require
from cdtteam.accounts.queries import account_actor
from cdtteam.core import clock
from cdtteam.core.problems import Problem
from cdtteam.jobs.models import Job
from cdtteam.jobs.operations import About, queue_job
from cdtteam.jobs.running import JobKind, Running
from cdtteam.monthly.facts import Facts, Subject
from cdtteam.monthly.files import printed
from cdtteam.monthly.later import label_of, reason_of
from cdtteam.monthly.models import ReportEdition
from cdtteam.monthly.operations import Closed, Writer, close_report
from cdtteam.monthly.placeholders import Closing, Report
from cdtteam.monthly.press.wire import Kind
from cdtteam.monthly.printing import KINDS, Refused, shipped
from cdtteam.monthly.queries import read_settled, template_content
from cdtteam.monthly.texts import Texts
from cdtteam.web.transactions import writing

NAME = "report.close"
STEPS = 1 + len(KINDS)  # figures are read, then each file is made


class Agreed(msgspec.Struct):
    """What somebody called `name` agreed to close as edition `number`, and the templates that were put up for it."""

    edition_id: UUID
    name: str
    subject: Subject
    texts: Texts
    number: int
    templates: dict[Kind, UUID]


def made_ready(
    actor: Actor, session: Session, agreed: Agreed, now: datetime, tell: Callable[[int], None] = lambda _steps: None
) -> tuple[UUID, Closed]:
    """The area and all that its edition keeps; Refused, or Problem `busy`, as by the press. `tell` hears of steps."""
    area, facts, versions = read_settled(actor, session, agreed.subject, now)
    require(actor, Permission.REPORT_CLOSE, area.id)
    tell(1)
    report, files = Report(facts, agreed.texts, Closing(agreed.number, now)), {}
    for at, kind in enumerate(KINDS, 2):
        chosen = agreed.templates.get(kind)
        template = template_content(actor, session, kind, chosen, now) if chosen else shipped(kind)
        files[kind] = printed(session, kind, template, report, now)
        tell(at)
    return area.id, Closed(facts, versions, agreed.texts, files["docx"], files["xlsx"])


def queue_closing(
    actor: Actor, session: Session, agreed: Agreed, facts: Facts, *, place: str, leads_to: str, now: datetime
) -> Job:  # fmt: skip
    """Has the worker close a report that the actor may close; `place` is the report's page."""
    about = About(label_of(facts), place, leads_to, agreed.edition_id)
    return queue_job(actor, session, NAME, msgspec.to_builtins(agreed), about=about, now=now)


def _run(running: Running) -> None:
    session, agreed, now = running.session, msgspec.convert(running.args, Agreed), clock.now()
    running.progress(0, STEPS)
    actor = account_actor(session, running.made_by, now)
    try:
        area_id, closed = made_ready(actor, session, agreed, now, lambda steps: running.progress(steps, STEPS))
    except Refused as refused:
        raise Problem("invalid_file", field=str(refused.code)) from refused
    with writing(session):
        if session.get(ReportEdition, agreed.edition_id) is None:  # else a worker died that had closed it
            close_report(Writer(actor, agreed.name), session, agreed.edition_id, area_id, closed, agreed.number, now)


def _reason(code: str, field: str) -> str:
    if code == "changed_meanwhile":
        return str(_("Somebody else closed this report meanwhile. Please look at it before you close it again."))
    return reason_of(code, field)


JOB = JobKind(NAME, _l("Closing a report"), _run, _reason)
