"""What households said about being named and contacted: numbers by village or commune, and no names."""

from dataclasses import dataclass

from flask import render_template, request, url_for

from cdtteam.access.models import Permission
from cdtteam.admin.desk import Page, blueprint, commune_at_hand, todays_map
from cdtteam.areas.models import Level
from cdtteam.areas.queries import AreaOnMap
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.problems import Problem
from cdtteam.core.text import sort_key
from cdtteam.households.consents import Consents, consents_by_village, total
from cdtteam.web.guards import current_actor, requires


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table; a commune's leads to its villages."""

    area: AreaOnMap
    consents: Consents
    url: str


@blueprint.get("/desk/households")
@requires(Permission.PARTICIPATION_READ)
def households_page() -> Page:
    """A commune's households by village; for the province, unless it asks for a commune, its communes."""
    areas, now = todays_map(), clock.now()
    commune = commune_at_hand(areas, request.args.get("commune"))
    area = commune or areas.province
    if area is None:
        raise Problem("not_found")
    by_village = consents_by_village(current_actor(), db.session(), now)
    rows = []
    for part in areas.below(area.id, Level.VILLAGE if commune else Level.COMMUNE):
        said = [by_village[piece] for piece in areas.ground_below(part.id) if piece in by_village]
        url = _lists(part) if commune else url_for("admin.households_page", commune=part.code)
        rows.append(Row(part, total(said), url))
    rows.sort(key=lambda row: row.area.code if commune else sort_key(row.area.name))
    whole = total(row.consents for row in rows)
    may_find = current_actor().may(Permission.HOUSEHOLD_MANAGE)
    return render_template(
        "admin/households.html", area=area, commune=commune, rows=rows, whole=whole, may_find=may_find
    )


def _lists(village: AreaOnMap) -> str:
    """Where a village's households stand by name, for whoever manages them."""
    is_officer = current_actor().may(Permission.HOUSEHOLD_MANAGE)
    return url_for("register.village_page", village=village.code) if is_officer else ""
