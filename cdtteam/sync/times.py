"""Devices' clocks, corrected (sync protocol, "Time")."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from cdtteam.core.problems import Problem

TOLERANCE = timedelta(minutes=2)
AHEAD = timedelta(minutes=10)
OLD = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Clock:
    """How a device's clock relates to ours in one request: `arrival` is ours, `error` is added to its times."""

    arrival: datetime
    error: timedelta

    @classmethod
    def of(cls, sent_at: datetime, arrival: datetime) -> "Clock":
        """The clock of a device that says `sent_at` as its request arrives."""
        error = arrival - sent_at
        return cls(arrival, error if abs(error) > TOLERANCE else timedelta())


class Entered(NamedTuple):
    """When something was entered: `at` corrected, and by how much; `is_uncertain` when the clock was set in between."""

    at: datetime
    shift: timedelta
    is_uncertain: bool
    arrival: datetime
    has_after: bool

    def moved(self, occurred_at: datetime) -> tuple[datetime, bool]:
        """A time that was entered, moved by the same shift, and whether that is uncertain; Problem `implausible_time`.

        What is said to have happened after the arrival happened, by the phone's clock, no later than it.
        """
        corrected = _shifted(occurred_at, self.shift)
        if self.has_after and corrected > self.arrival:
            return self.arrival, True
        _check(corrected, self.arrival)
        return corrected, self.is_uncertain


def entered(clock: Clock, at: datetime, after: datetime | None) -> Entered:
    """The corrected time of an entry; Problem `implausible_time`.

    `after` is what our clock said when the phone had last heard of it: the entry cannot be earlier.
    """
    corrected = _shifted(at, clock.error)
    uncertain = False
    if after is not None and (corrected > clock.arrival or corrected < after):
        corrected = clock.arrival if corrected > clock.arrival else min(after, clock.arrival)
        uncertain = True
    _check(corrected, clock.arrival)
    return Entered(corrected, corrected - at, uncertain, clock.arrival, after is not None)


def _shifted(at: datetime, shift: timedelta) -> datetime:
    try:
        return at + shift
    except OverflowError as error:
        raise Problem("implausible_time") from error


def _check(at: datetime, arrival: datetime) -> None:
    if not arrival - OLD <= at <= arrival + AHEAD:
        raise Problem("implausible_time")
