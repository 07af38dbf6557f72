"""Files of reorganisations as people have them: which sheet, which row the headings, which column is which."""

from collections.abc import Sequence

from cdtteam.areas.reading import Table
from cdtteam.core.text import fold
from cdtteam.imports.reader.wire import Sheet
from cdtteam.reorganisations.models import Kind

COLUMNS: dict[Kind, tuple[str, ...]] = {
    Kind.COMMUNES: ("old_code", "new_code", "new_name", "new_kind"),
    Kind.VILLAGES: ("old_village_code", "new_village_code", "new_name", "new_kind", "commune_code"),
}

# As they are written in our own files to begin with, and in other people's.
_NEW_NAME = ("tên mới", "tên gọi mới", "tên đơn vị mới", "tên thôn mới")
_NEW_KIND = ("loại mới", "loại", "loại hình", "loại đơn vị")
_HEADINGS: dict[Kind, dict[str, tuple[str, ...]]] = {
    Kind.COMMUNES: {
        "old_code": ("mã cũ", "mã xã cũ", "mã đơn vị cũ"),
        "new_code": ("mã mới", "mã xã mới", "mã đơn vị mới"),
        "new_name": _NEW_NAME,
        "new_kind": _NEW_KIND,
    },
    Kind.VILLAGES: {
        "old_village_code": ("mã cũ", "mã thôn cũ"),
        "new_village_code": ("mã mới", "mã thôn mới"),
        "new_name": _NEW_NAME,
        "new_kind": _NEW_KIND,
        "commune_code": ("mã xã", "mã xã mới", "thuộc xã (mã)"),
    },
}
_COLUMN_OF = {
    kind: {fold(heading): column for column, headings in of.items() for heading in (column, *headings)}
    for kind, of in _HEADINGS.items()
}
_KINDS = {"xã": "commune", "phường": "ward", "thị trấn": "township", "đặc khu": "special_zone"}
_KIND_OF = {fold(words): kind for words, kind in _KINDS.items()}

_LOOKED_AT = 20  # rows among which the headings are looked for


def table_of(kind: Kind, sheets: Sequence[Sheet]) -> Table:
    """The rows of the sheet with the most headings that we know, from its headings on, under our names of columns.

    Rows that say nothing of what is to be new are units that stay, and are passed over.
    """
    names, number, sheet = max(
        ((_names(kind, cells), -number, sheet) for sheet in sheets for number, cells in _first(sheet)),
        key=lambda found: (len(set(found[0]) & set(COLUMNS[kind])), found[1]),
    )
    head = -number
    rows = [(head + 1, names)]
    for at, cells in enumerate(sheet.rows[head + 1 :], head + 2):
        given = _cells(kind, names, cells)
        if any(cell.strip() for name, cell in zip(names, given, strict=True) if name in COLUMNS[kind][1:]):
            rows.append((at, given))
    return rows


def _first(sheet: Sheet) -> list[tuple[int, list[str]]]:
    return list(enumerate(sheet.rows[:_LOOKED_AT]))


def _names(kind: Kind, cells: list[str]) -> list[str]:
    return [_COLUMN_OF[kind].get(fold(cell.strip()), cell) for cell in cells]


def _cells(kind: Kind, names: list[str], cells: list[str]) -> list[str]:
    """As many cells as there are names, kinds of communes by their codes."""
    given = (cells + [""] * len(names))[: len(names)]
    if kind is Kind.COMMUNES and "new_kind" in names:
        at = names.index("new_kind")
        given[at] = _KIND_OF.get(fold(given[at].strip()), given[at])
    return given
