"""Finding a household, and the list of a village's. What is sought is sent and never stands in an address."""

from flask import render_template, request
from flask_babel import gettext as _

from cdtteam.admin.desk import Page, commune_at_hand, todays_map
from cdtteam.areas.models import Level
from cdtteam.areas.queries import AreaMap, AreaOnMap
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.problems import Problem
from cdtteam.register.desk import MANAGE, blueprint, words_sought
from cdtteam.register.finding import by_hamlet, by_name, find, households_in
from cdtteam.web.forms import new_form_id
from cdtteam.web.guards import current_actor, requires


@blueprint.post("/desk/households/find")
@requires(MANAGE)
def find_page() -> Page:
    """The households of a commune in which all the words stand."""
    areas = todays_map()
    commune = commune_at_hand(areas, request.args.get("commune"))
    if commune is None:
        raise Problem("not_found")
    words = words_sought()
    lines = households_in(current_actor(), db.session(), areas, areas.ground_below(commune.id), clock.now())
    return render_template("register/found.html", commune=commune, words=words, found=find(lines, words))


@blueprint.get("/desk/households/list")
@requires(MANAGE)
def village_page() -> Page:
    """The households of a village by hamlet, of which some or all of a hamlet can be moved together."""
    areas = todays_map()
    village = village_at_hand(areas, request.args.get("village", ""))
    commune = next(area for area in areas.above(village.id) if area.level is Level.COMMUNE)
    lines = households_in(current_actor(), db.session(), areas, areas.ground(village.id), clock.now())
    standing = [line for line in lines if line.gone is None]
    return render_template(
        "register/village.html", commune=commune, village=village, groups=by_hamlet(standing), total=len(standing),
        gone=sorted((line for line in lines if line.gone), key=by_name),
        moved=request.args.get("moved", type=int), form_id=new_form_id(),
        without_hamlet=_("No hamlet given"),
    )  # fmt: skip


def village_at_hand(areas: AreaMap, code: str) -> AreaOnMap:
    """The village of today's map that has a code, if it is the reader's."""
    village = next((area for area in areas.of_level(Level.VILLAGE) if area.code == code), None)
    if village is None:
        raise Problem("not_found")
    commune = next((area for area in areas.above(village.id) if area.level is Level.COMMUNE), None)
    commune_at_hand(areas, commune.code if commune else "")
    return village
