"""Where transactions begin and end, for requests and for the command line."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import current_app
from sqlalchemy.orm import Session

from cdtteam.core.writelock import WriteLock


@contextmanager
def writing(session: Session) -> Iterator[None]:
    """A write transaction on `session`: committed at the end, rolled back on any error.

    On SQLite it holds the one writer's lock; Problem `busy` when that takes over 10 s.
    """
    lock: WriteLock | None = current_app.extensions.get("cdt_write_lock")
    session.rollback()
    try:
        if lock is None:
            yield
            session.commit()
            return
        with lock.held():
            session.connection(execution_options={"cdt_begin": "IMMEDIATE"})
            yield
            session.commit()
    except BaseException:
        session.rollback()
        raise


@contextmanager
def snapshot(session: Session) -> Iterator[None]:
    """A read-only transaction on `session` that sees one state of the database throughout."""
    session.rollback()
    try:
        if session.get_bind().dialect.name == "postgresql":
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        yield
    finally:
        session.rollback()
