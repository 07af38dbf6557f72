"""What the pages of teams and people share: whose commune, which team, which person, and how a form is answered."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _

from cdtteam.access.models import Permission, Place, Role
from cdtteam.access.policy import require
from cdtteam.admin import words
from cdtteam.admin.form import Field, Form, Values
from cdtteam.areas.in_place import code_now
from cdtteam.areas.models import Level
from cdtteam.areas.queries import AreaMap, AreaOnMap, area_map
from cdtteam.core import clock
from cdtteam.core.clock import civil_date
from cdtteam.core.db import db
from cdtteam.core.problems import Problem
from cdtteam.replica.work import Work
from cdtteam.teams.models import Member, Membership, Organisation, Position, Team
from cdtteam.teams.reach import place_of_person
from cdtteam.web.desk import send_to_sign_in
from cdtteam.web.forms import form_id_of, lead_to, submit_once
from cdtteam.web.guards import current_actor

blueprint = Blueprint("admin", __name__)
blueprint.register_error_handler(Problem, send_to_sign_in)

MANAGE = Permission.TEAM_MANAGE

Page = Response | str | tuple[str, int]


@blueprint.record_once
def _configure(state: Any) -> None:
    """Filters of the templates."""
    for name in ("organisation_name", "phone_shown", "first_day", "last_day"):
        state.app.jinja_env.filters[name] = getattr(words, name)


def todays_map() -> AreaMap:
    """The map of today."""
    return area_map(db.session(), civil_date(clock.now()))


def commune_at_hand(areas: AreaMap, code: str | None) -> AreaOnMap | None:
    """The commune that the reader asks for, a coordinator's own one unasked; None while the province asks for none.

    Who asks for one that has ended gets the one in its place.
    """
    actor = current_actor()
    code = code and code_now(db.session(), code, areas.on)
    if actor.role is Role.COORDINATOR:
        own = areas.by_id.get(actor.area_id) if actor.area_id else None
        if own is None or (code and code != own.code):
            raise Problem("out_of_scope")
        return own
    if not code:
        return None
    found = next((area for area in areas.of_level(Level.COMMUNE) if area.code == code), None)
    if found is None:
        raise Problem("not_found")
    return found


def is_province() -> bool:
    """Whether the reader has more than one commune."""
    return current_actor().role is not Role.COORDINATOR


def is_within_reach(permission: Permission, area_id: UUID) -> bool:
    """Whether the reader may do something about an area above villages: of the province's things only the province."""
    try:
        require(current_actor(), permission, area_id, session=db.session(), now=clock.now())
    except Problem:
        return False
    return True


def area_at_hand() -> tuple[AreaMap, AreaOnMap, bool]:
    """Today's map, and the commune that the reader asks for or whose officer they are; else the province, and True."""
    areas = todays_map()
    commune = commune_at_hand(areas, request.args.get("commune"))
    area = commune or areas.province
    if area is None:
        raise Problem("not_found")
    return areas, area, commune is None


def commune_of_village(areas: AreaMap, village_id: UUID) -> AreaOnMap:
    """The commune of a village on the map; Problem `not_found` where there is none any more."""
    found = next((area for area in areas.above(village_id) if area.level is Level.COMMUNE), None)
    if found is None:
        raise Problem("not_found")
    return found


def team_at_hand(team_id: UUID, *, is_locked: bool = False) -> Team:
    """A team that the reader may manage; locked until the commit for whoever changes it."""
    session, now = db.session(), clock.now()
    team = session.get(Team, team_id, with_for_update=is_locked or None, populate_existing=True)
    if team is None:
        raise Problem("not_found")
    require(current_actor(), MANAGE, Place(team.home_village_id, now), session=session, now=now)
    return team


def person_at_hand(member_id: UUID, *, is_locked: bool = False) -> Member:
    """A person for whom the reader answers; locked until the commit for whoever changes something of them."""
    session, now, actor = db.session(), clock.now(), current_actor()
    member = session.get(Member, member_id, with_for_update=is_locked or None, populate_existing=True)
    if member is None:
        raise Problem("not_found")
    require(actor, MANAGE, place_of_person(session, actor, member_id, now), session=session, now=now)
    return member


def membership_at_hand(membership_id: UUID) -> Membership:
    """A membership in a team that the reader may manage."""
    membership = db.session().get(Membership, membership_id, populate_existing=True)
    if membership is None:
        raise Problem("not_found")
    team_at_hand(membership.team_id)
    return membership


def answer_form(
    build: Callable[[], Form], act: Callable[[Work, Values], str], template: str = "admin/form.html"
) -> Page:
    """Shows a form, or does what it says and leads on; what is wrong stands at its field, and nothing typed is lost."""
    form = build()
    if request.method == "GET":
        return render_template(template, form=form)
    form.take(request.form)
    if form.first_wrong:
        return render_template(template, form=form), HTTPStatus.UNPROCESSABLE_ENTITY

    def change() -> str:
        work = Work(db.session(), clock.now())
        place = act(work, form.values(work.now, request.form.get("version", "")))
        work.flush()
        return place

    try:
        return lead_to(send_once(change))
    except Problem as problem:
        if problem.code == "changed_meanwhile":
            form.stands_now(build())
        elif problem.code == "invalid_field":
            form.blame(problem)
        else:
            raise
        return render_template(template, form=form), problem.status


def send_once(change: Callable[[], str]) -> str:
    """Does what the form at hand is for, once; answers where it leads."""
    user_id = current_actor().user_id
    assert user_id is not None
    return submit_once(db.session(), form_id_of(request.form.get("form_id")), user_id, clock.now(), change)


def today() -> str:
    """Today, as fields for days have it."""
    return civil_date(clock.now()).isoformat()


def position_field(value: str = Position.MEMBER) -> Field:
    """The choice of a position."""
    names = ((Position.LEADER, _("Leader")), (Position.DEPUTY, _("Deputy")), (Position.MEMBER, _("Member")))
    options = [(str(position), name) for position, name in names]
    return Field("position", _("Position in the team"), "choice", value, options, is_required=True)


def organisation_field(value: str | None = None) -> Field:
    """The choice of an organisation."""
    options = [("", _("Not known")), *((str(one), words.organisation_name(one)) for one in Organisation)]
    return Field("organisation", _("Organisation"), "select", value or "", options)


def guest_fields(*, is_guest: bool = False, last_on: str = "") -> list[Field]:
    """Whether somebody is a guest, and until when."""
    return [
        Field(
            "is_guest", _("Guest for a time (a student in summer, for instance)"), "tick", "yes" if is_guest else "",
            help=_("A guest counts for this team while here."),
        ),
        Field(
            "last_on", _("Last day, when it is known"), "date", last_on,
            help=_("Leave it empty where no end is foreseen. Afterwards this person sees nothing of the village."),
        ),
    ]  # fmt: skip


def day_field(name: str, label: str) -> Field:
    """A day, today unless somebody says otherwise."""
    return Field(name, label, "date", today(), is_required=True)
