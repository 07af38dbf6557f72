"""A household is withdrawn, brought back, or erased because a resident asked for it."""

from uuid import UUID

from flask import render_template
from flask_babel import force_locale
from flask_babel import gettext as _

from cdtteam.admin.desk import Page, answer_form
from cdtteam.admin.form import Field, Form, Values
from cdtteam.core.i18n import LOCALES
from cdtteam.core.problems import Problem
from cdtteam.households.group import hold, standing
from cdtteam.households.models import Household
from cdtteam.households.operations import restore_household, withdraw_at_desk
from cdtteam.register.desk import MANAGE, blueprint, home_form, household_at_hand, household_place, name_of
from cdtteam.register.operations import erase_on_request
from cdtteam.register.words import reason_words
from cdtteam.replica.work import Work
from cdtteam.web.forms import check_version
from cdtteam.web.guards import current_actor, requires

REASONS = ("moved", "mistake", "other")


@blueprint.route("/desk/households/<uuid:household_id>/withdraw", methods=["GET", "POST"])
@requires(MANAGE)
def withdraw_page(household_id: UUID) -> Page:
    """Withdraws a household."""

    def build() -> Form:
        options = [(reason, reason_words(reason)) for reason in REASONS]
        fields = [
            Field("reason", _("Why"), "choice", "moved", options, is_required=True),
            Field("words", _("In your own words"), longest=300),
        ]
        note = _("It is on no list any more and phones drop it. Its visits stay and count. It can be brought back.")
        form = home_form(household_at_hand(household_id), _("Withdraw the household"), _("Withdraw"), fields, note)
        form.is_danger = True
        return form

    def act(work: Work, values: Values) -> str:
        household = _unchanged(work, household_id, values)
        with force_locale(LOCALES[0]):  # kept with the household
            reason = reason_words(values.text("reason"))
        said = values.text("words")
        withdraw_at_desk(current_actor(), work, household, reason=f"{reason}: {said}" if said else reason)
        return household_place(household_id, "withdrawn")

    return answer_form(build, act)


@blueprint.route("/desk/households/<uuid:household_id>/restore", methods=["GET", "POST"])
@requires(MANAGE)
def restore_page(household_id: UUID) -> Page:
    """Brings a withdrawn household back."""

    def build() -> Form:
        note = _("It stands on the list again, as it was. The team's phones receive it at their next contact.")
        return home_form(household_at_hand(household_id), _("Bring the household back"), _("Bring back"), [], note)

    def act(work: Work, values: Values) -> str:
        restore_household(current_actor(), work, _unchanged(work, household_id, values))
        return household_place(household_id, "restored")

    return answer_form(build, act)


@blueprint.get("/desk/households/<uuid:household_id>/erase")
@requires(MANAGE)
def erase_page(household_id: UUID) -> Page:
    """The first of two questions: what erasing a household means."""
    household = household_at_hand(household_id)
    return render_template("register/erase.html", household=household, name=name_of(household))


@blueprint.route("/desk/households/<uuid:household_id>/erase/sure", methods=["GET", "POST"])
@requires(MANAGE)
def erase_surely_page(household_id: UUID) -> Page:
    """The second question, and the erasing."""

    def build() -> Form:
        asked = Field("asked", _("The household has asked for this itself, or who may speak for it."), "tick")
        final = Field("final", _("I know that nobody can bring it back."), "tick")
        asked.is_required = final.is_required = True
        form = home_form(household_at_hand(household_id), _("Erase for good"), _("Erase for good"), [asked, final])
        form.is_danger = True
        return form

    def act(work: Work, values: Values) -> str:
        household = _unchanged(work, household_id, values)
        drafts = erase_on_request(current_actor(), work, standing(work.session, household))
        return household_place(household_id, "erased", drafts=drafts or None)

    return answer_form(build, act)


def _unchanged(work: Work, household_id: UUID, values: Values) -> Household:
    household = household_at_hand(household_id)
    hold(current_actor(), work, [household])
    check_version(household, values.seen)
    if household.gone == "erased":
        raise Problem("withdrawn")
    return household
