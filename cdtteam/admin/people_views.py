"""Pages of people: the commune's list, a person with the history, and what can be changed of a membership."""

from datetime import timedelta
from uuid import UUID

from flask import render_template, request, url_for
from flask_babel import gettext as _

from cdtteam.access.models import Role
from cdtteam.accounts.members import account_of, follow_member
from cdtteam.admin.desk import (
    MANAGE,
    Page,
    answer_form,
    blueprint,
    commune_at_hand,
    day_field,
    guest_fields,
    membership_at_hand,
    organisation_field,
    person_at_hand,
    position_field,
    todays_map,
)
from cdtteam.admin.form import Field, Form, Values, read_capacity
from cdtteam.admin.leaders import ask_for_second_leader, leader_fields
from cdtteam.admin.queries import former_people_of, lines, people_of, teams_in_force, told_by_home
from cdtteam.admin.team_views import communes_page
from cdtteam.areas.ground import told_on
from cdtteam.areas.models import Level
from cdtteam.areas.queries import AreaMap, AreaOnMap
from cdtteam.core import clock
from cdtteam.core.clock import civil_date
from cdtteam.core.db import db
from cdtteam.core.text import sort_key
from cdtteam.replica.work import Work
from cdtteam.teams.models import Member, Membership, Position, Team
from cdtteam.teams.operations import (
    change_position,
    correct_membership,
    edit_member,
    end_membership,
    move_member,
)
from cdtteam.web.forms import check_version, new_form_id
from cdtteam.web.guards import current_actor, requires


def person_place(member_id: UUID) -> str:
    """The address of a person's page."""
    return url_for("admin.person_page", member_id=member_id)


@blueprint.get("/desk/people")
@requires(MANAGE)
def people_page() -> Page:
    """Everybody in the teams of a commune."""
    areas, now, session = todays_map(), clock.now(), db.session()
    commune = commune_at_hand(areas, request.args.get("commune"))
    if commune is None:
        return communes_page(areas, "admin.people_page")
    ground = areas.ground_below(commune.id)
    people = told_by_home(areas, people_of(session, ground, now))
    past = told_by_home(areas, former_people_of(session, ground, now))
    return render_template("admin/people.html", commune=commune, people=people, past=past, now=now)


@blueprint.get("/desk/people/<uuid:member_id>")
@requires(MANAGE)
def person_page(member_id: UUID) -> Page:
    """A person: where they are, where they were, and whether they are in the app."""
    person, now, session = person_at_hand(member_id), clock.now(), db.session()
    areas = todays_map()
    found = told_by_home(areas, lines(session, now, Member.id == member_id))
    found.sort(key=lambda line: line.started_at, reverse=True)
    communes = {line.id: _commune(areas, line.home_id) for line in found}
    return render_template(
        "admin/person.html", person=person, now=now, form_id=new_form_id(), user=account_of(session, member_id),
        current=[line for line in found if not line.is_over(now)], past=[line for line in found if line.is_over(now)],
        mine={line.id for line in found if _is_mine(communes[line.id])},
        commune=next((commune for commune in communes.values() if commune), None),
    )  # fmt: skip


@blueprint.route("/desk/people/<uuid:member_id>/edit", methods=["GET", "POST"])
@requires(MANAGE)
def edit_person_page(member_id: UUID) -> Page:
    """Corrects a person's name and phone number."""

    def build() -> Form:
        person = person_at_hand(member_id)
        return Form(
            _("Correct name and phone number"), person.name, person_place(member_id), _("Save"),
            [
                Field("name", _("Full name"), value=person.name, is_required=True),
                Field("phone", _("Phone number"), "tel", person.phone or "", help=_("Two members may share one.")),
            ],
            str(person.version),
        )  # fmt: skip

    def act(work: Work, values: Values) -> str:
        person, actor = person_at_hand(member_id, is_locked=True), current_actor()
        check_version(person, values.seen)
        before = (person.name, person.phone)
        edit_member(actor, work, person, name=values.text("name"), phone=values.phone("phone"))
        follow_member(actor, work.session, person, before, work.now)
        return person_place(member_id)

    return answer_form(build, act)


@blueprint.route("/desk/memberships/<uuid:membership_id>/position", methods=["GET", "POST"])
@requires(MANAGE)
def change_position_page(membership_id: UUID) -> Page:
    """Gives a member another position from a day on."""

    def build() -> Form:
        membership = membership_at_hand(membership_id)
        asked = leader_fields(membership.team_id, besides=membership.member_id)
        fields = [position_field(membership.position), *asked, day_field("from_on", _("From this day on"))]
        note = _("The earlier position stays in the history.")
        return membership_form(membership, _("Change the position"), _("Change the position"), fields, note)

    def act(work: Work, values: Values) -> str:
        membership = unchanged_membership(membership_id, values)
        position = Position(values.text("position"))
        ask_for_second_leader(values, membership.team_id, besides=membership.member_id)
        change_position(current_actor(), work, membership, position, at=values.beginning("from_on"))
        return person_place(membership.member_id)

    return answer_form(build, act)


