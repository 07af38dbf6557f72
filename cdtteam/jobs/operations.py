"""Jobs are asked for, once for what is still being done."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import get_locale
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor, Permission
from cdtteam.access.policy import require
from cdtteam.core.ids import new_id
from cdtteam.jobs.doorbell import ring
from cdtteam.jobs.models import Job
from cdtteam.jobs.queries import open_job_about
from cdtteam.jobs.running import CHORE


@dataclass(frozen=True, slots=True)
class About:
    """What a job is about, for its reader: what it is called, whence it came, and the page that shows its result.

    Without `leads_to` the job's own page offers the file that it made.
    """

    label: str
    origin: str
    leads_to: str | None = None
    subject_id: UUID | None = None


def queue_job(
    actor: Actor, session: Session, kind: str, args: dict[str, Any], *, about: About, now: datetime,
) -> Job:  # fmt: skip
    """Asks for a job in the transaction at hand; `args` are JSON, and hold what its reader agreed to.

    Where one of the kind that the actor asked for is open about the same subject, that one is answered. The caller has
    asked whether the actor may do what the job does; the job asks again on the actor's behalf.
    """
    require(actor, Permission.DESK_READ)
    if about.subject_id is not None:
        known = open_job_about(session, kind, about.subject_id, Job.made_by == actor.user_id)
        if known is not None:
            return known
    job = Job(
        id=new_id(), kind=kind, args=args, made_by=actor.user_id, area_id=actor.area_id, subject_id=about.subject_id,
        label=about.label, locale=str(get_locale()), origin=about.origin, leads_to=about.leads_to, made_at=now,
    )  # fmt: skip
    session.add(job)
    session.flush()
    ring(session, CHORE.name)
    return job
