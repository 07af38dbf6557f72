"""A file's rows as they are judged: what each would make, what is wrong with it, and where."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

E = TypeVar("E")


class Standing(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    THERE = "there"
    PROBLEM = "problem"


@dataclass
class Line(Generic[E]):
    """A row of the file, by its number there; `texts` and `troubles` are by field, `entry` is what a good row makes.

    `remarks`, by field too, say what of a cell is not taken.
    """

    number: int
    texts: dict[str, str]
    troubles: dict[str, str] = field(default_factory=dict)
    remarks: dict[str, str] = field(default_factory=dict)
    entry: E | None = None
    note: str = ""

    @property
    def standing(self) -> Standing:
        """What becomes of it."""
        if self.troubles:
            return Standing.PROBLEM
        return Standing.NEW if self.entry is not None else Standing.THERE


@dataclass
class Judged(Generic[E]):
    """All rows of a file's table; `teams` is how many teams they would found, `passed_over` are rows of no table."""

    lines: list[Line[E]]
    teams: int = 0
    passed_over: list[int] = field(default_factory=list)

    @property
    def figures(self) -> dict[str, int]:
        """How many rows stand how."""
        counts = Counter(line.standing for line in self.lines)
        return {standing.value: counts[standing] for standing in Standing} | {"teams": self.teams}

    def of(self, standing: Standing) -> list[Line[E]]:
        """The rows of a standing."""
        return [line for line in self.lines if line.standing is standing]

    def entries(self) -> list[tuple[int, E]]:
        """What the new rows make, with their numbers."""
        return [(line.number, line.entry) for line in self.lines if line.entry is not None and not line.troubles]