@blueprint.route("/desk/memberships/<uuid:membership_id>/details", methods=["GET", "POST"])
@requires(MANAGE)
def correct_membership_page(membership_id: UUID) -> Page:
    """Corrects organisation, guest and the last day that is foreseen."""

    def build() -> Form:
        membership = membership_at_hand(membership_id)
        last = membership.ended_at and civil_date(membership.ended_at - timedelta(microseconds=1)).isoformat()
        fields = [
            organisation_field(membership.organisation),
            *guest_fields(is_guest=membership.is_guest, last_on=last or ""),
        ]
        return membership_form(membership, _("Organisation and last day"), _("Save"), fields)

    def act(work: Work, values: Values) -> str:
        membership = unchanged_membership(membership_id, values)
        correct_membership(current_actor(), work, membership, read_capacity(values))
        return person_place(membership.member_id)

    return answer_form(build, act)


@blueprint.route("/desk/memberships/<uuid:membership_id>/end", methods=["GET", "POST"])
@requires(MANAGE)
def end_membership_page(membership_id: UUID) -> Page:
    """Ends a person's time in a team, now, earlier, or on a day to come."""

    def build() -> Form:
        membership = membership_at_hand(membership_id)
        help_ = _("Leave it empty to end it now. A day to come may be given as well.")
        note = _("What is on the phone can still be sent for 35 days. The history stays.")
        fields = [Field("last_on", _("Last day"), "date", help=help_)]
        form = membership_form(membership, _("End the membership"), _("End the membership"), fields, note)
        form.is_danger = True
        return form

    def act(work: Work, values: Values) -> str:
        membership = unchanged_membership(membership_id, values)
        end_membership(current_actor(), work, membership, ended_at=values.end("last_on") or work.now)
        return person_place(membership.member_id)

    return answer_form(build, act)


@blueprint.route("/desk/memberships/<uuid:membership_id>/move", methods=["GET", "POST"])
@requires(MANAGE)
def move_page(membership_id: UUID) -> Page:
    """Moves a person to another team from a day on."""

    def build() -> Form:
        membership = membership_at_hand(membership_id)
        options = [("", _("Choose…")), *((key, name) for key, name in _teams() if key != str(membership.team_id))]
        fields = [
            Field("team_id", _("To the team"), "select", "", options, is_required=True),
            day_field("from_on", _("From this day on")),
        ]
        note = _("What was done in the old team stays there; what waits on the phone from before is still accepted.")
        return membership_form(membership, _("Move to another team"), _("Move"), fields, note)

    def act(work: Work, values: Values) -> str:
        membership = unchanged_membership(membership_id, values)
        person = work.session.get_one(Member, membership.member_id)
        team, at = work.session.get_one(Team, values.id("team_id")), values.beginning("from_on")
        move_member(current_actor(), work, person, team, at=at, membership=membership)
        return person_place(person.id)

    return answer_form(build, act)


def membership_form(membership: Membership, title: str, submit: str, fields: list[Field], note: str = "") -> Form:
    """A form about a membership; its version is the person's."""
    session = db.session()
    person, team = session.get_one(Member, membership.member_id), session.get_one(Team, membership.team_id)
    about = f"{person.name} · {team.name}"
    return Form(title, about, person_place(person.id), submit, fields, str(person.version), note)


def unchanged_membership(membership_id: UUID, values: Values) -> Membership:
    membership = membership_at_hand(membership_id)
    person = db.session().get(Member, membership.member_id, with_for_update=True, populate_existing=True)
    check_version(person, values.seen)
    db.session().refresh(membership)
    return membership


def _teams() -> list[tuple[str, str]]:
    """The teams to which the reader may move somebody: of the own commune, or of the province with their communes."""
    areas, session, now = todays_map(), db.session(), clock.now()

    def told(team: Team) -> str:
        return told_on(areas, team.name, team.home_village_id)

    if current_actor().role is Role.COORDINATOR:
        commune = commune_at_hand(areas, None)
        ground = areas.ground_below(commune.id) if commune else []
        return [(str(team.id), told(team)) for team in teams_in_force(session, ground, now)]
    teams = teams_in_force(session, areas.ground_below(areas.province.id) if areas.province else [], now)
    communes = {team.id: _commune(areas, team.home_village_id) for team in teams}
    named = [(team, commune.name if (commune := communes[team.id]) else "") for team in teams]
    return [(str(team.id), f"{name} – {told(team)}") for team, name in sorted(named, key=lambda one: sort_key(one[1]))]


def _commune(areas: AreaMap, village_id: UUID) -> AreaOnMap | None:
    return next((area for area in areas.above(village_id) if area.level is Level.COMMUNE), None)


def _is_mine(commune: AreaOnMap | None) -> bool:
    """Whether the reader may change what is of a commune."""
    actor = current_actor()
    return actor.role is not Role.COORDINATOR or (commune is not None and commune.id == actor.area_id)
