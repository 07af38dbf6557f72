"""The steps of a period's time series: days of a short period, weeks, months of a long one."""

from datetime import date, timedelta
from enum import StrEnum

from cdtteam.core.periods import Period


class Step(StrEnum):
    """How long a step is; a period of decades is one step."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    WHOLE = "whole"


_LONGEST = ((62, Step.DAY), (800, Step.WEEK), (20 * 366, Step.MONTH))


def step_of(period: Period) -> Step:
    """How long the steps of a period are."""
    length = (period.to_on - period.from_on).days + 1
    return next((step for longest, step in _LONGEST if length <= longest), Step.WHOLE)


def step_starts(period: Period) -> list[date]:
    """The first day of each step: the period's own, then every day, Monday or first of a month."""
    step = step_of(period)
    starts = [period.from_on]
    while step is not Step.WHOLE:
        following = _following(starts[-1], step)
        if following > period.to_on:
            break
        starts.append(following)
    return starts


def _following(on: date, step: Step) -> date:
    if step is Step.DAY:
        return on + timedelta(days=1)
    if step is Step.WEEK:
        return on + timedelta(days=7 - on.weekday())
    return (on.replace(day=1) + timedelta(days=31)).replace(day=1)
