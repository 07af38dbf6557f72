"""What is wrong with cells, as sentences; an empty one where all is well."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from cdtteam.imports.cells import LONGEST, LONGEST_NOTE, holds_long_number, is_plain_name, joined
from cdtteam.imports.lines import Line
from cdtteam.imports.places import Villages

Given = dict[str, str]  # a row's cells by field
Rows = Iterable[tuple[int, Given]]  # by the number of the row in the file

MISSING = _l("This is missing.")
_LONG = _l("This is too long.")
_LONG_NUMBER = _l("A long number stands here: please take it out.")


def village_at(line: Line[Any], villages: Villages) -> UUID | None:
    """The village of a row; where it is not clear the row gets a trouble."""
    text = line.texts.get("village", "")
    found = villages.named(text) if text else []
    if len(found) == 1:
        line.texts["village"] = villages.names[found[0]]
        return found[0]
    if not text:
        line.troubles["village"] = str(MISSING)
    elif found:
        line.troubles["village"] = gettext(
            "Several villages of the commune are called so: please write %(names)s.",
            names=gettext(" or ").join(sorted(map(villages.clear_words, found))),
        )
    else:
        line.troubles["village"] = gettext("The commune has no village of this name.")
    return None


def name_trouble(text: str) -> str:
    """What is wrong with a cell that is to hold one person's name."""
    if len(joined(text)) > LONGEST:
        return str(_LONG)
    return "" if is_plain_name(text) else gettext("This does not look like the name of one person.")


def short_trouble(text: str) -> str:
    """What is wrong with a short text."""
    if len(joined(text)) > LONGEST:
        return str(_LONG)
    return str(_LONG_NUMBER) if holds_long_number(text) else ""


def note_trouble(text: str) -> str:
    """What is wrong with a longer text."""
    if len(joined(text)) > LONGEST_NOTE:
        return str(_LONG)
    return str(_LONG_NUMBER) if holds_long_number(text) else ""
