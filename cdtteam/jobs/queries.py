"""Jobs as their readers and the operator see them."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor, Permission
from cdtteam.access.policy import require
from cdtteam.core.problems import Problem
from cdtteam.jobs.models import OPEN, Job, JobFile, State

DAY = timedelta(hours=24)


def own_job(actor: Actor, session: Session, job_id: UUID) -> Job:
    """A job that the actor asked for; Problem `not_found` also for somebody else's."""
    require(actor, Permission.DESK_READ)
    job = session.get(Job, job_id, populate_existing=True)
    if job is None or job.made_by is None or job.made_by != actor.user_id:
        raise Problem("not_found")
    return job


def file_of(session: Session, job: Job) -> JobFile:
    """The file that a job made; Problem `not_found` where there is none, or none any more."""
    found = session.get(JobFile, job.id)
    if found is None:
        raise Problem("not_found")
    return found


def has_file(session: Session, job: Job) -> bool:
    """Whether a job's file can be fetched."""
    return session.scalar(select(JobFile.job_id).where(JobFile.job_id == job.id)) is not None


def open_job_about(session: Session, kind: str, subject_id: UUID, *which: ColumnElement[bool]) -> Job | None:
    """The job of a kind that waits or is being done about a row: whoever asked for it, unless `which` says more."""
    about = (Job.kind == kind, Job.subject_id == subject_id, Job.state.in_(OPEN), *which)
    return session.scalar(select(Job).where(*about).order_by(Job.made_at).limit(1))


def jobs_open(session: Session, _now: datetime) -> int:
    """Jobs that wait or are being done."""
    return session.scalar(select(func.count()).select_from(Job).where(Job.state.in_(OPEN))) or 0


def jobs_failed(session: Session, now: datetime) -> int:
    """Jobs that failed in the last 24 hours."""
    late = (Job.state == State.FAILED, Job.ended_at > now - DAY)
    return session.scalar(select(func.count()).select_from(Job).where(*late)) or 0


def oldest_age(session: Session, now: datetime) -> int:
    """For how many seconds the oldest open job has been there; 0 for none."""
    first = session.scalar(select(func.min(Job.made_at)).where(Job.state.in_(OPEN)))
    return max(0, int((now - first).total_seconds())) if first else 0
