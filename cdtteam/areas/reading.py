"""Files of areas: CSV in UTF-8, read whole, with everything that is wrong in them said at once."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from cdtteam.core.problems import Problem
from cdtteam.core.text import clean_text

SHOWN = 20  # faults that are listed; further ones are only counted
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
    found: list[str] = field(default_factory=list)

    def add(self, line: int, reason: str) -> None:
        """Notes a fault of a line; lines are counted from 1, the header's."""
        self.found.append(f"{self.file}, line {line}: {reason}")


def refuse_if_any(*files: Faults) -> None:
    """Raises Problem `invalid_file` with the faults as its detail, a line each, when there are any."""
    found = [fault for faults in files for fault in faults.found]
    if found:
        more = [f"… and {len(found) - SHOWN} more."] if len(found) > SHOWN else []
        raise Problem("invalid_file", detail="\n".join(found[:SHOWN] + more))


def read_units(data: bytes, parent_column: str, faults: Faults, *, is_code_optional: bool = False) -> list[Unit]:
    """The rows of a file with the columns code, name, kind and `parent_column`; what is wrong goes to `faults`.

    Rows with a fault are left out. Columns may stand in any order; further ones are ignored.
    """
    records = _records(_decoded(data, faults), faults)
    line, header = next(records, (1, []))
    header = [name.strip() for name in header]
    required = ["code", "name", "kind", parent_column]
    if not _is_header(line, header, required[is_code_optional:], faults):
        return []
    places = {column: header.index(column) for column in required if column in header}
    units = []
    for line, cells in records:
        if len(cells) != len(header):
            faults.add(line, f"there are {len(cells)} cells where the header has {len(header)}.")
            continue
        given = {column: _clean(line, column, cells[place], faults) for column, place in places.items()}
        if _is_complete(line, given, required[is_code_optional:], faults):
            units.append(Unit(line, given.get("code", ""), given["name"], given["kind"], given[parent_column]))
    return units


def refuse_doubles(units: Sequence[Unit], faults: Faults) -> None:
    """Notes each code that stands in a file twice."""
    first: dict[str, int] = {}
    for unit in units:
        if unit.code and first.setdefault(unit.code, unit.line) != unit.line:
            faults.add(unit.line, f"the code {unit.code} is doubled: line {first[unit.code]} has it already.")


def refuse_empty(units: Sequence[Unit], faults: Faults) -> None:
    """Notes a file that has a header alone."""
    if not units and not faults.found:
        faults.add(1, "there are no rows.")


def _decoded(data: bytes, faults: Faults) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        faults.add(line, "this is not UTF-8. Save the file as “CSV UTF-8” and try again.")
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
        faults.add(line, f"this is no CSV: {error}.")


def _is_header(line: int, header: list[str], required: list[str], faults: Faults) -> bool:
    before = len(faults.found)
    if before and not header:
        return False
    for column in required:
        if column not in header:
            faults.add(line, f"the column “{column}” is missing. The header must be: {','.join(required)}")
    for column in sorted({*required, "code"}):
        if header.count(column) > 1:
            faults.add(line, f"the column “{column}” is there twice.")
    return len(faults.found) == before


def _is_complete(line: int, given: dict[str, str], required: list[str], faults: Faults) -> bool:
    for column in required:
        if not given[column]:
            faults.add(line, f"“{column}” is empty.")
    return all(given[column] for column in required)


def _clean(line: int, column: str, cell: str, faults: Faults) -> str:
    """The cell in NFC with single spaces; a cell that cannot be used is noted and stays."""
    try:
        text = clean_text(cell.strip(), column)
    except Problem:
        faults.add(line, f"“{column}” holds a control character.")
        return cell
    if "\n" in text:
        faults.add(line, f"“{column}” holds a line break.")
    if "\ufffd" in text:
        faults.add(line, f"“{column}” holds a lost character (\ufffd): the file was saved in a wrong encoding.")
    if len(text) > LONGEST:
        faults.add(line, f"“{column}” is longer than {LONGEST} characters.")
    return " ".join(text.split())
