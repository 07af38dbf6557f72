"""Where transactions begin and end, for requests and for the command line."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from flask import current_app
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from cdtteam.core.db import ERASED, empty_journal
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
            _forget(session)
    except BaseException:
        session.rollback()
        raise


def _forget(session: Session) -> None:
    """Where a name was erased it goes from SQLite's journal too; as long as a reader needs that, with a later write."""
    waiting = current_app.extensions
    if session.info.pop(ERASED, False) or waiting.get(ERASED):
        waiting[ERASED] = not empty_journal(cast("Engine", session.get_bind()))


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
