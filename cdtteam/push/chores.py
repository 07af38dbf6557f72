"""What the worker does for the doorbell: rings, and forgets browsers that are long gone."""

from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import delete
from sqlalchemy.orm import Session

from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.jobs.chores import Chore
from cdtteam.push.fanning import fan_out, waits
from cdtteam.push.hosts import configured_door
from cdtteam.push.leasing import due_by_host
from cdtteam.push.models import Subscription
from cdtteam.web.transactions import snapshot, writing

REMEMBERED = timedelta(days=60)  # for which an ended subscription is kept, with what was delivered to it


def ring_bells(now: datetime) -> None:
    """Rings for what is due, by the channel that there is."""
    session = db.session()
    if not _is_any_due(session, now):
        return
    # Who has nothing to send need not hold what sends.
    from cdtteam.push.delivering import deliver  # noqa: PLC0415
    from cdtteam.push.webpush import WebPush  # noqa: PLC0415

    deliver(session, WebPush(configured_door(), current_app.config["CDT_VAPID_SUBJECT"], clock.now))


def _is_any_due(session: Session, now: datetime) -> bool:
    """Whether anything is to be sent; what waits and rings nowhere, such as where nobody has a bell, is taken up."""
    while True:
        with snapshot(session):
            if due_by_host(session, now):
                return True
            if not waits(session, now):
                return False
        with writing(session):
            if not fan_out(session, now):  # another worker is at it
                return False


def forget_browsers(now: datetime) -> None:
    """Drops subscriptions that ended long ago."""
    session = db.session()
    with writing(session):
        session.execute(delete(Subscription).where(Subscription.ended_at < now - REMEMBERED))


CHORES = (
    Chore("push", ring_bells, every=timedelta(seconds=20)),
    Chore("push.forget", forget_browsers, every=timedelta(days=1)),
)
