"""The maps in plain Python: terms of areas, what a reorganisation does to them, and which village stands where."""

from dataclasses import dataclass, field
from datetime import date

from tests.machine.takeover import TakeOver

Named = tuple[str, str, str | None]  # code, name, what it belongs to
Row = tuple[str, date, date | None, str, str, str | None, str | None]


@dataclass
class Term:
    """What an area is called and where it belongs for a time, and what stands in its place afterwards."""

    area: str
    start: date
    end: date | None
    code: str
    name: str
    parent: str | None
    successor: str | None = None

    def holds(self, on: date) -> bool:
        """Whether it is in force on a day."""
        return self.start <= on and (self.end is None or on < self.end)

    @property
    def row(self) -> Row:
        """As the database has it."""
        return self.area, self.start, self.end, self.code, self.name, self.parent, self.successor


@dataclass
class Change:
    """A reorganisation: the areas that have a new term by it, and those of which it ended one."""

    id: str
    on: date
    begun: set[str]
    ended: set[str]
    take_over: TakeOver | None = None
    is_undone: bool = False


@dataclass
class Atlas:
    """All maps; `villages` are the areas that are, or were, villages."""

    terms: list[Term] = field(default_factory=list)
    villages: set[str] = field(default_factory=set)
    changes: list[Change] = field(default_factory=list)

    @property
    def rows(self) -> set[Row]:
        """Every term as the database has it."""
        return {term.row for term in self.terms}

    def on(self, day: date) -> dict[str, Term]:
        """The areas in force on a day."""
        return {term.area: term for term in self.terms if term.holds(day)}

    def villages_on(self, day: date) -> list[Term]:
        """The villages of a map, by code."""
        found = [term for area, term in self.on(day).items() if area in self.villages]
        return sorted(found, key=lambda term: term.code)

    def communes_on(self, day: date) -> list[Term]:
        """The communes of a map, by code: what villages may belong to."""
        there = self.on(day)
        found = [term for term in there.values() if term.parent in there and term.area not in self.villages]
        return sorted(found, key=lambda term: term.code)

    def stand_in(self, area: str, day: date) -> str:
        """The area itself, or what stands in its place on a map."""
        while area not in self.on(day):
            (area,) = {term.successor for term in self.terms if term.area == area and term.successor}
        return area

    def ground(self, village: str, day: date) -> list[str]:
        """The pieces of ground of a village of a map, its own first."""
        return [village, *sorted(one for one in self.villages - {village} if self.stand_in(one, day) == village)]

    def commune_of(self, village: str, day: date) -> str:
        """Where a piece of ground belongs on a map."""
        parent = self.on(day)[self.stand_in(village, day)].parent
        assert parent
        return parent

    def change(self, id_: str, on: date, begun: dict[str, Named], ended: dict[str, str]) -> None:
        """Ends what is in force of the areas concerned and begins what they are from the day on."""
        there = self.on(on)
        for area in (begun.keys() & there.keys()) | ended.keys():
            there[area].end, there[area].successor = on, ended.get(area)
        self.terms += [Term(area, on, None, *named) for area, named in begun.items()]
        self.changes.append(Change(id_, on, set(begun), (begun.keys() & there.keys()) | ended.keys()))

    def undo(self, change: Change) -> None:
        """As it was before."""
        self.terms = [term for term in self.terms if not (term.area in change.begun and term.start == change.on)]
        for term in self.terms:
            if term.area in change.ended and term.end == change.on:
                term.end = term.successor = None
        change.is_undone = True
