"""What crosses the process border: a file one way, its sheets or what is wrong with it the other."""

from collections.abc import Callable, Iterator
from itertools import chain
from typing import Literal

from msgspec import Struct, field

ROWS = 50_000
COLUMNS = 60
CHARACTERS = 20_000_000  # of all cells together: one long text may stand behind many of them
CELL = 2_000  # characters of one that are read: no field holds so many, so what is longer is refused there all the same

Code = Literal[
    "unreadable", "old_format", "no_sheet", "not_allowed", "encoding", "too_large", "too_many_rows", "too_many_columns",
    "empty",
]  # fmt: skip


class Fault(Exception):
    """A file that is not taken."""

    def __init__(self, code: Code) -> None:
        super().__init__(code)
        self.code = code


class Sheet(Struct):
    """A sheet as rows of texts, empty ones at the ends cut off; the first row is row 1 of the file."""

    name: str
    rows: list[list[str]]


class Delivery(Struct):
    """The sheets that hold anything, or a fault."""

    sheets: list[Sheet] = field(default_factory=list)
    fault: Code | None = None


class Rows:
    """Rows as they come in, counted against the bounds."""

    def __init__(self) -> None:
        self.rows: list[list[str]] = []
        self._left = CHARACTERS

    def add(self, number: int, texts: list[str]) -> None:
        """Takes the row `number`, from 0; rows that were passed over are empty."""
        if not _trim(texts):
            return
        if number >= ROWS:
            raise Fault("too_many_rows")
        if len(texts) > COLUMNS:
            raise Fault("too_many_columns")
        self._take(*texts)
        texts = [text[:CELL] for text in texts]
        self.rows.extend([] for _ in range(number - len(self.rows)))
        self.rows.append(texts)

    def cells(self) -> Iterator[str]:
        """All texts."""
        return chain.from_iterable(self.rows)

    def rewrite(self, change: Callable[[str], str]) -> None:
        """Changes every cell."""
        self.rows = [_trim([change(text) for text in row]) for row in self.rows]
        while self.rows and not self.rows[-1]:
            self.rows.pop()

    def copy_down(self, column: int, first: int, last: int) -> None:
        """Puts what stands in a column at the row `first` into the empty cells below it, down to `last`."""
        text = self._at(first, column)
        if not text.strip():
            return
        for number in range(first + 1, min(last + 1, len(self.rows))):
            if self._at(number, column).strip() or not self.rows[number]:
                continue
            row = self.rows[number]
            row.extend("" for _ in range(column + 1 - len(row)))
            row[column] = text
            self._take(text)

    def _at(self, number: int, column: int) -> str:
        row = self.rows[number] if number < len(self.rows) else []
        return row[column] if column < len(row) else ""

    def _take(self, *texts: str) -> None:
        self._left -= sum(map(len, texts))
        if self._left < 0:
            raise Fault("too_large")


def _trim(texts: list[str]) -> list[str]:
    while texts and not texts[-1].strip():
        texts.pop()
    return texts
