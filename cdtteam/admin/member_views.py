"""Who comes into a team: somebody new, somebody who is on the list, or a successor."""

from collections.abc import Iterable
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from cdtteam.admin.desk import (
    MANAGE,
    Page,
    answer_form,
    blueprint,
    commune_of_village,
    day_field,
    guest_fields,
    membership_at_hand,
    organisation_field,
    position_field,
    team_at_hand,
    todays_map,
)
from cdtteam.admin.form import Field, Form, Values, read_capacity
from cdtteam.admin.leaders import ask_for_second_leader, leader_fields
from cdtteam.admin.people_views import membership_form, unchanged_membership
from cdtteam.admin.queries import Line, former_people_of, people_of
from cdtteam.admin.team_views import team_place
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.ids import new_id
from cdtteam.core.problems import Problem
from cdtteam.core.text import fold
from cdtteam.replica.work import Work
from cdtteam.teams.models import Member, Position, Team
from cdtteam.teams.operations import add_member, replace_member
from cdtteam.web.guards import current_actor, requires


@blueprint.route("/desk/teams/<uuid:team_id>/members/new", methods=["GET", "POST"])
@requires(MANAGE)
def add_member_page(team_id: UUID) -> Page:
    """Takes a person into a team who is on no list yet."""

    def build() -> Form:
        team = team_at_hand(team_id)
        return Form(
            _("Add a member"), team.name, team_place(team_id), _("Add the member"),
            [
                Field("name", _("Full name"), is_required=True),
                Field("phone", _("Phone number"), "tel", help=_("Two members may share one.")),
                position_field(), *leader_fields(team_id), organisation_field(),
                day_field("started_on", _("First day in the team")), *guest_fields(),
            ],
        )  # fmt: skip

    def act(work: Work, values: Values) -> str:
        team = team_at_hand(team_id)
        member = Member(id=new_id(), name=values.text("name"), phone=values.phone("phone"))
        _refuse_known(team, member)
        _take(work, team, member, values)
        return url_for("admin.person_page", member_id=member.id)

    return answer_form(build, act)


@blueprint.route("/desk/teams/<uuid:team_id>/members/known", methods=["GET", "POST"])
@requires(MANAGE)
def add_known_page(team_id: UUID) -> Page:
    """Takes a person into a team who is, or was, in a team of the commune."""

    def build() -> Form:
        team = team_at_hand(team_id)
        people = [line for line in _people_around(team) if line.team_id != team_id or line.is_over(clock.now())]
        return Form(
            _("Add somebody who is on the list"), team.name, team_place(team_id), _("Add the member"),
            [
                person_field(people), position_field(), *leader_fields(team_id), organisation_field(),
                day_field("started_on", _("First day in the team")), *guest_fields(),
            ],
            note=_("They stay in the team where they are. To take them out of it, use “Move” on their page."),
        )  # fmt: skip

    def act(work: Work, values: Values) -> str:
        member = db.session().get(Member, values.id("member_id"), with_for_update=True)
        if member is None:
            raise Problem("not_found")
        _take(work, team_at_hand(team_id), member, values)
        return url_for("admin.person_page", member_id=member.id)

    return answer_form(build, act)


def person_field(people: Iterable[Line]) -> Field:
    """The choice of a person."""
    options = {str(line.member_id): f"{line.name} – {line.team}" for line in people}
    return Field("member_id", _("Person"), "select", "", [("", _("Choose…")), *options.items()], is_required=True)


def _take(work: Work, team: Team, member: Member, values: Values) -> None:
    position, started_at = Position(values.text("position")), values.beginning("started_on")
    ask_for_second_leader(values, team.id, besides=member.id)
    add_member(current_actor(), work, team, member, position, started_at=started_at, capacity=read_capacity(values))


def _refuse_known(team: Team, member: Member) -> None:
    """Refuses a second person of the same name and number: it is the same one, with a history."""
    around = ((fold(line.name), line.phone) for line in _people_around(team))
    if member.phone and (fold(member.name), member.phone) in around:
        raise Problem("invalid_field", field="name")


def _people_around(team: Team) -> list[Line]:
    """Everybody who is, or was, in a team of the same commune."""
    areas, session, now = todays_map(), db.session(), clock.now()
    commune = commune_of_village(areas, team.home_village_id)
    ground = areas.ground_below(commune.id)
    return [*people_of(session, ground, now), *former_people_of(session, ground, now)]


@blueprint.route("/desk/memberships/<uuid:membership_id>/replace", methods=["GET", "POST"])
@requires(MANAGE)
def replace_page(membership_id: UUID) -> Page:
    """Ends a membership and takes somebody else into the position in one step."""

    def build() -> Form:
        membership = membership_at_hand(membership_id)
        people = _people_around(db.session().get_one(Team, membership.team_id))
        known = person_field([line for line in people if line.member_id != membership.member_id])
        known.is_required, known.help = False, _("Or leave it so and give a new person below.")
        known.label = _("Who comes, from the list")
        fields = [
            known,
            Field("name", _("Or a new person: full name")),
            Field("phone", _("Phone number"), "tel"),
            organisation_field(), day_field("from_on", _("From this day on")), *guest_fields(),
        ]  # fmt: skip
        note = _("Whoever comes takes over the position. Both stay in the history.")
        return membership_form(membership, _("Replace by somebody else"), _("Replace"), fields, note)

    def act(work: Work, values: Values) -> str:
        membership = unchanged_membership(membership_id, values)
        successor = _successor(values)
        replace_member(
            current_actor(), work, membership, successor,
            at=values.beginning("from_on"), capacity=read_capacity(values),
        )  # fmt: skip
        return url_for("admin.team_page", team_id=membership.team_id)

    return answer_form(build, act)


def _successor(values: Values) -> Member:
    if values.text("member_id"):
        found = db.session().get(Member, values.id("member_id"), with_for_update=True)
        if found is None:
            raise Problem("invalid_field", field="member_id")
        return found
    if not values.text("name"):
        raise Problem("invalid_field", field="nobody")
    return Member(id=new_id(), name=values.text("name"), phone=values.phone("phone"))
