"""The only clock, and civil days in Vietnam; everything else gets `now` passed in."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

CIVIL_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def civil_date(instant: datetime) -> date:
    """The day in Vietnam on which an aware `instant` falls."""
    return instant.astimezone(CIVIL_ZONE).date()


def day_start(on: date) -> datetime:
    """The instant, in UTC, at which the civil day `on` begins."""
    return datetime.combine(on, time(), CIVIL_ZONE).astimezone(UTC)


def day_after(on: date) -> date:
    """The civil day after `on`."""
    return on + timedelta(days=1)


def wire_instant(instant: datetime) -> str:
    """RFC 3339 in UTC with milliseconds, as the sync protocol writes instants."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
