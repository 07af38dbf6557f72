"""Moving a household, or several at once, to another village."""

from collections.abc import Iterable
from http import HTTPStatus
from uuid import UUID

from flask import render_template, request, url_for
from flask_babel import gettext as _

from cdtteam.admin.desk import Page, answer_form, send_once, todays_map
from cdtteam.admin.form import Form, Values
from cdtteam.areas.queries import AreaMap, AreaOnMap
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.problems import Problem
from cdtteam.core.text import name_key
from cdtteam.households.group import hold
from cdtteam.households.models import Household
from cdtteam.households.operations import move_household
from cdtteam.register.desk import (
    MANAGE,
    blueprint,
    home_form,
    household_at_hand,
    household_place,
    village_field,
)
from cdtteam.register.find_views import village_at_hand
from cdtteam.register.finding import households_in
from cdtteam.replica.work import Work
from cdtteam.web.forms import check_version, lead_to, new_form_id
from cdtteam.web.guards import current_actor, requires


@blueprint.route("/desk/households/<uuid:household_id>/move", methods=["GET", "POST"])
@requires(MANAGE)
def move_page(household_id: UUID) -> Page:
    """Moves one household."""

    def build() -> Form:
        household, areas = household_at_hand(household_id), todays_map()
        note = _(
            "Its visits stay in the village where they were made. The phones of the team there receive the household "
            "at their next contact, those of the old village drop it."
        )
        fields = [village_field(areas, household.village_id)]
        return home_form(household, _("Move to another village"), _("Move"), fields, note)

    def act(work: Work, values: Values) -> str:
        household = household_at_hand(household_id)
        hold(current_actor(), work, [household])
        check_version(household, values.seen)
        if household.gone:
            raise Problem("withdrawn")
        move_household(current_actor(), work, household, values.id("village_id"), at=work.now)
        return household_place(household_id, "moved")

    return answer_form(build, act)


@blueprint.post("/desk/households/move")
@requires(MANAGE)
def move_many_page() -> Page:
    """Moves some households of a village together; asks to which one first."""
    areas = todays_map()
    village = village_at_hand(areas, request.form.get("village", ""))
    chosen = _chosen(areas, village)
    field = village_field(areas, village.id)
    field.value = request.form.get("village_id", "")
    if "village_id" not in request.form or not chosen:
        return _asked(village, chosen, field)
    if not field.value or field.value not in dict(field.options):
        field.error = _("Please choose one.")
        return _asked(village, chosen, field), HTTPStatus.UNPROCESSABLE_ENTITY

    def change() -> str:
        work = Work(db.session(), clock.now())
        hold(current_actor(), work, chosen, UUID(field.value))
        if any(one.gone or one.village_id not in areas.ground(village.id) for one in chosen):
            raise Problem("changed_meanwhile")
        for one in chosen:
            move_household(current_actor(), work, one, UUID(field.value), at=work.now)
        work.flush()
        return url_for("register.village_page", village=village.code, moved=len(chosen))

    try:
        return lead_to(send_once(change))
    except Problem as problem:
        if problem.code != "changed_meanwhile":
            raise
        left = [one for one in _chosen(areas, village) if one.village_id in areas.ground(village.id) and not one.gone]
        return _asked(village, left, field, is_stale=True), problem.status


def _chosen(areas: AreaMap, village: AreaOnMap) -> list[Household]:
    """The households that are ticked, by themselves or with their hamlet; another commune's are refused."""
    ids = set(_ids(request.form.getlist("household")))
    hamlets = set(request.form.getlist("hamlet"))
    if hamlets:
        lines = households_in(current_actor(), db.session(), areas, areas.ground(village.id), clock.now())
        ids |= {line.known.id for line in lines if not line.gone and (line.known.hamlet or "").strip() in hamlets}
    return sorted((household_at_hand(id_) for id_ in ids), key=lambda one: name_key(one.head_name))


def _ids(texts: Iterable[str]) -> Iterable[UUID]:
    try:
        return [UUID(text) for text in texts]
    except ValueError as error:
        raise Problem("malformed") from error


def _asked(village: AreaOnMap, chosen: list[Household], field: object, *, is_stale: bool = False) -> str:
    form_id = new_form_id() if is_stale else request.form.get("form_id") or new_form_id()
    return render_template(
        "register/move.html", village=village, chosen=chosen, field=field, is_stale=is_stale, form_id=form_id
    )
