"""Giving something to do: a campaign for many teams in one form, or a task for one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from cdtteam.access.models import Place
from cdtteam.access.policy import require
from cdtteam.admin.desk import Page, area_at_hand, send_once
from cdtteam.admin.form import Field, Form, Values
from cdtteam.areas.ground import name_on
from cdtteam.areas.models import Level
from cdtteam.areas.queries import AreaMap, AreaOnMap
from cdtteam.assigning.desk import MANAGE, blueprint, task_place
from cdtteam.assigning.fields import (
    Row,
    asked_fields,
    blame,
    paper_fields,
    places_served,
    read_brief,
)
from cdtteam.assigning.later import Drive, give_drive
from cdtteam.campaigns.operations import Paper
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.problems import Problem
from cdtteam.core.text import natural_key
from cdtteam.households.models import Household
from cdtteam.replica.work import Work
from cdtteam.tasks.giving import Order, give_tasks
from cdtteam.teams.queries import members_of_teams
from cdtteam.web.forms import lead_to
from cdtteam.web.guards import current_actor, requires

_GONE = (Household.withdrawn_at, Household.merged_into_id, Household.erased_at)


@dataclass(frozen=True, slots=True)
class Home:
    """A household to tick."""

    id: UUID
    head_name: str
    hamlet: str


@blueprint.route("/desk/tasks/campaigns/new", methods=["GET", "POST"])
@requires(MANAGE)
def new_campaign_page() -> Page:
    """A campaign with its tasks: of a commune by team, of the province by commune. Who is ticked is asked."""
    areas, area, is_whole = area_at_hand()
    rows = _communes(areas, area) if is_whole else _teams(areas, area)
    form = Form(
        _("New campaign"), area.name, _home(area, is_whole=is_whole), _("Give out"),
        [*asked_fields(db.session()), *paper_fields()],
    )  # fmt: skip
    for row in rows:
        row.is_ticked = True

    def act(work: Work, values: Values) -> str:
        paper = Paper(values.day("document_on"), values.text("document_subject") or None)
        target = values.number("target")
        drive = Drive(area.id, read_brief(values), target, paper, _orders(rows, target))
        return give_drive(current_actor(), work, drive)

    return _answer("assigning/new_campaign.html", form, act, rows=rows, is_whole=is_whole, area=area)


@blueprint.get("/desk/tasks/new")
@requires(MANAGE)
def choose_team_page() -> Page:
    """Whom to give a single task: the teams of a commune with the villages that they serve."""
    areas, area, is_whole = area_at_hand()
    if is_whole:
        communes = sorted(areas.of_level(Level.COMMUNE), key=lambda one: natural_key(one.name))
        return render_template("assigning/choose.html", area=area, communes=communes, rows=[])
    return render_template("assigning/choose.html", area=area, communes=[], rows=_teams(areas, area))


@blueprint.route("/desk/tasks/new/<uuid:team_id>/<uuid:village_id>", methods=["GET", "POST"])
@requires(MANAGE)
def new_task_page(team_id: UUID, village_id: UUID) -> Page:
    """A task for one team in one of its villages, perhaps for one member; for all households unless some are ticked."""
    areas, team, commune = _place_at_hand(team_id, village_id)
    homes = _homes(village_id)
    ticked = request.form.getlist("home")
    form = Form(
        _("A single task"), f"{team.name} · {name_on(areas, village_id)}",
        url_for("assigning.choose_team_page", commune=commune.code), _("Give out"),
        [*asked_fields(db.session(), is_for_one=True), Field("document", _("Number and sign"), longest=60),
         _member_field(team_id)],
    )  # fmt: skip
    form["target"].help = _on_record(len(homes))

    def act(work: Work, values: Values) -> str:
        listed = _ids(ticked) or None
        member_id = values.id("member_id") if values.text("member_id") else None
        order = Order(team_id, village_id, values.number("target"), member_id, listed)
        [task_id] = give_tasks(current_actor(), work, read_brief(values), [order])
        return task_place(task_id, "given")

    return _answer("assigning/new_task.html", form, act, homes=homes, ticked=ticked)


def _answer(template: str, form: Form, act: Callable[[Work, Values], str], **shown: Any) -> Page:
    """As admin.desk.answer_form, for a form with more to it than its fields."""
    if request.method == "GET":
        return render_template(template, form=form, **shown)
    form.take(request.form)
    rows: Sequence[Row] = shown.get("rows", ())
    for row in rows:
        row.take(request.form, request.form.getlist("place"))
    if form.first_wrong or any(row.error for row in rows):
        return render_template(template, form=form, **shown), HTTPStatus.UNPROCESSABLE_ENTITY

    def change() -> str:
        work = Work(db.session(), clock.now())
        place = act(work, form.values(work.now, ""))
        work.flush()
        return place

    try:
        return lead_to(send_once(change))
    except Problem as problem:
        if problem.code != "invalid_field":
            raise
        blame(form, problem)
        return render_template(template, form=form, **shown), problem.status


def _orders(rows: Sequence[Row], usual: int | None) -> list[Order]:
    """What each team that is ticked is asked for: its row's own target, else the one that stands for all."""
    chosen = [row for row in rows if row.is_ticked]
    if not any(row.orders for row in chosen):
        raise Problem("invalid_field", field="places")
    return [
        Order(order.team_id, order.village_id, int(row.target) if row.target else usual)
        for row in chosen
        for order in row.orders
    ]


