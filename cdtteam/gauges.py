"""What operators watch: how much waits to be put right or counted, and whether phones still come."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cdtteam.accounts.models import DeviceContact
from cdtteam.core.clock import civil_date
from cdtteam.jobs.queries import jobs_failed, jobs_open, oldest_age
from cdtteam.push.queries import number_due, oldest_due, results_by_host
from cdtteam.replica.models import StaleDay
from cdtteam.sync.models import Quarantined
from cdtteam.web.metrics import Gauges

DAY = timedelta(hours=24)


def unsettled(session: Session, _now: datetime) -> int:
    """Refused mutations that were neither applied, corrected nor given up since."""
    return _count(session.scalar(select(func.count()).where(Quarantined.settled_at.is_(None))))


def devices_seen(session: Session, now: datetime) -> int:
    """Devices that reached the server in the last 24 hours."""
    seen = (DeviceContact.on >= civil_date(now - DAY), DeviceContact.last_at > now - DAY)
    return _count(session.scalar(select(func.count(DeviceContact.device_id.distinct())).where(*seen)))


def stale_days(session: Session, _now: datetime) -> int:
    """Days of villages that were changed since their figures were last counted."""
    return _count(session.scalar(select(func.count()).select_from(StaleDay)))


def _count(found: int | None) -> int:
    return found or 0


GAUGES: Gauges = {
    "cdt_quarantine_unsettled": ("Refused mutations that are not settled.", unsettled),
    "cdt_devices_seen": ("Devices seen in the last 24 hours.", devices_seen),
    "cdt_stale_days": ("Days of villages that wait to be counted again.", stale_days),
    "cdt_push_due": ("Push messages that are due and not sent yet.", number_due),
    "cdt_push_oldest_due_seconds": ("For how long the push message that waits longest has been due.", oldest_due),
    "cdt_push_ended": ("Push messages by service and by what became of them.", results_by_host),
    "cdt_jobs_open": ("Jobs that wait or are being done.", jobs_open),
    "cdt_jobs_failed": ("Jobs that failed in the last 24 hours.", jobs_failed),
    "cdt_jobs_oldest_seconds": ("For how long the oldest open job has been there.", oldest_age),
}
