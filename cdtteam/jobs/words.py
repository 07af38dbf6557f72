"""What the page of a job says."""

from flask_babel import gettext as _

from cdtteam.core.problems import CATALOGUE
from cdtteam.jobs.models import Job
from cdtteam.jobs.running import kind_named


def title_of(job: Job) -> str:
    """What a kind of job is called."""
    kind = kind_named(job.kind)
    return str(kind.title) if kind else job.kind


def reason_words(job: Job) -> str:
    """Why a job failed, for its reader."""
    problem, kind = job.problem or {}, kind_named(job.kind)
    code = problem.get("code", "job_failed")
    own = kind.reason(code, problem.get("field") or "") if kind and kind.reason else ""
    if not own and code == "out_of_scope":  # the catalogue says it to a volunteer
        return str(_("This area is not among those of your account."))
    return own or str(CATALOGUE.get(code, CATALOGUE["job_failed"])[1])
