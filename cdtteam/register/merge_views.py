"""Two households that are one: shown beside each other, made one, and made two again."""

from dataclasses import dataclass
from uuid import UUID

from flask import render_template, request
from flask_babel import gettext as _
from sqlalchemy import func, select

from cdtteam.admin.desk import Page, answer_form, todays_map
from cdtteam.admin.form import Field, Form, Values
from cdtteam.admin.words import first_day, phone_shown
from cdtteam.areas.ground import name_on
from cdtteam.areas.models import Level
from cdtteam.areas.queries import AreaMap
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.problems import Problem
from cdtteam.households.group import hold
from cdtteam.households.models import Household
from cdtteam.register.desk import (
    MANAGE,
    blueprint,
    home_form,
    household_at_hand,
    household_place,
    name_of,
    words_sought,
)
from cdtteam.register.finding import find, households_in
from cdtteam.register.operations import merge, undo
from cdtteam.register.story import known_to, open_merger, visits_condition, visits_since
from cdtteam.register.words import consent_words, field_name, purpose_name
from cdtteam.replica.work import Work
from cdtteam.web.forms import new_form_id
from cdtteam.web.guards import current_actor, requires

_PURPOSES = ("named", "contact")


@dataclass(frozen=True, slots=True)
class Beside:
    """What two households say of one thing."""

    name: str
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Both:
    """Two households beside each other, and the form that says that they are two."""

    lines: list[Beside]
    first_id: UUID
    second_id: UUID
    form_id: UUID


@blueprint.route("/desk/households/<uuid:household_id>/merge/<uuid:other_id>", methods=["GET", "POST"])
@requires(MANAGE)
def merge_page(household_id: UUID, other_id: UUID) -> Page:
    """Makes two households one; which of them stays is for the reader to say."""

    def build() -> Form:
        first, second = household_at_hand(household_id), household_at_hand(other_id)
        if first.id == second.id:
            raise Problem("not_found")
        visits = [_count(one) for one in (first, second)]
        options = [(str(first.id), _("The first stays")), (str(second.id), _("The second stays"))]
        stays = str(second.id if visits[1] > visits[0] else first.id)
        note = _(
            "The one that stays takes what it does not know yet from the other; of what both said on being named or "
            "called, the later word holds. Their visits count as one household's, and what phones still send for the "
            "other one goes to it. This can be taken back."
        )
        field = Field("stays", _("Which one stays?"), "choice", stays, options, is_required=True)
        form = home_form(first, _("Make two households one"), _("Make them one"), [field], note)
        form.version = _versions(first, second)
        form.details = Both(_beside(todays_map(), first, second, visits), first.id, second.id, new_form_id())
        return form

    def act(work: Work, values: Values) -> str:
        first, second = household_at_hand(household_id), household_at_hand(other_id)
        hold(current_actor(), work, [first, second])
        if _versions(first, second) != values.seen:
            raise Problem("changed_meanwhile")
        into, household = (first, second) if values.id("stays") == first.id else (second, first)
        merge(current_actor(), work, household, into)
        return household_place(into.id, "merged")

    return answer_form(build, act, "register/merge.html")


@blueprint.route("/desk/households/<uuid:household_id>/merge", methods=["GET", "POST"])
@requires(MANAGE)
def other_page(household_id: UUID) -> Page:
    """Looks for the household with which one is to be made one, among all of the commune that stand."""
    household, areas, session = household_at_hand(household_id), todays_map(), db.session()
    commune = next((area for area in areas.above(household.village_id) if area.level is Level.COMMUNE), None)
    if commune is None:
        raise Problem("not_found")
    words, found = words_sought(), None
    if request.method == "POST":
        lines = households_in(current_actor(), session, areas, areas.ground_below(commune.id), clock.now())
        found = find((line for line in lines if line.gone is None and line.known.id != household_id), words)
    return render_template(
        "register/other.html", household=household, name=name_of(household), commune=commune, words=words, found=found,
        belongs=name_on(areas, household.village_id),
    )  # fmt: skip


@blueprint.route("/desk/households/<uuid:household_id>/part", methods=["GET", "POST"])
@requires(MANAGE)
def part_page(household_id: UUID) -> Page:
    """Makes two households of one again."""

    def build() -> Form:
        household = household_at_hand(household_id)
        return home_form(household, _("Make them two again"), _("Make them two again"), [], _what_stays(household))

    def act(work: Work, values: Values) -> str:
        household = household_at_hand(household_id)
        hold(current_actor(), work, [household])
        decision = open_merger(work.session, household)
        if decision is None or str(household.version) != values.seen:
            raise Problem("changed_meanwhile")
        undo(current_actor(), work, decision)
        return household_place(household_id, "parted")

    return answer_form(build, act)


def _what_stays(household: Household) -> str:
    decision = open_merger(db.session(), household)
    other = db.session().get(Household, decision.into_id) if decision else None
    if decision is None or other is None:
        return str(_("These households are two already."))
    if not known_to(current_actor(), db.session(), [other.id], clock.now()):
        raise Problem("out_of_scope")
    came = visits_since(db.session(), other, decision.decided_at)
    return str(_(
        "%(name)s stands again as it was before, with its own visits. %(other)s gives back what it took from it. What "
        "came since stays with %(other)s: %(visits)s visits. A phone number that was taken out because the household "
        "did not want to be called does not come back.",
        name=name_of(household), other=name_of(other), visits=came,
    ))  # fmt: skip


def _count(household: Household) -> int:
    session = db.session()
    return session.scalar(select(func.count()).where(*visits_condition(session, household))) or 0


def _versions(first: Household, second: Household) -> str:
    return f"{first.version}-{second.version}"


def _beside(areas: AreaMap, first: Household, second: Household, visits: list[int]) -> list[Beside]:
    def pair(name: str, one: object, other: object) -> Beside:
        return Beside(name, *("–" if value in (None, "") else str(value) for value in (one, other)))

    both = (first, second)
    lines = [
        pair(field_name("head_name"), *(name_of(one) for one in both)),
        pair(_("Village"), *(name_on(areas, one.village_id) for one in both)),
        *(pair(field_name(name), *(getattr(one, name) for one in both)) for name in ("hamlet", "code")),
        pair(field_name("phone"), *(phone_shown(one.phone) for one in both)),
        *(pair(field_name(name), *(getattr(one, name) for one in both)) for name in ("people", "adults", "note")),
        *(pair(purpose_name(name), *(consent_words(one.consents.get(name)) for one in both)) for name in _PURPOSES),
        pair(_("Visits"), *visits),
        pair(_("Entered on"), *(first_day(one.entered_at) for one in both)),
    ]
    return [line for line in lines if {line.first, line.second} != {"–"}]
