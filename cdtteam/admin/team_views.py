"""Pages of teams: the commune's list, a team, and what can be changed of it."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from flask import render_template, request, url_for
from flask_babel import gettext as _

from cdtteam.admin.desk import (
    MANAGE,
    Page,
    answer_form,
    blueprint,
    commune_at_hand,
    commune_of_village,
    day_field,
    team_at_hand,
    todays_map,
)
from cdtteam.admin.form import Field, Form, Values
from cdtteam.admin.queries import lines, served_by, teams_of, villages_of
from cdtteam.areas.ground import called, home_on, piece_on
from cdtteam.areas.models import Level
from cdtteam.areas.queries import AreaMap, AreaOnMap
from cdtteam.core import clock
from cdtteam.core.clock import civil_date
from cdtteam.core.db import db
from cdtteam.core.periods import month_of
from cdtteam.core.problems import Problem
from cdtteam.core.text import sort_key
from cdtteam.replica.work import Work
from cdtteam.teams.models import Team, TeamVillage
from cdtteam.teams.operations import (
    end_team,
    found_team,
    leave_village,
    rename_team,
    serve_village,
)
from cdtteam.visits.queries import teams_entered_for
from cdtteam.web.forms import check_version
from cdtteam.web.guards import current_actor, requires


def team_place(team_id: UUID) -> str:
    """The address of a team's page."""
    return url_for("admin.team_page", team_id=team_id)


@blueprint.get("/desk/teams")
@requires(MANAGE)
def teams_page() -> Page:
    """The teams of a commune; the province chooses a commune first."""
    areas, now = todays_map(), clock.now()
    commune = commune_at_hand(areas, request.args.get("commune"))
    if commune is None:
        return communes_page(areas, "admin.teams_page")
    villages = villages_of(areas, commune.id)
    homes = [home for piece in areas.ground_below(commune.id) if (home := home_on(areas, piece))]
    teams = teams_of(db.session(), homes, now)
    without = [village for village in villages if village.code not in {line.village.code for line in teams}]
    entered_for = teams_entered_for(db.session(), [line.team.id for line in teams], month_of(civil_date(now)))
    return render_template(
        "admin/teams.html", commune=commune, teams=teams, without=without, now=now, entered_for=entered_for
    )


def communes_page(areas: AreaMap, endpoint: str) -> str:
    """The communes to choose from, by name."""
    communes = sorted(areas.of_level(Level.COMMUNE), key=lambda area: sort_key(area.name))
    return render_template("admin/communes.html", communes=communes, endpoint=endpoint)


@blueprint.get("/desk/teams/<uuid:team_id>")
@requires(MANAGE)
def team_page(team_id: UUID) -> Page:
    """A team: its people, its villages, and who was there before."""
    team, now, session = team_at_hand(team_id), clock.now(), db.session()
    areas = todays_map()
    found = sorted(lines(session, now, Team.id == team.id), key=lambda line: line.is_over(now))
    served = [(term, piece_on(areas, term.village_id)) for term in served_by(session, team.id)]
    return render_template(
        "admin/team.html", team=team, commune=commune_of_village(areas, team.home_village_id), served=served, now=now,
        people=[line for line in found if not line.is_over(now)], past=[line for line in found if line.is_over(now)],
        home=home_on(areas, team.home_village_id), is_over=team.ended_at is not None and team.ended_at <= now,
    )  # fmt: skip


@blueprint.route("/desk/teams/new", methods=["GET", "POST"])
@requires(MANAGE)
def found_team_page() -> Page:
    """Founds a team under a village."""
    areas = todays_map()
    commune = commune_at_hand(areas, request.args.get("commune"))
    if commune is None:
        raise Problem("not_found")
    villages = villages_of(areas, commune.id)

    def build() -> Form:
        return Form(
            _("Found a team"), commune.name, url_for("admin.teams_page", commune=commune.code), _("Found the team"),
            [
                _village_field(villages, request.args.get("village", "")),
                Field("name", _("Name of the team"), is_required=True,
                      help=_("For instance: Tổ CNSCĐ thôn 3")),
                day_field("started_on", _("First day")),
            ],
            note=_("A village that is missing here is added by the province, on the server. Please ask there."),
        )  # fmt: skip

    def act(work: Work, values: Values) -> str:
        started_at = values.beginning("started_on")
        village_id = values.id("village_id")
        team = found_team(current_actor(), work, village_id, values.text("name"), started_at=started_at)
        _serve_ground(work, team, areas.ground(village_id)[1:], started_at)
        return team_place(team.id)

    return answer_form(build, act)


