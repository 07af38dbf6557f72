"""What the inbox has done for it: what is old is forgotten."""

from datetime import datetime, timedelta

from cdtteam.core.db import db
from cdtteam.jobs.chores import Chore
from cdtteam.notify.forgetting import forget_old_notifications
from cdtteam.web.transactions import writing


def forget(now: datetime) -> None:
    """Deletes what is too old, a handful in each transaction, so that nobody waits for it."""
    has_more = True
    while has_more:
        with writing(db.session()):
            has_more = forget_old_notifications(db.session(), now)


CHORES = (Chore("forget-notifications", forget, timedelta(hours=6)),)
