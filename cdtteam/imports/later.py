"""Long lists are taken in by the worker, in one transaction as short ones are; their reader sees how far it is."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor
from cdtteam.accounts.queries import account_actor
from cdtteam.core import clock
from cdtteam.imports.models import Upload
from cdtteam.imports.operations import take_in
from cdtteam.imports.queries import rows_of, upload_with
from cdtteam.jobs.models import Job
from cdtteam.jobs.operations import About, queue_job
from cdtteam.jobs.running import JobKind, Running
from cdtteam.replica.work import Work
from cdtteam.web.forms import check_version
from cdtteam.web.transactions import writing

AT_ONCE = 200  # rows of a list that are taken in while its reader waits
NAME = "import"


def is_long(upload: Upload) -> bool:
    """Whether a list is for the worker."""
    return len(rows_of(upload)) > AT_ONCE


def queue_import(
    actor: Actor, session: Session, upload: Upload, *, problems: int, place: str, now: datetime
) -> Job:  # fmt: skip
    """Has the worker take a list in as its reader saw it; `place` is the list's page, `problems` as for `take_in`."""
    args = {"upload_id": str(upload.id), "version": upload.version, "problems": problems}
    about = About(upload.file_name, place, place, upload.id)
    return queue_job(actor, session, NAME, args, about=about, now=now)


def _run(running: Running) -> Mapping[str, Any] | None:
    session, now, args = running.session, clock.now(), running.args
    with writing(session):
        actor = account_actor(session, running.made_by, now)
        upload = upload_with(session, actor, UUID(args["upload_id"]), now, is_locked=True)
        if upload.applied_at is not None:  # by this job, whose worker died afterwards, or by another form
            return upload.figures
        check_version(upload, str(args["version"]))
        work = Work(session, now)
        take_in(actor, work, upload, problems=args["problems"], secret=secret(), progress=running.progress)
        work.flush()
        return upload.figures


def secret() -> bytes:
    """The key of the digests by which rows are known again."""
    key = current_app.secret_key
    return key.encode() if isinstance(key, str) else key or b""


def _reason(code: str, _field: str) -> str:
    if code in ("changed_meanwhile", "invalid_field"):
        return str(_("Something has changed meanwhile, and nothing was written. Please look at the list again."))
    return str(_("This list is no longer there.")) if code == "not_found" else ""


JOB = JobKind(NAME, _l("Taking a list in"), _run, _reason)
