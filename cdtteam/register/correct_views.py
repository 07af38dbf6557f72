"""An officer corrects what is known of a household."""

from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from cdtteam.admin.desk import Page, answer_form
from cdtteam.admin.form import Field, Form, Values
from cdtteam.admin.words import phone_shown
from cdtteam.core.clock import wire_instant
from cdtteam.core.problems import Problem
from cdtteam.households.consents import NOTICE
from cdtteam.households.fields import CONTACT, PLAIN, field_of
from cdtteam.households.group import hold
from cdtteam.households.models import Household
from cdtteam.register.desk import MANAGE, blueprint, home_form, household_at_hand, household_place
from cdtteam.register.operations import correct
from cdtteam.register.words import field_name, purpose_name
from cdtteam.replica.work import Work
from cdtteam.web.forms import check_version
from cdtteam.web.guards import current_actor, requires

MOST_PEOPLE, LONGEST_NOTE = 50, 500
_ANSWERS = {"yes": True, "no": False}


@blueprint.route("/desk/households/<uuid:household_id>/correct", methods=["GET", "POST"])
@requires(MANAGE)
def correct_page(household_id: UUID) -> Page:
    """Corrects a household that stands; whether it may be named is asked by its team."""

    def build() -> Form:
        household = _standing(household_id)
        note = _("The team's phones receive it at their next contact. What they noted later than now stays theirs.")
        return home_form(household, _("Correct the household"), _("Save"), _fields(household), note)

    def act(work: Work, values: Values) -> str:
        household = household_at_hand(household_id)
        hold(current_actor(), work, [household])
        check_version(household, values.seen)
        changed = _changed(household, values)
        if changed:
            correct(current_actor(), work, household, changed)
        return household_place(household_id, "corrected" if changed else "unchanged")

    return answer_form(build, act)


def _standing(household_id: UUID) -> Household:
    household = household_at_hand(household_id)
    if household.gone:
        raise Problem("withdrawn")
    return household


def _fields(household: Household) -> list[Field]:
    said = _word_on_contact(household)
    answers = [("yes", _("Agree")), ("no", _("Do not agree"))]
    answers = answers if said else [("", _("Not asked yet")), *answers]
    return [
        Field("head_name", field_name("head_name"), value=household.head_name, is_required=True),
        Field("code", field_name("code"), value=household.code or ""),
        Field("hamlet", field_name("hamlet"), value=household.hamlet or ""),
        Field("contact", purpose_name("contact"), "choice", said, answers,
              help=_("A household that does not agree is not called, and its number is kept nowhere.")),
        Field("phone", field_name("phone"), "tel", phone_shown(household.phone)),
        Field("people", field_name("people"), "number", _text(household.people), check=_number_from(1)),
        Field("adults", field_name("adults"), "number", _text(household.adults), check=_number_from(0)),
        Field("note", field_name("note"), "long", household.note or "", longest=LONGEST_NOTE,
              help=_("Do not write identity card numbers.")),
    ]  # fmt: skip


def _changed(household: Household, values: Values) -> dict[str, Any]:
    """The flat fields that the form changes; a number without the household's word is Problem `invalid_field`."""
    typed: dict[str, Any] = {name: values.text(name) or None for name in ("code", "hamlet", "note")}
    typed |= {"head_name": " ".join(values.text("head_name").split()), "phone": values.phone("phone")}
    typed |= {name: values.number(name) for name in ("people", "adults")}
    if (typed["adults"] or 0) > (typed["people"] or MOST_PEOPLE):
        raise Problem("invalid_field", field="adults")
    changed = {name: typed[name] for name in PLAIN if typed[name] != getattr(household, name)}
    said = values.text("contact")
    if changed.get("phone") and said != "yes":
        raise Problem("invalid_field", field="contact")
    if said and said != _word_on_contact(household):
        changed[CONTACT] = {"given": _ANSWERS[said], "notice": NOTICE, "at": wire_instant(values.now)}
    if said == "no":
        changed.pop("phone", None)
    return changed


def _word_on_contact(household: Household) -> str:
    said = field_of(household, CONTACT)
    return "" if not said else "yes" if said["given"] else "no"


def _number_from(least: int) -> Any:
    """The check of a number of people."""

    def trouble(text: str) -> str:
        return "" if least <= int(text) <= MOST_PEOPLE else str(_("Please give a number up to 50."))

    return trouble


def _text(number: int | None) -> str:
    return "" if number is None else str(number)
