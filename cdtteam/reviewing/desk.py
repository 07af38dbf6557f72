"""What the pages of reviewing share: the blueprint, whose commune, which visit, and the form that puts one right."""

from typing import Any
from uuid import UUID

from flask import Blueprint, request, url_for
from flask_babel import gettext as _

from cdtteam.access.models import Permission
from cdtteam.admin.desk import commune_at_hand
from cdtteam.admin.form import Field, Form, Values, read_day
from cdtteam.areas.queries import AreaMap, AreaOnMap
from cdtteam.core import clock
from cdtteam.core.clock import civil_date
from cdtteam.core.db import db
from cdtteam.core.problems import Problem
from cdtteam.participation.words import is_english, kind_name, moment, outcome_words
from cdtteam.reviewing import words
from cdtteam.reviewing.models import Sign
from cdtteam.reviewing.queries import visit_seen
from cdtteam.support.models import Service
from cdtteam.support.queries import services_in_order
from cdtteam.visits.correcting import Wanted, homes_to_choose, wanted_now
from cdtteam.visits.models import Visit
from cdtteam.web.desk import send_to_sign_in
from cdtteam.web.guards import current_actor

blueprint = Blueprint("reviewing", __name__)
blueprint.register_error_handler(Problem, send_to_sign_in)

REVIEW = Permission.VISIT_REVIEW
KINDS = ("home", "public_place", "phone", "group")
OUTCOMES = ("done", "in_progress", "needs_follow_up", "declined")
DROP, NONE = "drop", "none"  # in the place of an outcome: the topic goes; in that of a topic: no other comes
MOST_PEOPLE, OLDEST_DAYS, LONGEST_NOTE, LONGEST_REASON = 2000, 400, 1000, 500


@blueprint.record_once
def _configure(state: Any) -> None:
    """What the templates ask for."""
    for name in (
        "sign_name",
        "sign_reason",
        "number_words",
        "night_words",
        "act_mark",
        "done_words",
        "field_words",
        "value_words",
    ):
        state.app.jinja_env.globals[f"review_{name}"] = getattr(words, name)


def commune_of_reader(areas: AreaMap) -> AreaOnMap:
    """The commune of the officer at the desk."""
    commune = commune_at_hand(areas, request.args.get("commune"))
    if commune is None:
        raise Problem("not_found")
    return commune


def visit_at_hand(visit_id: UUID) -> Visit:
    """A visit that the reader may review; another commune's is `not_found`, so that nobody learns of it."""
    visit = visit_seen(current_actor(), db.session(), visit_id, clock.now())
    if visit is None:
        raise Problem("not_found")
    return visit


def case_at_hand() -> dict[str, Any]:
    """The look from which the reader came to a visit, as addresses carry it on; nothing without one."""
    sign, key = request.args.get("sign", ""), request.args.get("key", "")
    return {"sign": sign, "key": key} if key and sign in set(Sign) else {}


def visit_title(visit: Visit) -> str:
    """By what pages call a visit."""
    return str(_("Visit of %(moment)s", moment=moment(visit.occurred_at)))


def visit_form(
    visit: Visit, title: str, submit: str, fields: list[Field], note: str, *, is_danger: bool = False
) -> Form:
    """A form about a visit; its reason is what the team reads. The details say why nothing can be done any more."""
    reason = Field("reason", _("Why"), "long", longest=LONGEST_REASON, is_required=True)
    reason.help = _("The team reads this with the visit, in the name of the commune. No residents' names, please.")
    back = url_for("reviewing.visit_page", visit_id=visit.id, **case_at_hand())
    form = Form(title, visit_title(visit), back, submit, [*fields, reason], str(visit.version), note, is_danger)
    form.details = _("This visit does not count any more.") if visit.withdrawn_at else None
    return form


def amend_fields(visit: Visit) -> list[Field]:
    """What a visit says, to be changed."""
    now, services = wanted_now(db.session(), visit), services_in_order(db.session())
    homes = [("", _("Household not named")), *homes_to_choose(db.session(), visit)]
    outcomes = [*((one, outcome_words(one)) for one in OUTCOMES), (DROP, _("Take this topic out"))]
    known = {one.code: service_name(one) for one in services}
    given = {code for code, _outcome in now.services}
    others = [(NONE, _("None")), *((one.code, service_name(one)) for one in services
                                 if one.is_active and one.code not in given)]  # fmt: skip
    return [
        Field("on", _("Day"), "date", now.on.isoformat(), is_required=True, check=_day_trouble),
        Field("household", _("Household"), "select", str(now.household_id or ""), homes),
        Field("kind", _("Where or how"), "select", now.kind, [(one, kind_name(one)) for one in KINDS],
              is_required=True),
        Field("people", _("Number of people"), "number", str(now.people), is_required=True, check=_people_trouble),
        *(Field(f"topic_{code}", known.get(code, code), "select", outcome, outcomes, is_required=True)
          for code, outcome in now.services),
        Field("more", _("One more topic"), "select", NONE, others, is_required=True),
        Field("note", _("Note"), "long", now.note or "", longest=LONGEST_NOTE),
    ]  # fmt: skip


def wanted_by(visit: Visit, values: Values) -> Wanted:
    """What the form of a visit says; Problem `invalid_field` (more) where no topic would be left."""
    said = ((given["code"], values.text(f"topic_{given['code']}")) for given in visit.services)
    services = [(code, outcome) for code, outcome in said if outcome != DROP]
    if values.text("more") != NONE:
        services.append((values.text("more"), OUTCOMES[0]))
    if not services:
        raise Problem("invalid_field", field="more")
    return Wanted(
        read_day(values.text("on")), values.id("household") if values.text("household") else None,
        values.text("kind"), int(values.text("people")), services, values.text("note") or None,
    )  # fmt: skip


def service_name(service: Service) -> str:
    """What a topic is called in short."""
    return service.name_en if is_english() else service.short_vi


def service_names() -> dict[str, str]:
    """What topics are called, by code."""
    return {one.code: service_name(one) for one in services_in_order(db.session())}


def _day_trouble(text: str) -> str:
    days = (civil_date(clock.now()) - read_day(text)).days
    if days < 0:
        return str(_("This day has not come yet."))
    return str(_("This day is too long ago.")) if days >= OLDEST_DAYS else ""


def _people_trouble(text: str) -> str:
    return "" if 1 <= int(text) <= MOST_PEOPLE else str(_("Please give a number of people from 1 to 2,000."))
