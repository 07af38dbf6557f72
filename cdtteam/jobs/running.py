"""Jobs are done: taken up one after the other, again when their worker died, and ended with a result or a reason."""

import logging
import socket
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import Any
from uuid import UUID

from flask import Flask, current_app
from flask_babel import force_locale
from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import Session

from cdtteam.core import clock
from cdtteam.core.db import db, is_transient
from cdtteam.core.problems import Problem
from cdtteam.jobs.chores import Chore, run_chore
from cdtteam.jobs.doorbell import bell_of
from cdtteam.jobs.models import FILE_KEPT, KEPT, Job, JobFile, State
from cdtteam.web.transactions import writing

log = logging.getLogger("cdtteam")

KINDS = "cdt_job_kinds"
TRIES = 5  # beginnings that came to no end, after which a job is given up: it may be what kills its worker
BEAT = 15.0  # seconds between signs of life
LEASE = timedelta(seconds=90)  # without one for so long another machine takes a job over
PAUSE = timedelta(seconds=10)  # before it is tried again where the database was busy
STEP = 0.5  # seconds between two words about progress


@dataclass(frozen=True, slots=True)
class File:
    """A file that a job makes."""

    name: str
    mime: str
    content: bytes


@dataclass(slots=True)
class Running:
    """A job as its handler has it: who asked for what, and how to say how far it is.

    `turn` tells this beginning from others: while another worker is at the job, its number is a higher one.
    """

    id: UUID
    turn: int
    args: Mapping[str, Any]
    made_by: UUID | None
    subject_id: UUID | None
    started_at: datetime
    file: File | None = None
    _told_at: float = field(default=0.0)

    @property
    def session(self) -> Session:
        """The session of this run, without a transaction."""
        return db.session()

    def progress(self, done: int, total: int) -> None:
        """Says how far the job is, whatever transaction is open: it is kept beside the database."""
        if done == total or monotonic() - self._told_at >= STEP:
            self._told_at = monotonic()
            bell_of(current_app).tell(_key(self.id), (done, total))


@dataclass(frozen=True, slots=True)
class JobKind:
    """What a kind of job is called (lazily translated), and what does it.

    `run` opens transactions of its own and answers what is to be kept as the result. It may be run twice (a worker dies
    after its commit and before ours), and is written so that this has one effect. A Problem that it raises is what the
    reader is told: in the words that `reason` has for its code and field, or, where that is None or answers an empty
    text, in the catalogue's.
    """

    name: str
    title: Any
    run: Callable[[Running], Mapping[str, Any] | None]
    reason: Callable[[str, str], str] | None = None


def keep_kinds(app: Flask, kinds: Iterable[JobKind]) -> None:
    """Registers the kinds of jobs of an application."""
    app.extensions[KINDS] = {kind.name: kind for kind in kinds}


def kind_named(name: str) -> JobKind | None:
    """A kind of job."""
    found: JobKind | None = current_app.extensions[KINDS].get(name)
    return found


def progress_of(job: Job) -> tuple[int, int] | None:
    """How far a job is: done, and of how many; None where nothing was said."""
    told = bell_of(current_app).told(_key(job.id)) if job.state == State.RUNNING else None
    return told if isinstance(told, tuple) and len(told) == 2 and told[1] else None


def run_jobs(app: Flask) -> None:
    """Does all jobs that are due, here and now, as the worker would."""
    run_chore(app, CHORE.name)


def _round(now: datetime) -> None:
    """Does what is due, then forgets what is too old. Each job begins at its own moment."""
    while (running := _take(clock.now())) is not None:
        _do(running)
    _forget(now)


CHORE = Chore("jobs", _round, timedelta(seconds=30))


def _take(now: datetime) -> Running | None:
    """The job that has waited longest, which is ours from now on; None where nothing is due.

    On one machine one worker at a time does jobs (`Rounds.run_alone`). So what is running on ours was left over by a
    worker that died, and is taken up at once; what runs on another machine only when that has been silent for a LEASE.
    """
    here, session = _here(), db.session()
    is_waiting = and_(Job.state == State.QUEUED, or_(Job.beat_at.is_(None), Job.beat_at < now - PAUSE))
    is_left = and_(Job.state == State.RUNNING, or_(Job.worker == here, Job.beat_at < now - LEASE))
    due = select(Job.id).where(or_(is_waiting, is_left)).order_by(Job.made_at, Job.id).limit(1)
    if session.scalar(due) is None:  # asked before writing: the round comes often, and mostly for nothing
        session.rollback()
        return None
    with writing(session):
        job_id = session.scalar(due.with_for_update(skip_locked=True))
        if job_id is None:
            return None
        job = session.get_one(Job, job_id, populate_existing=True)
        job.state, job.worker, job.beat_at, job.tries = State.RUNNING, here, now, job.tries + 1
        job.started_at = job.started_at or now
        return Running(job.id, job.tries, job.args, job.made_by, job.subject_id, now)


