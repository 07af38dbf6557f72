"""Which households may be one and the same: pure, from what is known of each.

The phone asks the same while one types (`static/field/model/likeness.js`, held together by
`tests/vectors/likeness.json`).
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple
from uuid import UUID

from cdtteam.core.text import fold


class Alike(StrEnum):
    """What two households have in common, the strongest sign first."""

    NAME_AND_PHONE = "name_and_phone"
    NAME = "name"
    PHONE = "phone"
    NAME_NEAR = "name_near"  # in another hamlet of the village
    NAME_ELSEWHERE = "name_elsewhere"


LIKELY = (Alike.NAME_AND_PHONE, Alike.NAME, Alike.PHONE)
MOST_AT_A_NUMBER = 4  # a number that more households gave is a neighbour's or an officer's, and tells nothing


@dataclass(frozen=True, slots=True)
class Known:
    """What tells a household from others; households that refused to be named are not known."""

    id: UUID
    village_id: UUID
    head_name: str
    hamlet: str | None
    code: str | None
    phone: str | None


@dataclass(frozen=True, slots=True)
class Likeness:
    """A household that may be the one that was asked about, and why."""

    other: Known
    why: Alike


class Pair(NamedTuple):
    """Two households that are likely one, the one that was entered first before the other, and why."""

    first: Known
    second: Known
    why: Alike

    @property
    def ids(self) -> frozenset[UUID]:
        """Which two they are."""
        return frozenset((self.first.id, self.second.id))


def likely_same(one: Known, others: Iterable[Known]) -> list[Likeness]:
    """Those of `others` that may be `one`, the likeliest first: by name however written, and by number.

    `others` are those of a commune: of one name in several villages many are different people, so they come last.
    """
    asked = _signs_of(one)
    rest = (other for other in others if other.id != one.id)
    found = [Likeness(other, why) for other in rest if (why := _alike(asked, _signs_of(other)))]
    return sorted(found, key=lambda like: (_ORDER[like.why], like.other.village_id != one.village_id))


def pairs_alike(households: Iterable[Known]) -> list[Pair]:
    """The pairs of households that are likely one, the likeliest first: of the weaker signs nobody is asked.

    Only those that share a village and a name, or a number, are compared: of 8,000 that is a moment's work.
    """
    known = [_signs_of(one) for one in households]
    by_name = _blocks(known, lambda one: (one.village_id, one.name) if one.name else None)
    by_phone = [block for block in _blocks(known, lambda one: one.phone) if len(block) <= MOST_AT_A_NUMBER]
    found: dict[frozenset[UUID], Pair] = {}
    for block in (*by_name, *by_phone):
        for first, second in combinations(sorted(block, key=lambda one: one.known.id), 2):
            why = _alike(first, second)
            if why in LIKELY:
                pair = Pair(first.known, second.known, why)
                found[pair.ids] = pair
    return sorted(found.values(), key=lambda pair: (_ORDER[pair.why], pair.first.id, pair.second.id))


def sound(name: str) -> str:
    """A name folded, y and i being one letter: Mỹ is written Mĩ as well."""
    return fold(name).replace("y", "i")


class _Signs(NamedTuple):
    """What of a household is compared, each folded once."""

    known: Known
    village_id: UUID
    name: str
    hamlet: str
    phone: str | None


_ORDER = {why: at for at, why in enumerate(Alike)}
_hamlet = lru_cache(maxsize=1024)(fold)  # few, and each is that of many


def _signs_of(one: Known) -> _Signs:
    hamlet = _hamlet(one.hamlet) if one.hamlet else ""
    return _Signs(one, one.village_id, sound(one.head_name), hamlet, one.phone)


def _blocks(households: list[_Signs], key: Callable[[_Signs], Hashable | None]) -> list[list[_Signs]]:
    """Those that share a key, where there are several; None shares with nobody."""
    blocks: dict[Hashable, list[_Signs]] = defaultdict(list)
    for one in households:
        if (found := key(one)) is not None:
            blocks[found].append(one)
    return [block for block in blocks.values() if len(block) > 1]


def _alike(one: _Signs, other: _Signs) -> Alike | None:
    is_name = bool(one.name) and one.name == other.name
    is_phone = one.phone is not None and one.phone == other.phone
    is_here = one.village_id == other.village_id
    if is_name and is_phone:
        return Alike.NAME_AND_PHONE
    if is_name and is_here and (not one.hamlet or not other.hamlet or one.hamlet == other.hamlet):
        return Alike.NAME
    if is_phone:
        return Alike.PHONE
    if is_name:
        return Alike.NAME_NEAR if is_here else Alike.NAME_ELSEWHERE
    return None
