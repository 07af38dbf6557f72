"""Why something is refused, as a text with what stands in it: each reader has it in their own words.

The command line says it in English (`str`), with dates as 2026-07-01; pages translate it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cdtteam.core.problems import Problem

SHOWN = 20  # reasons that are listed; further ones are only counted


@dataclass(frozen=True, slots=True)
class Reason:
    """A sentence: `message` is the id of the catalogue, `values` are texts, numbers, dates or lists of texts."""

    message: str
    values: Mapping[str, object]

    def __str__(self) -> str:
        return self.message % {name: _plain(value) for name, value in self.values.items()}


def because(message: str, **values: object) -> Reason:
    """A reason; the message stands here as a literal, so that it comes into the catalogue."""
    return Reason(message, values)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a line of a file, counted from 1; without a file, with the whole."""

    reason: Reason
    file: str = ""
    line: int = 0

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.reason}" if self.file else str(self.reason)


class Refusal(Problem):
    """Problem `invalid_file` with every fault; its detail is English, a line each, under `head` where there is one."""

    def __init__(self, faults: Sequence[Fault], head: Reason | None = None) -> None:
        more = [f"… and {len(faults) - SHOWN} more."] if len(faults) > SHOWN else []
        above = [str(head)] if head else []
        super().__init__("invalid_file", detail="\n".join([*above, *map(str, faults[:SHOWN]), *more]))
        self.faults = list(faults)
        self.head = head


def refuse(message: Reason) -> Refusal:
    """The refusal of the whole for one reason."""
    return Refusal([Fault(message)])


def _plain(value: object) -> object:
    return " and ".join(map(str, value)) if isinstance(value, list | tuple) else value
