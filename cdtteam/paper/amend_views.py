"""A visit that was entered for a team is put right, or withdrawn."""

from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from cdtteam.access.models import Permission, Place
from cdtteam.access.policy import require
from cdtteam.admin.desk import Page, answer_form
from cdtteam.admin.form import Field, Form, Values, read_day
from cdtteam.core import clock
from cdtteam.core.clock import civil_date
from cdtteam.core.db import db
from cdtteam.paper.amending import Entered, amend_entry, entered, visit_entered_for
from cdtteam.paper.desk import MANAGE, blueprint
from cdtteam.paper.entry import KINDS, LONGEST_NOTE, OUTCOMES, checked, codes_in, numbered
from cdtteam.participation.words import is_english, kind_name, outcome_words
from cdtteam.replica.work import Work
from cdtteam.support.models import Service
from cdtteam.support.queries import services_in_order
from cdtteam.visits.correcting import homes_to_choose
from cdtteam.visits.models import Visit
from cdtteam.visits.operations import Correction, withdraw_visit
from cdtteam.web.forms import check_version
from cdtteam.web.guards import current_actor, requires


@blueprint.route("/desk/entry/visits/<uuid:visit_id>/amend", methods=["GET", "POST"])
@requires(MANAGE)
def amend_page(visit_id: UUID) -> Page:
    """Puts right what was entered wrong; the earlier text stays in the history."""
    visit = _visit_at_hand(visit_id)
    team_id, village_id = visit.team_id, visit.village_id
    numbers = numbered(services_in_order(db.session()))

    def build() -> Form:
        return _amend_form(visit_entered_for(db.session(), visit_id), numbers)

    def act(work: Work, values: Values) -> str:
        work.lock([village_id])
        visit = visit_entered_for(work.session, visit_id)
        check_version(visit, values.seen)
        amend_entry(current_actor(), work, visit, _wanted(values, numbers), values.text("reason"))
        return url_for(".team_entry_page", team_id=team_id, amended=1)

    return answer_form(build, act)


def _amend_form(visit: Visit, numbers: dict[int, Service]) -> Form:
    places = {service.code: str(number) for number, service in numbers.items()}
    now, today = entered(db.session(), visit), civil_date(clock.now())
    services = ", ".join(places.get(code, "") for code in now.services)
    homes = [("", _("Household not named")), *homes_to_choose(db.session(), visit)]
    fields = [
        Field("on", _("Day"), "date", now.on.isoformat(), is_required=True, check=checked("on", numbers, today)),
        Field("household", _("Household"), "select", str(now.household_id or ""), homes),
        Field("kind", _("Where or how"), "select", now.kind, [(one, kind_name(one)) for one in KINDS],
              is_required=True),
        Field("services", _("Topics (numbers)"), value=services, is_required=True, help=_key(numbers),
              check=checked("services", numbers, today)),
        Field("people", _("Number of people"), value=str(now.people), is_required=True, longest=4,
              check=checked("people", numbers, today)),
        Field("outcome", _("Result"), "select", now.outcome, [(one, outcome_words(one)) for one in OUTCOMES],
              is_required=True),
        Field("note", _("Note"), value=now.note or "", longest=LONGEST_NOTE),
        Field("reason", _("Why"), longest=500, is_required=True),
    ]  # fmt: skip
    note = _("What stood there before is kept. The team sees the corrected visit.")
    place = url_for(".team_entry_page", team_id=visit.team_id)
    return Form(_("Correct the visit"), _("Enter for a team"), place, _("Save"), fields, str(visit.version), note)


def _wanted(values: Values, numbers: dict[int, Service]) -> Entered:
    """The visit as the form says that it was."""
    return Entered(
        read_day(values.text("on")),
        values.id("household") if values.text("household") else None,
        values.text("kind"),
        codes_in(values.text("services"), numbers),
        int(values.text("people")),
        values.text("outcome"),
        values.text("note") or None,
    )


@blueprint.route("/desk/entry/visits/<uuid:visit_id>/withdraw", methods=["GET", "POST"])
@requires(MANAGE)
def withdraw_page(visit_id: UUID) -> Page:
    """Withdraws a visit that was entered for a team."""
    visit = _visit_at_hand(visit_id)
    team_id, village_id = visit.team_id, visit.village_id
    place = url_for(".team_entry_page", team_id=team_id)

    def build() -> Form:
        reason = Field("reason", _("Why"), longest=500, is_required=True)
        note = _("The visit leaves the figures; that it was there is kept.")
        return Form(
            _("Withdraw the visit"), _("Enter for a team"), place, _("Withdraw"), [reason], note=note, is_danger=True
        )

    def act(work: Work, values: Values) -> str:
        work.lock([village_id])
        correction = Correction(None, values.text("reason"), work.now)
        withdraw_visit(current_actor(), work, visit_entered_for(work.session, visit_id), correction)
        return place

    return answer_form(build, act)


def _key(numbers: dict[int, Service]) -> str:
    """What the numbers of topics stand for."""
    names = {number: one.name_en if is_english() else one.short_vi for number, one in numbers.items() if one.is_active}
    return " · ".join(f"{number} {name}" for number, name in sorted(names.items()))


def _visit_at_hand(visit_id: UUID) -> Visit:
    """A visit that was entered for a team and that the reader may correct."""
    visit, now = visit_entered_for(db.session(), visit_id), clock.now()
    require(current_actor(), Permission.VISIT_CORRECT, Place(visit.village_id, now), session=db.session(), now=now)
    return visit
