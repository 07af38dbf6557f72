"""A visit with its story; it is put right, not counted, or counted again, and the team reads why."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import render_template, url_for
from flask_babel import gettext as _

from cdtteam.admin.desk import Page, answer_form, todays_map
from cdtteam.admin.form import Form, Values
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.problems import Problem
from cdtteam.households.models import Household
from cdtteam.replica.work import Work
from cdtteam.reviewing.desk import (
    REVIEW,
    amend_fields,
    blueprint,
    case_at_hand,
    service_names,
    visit_at_hand,
    visit_form,
    visit_title,
    wanted_by,
)
from cdtteam.reviewing.queries import names_of, story_of, visits_seen
from cdtteam.teams.models import Member
from cdtteam.visits.correcting import put_right, wanted_now
from cdtteam.visits.models import Act, Visit, was_withdrawn_at_desk
from cdtteam.visits.operations import Correction, restore_visit, withdraw_visit
from cdtteam.web.forms import check_version
from cdtteam.web.guards import current_actor, requires

VISIT = "/desk/review/visits/<uuid:visit_id>"


@blueprint.get(VISIT)
@requires(REVIEW)
def visit_page(visit_id: UUID) -> Page:
    """What a visit says, what it said before, and what can be done about it."""
    visit, session, areas = visit_at_hand(visit_id), db.session(), todays_map()
    [line] = visits_seen(current_actor(), session, areas, [visit.id.hex], clock.now())
    story = story_of(session, visit)
    said = [event.before for event in story]
    people = {*visit.member_ids, *(one for before in said for one in before.get("member_ids") or ())}
    crew = {str(UUID(key)): name for key, name in names_of(session, Member, people).items()}
    homes = {UUID(one).hex for before in said if (one := before.get("household_id"))}
    heads = {str(UUID(key)): name for key, name in names_of(session, Household, homes).items()}
    return render_template(
        "reviewing/visit.html", visit=visit, line=line, title=visit_title(visit), story=story,
        crew=[crew[one] for one in visit.member_ids if one in crew], names=service_names() | crew | heads,
        home_id=wanted_now(session, visit).household_id, is_withdrawn_here=was_withdrawn_at_desk(visit),
        case=case_at_hand(),
    )  # fmt: skip


@blueprint.route(f"{VISIT}/amend", methods=["GET", "POST"])
@requires(REVIEW)
def amend_page(visit_id: UUID) -> Page:
    """Puts a visit right; what stood there before is kept."""

    def build() -> Form:
        visit = visit_at_hand(visit_id)
        note = _("What stood there before is kept. The team sees what was changed, and why.")
        return visit_form(visit, _("Put the visit right"), _("Save"), amend_fields(visit), note)

    def do(work: Work, visit: Visit, values: Values) -> None:
        put_right(current_actor(), work, visit, wanted_by(visit, values), values.text("reason"))

    return _answer(visit_id, build, do, Act.AMENDED)


@blueprint.route(f"{VISIT}/withdraw", methods=["GET", "POST"])
@requires(REVIEW)
def withdraw_page(visit_id: UUID) -> Page:
    """Takes a visit out of the figures."""

    def build() -> Form:
        visit = visit_at_hand(visit_id)
        note = _("The visit leaves all figures. Its author goes on seeing it on the phone, with your reason.")
        return visit_form(visit, _("Do not count the visit"), _("Do not count it"), [], note, is_danger=True)

    def do(work: Work, visit: Visit, values: Values) -> None:
        withdraw_visit(current_actor(), work, visit, _correction(work, values))

    return _answer(visit_id, build, do, Act.WITHDRAWN)


@blueprint.route(f"{VISIT}/restore", methods=["GET", "POST"])
@requires(REVIEW)
def restore_page(visit_id: UUID) -> Page:
    """Counts a visit again that the desk did not."""

    def build() -> Form:
        visit = visit_at_hand(visit_id)
        if visit.withdrawn_at and not was_withdrawn_at_desk(visit):
            raise Problem("not_found")
        note = _("The visit is in all figures again, as it was.")
        form = visit_form(visit, _("Count the visit again"), _("Count it again"), [], note)
        form.details = None if visit.withdrawn_at else _("This visit counts.")
        return form

    def do(work: Work, visit: Visit, values: Values) -> None:
        restore_visit(current_actor(), work, visit, _correction(work, values))

    return _answer(visit_id, build, do, Act.RESTORED)


def _answer(visit_id: UUID, build: Callable[[], Form], do: Callable[[Work, Visit, Values], Any], act: Act) -> Page:
    def change(work: Work, values: Values) -> str:
        work.lock([visit_at_hand(visit_id).village_id])
        visit = visit_at_hand(visit_id)
        check_version(visit, values.seen)
        do(work, visit, values)
        done = act if str(visit.version) != values.seen else "unchanged"
        return url_for(".visit_page", visit_id=visit_id, **case_at_hand(), done=done)

    return answer_form(build, change, "reviewing/form.html")


def _correction(work: Work, values: Values) -> Correction:
    return Correction(None, values.text("reason"), work.now)