def _do(running: Running) -> None:
    session = db.session()
    job = session.get_one(Job, running.id)
    kind, locale = kind_named(job.kind), job.locale
    session.rollback()
    if running.turn > TRIES or kind is None:
        _end(running, State.FAILED, problem={"code": "job_failed"})
        return
    try:
        with _beating(running), force_locale(locale):
            result = kind.run(running)
    except Problem as problem:
        session.rollback()
        _put_back(running) if problem.code == "busy" else _end(
            running, State.FAILED, problem={"code": problem.code, "field": problem.field or ""}
        )
    except DBAPIError as error:
        session.rollback()
        if not (is_transient(error) or isinstance(error, OperationalError)):
            _fail(running, error)
        else:
            log.warning("job %s waits for its next turn: %s", running.id, type(error.orig).__name__)
            _put_back(running, is_counted=isinstance(error, IntegrityError))
    except Exception as error:  # noqa: BLE001 — its reader is told that it failed, and the next job goes on
        session.rollback()
        _fail(running, error)
    else:
        session.rollback()
        _end(running, State.DONE, result=dict(result or {}))


def _fail(running: Running, error: Exception) -> None:
    log.error("job %s failed", running.id, exc_info=error)
    _end(running, State.FAILED, problem={"code": "job_failed"})


def _end(
    running: Running, state: State, *, result: dict[str, Any] | None = None, problem: dict[str, Any] | None = None
) -> None:
    session, now = db.session(), clock.now()
    with writing(session):
        job = _still_ours(session, running)
        if job is None:
            return
        job.state, job.result, job.problem, job.ended_at = state, result, problem, now
        if state is State.DONE and running.file:
            file = running.file
            session.merge(JobFile(job_id=job.id, name=file.name, mime=file.mime, content=file.content, made_at=now))
    bell_of(current_app).forget(_key(running.id))


def _put_back(running: Running, *, is_counted: bool = False) -> None:
    """The database was busy: the job waits for its next turn, and this one does not count.

    It does where a row was there already: another worker's perhaps, which the next turn sees, and else a fault of ours.
    """
    session = db.session()
    with writing(session):
        if job := _still_ours(session, running):
            job.state, job.beat_at, job.tries = State.QUEUED, clock.now(), job.tries - (not is_counted)


def _still_ours(session: Session, running: Running) -> Job | None:
    """The job, locked; None where this worker was taken for dead and another one is at it, or has ended it."""
    wanted = select(Job).where(*_ours(running)).with_for_update().execution_options(populate_existing=True)
    job = session.scalar(wanted)
    if job is None:
        log.warning("job %s went on under another worker: how it ended here is not kept", running.id)
    return job


def _ours(running: Running) -> tuple[ColumnElement[bool], ...]:
    return Job.id == running.id, Job.state == State.RUNNING, Job.tries == running.turn


def _forget(now: datetime) -> None:
    """Forgets files after a day, and jobs after a month."""
    session = db.session()
    old_files, old_jobs = JobFile.made_at < now - FILE_KEPT, Job.ended_at < now - KEPT
    if session.scalar(select(JobFile.job_id).where(old_files).limit(1)) or session.scalar(
        select(Job.id).where(old_jobs).limit(1)
    ):
        with writing(session):
            session.execute(delete(JobFile).where(old_files))
            session.execute(delete(Job).where(old_jobs))
    session.rollback()


@contextmanager
def _beating(running: Running) -> Iterator[None]:
    """Says every few seconds that the job is alive.

    On SQLite it cannot while the job's own transaction writes; but then nobody could take the job over either.
    """
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    stop = threading.Event()

    def beat() -> None:
        while not stop.wait(BEAT):
            try:
                with app.app_context(), writing(db.session()):
                    db.session().execute(update(Job).where(*_ours(running)).values(beat_at=clock.now()))
            except (Problem, DBAPIError):
                log.info("job %s could not say that it is alive", running.id)

    thread = threading.Thread(target=beat, name="beat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _here() -> str:
    """This machine and instance: of the workers here one at a time does jobs."""
    return f"{socket.gethostname()}:{current_app.instance_path}"


def _key(job_id: UUID) -> str:
    return f"progress {job_id}"
