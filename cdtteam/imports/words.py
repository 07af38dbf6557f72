"""What the pages of imports call things."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cdtteam.core.problems import Problem
from cdtteam.core.text import clean_text
from cdtteam.imports.models import Kind

_FAULTS: dict[str, Any] = {
    "unreadable": _l("This file is damaged or is no list. Please open it in Excel, save it as .xlsx and try again."),
    "old_format": _l(
        "This is an old Excel file (.xls), or one behind a password. Please save it as .xlsx without one."
    ),
    "no_sheet": _l("This is no Excel file (.xlsx) and no CSV file."),
    "not_allowed": _l("This file declares things that no office program writes, and was not opened."),
    "encoding": _l("The letters of this CSV file could not be read. Please save it as “CSV UTF-8”, or as .xlsx."),
    "too_large": _l("This file is too large: at most 10 MB, and not too much once it is unpacked."),
    "too_many_rows": _l("This file has more than 50,000 rows. Please divide it."),
    "too_many_columns": _l("This file has more than 60 columns. Please keep those that are needed."),
    "empty": _l("There is nothing in this file."),
    "missing": _l("Please choose a file."),
    "commune": _l("Please choose a commune."),
}

_NEVER: dict[str, Any] = {
    "identity": _l("identity numbers are never collected"),
    "ethnicity": _l("ethnicity is never collected"),
    "religion": _l("religion is never collected"),
    "birth": _l("dates of birth are never collected"),
    "place": _l("positions are never collected"),
    "bank": _l("bank accounts and passwords are never collected"),
    "health": _l("insurance and health are not collected here"),
    "phone": _l("a phone number is taken only when the household agrees to be contacted"),
    "digits": _l("it holds numbers of 9 or 12 digits, as identity cards have; these are never collected"),
}

_KEPT: dict[str, Any] = {
    "visited": _l("has had visits"),
    "changed": _l("was changed afterwards"),
    "used": _l("is in use"),
}


def file_name(given: str) -> str:
    """The name under which a file came, without the folders that some browsers tell."""
    name = given.replace("\\", "/").rpartition("/")[2]
    try:
        return clean_text(name, "file") or str(_("List"))
    except Problem:
        return str(_("List"))


def fault_words(code: str) -> str:
    """Why a file was not taken, and what to do."""
    return str(_FAULTS[code])


def never_words(code: str) -> str:
    """Why a column is never taken."""
    return str(_NEVER[code])


def numbers(given: list[int]) -> str:
    """Numbers in ascending order, those in a row as one: 3, 12–15."""
    runs: list[list[int]] = []
    for number in given:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def kept_words(code: str) -> str:
    """Why something stayed when a list was taken back."""
    return str(_KEPT[code])


def kind_words(kind: str) -> str:
    """What a list is of."""
    return str(_("People of the teams") if kind == Kind.PEOPLE else _("Households"))
