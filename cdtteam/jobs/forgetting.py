"""What was asked of jobs may hold names: they go with a household that is named so, and what was made of it as well."""

from collections.abc import Callable

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cdtteam.core.db import ERASED
from cdtteam.core.text import TAKEN_OUT, taken_out, texts_in
from cdtteam.jobs.models import Job, JobFile


def forget_in_jobs(session: Session, names_it: Callable[[str], bool]) -> None:
    """Takes out the texts that name it; one that waits goes on without them.

    There is no actor: it belongs to an erasure, which has required its own.
    """
    for job in session.scalars(select(Job)):
        if any(map(names_it, texts_in([job.label, job.args]))):
            session.info[ERASED] = True
            job.label, job.args = TAKEN_OUT, taken_out(job.args, names_it) if job.is_open else {}
            session.execute(delete(JobFile).where(JobFile.job_id == job.id))
