"""Sheets of A4 on which a team writes what it did, to be entered by the commune."""

from uuid import UUID

from flask import render_template, request

from cdtteam.admin.desk import Page, team_at_hand, todays_map
from cdtteam.admin.queries import teams_in_force
from cdtteam.areas.ground import told_on
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.problems import Problem
from cdtteam.core.text import name_key
from cdtteam.paper.desk import MANAGE, blueprint, month_at_hand
from cdtteam.paper.words import AGENCY, BLANK, MOTTO, STATE, sheet_title
from cdtteam.support.queries import services_in_order
from cdtteam.teams.queries import members_of_teams
from cdtteam.web.guards import requires

LINES = 14  # of a page


@blueprint.get("/desk/paper")
@requires(MANAGE)
def blank_page() -> Page:
    """A blank sheet for a team and a month; without names unless somebody asks for them."""
    month, areas, now = month_at_hand(), todays_map(), clock.now()
    teams = teams_in_force(db.session(), [village.id for village in month.villages], now)
    team = team_at_hand(_id(request.args["team"])) if request.args.get("team") else None
    mates = members_of_teams(db.session(), [team.id], now) if team and request.args.get("names") else []
    names = {village.id: village.name for village in month.villages}
    return render_template(
        "paper/blank.html", month=month, team=team,
        teams=[(one.id, told_on(areas, one.name, one.home_village_id)) for one in teams],
        village=names.get(team.home_village_id) if team else "",
        mates=sorted(mates, key=lambda mate: name_key(mate.name)), lines=LINES,
        words=BLANK, agency=AGENCY, state=STATE, motto=MOTTO,
        title=sheet_title(month.commune.name, month.period),
        services=[service for service in services_in_order(db.session()) if service.is_active],
    )  # fmt: skip


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Problem("not_found") from error
