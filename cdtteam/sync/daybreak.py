"""The first sync of a civil day tells the phones what was laid on it: there is no clock that would do so by itself."""

import logging
from datetime import date, datetime
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from cdtteam.access.models import SYSTEM
from cdtteam.core.clock import civil_date
from cdtteam.core.db import db
from cdtteam.core.problems import Problem
from cdtteam.replica.work import Work
from cdtteam.teams.due import is_told, tell_due
from cdtteam.web.transactions import writing

log = logging.getLogger("cdtteam")

# The day that was told last, by database: it spares all further syncs of a day the question.
_told: WeakKeyDictionary[Engine, date] = WeakKeyDictionary()


def begin_day(session: Session, now: datetime) -> None:
    """Has this day's changes told, once; a fault of ours is logged and stops no phone."""
    engine, today = db.engine, civil_date(now)
    if _told.get(engine) == today:
        return
    try:
        if not is_told(session, today):
            with writing(session):
                work = Work(session, now)
                tell_due(SYSTEM, work)
                work.flush()
    except (Problem, DBAPIError):
        return  # somebody else is writing: the next sync tries again
    except Exception:
        log.exception("what was laid on %s could not be told", today)
    _told[engine] = today
