"""How large the demonstration is, and the habits that its teams have."""

from bisect import bisect
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")

SEED = 1176


class Habit(StrEnum):
    """What a team does in this month and the last; earlier all but the first of the silent ones were at work."""

    ACTIVE = "active"
    NOTHING = "nothing"
    NEVER_SIGNED_IN = "never_signed_in"
    NO_CONTACT = "no_contact"
    REFUSED = "refused"
    NO_ENTRIES = "no_entries"


# The villages that are made first, those of the sign-ins' commune, show every habit in any size.
FIRST_HABITS = (
    Habit.ACTIVE, Habit.ACTIVE, Habit.NOTHING, Habit.ACTIVE, Habit.NO_ENTRIES, Habit.NEVER_SIGNED_IN,
    Habit.NO_CONTACT, Habit.REFUSED, Habit.ACTIVE,
)  # fmt: skip
WEIGHTS = {
    Habit.ACTIVE: 80, Habit.NOTHING: 7, Habit.NEVER_SIGNED_IN: 4,
    Habit.NO_CONTACT: 3, Habit.REFUSED: 2, Habit.NO_ENTRIES: 4,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Size:
    """What is made; `district` limits the communes to its first `communes`.

    `has_work` says whether work is given out and asked for as well, and visits deserve a look: tests that are about
    other things do without it.
    """

    villages: int
    members: int
    days: int
    households: int  # in a village
    own_villages: int  # of the commune of the sign-ins
    own_households: int  # in each of them
    district: str | None = None
    communes: int | None = None
    village_range: tuple[int, int] = (4, 12)
    has_work: bool = True


FULL = Size(villages=1176, members=4353, days=90, households=40, own_villages=7, own_households=350)
SMALL = Size(
    villages=9, members=33, days=14, households=12, own_villages=3, own_households=12,
    district="546", communes=3, village_range=(3, 3), has_work=False,
)  # fmt: skip
SIZES = {"full": FULL, "small": SMALL}


class Odds(Generic[T]):
    """Values with their weights; faster than random.choices, which adds the weights up at each call."""

    def __init__(self, weights: Mapping[T, float]) -> None:
        self._values = list(weights)
        self._sums = list(accumulate(weights.values()))

    def draw(self, rng: Random) -> T:
        """One of the values."""
        return self._values[bisect(self._sums, rng.random() * self._sums[-1])]


def spread(rng: Random, total: int, parts: int, low: int, high: int) -> list[int]:
    """`parts` numbers between `low` and `high` that add up to `total`."""
    numbers = [rng.randint(low, high) for _ in range(parts)]
    while (lacking := total - sum(numbers)) != 0:
        place = rng.randrange(parts)
        if low <= numbers[place] + (step := 1 if lacking > 0 else -1) <= high:
            numbers[place] += step
    return numbers
