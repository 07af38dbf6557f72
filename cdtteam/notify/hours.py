"""The night in which nothing rings that can wait: 21:00 to 06:00 in Vietnam."""

from datetime import datetime, time, timedelta

from cdtteam.core.clock import CIVIL_ZONE

NIGHT, MORNING = time(21), time(6)


def rings_at(at: datetime) -> datetime:
    """The instant itself, or the end of the night in which it falls."""
    there = at.astimezone(CIVIL_ZONE)
    if MORNING <= there.time() < NIGHT:
        return at
    day = there.date() + timedelta(days=there.time() >= NIGHT)
    return datetime.combine(day, MORNING, CIVIL_ZONE).astimezone(at.tzinfo)
