"""Parts of which several sections of a page are made."""

from dataclasses import dataclass

from cdtteam.participation.tally import Figures


@dataclass(frozen=True, slots=True)
class Bar:
    """A named length of 0 to 100, with what it stands for."""

    name: str
    number: int
    length: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table; `id` is the area's, 32 hexadecimal digits."""

    id: str
    name: str
    url: str
    figures: Figures
