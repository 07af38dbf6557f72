"""What the worker does for the doorbell: rings, and forgets browsers that are long gone."""

from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import delete

from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.jobs.chores import Chore
from cdtteam.push.fanning import waits
from cdtteam.push.hosts import configured_door
from cdtteam.push.leasing import due_by_host
from cdtteam.push.models import Subscription
from cdtteam.web.transactions import snapshot, writing

REMEMBERED = timedelta(days=60)  # for which an ended subscription is kept, with what was delivered to it


def ring_bells(now: datetime) -> None:
    """Rings for what is due, by the channel that there is."""
    session = db.session()
    with snapshot(session):
        if not waits(session, now) and not due_by_host(session, now):
            return
    # Who only answers requests need not hold what sends.
    from cdtteam.push.delivering import deliver  # noqa: PLC0415
    from cdtteam.push.webpush import WebPush  # noqa: PLC0415

    deliver(session, WebPush(configured_door(), current_app.config["CDT_VAPID_SUBJECT"], clock.now))


def forget_browsers(now: datetime) -> None:
    """Drops subscriptions that ended long ago."""
    session = db.session()
    with writing(session):
        session.execute(delete(Subscription).where(Subscription.ended_at < now - REMEMBERED))


CHORES = (
    Chore("push", ring_bells, every=timedelta(seconds=20)),
    Chore("push.forget", forget_browsers, every=timedelta(days=1)),
)
