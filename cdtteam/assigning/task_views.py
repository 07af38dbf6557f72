"""Pages of one task: how far it is and what was said, and what the desk can do about it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import render_template
from flask_babel import gettext as _
from sqlalchemy import select

from cdtteam.admin.desk import Page, answer_form, todays_map
from cdtteam.admin.form import Field, Form, Values
from cdtteam.areas.ground import name_on
from cdtteam.areas.models import Level
from cdtteam.areas.queries import AreaMap
from cdtteam.assigning.campaign_views import service_name
from cdtteam.assigning.desk import MANAGE, blueprint, task_at_hand, task_place, unchanged_task
from cdtteam.assigning.fields import places_served
from cdtteam.assigning.progress import households_done
from cdtteam.assigning.queries import lines_seen, names_in, visits_afterwards
from cdtteam.campaigns.models import Campaign
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.problems import Problem
from cdtteam.core.text import natural_key
from cdtteam.households.models import Household
from cdtteam.replica.work import Work
from cdtteam.tasks.models import Task
from cdtteam.tasks.operations import extend_task, reassign_task, reopen_task, withdraw_task
from cdtteam.tasks.queries import changes_of
from cdtteam.teams.models import Member
from cdtteam.web.guards import current_actor, requires


@dataclass(frozen=True, slots=True)
class Wanted:
    """A household of a task's list, and whether it was helped."""

    head_name: str
    hamlet: str
    is_done: bool


@blueprint.get("/desk/tasks/<uuid:task_id>")
@requires(MANAGE)
def task_page(task_id: UUID) -> Page:
    """A task with its history."""
    task, session, areas = task_at_hand(task_id), db.session(), todays_map()
    [line] = lines_seen(current_actor(), session, areas, clock.now(), Task.id == task_id)
    changes = changes_of(session, task_id)
    member = session.get(Member, task.member_id) if task.member_id else None
    campaign = session.get(Campaign, task.campaign_id) if task.campaign_id else None
    is_closed = campaign is not None and campaign.closed_at is not None
    return render_template(
        "assigning/task.html", line=line, task=task, changes=changes, village=name_on(areas, task.village_id),
        names=names_in(session, changes, task.created_by), member=member, service=service_name(task.service),
        campaign=campaign, wanted=_wanted(task), late=visits_afterwards(session, task),
        can_reopen=(line.is_over or line.is_stuck) and not is_closed,
    )  # fmt: skip


@blueprint.route("/desk/tasks/<uuid:task_id>/extend", methods=["GET", "POST"])
@requires(MANAGE)
def extend_task_page(task_id: UUID) -> Page:
    """Gives a task another last day."""

    def fields(task: Task) -> list[Field]:
        return [Field("due_on", _("Last day"), "date", task.due_on.isoformat(), is_required=True), _word_field()]

    def act(work: Work, values: Values) -> str:
        due_on = values.day("due_on")
        assert due_on
        task = unchanged_task(work, task_id, values.seen)
        extend_task(current_actor(), work, task, due_on, note=values.text("note") or None)
        return "extended"

    return _answer(task_id, _("Extend the task"), _("Extend"), fields, act)


@blueprint.route("/desk/tasks/<uuid:task_id>/withdraw", methods=["GET", "POST"])
@requires(MANAGE)
def withdraw_task_page(task_id: UUID) -> Page:
    """Takes a task back."""

    def act(work: Work, values: Values) -> str:
        task = unchanged_task(work, task_id, values.seen)
        withdraw_task(current_actor(), work, task, note=values.text("note") or None)
        return "withdrawn"

    note = _("It leaves the team's phones at their next contact. Visits that were made for it stay and count.")
    return _answer(
        task_id, _("Take the task back"), _("Take back"), lambda _task: [_word_field()], act, note=note, is_danger=True
    )


@blueprint.route("/desk/tasks/<uuid:task_id>/reopen", methods=["GET", "POST"])
@requires(MANAGE)
def reopen_task_page(task_id: UUID) -> Page:
    """Sends a task again that stands still or is over."""

    def act(work: Work, values: Values) -> str:
        task = unchanged_task(work, task_id, values.seen)
        reopen_task(current_actor(), work, task, note=values.text("note") or None)
        return "reopened"

    note = _("The team gets it as new, with your word. What was done for it so far still counts.")
    return _answer(task_id, _("Ask the team again"), _("Ask again"), lambda _task: [_word_field()], act, note=note)


@blueprint.route("/desk/tasks/<uuid:task_id>/reassign", methods=["GET", "POST"])
@requires(MANAGE)
def reassign_task_page(task_id: UUID) -> Page:
    """Gives a task to another team, or in another village."""
    areas = todays_map()

    def fields(task: Task) -> list[Field]:
        places = _places(areas, task)
        return [Field("place", _("For whom"), "select", _key(task.team_id, task.village_id), places, is_required=True),
                _word_field()]  # fmt: skip

    def act(work: Work, values: Values) -> str:
        team_id, village_id = (UUID(part) for part in values.text("place").split(":"))
        task = unchanged_task(work, task_id, values.seen, village_id)
        reassign_task(current_actor(), work, task, team_id, village_id, note=values.text("note") or None)
        return "reassigned"

    note = _("It leaves the phones of the team that has it now. Visits that it made for it stay and count.")
    return _answer(task_id, _("Give the task to others"), _("Give out"), fields, act, note=note)


def _answer(
    task_id: UUID, title: str, submit: str, fields: Callable[[Task], list[Field]],
    do: Callable[[Work, Values], str], *, note: str = "", is_danger: bool = False,
) -> Page:  # fmt: skip
    def build() -> Form:
        task = task_at_hand(task_id)
        return Form(
            title, task.title, task_place(task_id), submit, fields(task), str(task.version), note, is_danger=is_danger
        )

    def act(work: Work, values: Values) -> str:
        return task_place(task_id, do(work, values))

    return answer_form(build, act)


def _word_field() -> Field:
    return Field("note", _("A word to the team"), "long", longest=500)


def _places(areas: AreaMap, task: Task) -> list[tuple[str, str]]:
    """The teams of the task's commune with their villages; one with a list of households stays where it is."""
    commune = next((one for one in areas.above(task.village_id) if one.level is Level.COMMUNE), None)
    if commune is None:
        raise Problem("not_found")
    served = places_served(db.session(), areas, commune.id, clock.now())
    return [
        (_key(team.id, village_id), f"{team.name} · {name_on(areas, village_id)}")
        for team, village_id in served
        if task.household_ids is None or village_id == task.village_id
    ]


def _key(team_id: UUID, village_id: UUID) -> str:
    return f"{team_id}:{village_id}"


def _wanted(task: Task) -> Sequence[Wanted]:
    if task.household_ids is None:
        return []
    done = households_done(db.session(), task)
    wanted = Household.id.in_([UUID(one) for one in task.household_ids])
    columns = (Household.id, Household.head_name, Household.hamlet, Household.erased_at)
    rows = db.session().execute(select(*columns).where(wanted))
    found = [
        Wanted(head_name if erased_at is None else _("Household not named"), hamlet or "", id_ in done)
        for id_, head_name, hamlet, erased_at in rows
    ]
    return sorted(found, key=lambda one: (one.is_done, natural_key(one.hamlet), natural_key(one.head_name)))
