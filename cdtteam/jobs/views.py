"""The page of a job: how far it is, what became of it, the file that it made."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

from flask import Blueprint, Response, render_template

from cdtteam.access.models import Permission
from cdtteam.core.db import db
from cdtteam.core.problems import Problem
from cdtteam.jobs.models import Job, State
from cdtteam.jobs.queries import file_of, has_file, own_job
from cdtteam.jobs.running import progress_of
from cdtteam.jobs.words import reason_words, title_of
from cdtteam.web.desk import send_to_sign_in
from cdtteam.web.forms import lead_to
from cdtteam.web.guards import current_actor, requires
from cdtteam.web.navigation import belong_to

blueprint = Blueprint("jobs", __name__)
blueprint.register_error_handler(Problem, send_to_sign_in)


@blueprint.record_once
def _configure(state: Any) -> None:
    """What the templates ask for."""
    state.app.jinja_env.filters["job_reason"] = reason_words


@blueprint.get("/desk/jobs/<uuid:job_id>")
@requires(Permission.DESK_READ)
def job_page(job_id: UUID) -> Response | str:
    """How far a job is; once it is done, leads to the page of its result."""
    job = own_job(current_actor(), db.session(), job_id)
    if job.state == State.DONE and job.leads_to:
        return lead_to(job.leads_to)
    return _page(job)


@blueprint.get("/desk/jobs/<uuid:job_id>/file")
@requires(Permission.DESK_READ)
def job_file(job_id: UUID) -> Response:
    """The file that a job made."""
    file = file_of(db.session(), own_job(current_actor(), db.session(), job_id))
    answer = Response(file.content, content_type=file.mime)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file.name)}"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _page(job: Job) -> str:
    belong_to(job.origin)
    return render_template(
        "jobs/job.html", job=job, title=title_of(job), progress=progress_of(job),
        has_file=job.state == State.DONE and has_file(db.session(), job),
    )  # fmt: skip
