"""Lists that name a village once, in a row of its own above its people or in their first row, and not again below."""

import re
from collections.abc import Callable

_COUNT = re.compile(r"(\d+|[IVXLC]+|[A-Z])[.)]?")
_BEFORE = re.compile(r"^\s*(\d+|[IVXLC]+)\s*[.)]\s*")
_BEHIND = re.compile(r"\s*(\(.*\)|:.*)\s*$")

IsVillage = Callable[[str], bool]


def spread_villages(
    rows: list[list[str]], header: int, village: int | None, name: int | None, heading: str, is_village: IsVillage
) -> tuple[list[list[str]], int | None]:
    """The rows with their village in every one of them, and the column where it stands.

    `village` and `name` are the columns of villages and names; where there is none of villages, one under `heading` is
    added. Rows that only name a village are emptied.
    """
    sections = {at: text for at in range(header + 1, len(rows)) if (text := _section(rows[at], village, is_village))}
    if not sections:
        is_grouped = village is not None and name is not None and _is_grouped(rows[header + 1 :], village, name)
        return (_filled(rows, header, village, {}) if is_grouped and village is not None else rows), village
    if village is None:
        village = max(map(len, rows))
        rows = [[*_wide(row, village), heading] if at == header else row for at, row in enumerate(rows)]
    return _filled(rows, header, village, sections), village


def _section(row: list[str], village: int | None, is_village: IsVillage) -> str:
    """The village that a row names and nothing else; an empty text for any other row.

    What stands in the column of villages alone is a row of which the rest is missing.
    """
    if village is not None and _cell(row, village):
        return ""
    texts = [text.strip() for text in row if text.strip() and not _COUNT.fullmatch(text.strip())]
    if len(texts) != 1:
        return ""
    text = _BEHIND.sub("", _BEFORE.sub("", texts[0]))
    return text if is_village(text) else ""


def _is_grouped(rows: list[list[str]], village: int, name: int) -> bool:
    """Whether most who stand in a list have no village beside them: those above have it for them."""
    named = [row for row in rows if _cell(row, name)]
    return (
        bool(named)
        and bool(_cell(named[0], village))
        and sum(not _cell(row, village) for row in named) * 2 > len(named)
    )


def _filled(rows: list[list[str]], header: int, village: int, sections: dict[int, str]) -> list[list[str]]:
    found, current = rows[: header + 1], ""
    for at in range(header + 1, len(rows)):
        row = rows[at]
        current = sections.get(at) or _cell(row, village) or current
        if at in sections:
            found.append([])
        elif current and any(text.strip() for text in row) and not _cell(row, village):
            found.append([*_wide(row, village), current, *row[village + 1 :]])
        else:
            found.append(row)
    return found


def _wide(row: list[str], width: int) -> list[str]:
    return [*row[:width], *[""] * (width - len(row))]


def _cell(row: list[str], at: int) -> str:
    return row[at].strip() if at < len(row) else ""
