"""What deserves a look, found in visits by pure functions. There is no score, and nobody is compared with anybody."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from cdtteam.reviewing.models import Sign

A_DAY = 32  # visits: eight hours, a quarter of an hour for each with the way there
AGAIN = 8  # times that one long text stands with one member's visits
LONG_NOTE = 25  # characters: what is shorter is a set phrase that anybody uses
TIMES_A_HOME = 4  # visits to one household on one day
MOST_PEOPLE = {"home": 20, "phone": 20, "public_place": 300, "group": 300}
NIGHT = (23, 5)  # o'clock: from, until


class Seen(NamedTuple):
    """Of a visit that counts what signs are read from; ids are 32 hexadecimal digits, `at` is in Vietnam's time."""

    id: str
    village_id: str
    version: int
    team_id: str
    author_id: str
    household_id: str | None
    kind: str
    at: datetime
    participants: int
    note: str | None
    is_uncertain: bool

    @property
    def on(self) -> date:
        """The civil day."""
        return self.at.date()


@dataclass(frozen=True, slots=True)
class Look:
    """Something that deserves a look: which sign, and what of whose it is about, `on` being the latest day.

    `places` are the subjects with the village of each; `number` is what the sign counts, `at_night` how many of the
    visits were at night: a weak sign, which is told beside another and never alone. `mark` changes with the subjects.
    """

    sign: Sign
    key: str
    places: tuple[tuple[str, str], ...]
    author_id: str | None
    team_id: str | None
    on: date
    number: int
    at_night: int = 0
    mark: str = ""

    @property
    def subjects(self) -> list[str]:
        """The ids of what it is about."""
        return [subject for subject, _ in self.places]


Find = Callable[[Sequence[Seen]], Iterator[Look]]


def many_a_day(visits: Sequence[Seen]) -> Iterator[Look]:
    """Far more visits by one member than a day holds; a session of a group is one."""
    for group in _groups(visits, lambda one: (one.author_id, one.on)):
        if len(group) > A_DAY:
            yield _look(Sign.MANY_A_DAY, group)


def same_note(visits: Sequence[Seen]) -> Iterator[Look]:
    """The same long text again and again with one member's visits."""
    noted = (one for one in visits if one.note and len(one.note) >= LONG_NOTE)
    for group in _groups(noted, lambda one: (one.author_id, (one.note or "").strip().casefold())):
        if len(group) >= AGAIN:
            yield _look(Sign.SAME_NOTE, group)


def same_home(visits: Sequence[Seen]) -> Iterator[Look]:
    """One household many times on one day, by whomever."""
    named = (one for one in visits if one.household_id)
    for group in _groups(named, lambda one: (one.household_id, one.on)):
        if len(group) >= TIMES_A_HOME:
            yield _look(Sign.SAME_HOME, group)


def many_people(visits: Sequence[Seen]) -> Iterator[Look]:
    """A visit with very many people, for where it was."""
    for one in visits:
        if one.participants > MOST_PEOPLE.get(one.kind, MOST_PEOPLE["group"]):
            yield _look(Sign.MANY_PEOPLE, [one], one.participants)


def time_uncertain(visits: Sequence[Seen]) -> Iterator[Look]:
    """Visits of one member's day between whose entry and sending the phone's clock was set."""
    for group in _groups((one for one in visits if one.is_uncertain), lambda one: (one.author_id, one.on)):
        yield _look(Sign.TIME, group)


FINDERS: dict[Sign, Find] = {
    Sign.MANY_A_DAY: many_a_day,
    Sign.SAME_NOTE: same_note,
    Sign.SAME_HOME: same_home,
    Sign.MANY_PEOPLE: many_people,
    Sign.TIME: time_uncertain,
}


def looks_in(visits: Sequence[Seen], reviewed: dict[str, set[str]]) -> list[Look]:
    """All that deserves a look in a commune's visits; `reviewed` are, by sign, those that somebody has looked at."""
    found: list[Look] = []
    for sign, find in FINDERS.items():
        known = reviewed.get(sign)
        found += find([one for one in visits if one.id not in known] if known else visits)
    return found


def is_night(at: datetime) -> bool:
    """Whether an instant in Vietnam's time is at night."""
    return at.hour >= NIGHT[0] or at.hour < NIGHT[1]


def _groups(visits: Iterable[Seen], key: Callable[[Seen], Hashable]) -> Iterable[list[Seen]]:
    found: dict[Hashable, list[Seen]] = {}
    for one in visits:
        found.setdefault(key(one), []).append(one)
    return found.values()


def _look(sign: Sign, group: list[Seen], number: int | None = None) -> Look:
    last = max(group, key=lambda one: one.at)
    authors, places = {one.author_id for one in group}, tuple(sorted((one.id, one.village_id) for one in group))
    author = last.author_id if len(authors) == 1 else None
    mark = " ".join(sorted(f"{one.id}:{one.version}" for one in group))
    at_night = sum(is_night(one.at) for one in group)
    return Look(sign, places[0][0], places, author, last.team_id, last.on, number or len(group), at_night, mark)
