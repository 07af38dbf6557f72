"""Workbooks to fill in: today's units, with columns for what is to be new."""

from collections.abc import Iterable
from datetime import date

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from cdtteam.areas.models import Level
from cdtteam.areas.queries import AreaMap, area_map
from cdtteam.core.text import natural_key
from cdtteam.imports.examples import list_to_fill_in
from cdtteam.reorganisations.files import COLUMNS
from cdtteam.reorganisations.models import Kind
from cdtteam.reorganisations.words import column_words

_WIDTH = 24


def list_file(session: Session, kind: Kind, on: date) -> bytes:
    """An .xlsx of the units of a day; whoever fills it in leaves the rows of those that stay as they are."""
    old, *new = COLUMNS[kind]
    about = [_("Today's name"), _("Commune")][: 2 if kind is Kind.VILLAGES else 1]
    head = [column_words(old), *about, *map(column_words, new)]
    rows = ([*unit, *("" for _column in new)] for unit in _units(kind, area_map(session, on)))
    return list_to_fill_in(head, rows, width=_WIDTH)


def _units(kind: Kind, areas: AreaMap) -> Iterable[tuple[str, ...]]:
    """Code and name of each commune, or code, name and commune of each village."""
    communes = sorted(areas.of_level(Level.COMMUNE), key=lambda area: natural_key(area.name))
    if kind is Kind.COMMUNES:
        return [(area.code, area.name) for area in communes]
    return [
        (village.code, village.name, commune.name)
        for commune in communes
        for village in sorted(areas.children.get(commune.id, ()), key=lambda area: natural_key(area.name))
    ]