def _teams(areas: AreaMap, area: AreaOnMap) -> list[Row]:
    served = places_served(db.session(), areas, area.id, clock.now())
    homes = _homes_known([village_id for _team, village_id in served])
    return [
        Row(
            f"{team.id.hex}-{village_id.hex}", team.name,
            f"{name_on(areas, village_id)} · {_on_record(homes.get(village_id, 0))}", [Order(team.id, village_id)],
        )
        for team, village_id in served
    ]  # fmt: skip


def _on_record(number: int) -> str:
    """How many households there are to help, beside the target that is asked for."""
    return str(ngettext("%(num)s household on record", "%(num)s households on record", number))


def _homes_known(village_ids: Sequence[UUID]) -> dict[UUID, int]:
    here = (Household.village_id.in_(village_ids), *(column.is_(None) for column in _GONE))
    rows = db.session().execute(select(Household.village_id, func.count()).where(*here).group_by(Household.village_id))
    return {row[0]: row[1] for row in rows}


def _communes(areas: AreaMap, province: AreaOnMap) -> list[Row]:
    """The communes with every team in its home village: one task each, wherever else the team may serve."""
    orders: dict[UUID, list[Order]] = {}
    for team, village_id in places_served(db.session(), areas, province.id, clock.now()):
        commune = next((one for one in areas.above(village_id) if one.level is Level.COMMUNE), None)
        if commune and village_id == team.home_village_id:
            orders.setdefault(commune.id, []).append(Order(team.id, village_id))
    communes = sorted(areas.below(province.id, Level.COMMUNE), key=lambda one: natural_key(one.name))
    rows = [(commune, orders.get(commune.id, [])) for commune in communes]
    return [Row(commune.code, commune.name, _teams_number(len(own)), own) for commune, own in rows if own]


def _teams_number(number: int) -> str:
    return str(ngettext("%(teams)s team", "%(teams)s teams", number, teams=number))


def _member_field(team_id: UUID) -> Field:
    mates = members_of_teams(db.session(), [team_id], clock.now())
    people = sorted({(str(mate.id), mate.name) for mate in mates}, key=lambda one: natural_key(one[1]))
    return Field("member_id", _("For whom in the team"), "select", "", [("", _("The whole team")), *people])


def _homes(village_id: UUID) -> list[Home]:
    here = (Household.village_id == village_id, *(column.is_(None) for column in _GONE))
    rows = db.session().execute(select(Household.id, Household.head_name, Household.hamlet).where(*here))
    found = [Home(id_, head_name, hamlet or "") for id_, head_name, hamlet in rows]
    return sorted(found, key=lambda home: (natural_key(home.hamlet), natural_key(home.head_name)))


def _ids(texts: Sequence[str]) -> list[UUID]:
    try:
        return [UUID(text) for text in texts]
    except ValueError as error:
        raise Problem("malformed") from error


def _place_at_hand(team_id: UUID, village_id: UUID) -> tuple[AreaMap, Any, AreaOnMap]:
    """Today's map, a team that serves the village, which is the reader's, and the village's commune."""
    session, now = db.session(), clock.now()
    require(current_actor(), MANAGE, Place(village_id, now), session=session, now=now)
    areas, _area, _is_whole = area_at_hand()
    commune = next((one for one in areas.above(village_id) if one.level is Level.COMMUNE), None)
    if commune is None:
        raise Problem("not_found")
    served = places_served(session, areas, commune.id, now)
    team = next((team for team, place in served if (team.id, place) == (team_id, village_id)), None)
    if team is None:
        raise Problem("not_found")
    return areas, team, commune


def _home(area: AreaOnMap, *, is_whole: bool) -> str:
    return url_for("assigning.home_page", commune=None if is_whole else area.code)
