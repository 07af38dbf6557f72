"""Writing to teams: what and to whom, then how it will look and whom it reaches, and only then it is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

from flask import render_template, request, url_for
from flask_babel import gettext as _

from cdtteam.admin.desk import Page, area_at_hand, is_province, send_once
from cdtteam.admin.form import Field, Form
from cdtteam.admin.queries import teams_in_force
from cdtteam.areas.ground import home_on
from cdtteam.areas.models import Level
from cdtteam.areas.queries import AreaMap, AreaOnMap
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.text import natural_key
from cdtteam.notices import words
from cdtteam.notices.desk import SEND, blueprint, notice_place
from cdtteam.notices.hints import hints_in
from cdtteam.notices.models import LONGEST_SUBJECT, LONGEST_TEXT
from cdtteam.notices.operations import Message, send_notice
from cdtteam.notices.queries import audience, people_of_teams, without_number
from cdtteam.replica.work import Work
from cdtteam.teams.models import Team
from cdtteam.web.forms import lead_to
from cdtteam.web.guards import current_actor, requires


@dataclass
class Place:
    """A team, or a commune with its teams, to tick."""

    key: str
    name: str
    about: str
    teams: Sequence[Team]
    is_ticked: bool = False


@blueprint.route("/desk/notices/new", methods=["GET", "POST"])
@requires(SEND)
def new_page() -> Page:
    """The form; sent to be looked at, it is shown as a phone shows it, and from there it is sent or changed."""
    areas, area, is_whole = area_at_hand()
    places = _communes(areas, area) if is_whole else _teams(areas, area)
    form = _form(area, is_whole=is_whole)
    if request.method == "GET":
        return _show(form, places, is_whole=is_whole)
    _take(form, places)
    step = request.form.get("step")
    if form.first_wrong:
        return _show(form, places, is_whole=is_whole), HTTPStatus.UNPROCESSABLE_ENTITY
    if step == "send":
        return lead_to(send_once(lambda: _send(area, form, places)))
    return _preview(form, places, area) if step == "preview" else _show(form, places, is_whole=is_whole)


def _send(area: AreaOnMap, form: Form, places: Sequence[Place]) -> str:
    work = Work(db.session(), clock.now())
    notice = send_notice(current_actor(), work, area, _message(form), _chosen(form, places))
    work.flush()
    return notice_place(notice.id)


def _preview(form: Form, places: Sequence[Place], area: AreaOnMap) -> str:
    teams = _chosen(form, places)
    session, now, message = db.session(), clock.now(), _message(form)
    people = people_of_teams(session, [team.id for team in teams], now)
    said = f"{message.subject}\n{message.text}"
    ways = audience(session, people, now, is_urgent=message.is_urgent)
    return render_template(
        "notices/preview.html", form=form, places=places, message=message, ways=ways, people=len(people),
        teams=len(teams), area=area, hints=hints_in(current_actor(), session, said, now),
        numberless=0 if is_province() else without_number(session, people),
    )  # fmt: skip


def _show(form: Form, places: Sequence[Place], *, is_whole: bool) -> str:
    return render_template("notices/new.html", form=form, places=places, is_whole=is_whole)


def _form(area: AreaOnMap, *, is_whole: bool) -> Form:
    kinds = [("no", _("Message")), ("yes", _("Urgent warning"))]
    everybody = _("Every team of the province") if is_whole else _("Every team of the commune")
    some = _("Only the communes ticked below") if is_whole else _("Only the teams ticked below")
    about_kind = _(
        "An urgent warning rings at night as well, and nobody can switch it off. "
        "Keep it for storms, floods, fraud that is spreading."
    )
    about_names = _(
        "Never name residents or households here: it stands on locked screens. Ask people to open the app instead. "
        "At most %(longest)s characters.",
        longest=LONGEST_TEXT,
    )
    example = _("For instance: Lũ lên nhanh trên sông Kôn, giúp bà con lên nhà văn hoá")
    fields = [
        Field("is_urgent", _("What kind"), "choice", "no", kinds, about_kind, is_required=True),
        Field("subject", _("In a few words"), help=example, is_required=True, longest=LONGEST_SUBJECT),
        Field(
            "text", _("What to know, what to do"), "long", help=about_names, is_required=True, longest=LONGEST_TEXT
        ),
        Field(
            "whole", _("For whom"), "choice", "" if is_whole else "all", [("all", everybody), ("some", some)],
            is_required=True,
        ),
    ]  # fmt: skip
    back = url_for("notices.sent_page", commune=None if is_whole else area.code)
    return Form(_("Write to teams"), area.name, back, _("See how it will look"), fields)


def _take(form: Form, places: Sequence[Place]) -> None:
    form.take(request.form)
    ticked = request.form.getlist("place")
    for place in places:
        place.is_ticked = place.key in ticked
    if not form["whole"].error and not _chosen(form, places):
        form["whole"].error = _("Please tick at least one.") if places else _("There is no team here yet.")


def _chosen(form: Form, places: Sequence[Place]) -> list[Team]:
    is_all = form["whole"].value == "all"
    return [team for place in places if is_all or place.is_ticked for team in place.teams]


def _message(form: Form) -> Message:
    return Message(form["subject"].value, form["text"].value, form["is_urgent"].value == "yes")


def _teams(areas: AreaMap, commune: AreaOnMap) -> list[Place]:
    teams = teams_in_force(db.session(), areas.ground_below(commune.id), clock.now())
    places = [Place(team.id.hex, team.name, _home_name(areas, team.home_village_id), [team]) for team in teams]
    return sorted(places, key=lambda place: (natural_key(place.about), natural_key(place.name)))


def _communes(areas: AreaMap, province: AreaOnMap) -> list[Place]:
    teams: dict[UUID, list[Team]] = {}
    for team in teams_in_force(db.session(), areas.ground_below(province.id), clock.now()):
        commune = next((one for one in areas.above(team.home_village_id) if one.level is Level.COMMUNE), None)
        if commune:
            teams.setdefault(commune.id, []).append(team)
    communes = sorted(areas.below(province.id, Level.COMMUNE), key=lambda one: natural_key(one.name))
    return [
        Place(commune.code, commune.name, words.teams_number(len(teams[commune.id])), teams[commune.id])
        for commune in communes
        if commune.id in teams
    ]


def _home_name(areas: AreaMap, village_id: UUID) -> str:
    home = home_on(areas, village_id)
    return home.name if home else ""
