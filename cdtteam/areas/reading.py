"""Files of areas: CSV in UTF-8, read whole, with everything that is wrong in them said at once."""

import csv
import io
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field

from cdtteam.core.problems import Problem
from cdtteam.core.reasons import Fault, Reason, Refusal, because
from cdtteam.core.text import clean_text

LONGEST = 200  # characters of a cell


@dataclass(frozen=True, slots=True)
class Unit:
    """A row of a file of areas: `code` is empty where one is to be minted, `parent` is the code of the unit above."""

    line: int
    code: str
    name: str
    kind: str
    parent: str


@dataclass
class Faults:
    """What is wrong with one file."""

    file: str
    found: list[Fault] = field(default_factory=list)

    def add(self, line: int, reason: Reason) -> None:
        """Notes a fault of a line; lines are counted from 1, the header's."""
        self.found.append(Fault(reason, self.file, line))


def refuse_if_any(*files: Faults) -> None:
    """Raises the Refusal with the faults, when there are any."""
    found = [fault for faults in files for fault in faults.found]
    if found:
        raise Refusal(found)


def read_units(data: bytes, parent_column: str, faults: Faults, *, is_code_optional: bool = False) -> list[Unit]:
    """The rows of a file with the columns code, name, kind and `parent_column`; what is wrong goes to `faults`."""
    columns = ("code", "name", "kind", parent_column)
    optional = {"code"} if is_code_optional else set[str]()
    return [
        Unit(line, given.get("code", ""), given["name"], given["kind"], given[parent_column])
        for line, given in read_rows(data, columns, faults, optional=optional)
    ]


Table = Sequence[tuple[int, list[str]]]  # rows of cells with the lines on which they stand, the header first


def read_rows(
    data: bytes | Table, columns: Sequence[str], faults: Faults, *, optional: Set[str] = frozenset()
) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row of a file with its line, by column; what is wrong goes to `faults`, rows with a fault are left out.

    The file is CSV as it came, or a table that has been read from another kind of file.

    Columns may stand in any order; further ones are ignored.
    """
    records = _records(_decoded(data, faults), faults) if isinstance(data, bytes) else iter(data)
    line, header = next(records, (1, []))
    header = [name.strip() for name in header]
    required = [column for column in columns if column not in optional]
    if not _is_header(line, header, columns, required, faults):
        return
    places = {column: header.index(column) for column in columns if column in header}
    for line, cells in records:
        if len(cells) != len(header):
            why = because(
                "there are %(given)s cells where the header has %(wanted)s.", given=len(cells), wanted=len(header)
            )
            faults.add(line, why)
            continue
        given = {column: _clean(line, column, cells[place], faults) for column, place in places.items()}
        if _is_complete(line, given, required, faults):
            yield line, given


def refuse_doubles(units: Sequence[Unit], faults: Faults) -> None:
    """Notes each code that stands in a file twice."""
    first: dict[str, int] = {}
    for unit in units:
        if unit.code and first.setdefault(unit.code, unit.line) != unit.line:
            there = first[unit.code]
            why = because("the code %(code)s is doubled: line %(line)s has it already.", code=unit.code, line=there)
            faults.add(unit.line, why)


def refuse_empty(units: Sequence[object], faults: Faults) -> None:
    """Notes a file that has a header alone."""
    if not units and not faults.found:
        faults.add(1, because("there are no rows."))


def _decoded(data: bytes, faults: Faults) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        faults.add(line, because("this is not UTF-8. Save the file as “CSV UTF-8” and try again."))
        return ""


def _records(text: str, faults: Faults) -> Iterator[tuple[int, list[str]]]:
    """Each record that is not blank, with the number of its first line."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        faults.add(line, because("this is no CSV: %(error)s.", error=str(error)))


def _is_header(line: int, header: list[str], columns: Sequence[str], required: list[str], faults: Faults) -> bool:
    before = len(faults.found)
    if before and not header:
        return False
    for column in required:
        if column not in header:
            why = because(
                "the column “%(column)s” is missing. The header must be: %(header)s",
                column=column, header=",".join(required),
            )  # fmt: skip
            faults.add(line, why)
    for column in sorted(columns):
        if header.count(column) > 1:
            faults.add(line, because("the column “%(column)s” is there twice.", column=column))
    return len(faults.found) == before


def _is_complete(line: int, given: dict[str, str], required: list[str], faults: Faults) -> bool:
    for column in required:
        if not given[column]:
            faults.add(line, because("“%(column)s” is empty.", column=column))
    return all(given[column] for column in required)


def _clean(line: int, column: str, cell: str, faults: Faults) -> str:
    """The cell in NFC with single spaces; a cell that cannot be used is noted and stays."""
    try:
        text = clean_text(cell.strip(), column)
    except Problem:
        faults.add(line, because("“%(column)s” holds a control character.", column=column))
        return cell
    if "\n" in text:
        faults.add(line, because("“%(column)s” holds a line break.", column=column))
    if "\ufffd" in text:
        why = because(
            "“%(column)s” holds a lost character (\ufffd): the file was saved in a wrong encoding.", column=column
        )
        faults.add(line, why)
    if len(text) > LONGEST:
        faults.add(line, because("“%(column)s” is longer than %(most)s characters.", column=column, most=LONGEST))
    return " ".join(text.split())
