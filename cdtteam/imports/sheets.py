"""The sheets of a file as they wait: each with its headings and a guess at its columns, one of them proposed."""

import zlib
from collections.abc import Mapping

import msgspec

from cdtteam.imports.columns import Column, guess_columns, look_at_columns, missing_fields, without
from cdtteam.imports.fields import FIELDS
from cdtteam.imports.headings import find_header, with_headings
from cdtteam.imports.models import Kind
from cdtteam.imports.reader.wire import Sheet
from cdtteam.imports.sections import IsVillage, spread_villages

MOST = 30  # sheets of a file that are kept


class Kept(msgspec.Struct):
    """A sheet of which nothing stands here that is never collected; `columns` as an upload has them."""

    name: str
    header: int
    columns: dict[str, str]
    rows: list[list[str]]


def look_at_sheet(kind: Kind, sheet: Sheet) -> Kept:
    """A sheet without what is never collected."""
    header = find_header(kind, sheet.rows)
    rows = with_headings(kind, sheet.rows, header)
    columns = look_at_columns(kind, rows, header)
    return Kept(sheet.name, header, never_of(columns), without(columns, rows, header))


def never_of(columns: list[Column]) -> dict[str, str]:
    """Why columns are never taken, as an upload has it."""
    return {str(column.index): f"-{column.never}" for column in columns if column.never}


def columns_on(kind: Kind, sheet: Kept) -> list[Column]:
    """The columns of a sheet that was looked at."""
    never = {index: why[1:] for index, why in sheet.columns.items() if why.startswith("-")}
    return look_at_columns(kind, sheet.rows, sheet.header, never)


def propose(kind: Kind, columns: list[Column], known: Mapping[str, str]) -> dict[str, str]:
    """What columns hold: as somebody chose once, else by their headings."""
    return guess_columns(kind, columns, known) | never_of(columns)


def spread(kind: Kind, sheet: Kept, is_village: IsVillage) -> None:
    """Puts a sheet's villages into all of its rows where it names each of them once."""
    at = {key: int(index) for index, key in sheet.columns.items()}
    name, field = at.get("name", at.get("head_name")), next(one for one in FIELDS[kind] if one.key == "village")
    sheet.rows, village = spread_villages(
        sheet.rows, sheet.header, at.get("village"), name, str(field.name), is_village
    )
    if village is not None and "village" not in at:
        sheet.columns[str(village)] = "village"


def likelihood(kind: Kind, sheet: Kept) -> tuple[bool, int, int]:
    """By which of several sheets the list is found: nothing needed is missing, many columns known, many rows."""
    chosen = {index: key for index, key in sheet.columns.items() if not key.startswith("-")}
    return (not missing_fields(kind, chosen), len(chosen), len(sheet.rows) - sheet.header)


def pack_sheets(sheets: list[Kept]) -> bytes | None:
    """Sheets as they are kept; None for none."""
    return zlib.compress(msgspec.msgpack.encode(sheets[:MOST]), 6) if sheets else None


def unpack_sheets(content: bytes | None) -> list[Kept]:
    """What pack_sheets has packed."""
    return msgspec.msgpack.decode(zlib.decompress(content), type=list[Kept]) if content else []
