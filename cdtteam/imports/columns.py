"""Which column holds what: guessed by the words of its heading, and never what may not be collected."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from cdtteam.imports.fields import FIELDS, Field, begins_like, hints_at, is_same
from cdtteam.imports.headings import numbers_columns
from cdtteam.imports.models import Kind
from cdtteam.imports.never import why_never

_SAMPLES = 3


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file: its place from 0, its heading, a few of its cells, and why it is never taken, if so."""

    index: int
    heading: str
    samples: tuple[str, ...]
    never: str = ""


def guess_columns(
    kind: Kind, columns: Iterable[Column], known: Mapping[str, str] = MappingProxyType({})
) -> dict[str, str]:
    """The field of each column by its heading, at most one column for a field: {"3": "village"}.

    What is `known` of a column is not guessed at, also that it is not used.
    """
    columns = list(columns)
    found: dict[str, str] = {}
    for index, key in accept_columns(kind, columns, known).items():
        if key not in found.values():
            found[index] = key
    may = [column for column in columns if not column.never and str(column.index) not in known]
    for fits in (is_same, begins_like, hints_at):
        for field in FIELDS[kind]:
            for column in may:
                is_free = str(column.index) not in found and field.key not in found.values()
                if is_free and field.is_taken and fits(field, column.heading):
                    found[str(column.index)] = field.key
    return found


def look_at_columns(
    kind: Kind, rows: list[list[str]], header: int, never: Mapping[str, str] | None = None
) -> list[Column]:
    """All columns that hold anything, each with why it is `never` taken, by its place, or as it looks."""
    width = max((len(row) for row in rows), default=0)
    start = header + 1
    if start < len(rows) and numbers_columns(rows[start]):
        start += 1
    found = []
    for index in range(width):
        heading = _cell(rows[header], index) if header < len(rows) else ""
        cells = [text for row in rows[start:] if (text := _cell(row, index))]
        if heading or cells:
            why = why_never(kind, heading, cells) if never is None else never.get(str(index), "")
            found.append(Column(index, heading, tuple(cells[:_SAMPLES]), why))
    return found


def without(columns: Iterable[Column], rows: list[list[str]], header: int) -> list[list[str]]:
    """Rows in which nothing stands below the headings of columns that are never taken: it is not even kept."""
    never = {column.index for column in columns if column.never}
    return [
        row if number == header else ["" if index in never else cell for index, cell in enumerate(row)]
        for number, row in enumerate(rows)
    ]


def accept_columns(kind: Kind, columns: Iterable[Column], wanted: Mapping[str, str]) -> dict[str, str]:
    """What a person chose, without fields that there are not and without columns that are never taken."""
    may = {str(column.index) for column in columns if not column.never}
    keys = {field.key for field in FIELDS[kind] if field.is_taken}
    return {index: key for index, key in wanted.items() if index in may and key in keys}


def missing_fields(kind: Kind, chosen: Mapping[str, str]) -> list[Field]:
    """The fields without which nothing can be taken in."""
    return [field for field in FIELDS[kind] if field.is_needed and field.key not in chosen.values()]


def doubled_fields(kind: Kind, chosen: Mapping[str, str]) -> list[Field]:
    """The fields for which several columns are chosen."""
    given = list(chosen.values())
    return [field for field in FIELDS[kind] if given.count(field.key) > 1]


def _cell(row: list[str], index: int) -> str:
    return " ".join(row[index].split()) if index < len(row) else ""
