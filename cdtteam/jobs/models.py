"""Rows of jobs, and the files that they made."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from cdtteam.core.db import Base

KEPT = timedelta(days=30)  # how long is known what became of a job
FILE_KEPT = timedelta(days=1)  # how long its file can be fetched: it may hold names


class State(StrEnum):
    """How far a job has come."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


OPEN = (State.QUEUED, State.RUNNING)


class Job(Base):
    """Long work that somebody asked for: `kind` says what, with `args`; the worker takes it up.

    `label` is what it is about, as its reader called it; `subject_id` the row that it is about. `origin` is the page
    from which it came, `leads_to` the one that shows the result; both are paths of the desk. `locale` is its reader's
    language. `worker` is whose machine is at it, who says so every few seconds (`beat_at`); `tries` counts the
    beginnings, but for those that found the database busy. `problem` is why it failed: a code of the catalogue of
    problems, and the field at fault if any.
    """

    __tablename__ = "job"
    __table_args__ = (Index(None, "state", "made_at"), Index(None, "subject_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    args: Mapped[dict[str, Any]]
    made_by: Mapped[UUID | None]
    area_id: Mapped[UUID | None] = mapped_column(ForeignKey("area.id"))
    subject_id: Mapped[UUID | None]
    label: Mapped[str]
    locale: Mapped[str]
    origin: Mapped[str]
    leads_to: Mapped[str | None]
    state: Mapped[str] = mapped_column(default=State.QUEUED)
    result: Mapped[dict[str, Any] | None]
    problem: Mapped[dict[str, Any] | None]
    tries: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str | None]
    made_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    beat_at: Mapped[datetime | None]

    @property
    def is_open(self) -> bool:
        """Whether it still waits or is being done."""
        return self.state in OPEN


class JobFile(Base):
    """The file that a job made."""

    __tablename__ = "job_file"

    job_id: Mapped[UUID] = mapped_column(ForeignKey("job.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str]
    mime: Mapped[str]
    content: Mapped[bytes]
    made_at: Mapped[datetime]
