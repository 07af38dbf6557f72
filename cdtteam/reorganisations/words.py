"""Reasons, kinds and columns in words, in the reader's language."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from babel.lists import format_list
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cdtteam.areas.models import Reorganisation
from cdtteam.core.reasons import Fault, Reason
from cdtteam.participation.words import count, day
from cdtteam.reorganisations.models import Kind

MOST_NAMED = 3  # new units in the name of a change

_KINDS: dict[str, Any] = {
    Kind.COMMUNES: _l("Communes: merged, split, renamed, moved"),
    Kind.VILLAGES: _l("Villages: merged, renamed, moved to another commune"),
}

_LISTS: dict[str, Any] = {
    Kind.COMMUNES: _l("Today's communes, to fill in (.xlsx)"),
    Kind.VILLAGES: _l("Today's villages, to fill in (.xlsx)"),
}

_COLUMNS: dict[str, Any] = {
    "old_code": _l("Old code"),
    "new_code": _l("New code"),
    "new_name": _l("New name"),
    "new_kind": _l("New kind"),
    "old_village_code": _l("Old code"),
    "new_village_code": _l("New code"),
    "commune_code": _l("Code of the new commune"),
}

# Rows that stand at a commune; the table of any others is named as it is.
_TABLES: dict[str, Any] = {
    "api_token": _l("access for other systems"),
    "attendance_rates": _l("what a day is worth"),
    "commune_contact": _l("phone numbers for residents"),
    "report_draft": _l("reports being written"),
    "report_edition": _l("closed reports"),
    "report_template": _l("templates of reports"),
    "upload": _l("imported lists"),
    "user_account": _l("accounts of officers"),
}


def kind_words(kind: str) -> str:
    """What a reorganisation changes."""
    return str(_KINDS[kind])


def list_words(kind: str) -> str:
    """What the file to fill in is called."""
    return str(_LISTS[kind])


def column_words(column: str) -> str:
    """What a column is called in our own files."""
    return str(_COLUMNS.get(column, column))


def title_words(record: Reorganisation, units: Sequence[str]) -> str:
    """What a change is called: by its subject, else by the new units, else by its decision."""
    if record.subject or not units:
        return record.subject or record.decision or str(_("Change of the map"))
    named, others = ", ".join(units[:MOST_NAMED]), len(units) - MOST_NAMED
    return str(_("%(names)s and %(count)s more", names=named, count=count(others))) if others > 0 else named


def reason_words(reason: Reason) -> str:
    """A reason with what stands in it, begun with a capital letter."""
    translated = _  # of a text that stands in the catalogue where it is given as a reason
    text = str(translated(reason.message, **{name: _shown(name, value) for name, value in reason.values.items()}))
    return text[:1].upper() + text[1:]


def fault_words(fault: Fault) -> str:
    """A fault with the line of the file on which it is."""
    words = reason_words(fault.reason)
    return str(_("Line %(line)s: %(reason)s", line=fault.line, reason=words)) if fault.line else words


def _shown(name: str, value: object) -> object:
    if isinstance(value, date):
        return day(value)
    if isinstance(value, int):
        return count(value)
    if isinstance(value, list | tuple):
        return format_list([str(one) for one in value], locale=get_locale())
    if name == "column":
        return column_words(str(value))
    if name == "header":
        return ", ".join(map(column_words, str(value).split(",")))
    return _TABLES.get(str(value), value) if name == "table" else value