@blueprint.route("/desk/teams/<uuid:team_id>/edit", methods=["GET", "POST"])
@requires(MANAGE)
def rename_team_page(team_id: UUID) -> Page:
    """Corrects a team's name."""

    def build() -> Form:
        team = team_at_hand(team_id)
        field = Field("name", _("Name of the team"), value=team.name, is_required=True)
        return Form(_("Rename the team"), team.name, team_place(team_id), _("Save"), [field], str(team.version))

    def act(work: Work, values: Values) -> str:
        team = _unchanged(team_id, values)
        rename_team(current_actor(), work, team, values.text("name"))
        return team_place(team_id)

    return answer_form(build, act)


@blueprint.route("/desk/teams/<uuid:team_id>/end", methods=["GET", "POST"])
@requires(MANAGE)
def end_team_page(team_id: UUID) -> Page:
    """Ends a team."""

    def build() -> Form:
        team = team_at_hand(team_id)
        return Form(
            _("End the team"), team.name, team_place(team_id), _("End the team"),
            [Field("last_on", _("Last day"), "date", help=_("Leave it empty to end the team now."))],
            str(team.version), is_danger=True,
            note=_("All memberships end with it. What the team did stays, and phones can still send what they hold."),
        )  # fmt: skip

    def act(work: Work, values: Values) -> str:
        team = _unchanged(team_id, values)
        end_team(current_actor(), work, team, ended_at=values.end("last_on") or work.now)
        return team_place(team_id)

    return answer_form(build, act)


@blueprint.route("/desk/teams/<uuid:team_id>/villages/new", methods=["GET", "POST"])
@requires(MANAGE)
def serve_village_page(team_id: UUID) -> Page:
    """Gives a team another village of its commune to serve."""
    areas = todays_map()

    def build() -> Form:
        team = team_at_hand(team_id)
        commune = commune_of_village(areas, team.home_village_id)
        villages = [village for village in villages_of(areas, commune.id) if _not_served(areas, village, team_id)]
        return Form(
            _("Another village to serve"), team.name, team_place(team_id), _("Add the village"),
            [_village_field(villages), day_field("started_on", _("First day"))], str(team.version),
            note=_("The team's phones receive the village's households at their next contact."),
        )  # fmt: skip

    def act(work: Work, values: Values) -> str:
        team = _unchanged(team_id, values)
        village = areas.by_id.get(values.id("village_id"))
        if village is None:
            raise Problem("invalid_field", field="village_id")
        _serve_ground(work, team, _not_served(areas, village, team_id), values.beginning("started_on"))
        return team_place(team_id)

    return answer_form(build, act)


@blueprint.route("/desk/teams/<uuid:team_id>/villages/<uuid:term_id>/end", methods=["GET", "POST"])
@requires(MANAGE)
def leave_village_page(team_id: UUID, term_id: UUID) -> Page:
    """Ends a team's service of a village that is not its home."""
    areas = todays_map()

    def term_at_hand(team: Team) -> TeamVillage:
        term = db.session().get(TeamVillage, term_id)
        if term is None or term.team_id != team.id or term.village_id == team.home_village_id:
            raise Problem("not_found")
        return term

    def build() -> Form:
        team = team_at_hand(team_id)
        village = piece_on(areas, term_at_hand(team).village_id)
        return Form(
            _("Serve this village no more"), f"{team.name} · {village.name if village else ''}", team_place(team_id),
            _("End the service"), [Field("last_on", _("Last day"), "date", help=_("Leave it empty to end it now."))],
            str(team.version), is_danger=True,
            note=_("The team's phones drop the village's households at their next contact. What was done there stays."),
        )  # fmt: skip

    def act(work: Work, values: Values) -> str:
        term = term_at_hand(_unchanged(team_id, values))
        leave_village(current_actor(), work, term, ended_at=values.end("last_on") or work.now)
        return team_place(team_id)

    return answer_form(build, act)


def _village_field(villages: list[AreaOnMap], chosen: str = "") -> Field:
    by_code = {village.code: str(village.id) for village in villages}
    options = [("", _("Choose…")), *((str(village.id), called(village)) for village in villages)]
    return Field("village_id", _("Village"), "select", by_code.get(chosen, ""), options, is_required=True)


def _not_served(areas: AreaMap, village: AreaOnMap, team_id: UUID) -> list[UUID]:
    """The pieces of a village's ground that a team does not serve."""
    served = {term.village_id for term in served_by(db.session(), team_id) if not _is_over(term.ended_at)}
    return [piece for piece in areas.ground(village.id) if piece not in served]


def _serve_ground(work: Work, team: Team, pieces: Iterable[UUID], started_at: datetime) -> None:
    """Who serves a village serves all of it, also the ground of villages that went into it."""
    for piece in pieces:
        serve_village(current_actor(), work, team, piece, started_at=started_at)


def _unchanged(team_id: UUID, values: Values) -> Team:
    team = team_at_hand(team_id, is_locked=True)
    check_version(team, values.seen)
    return team


def _is_over(ended_at: datetime | None) -> bool:
    return ended_at is not None and ended_at <= clock.now()
