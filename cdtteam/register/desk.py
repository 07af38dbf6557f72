"""What the pages of households share: the blueprint, which household, which villages, and the form about one."""

from typing import Any
from uuid import UUID

from flask import Blueprint, request, url_for
from flask_babel import gettext as _

from cdtteam.access.models import Permission, Place
from cdtteam.access.policy import require
from cdtteam.admin.desk import commune_at_hand, is_province
from cdtteam.admin.form import Field, Form
from cdtteam.areas.ground import pieces_below
from cdtteam.areas.models import Level
from cdtteam.areas.queries import AreaMap, AreaOnMap
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.problems import Problem
from cdtteam.core.text import clean_text, sort_key
from cdtteam.households.models import Household
from cdtteam.register import words
from cdtteam.web.desk import send_to_sign_in
from cdtteam.web.guards import current_actor

blueprint = Blueprint("register", __name__)
blueprint.register_error_handler(Problem, send_to_sign_in)

MANAGE = Permission.HOUSEHOLD_MANAGE
LONGEST = 120  # characters of a search


@blueprint.record_once
def _configure(state: Any) -> None:
    """Filters of the templates."""
    for name in ("gone_words", "alike_words", "field_name", "purpose_name", "consent_words", "done_words"):
        state.app.jinja_env.filters[name] = getattr(words, name)


def household_at_hand(household_id: UUID) -> Household:
    """A household that the reader may manage; of another commune `out_of_scope`."""
    session, now = db.session(), clock.now()
    household = session.get(Household, household_id, populate_existing=True)
    if household is None:
        raise Problem("not_found")
    require(current_actor(), MANAGE, Place(household.village_id, now), session=session, now=now)
    return household


def household_place(household_id: UUID, done: str | None = None, *, drafts: int | None = None) -> str:
    """The address of a household's page, which then says what was `done`, and that `drafts` are to be read over."""
    return url_for("register.household_page", household_id=household_id, done=done, drafts=drafts)


def name_of(household: Household) -> str:
    """By what a page calls a household; one that was erased has no name."""
    return household.head_name or _("Household not named")


def home_form(household: Household, title: str, submit: str, fields: list[Field], note: str = "") -> Form:
    """A form about a household."""
    place = household_place(household.id)
    return Form(title, name_of(household), place, submit, fields, str(household.version), note)


def words_sought() -> str:
    """What was typed into a search."""
    return clean_text(request.form.get("words", ""), "words").strip()[:LONGEST]


def village_field(areas: AreaMap, without: UUID) -> Field:
    """To which village: of the own commune, or for the province of any."""
    options = [(str(area.id), name) for area, name in _villages(areas) if area.id != without]
    return Field("village_id", _("To the village"), "select", "", [("", _("Choose…")), *options], is_required=True)


def _villages(areas: AreaMap) -> list[tuple[AreaOnMap, str]]:
    """The pieces of ground: where one village's are served by several teams, it matters to which of them."""
    if not is_province():
        commune = commune_at_hand(areas, None)
        return [(piece, piece.name) for piece in pieces_below(areas, commune.id)] if commune else []
    named = [
        (piece, f"{commune.name} – {piece.name}")
        for commune in areas.of_level(Level.COMMUNE)
        for piece in pieces_below(areas, commune.id)
    ]
    return sorted(named, key=lambda one: sort_key(one[1]))
