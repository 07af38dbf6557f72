"""The desk beside the public page: the commune's number, names left out, cards to print."""

from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

from flask import Blueprint, current_app, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from cdtteam.access.models import Permission, Place
from cdtteam.access.policy import require
from cdtteam.admin.desk import Page, answer_form, commune_at_hand, commune_of_village, team_at_hand, todays_map
from cdtteam.admin.form import Field, Form, Values
from cdtteam.admin.queries import villages_of
from cdtteam.admin.team_views import communes_page
from cdtteam.areas.ground import called
from cdtteam.areas.models import Level
from cdtteam.areas.queries import AreaMap, AreaOnMap
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.problems import Problem
from cdtteam.replica.work import Work
from cdtteam.residents.operations import set_commune_phone, show_names
from cdtteam.residents.queries import contact_of, hidden_names, in_order, teams_serving
from cdtteam.residents.words import number_shown
from cdtteam.teams.queries import members_of_teams
from cdtteam.web.desk import send_to_sign_in
from cdtteam.web.forms import check_version
from cdtteam.web.guards import current_actor, requires

blueprint = Blueprint("residents", __name__)
blueprint.register_error_handler(Problem, send_to_sign_in)

MANAGE = Permission.TEAM_MANAGE
ON_A_SHEET = 8  # cards of A4


@dataclass(frozen=True, slots=True)
class Card:
    """A card for a door or a notice board."""

    village: str
    address: str

    @property
    def picture(self) -> Markup:
        """The address as a QR code that stands some dirt."""
        import segno  # noqa: PLC0415 — only these pages draw, and every worker has to hold what it imports

        return Markup(segno.make_qr(self.address, error="q").svg_inline(omitsize=True, border=2))  # noqa: S704

    @property
    def typed(self) -> str:
        """The address as people type it."""
        return self.address.partition("://")[2]


@blueprint.get("/desk/residents")
@requires(MANAGE)
def home_page() -> Page:
    """What residents of a commune are shown; the province chooses a commune first."""
    areas, now, session = todays_map(), clock.now(), db.session()
    commune = commune_at_hand(areas, request.args.get("commune"))
    if commune is None:
        return communes_page(areas, "residents.home_page")
    villages = villages_of(areas, commune.id)
    teams = teams_serving(session, areas, villages, now)
    mates = members_of_teams(session, [team.id for served in teams.values() for team in served], now)
    hidden = hidden_names(session, [mate.id for mate in mates])
    left_out = {mate.team_id: sum(one.id in hidden for one in mates if one.team_id == mate.team_id) for mate in mates}
    contact = contact_of(session, commune.id)
    return render_template(
        "residents/desk.html", commune=commune, villages=villages, teams=teams, left_out=left_out,
        phone=number_shown(contact.phone) if contact and contact.phone else "",
    )  # fmt: skip


@blueprint.route("/desk/residents/phone", methods=["GET", "POST"])
@requires(MANAGE)
def phone_page() -> Page:
    """The number that residents of a commune may call."""
    commune = _commune(todays_map())

    def build() -> Form:
        contact = contact_of(db.session(), commune.id)
        help_ = _("The office's number or that of the officer on duty; no member's own number.")
        phone = Field("phone", _("Phone number for residents"), "tel", (contact and contact.phone) or "", help=help_)
        version = str(contact.version) if contact else "0"
        return Form(_("Phone number for residents"), commune.name, _home(commune), _("Save"), [phone], version)

    def act(work: Work, values: Values) -> str:
        contact = contact_of(work.session, commune.id)
        if contact is not None:
            check_version(contact, values.seen)
        set_commune_phone(current_actor(), work.session, commune.id, values.phone("phone"), now=work.now)
        return _home(commune)

    return answer_form(build, act)


@blueprint.route("/desk/residents/names/<uuid:team_id>", methods=["GET", "POST"])
@requires(MANAGE)
def names_page(team_id: UUID) -> Page:
    """Which of a team's members the public page names."""
    team = team_at_hand(team_id)
    place = _home(commune_of_village(todays_map(), team.home_village_id))

    def build() -> Form:
        mates = in_order(members_of_teams(db.session(), [team.id], clock.now()))
        hidden = hidden_names(db.session(), [mate.id for mate in mates])
        fields = [Field(str(mate.id), mate.name, "tick", "" if mate.id in hidden else "yes") for mate in mates]
        note = _("Tick who is named on the public page. Leave out whoever asks for it.")
        return Form(_("Names on the public page"), team.name, place, _("Save"), fields, note=note)

    def act(work: Work, values: Values) -> str:
        shown = {UUID(name) for name in values.given if values.is_ticked(name)}
        show_names(current_actor(), work.session, team, shown, now=work.now)
        return place

    return answer_form(build, act)


@blueprint.get("/desk/residents/cards")
@requires(MANAGE)
def cards_page() -> Page:
    """Cards to print: one for each village of a commune that has a team, or a sheet of one village's."""
    areas = todays_map()
    given = request.args.get("village")
    if given:
        village = _village(areas, given)
        commune, villages, copies = commune_of_village(areas, village.id), [village], ON_A_SHEET
    else:
        commune, copies = _commune(areas), 1
        villages = villages_of(areas, commune.id)
    teams = teams_serving(db.session(), areas, villages, clock.now())
    cards = [Card(called(village), _address(village)) for village in villages if village.id in teams]
    contact = contact_of(db.session(), commune.id)
    return render_template(
        "residents/cards.html", commune=commune, cards=[card for card in cards for _again in range(copies)],
        phone=number_shown(contact.phone) if contact and contact.phone else "", home=_home(commune),
    )  # fmt: skip


def _village(areas: AreaMap, code: str) -> AreaOnMap:
    village = next((area for area in areas.of_level(Level.VILLAGE) if area.code == code), None)
    if village is None:
        raise Problem("not_found")
    now = clock.now()
    require(current_actor(), MANAGE, Place(village.id, now), session=db.session(), now=now)
    return village


def _commune(areas: AreaMap) -> AreaOnMap:
    commune = commune_at_hand(areas, request.args.get("commune"))
    if commune is None:
        raise Problem("not_found")
    return commune


def _home(commune: AreaOnMap) -> str:
    return url_for("residents.home_page", commune=commune.code)


def _address(village: AreaOnMap) -> str:
    scheme = "https" if current_app.config["SESSION_COOKIE_SECURE"] else request.scheme
    return f"{scheme}://{request.host}/to/{quote(village.code, safe='')}"
