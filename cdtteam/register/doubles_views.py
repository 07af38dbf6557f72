"""The households of a commune that may be one: seen two by two, and told apart for good."""

from uuid import UUID

from flask import render_template, request, url_for

from cdtteam.admin.desk import Page, commune_at_hand, commune_of_village, send_once, todays_map
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.problems import Problem
from cdtteam.households.doubles import keep_apart, pairs_undecided
from cdtteam.register.desk import MANAGE, blueprint, household_at_hand
from cdtteam.register.doubles import MOST, doubles_shown
from cdtteam.replica.work import Work
from cdtteam.web.forms import lead_to, new_form_id
from cdtteam.web.guards import current_actor, requires


@blueprint.get("/desk/households/doubles")
@requires(MANAGE)
def doubles_page() -> Page:
    """The pairs of a commune on which nobody has decided yet."""
    areas, actor, session, now = todays_map(), current_actor(), db.session(), clock.now()
    commune = commune_at_hand(areas, request.args.get("commune"))
    if commune is None:
        raise Problem("not_found")
    pairs = pairs_undecided(actor, session, areas.ground_below(commune.id), now)
    return render_template(
        "register/doubles.html", commune=commune, total=len(pairs), new_form_id=new_form_id,
        doubles=doubles_shown(actor, session, areas, pairs[:MOST], now), told=request.args.get("told", type=UUID),
    )  # fmt: skip


@blueprint.post("/desk/households/<uuid:household_id>/apart/<uuid:other_id>")
@requires(MANAGE)
def apart_page(household_id: UUID, other_id: UUID) -> Page:
    """Two households are two; leads on to the next that may be one."""
    household, other = household_at_hand(household_id), household_at_hand(other_id)
    commune = commune_of_village(todays_map(), household.village_id)

    def change() -> str:
        work = Work(db.session(), clock.now())
        keep_apart(current_actor(), work, household, other)
        work.flush()
        return url_for("register.doubles_page", commune=commune.code, told=household.id)

    try:
        return lead_to(send_once(change))
    except Problem as problem:
        if problem.code != "withdrawn":
            raise
        return lead_to(url_for("register.doubles_page", commune=commune.code))
