"""“Nhập thay”: the officer enters a team's visits from paper, or that there was nothing to report."""

from collections.abc import Set
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from cdtteam.admin.desk import Page, answer_form, team_at_hand
from cdtteam.admin.form import Field, Form, Values
from cdtteam.admin.queries import teams_in_force
from cdtteam.areas.queries import AreaOnMap
from cdtteam.core import clock
from cdtteam.core.clock import civil_date
from cdtteam.core.db import db, is_transient
from cdtteam.core.ids import new_id
from cdtteam.core.periods import Period, month_of
from cdtteam.core.problems import Problem
from cdtteam.core.text import clean_text, name_key
from cdtteam.households.doubles import pairs_undecided
from cdtteam.households.likeness import Known, Likeness, likely_same
from cdtteam.households.models import Household
from cdtteam.households.queries import households_by_name
from cdtteam.monthly.queries import edition_over, edition_with
from cdtteam.paper.desk import MANAGE, blueprint, commune_of_reader
from cdtteam.paper.entering import Crew, NotEntered, enter_visits, households_known
from cdtteam.paper.entry import KINDS, LONGEST_NAME, OUTCOMES, Row, fresh_rows, numbered, read_row, rows_given
from cdtteam.paper.words import month_name
from cdtteam.participation.words import outcome_words, period_name
from cdtteam.replica.work import Work
from cdtteam.reports.operations import report_nothing
from cdtteam.support.queries import services_in_order
from cdtteam.teams.models import Member, Team, by_position
from cdtteam.teams.queries import TeamMate, members_of_teams, villages_of_teams
from cdtteam.visits.models import Visit
from cdtteam.web.forms import lead_to
from cdtteam.web.guards import current_actor, requires
from cdtteam.web.transactions import writing

LAST = 20
MOST_LIKELY = 3


@dataclass
class At:
    """The team for which visits are entered, the villages that it serves, and who is in it."""

    team: Team
    villages: list[AreaOnMap]
    mates: list[TeamMate]


@blueprint.get("/desk/entry")
@requires(MANAGE)
def entry_page() -> Page:
    """The teams to choose from."""
    commune, villages = commune_of_reader()
    teams = teams_in_force(db.session(), [village.id for village in villages], clock.now())
    names = {village.id: village.name for village in villages}
    return render_template("paper/teams.html", commune=commune, teams=teams, villages=names)


@blueprint.get("/desk/entry/<uuid:team_id>")
@requires(MANAGE)
def team_entry_page(team_id: UUID) -> Page:
    """Empty rows for a team's visits, and what was entered for it last."""
    at = _at(team_id)
    return _shown(at, fresh_rows(), request.args)


@blueprint.post("/desk/entry/<uuid:team_id>")
@requires(MANAGE)
def enter_page(team_id: UUID) -> Page:
    """Records the rows that are filled in; all of them or none. What came before is not recorded again."""
    at, given = _at(team_id), request.form
    rows = rows_given(given)
    crew = _crew(at, given)
    numbers = numbered(services_in_order(db.session()))
    filled = [row for row in rows if not row.is_empty]
    today = civil_date(clock.now())
    lines = [(row, read_row(row, numbers, today)) for row in filled]
    whole = [(row, line) for row, line in lines if line is not None]
    if not filled:
        return _shown(at, rows, given), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        _keep(crew, whole, is_all=len(whole) == len(lines))
    except NotEntered:
        return _shown(at, rows, given), HTTPStatus.UNPROCESSABLE_ENTITY
    alike = _alike({line.home_id for _row, line in whole if line.is_new_home}) or None
    place = url_for(
        ".team_entry_page", team_id=team_id, saved=len(whole), village=crew.village_id, author=crew.author_id,
        alike=alike, closed=_closed_by({line.on for _row, line in whole}),
    )  # fmt: skip
    return lead_to(place)


@blueprint.post("/desk/entry/<uuid:team_id>/likely")
@requires(MANAGE)
def likely_page(team_id: UUID) -> Page:
    """What a row is told while it is typed: the households of the team's villages that a new one may be."""
    at, row = _at(team_id), request.args.get("row", "")
    typed = clean_text(request.form.get(f"household-{row}", ""), "household").strip()[:LONGEST_NAME]
    found: list[Likeness] = []
    if typed and request.form.get(f"new-{row}"):
        village_id = next((one.id for one in at.villages if str(one.id) == request.form.get("village")), None)
        if village_id is None:
            raise Problem("malformed")
        known = [one for village in at.villages for one in households_known(db.session(), village.id)]
        found = likely_same(Known(new_id(), village_id, typed, None, None, None), known)
    names = {village.id: village.name for village in at.villages}
    return render_template("paper/_likely.html", found=found[:MOST_LIKELY], names=names)


@blueprint.route("/desk/entry/<uuid:team_id>/nothing", methods=["GET", "POST"])
@requires(MANAGE)
def nothing_page(team_id: UUID) -> Page:
    """Says for a team that there was nothing to report in a month."""
    at = _at(team_id)

    def act(work: Work, values: Values) -> str:
        village_id = values.id("village_id")
        work.lock([village_id])
        report_nothing(
            current_actor(), work, village_id=village_id, period=values.text("month"), author_id=values.id("author_id"),
            team_id=team_id, at=work.now,
        )  # fmt: skip
        return url_for(".team_entry_page", team_id=team_id, nothing=values.text("month"))

    return answer_form(lambda: _nothing_form(at), act)


def _nothing_form(at: At) -> Form:
    today = civil_date(clock.now())
    months = [(one.name, month_name(one.name)) for one in (month_of(today), _before(month_of(today)))]
    villages = [(str(village.id), village.name) for village in at.villages]
    mates = [(str(mate.id), mate.name) for mate in at.mates]
    fields = [
        Field("month", _("Month"), "select", months[0][0], months, is_required=True),
        Field("village_id", _("Village"), "select", villages[0][0] if villages else "", villages, is_required=True),
        Field("author_id", _("Who of the team said so"), "select", mates[0][0] if mates else "", mates,
              is_required=True),
    ]  # fmt: skip
    note = _("Entered for the team by the commune. Visits that arrive later count all the same.")
    place = url_for(".team_entry_page", team_id=at.team.id)
    return Form(_("Nothing to report"), at.team.name, place, _("Save"), fields, note=note)


def _alike(home_ids: Set[UUID]) -> int:
    """How many pairs of the commune that may be one some new households are in."""
    if not home_ids:
        return 0
    _commune, villages = commune_of_reader()
    pairs = pairs_undecided(current_actor(), db.session(), [village.id for village in villages], clock.now())
    return sum(not home_ids.isdisjoint(pair.ids) for pair in pairs)


def _closed_by(days: Set[date]) -> UUID | None:
    """The closed report in whose period one of the days is, which does not have what was entered after it."""
    commune, _villages = commune_of_reader()
    edition = edition_over(current_actor(), db.session(), commune.id, days, clock.now())
    return edition.id if edition else None


def _closed() -> tuple[UUID, str] | None:
    """The closed report that an address names, and its period in words."""
    id_ = request.args.get("closed", type=UUID)
    if id_ is None:
        return None
    edition = edition_with(current_actor(), db.session(), id_, clock.now())
    period = Period(edition.period, edition.from_on, edition.to_on)
    return id_, period_name(period, is_report=edition.calendar == "report")


def _at(team_id: UUID) -> At:
    _commune, villages = commune_of_reader()
    team = team_at_hand(team_id)
    session, now = db.session(), clock.now()
    own = {village.id: village for village in villages}
    served = [own[id_] for id_ in villages_of_teams(session, [team.id], now).get(team.id, []) if id_ in own]
    mates = sorted(members_of_teams(session, [team.id], now), key=lambda mate: by_position(mate.position, mate.name))
    return At(team, sorted(served, key=lambda village: village.id != team.home_village_id), mates)


def _crew(at: At, given: Any) -> Crew:
    villages, mates = {str(one.id): one.id for one in at.villages}, {str(one.id): one.id for one in at.mates}
    if given.get("village") not in villages or given.get("author") not in mates:
        raise Problem("malformed")
    companions = frozenset(mates[one] for one in given.getlist("with") if one in mates)
    return Crew(at.team.id, villages[given["village"]], mates[given["author"]], companions)


def _keep(crew: Crew, lines: Any, *, is_all: bool) -> int:
    """Kept in one transaction, tried again where the same rows arrived twice at the same moment.

    Where other rows are at fault, `is_all` is false, these are looked at as well, and nothing is kept: NotEntered.
    """
    for is_last in (False, True):
        try:
            with writing(db.session()):
                work = Work(db.session(), clock.now())
                made = enter_visits(current_actor(), work, crew, lines)
                if not is_all:
                    raise NotEntered
                work.flush()
            return made
        except DBAPIError as error:
            if is_last or not is_transient(error):
                raise
    raise Problem("busy", retry_after=1)


def _shown(at: At, rows: list[Row], given: Any) -> str:
    session = db.session()
    services = [service for service in services_in_order(session) if service.is_active]
    homes = [label for village in at.villages for label in households_by_name(session, village.id)]
    return render_template(
        "paper/entry.html", at=at, rows=rows, given=given, services=services, kinds=KINDS, last=_last(at.team.id),
        homes=sorted(set(homes), key=name_key), outcomes=[(one, outcome_words(one)) for one in OUTCOMES],
        answers=[("yes", _("Agrees")), ("no", _("Does not agree"))],
        ticked=set(given.getlist("with")) - {given.get("author")}, today=civil_date(clock.now()), closed=_closed(),
        first_wrong=_first_wrong(rows),
        is_empty=request.method == "POST" and all(row.is_empty for row in rows),
    )  # fmt: skip


def _first_wrong(rows: list[Row]) -> Row | None:
    return next((row for row in rows if row.error), None)


def _last(team_id: UUID) -> list[Any]:
    columns = (Visit.id, Visit.occurred_at, Household.head_name, Visit.participants, Member.name)
    statement = select(*columns).join(Member, Member.id == Visit.author_id)
    statement = statement.outerjoin(Household, Household.id == Visit.household_id)
    wanted = (Visit.team_id == team_id, Visit.entered_by.is_not(None), Visit.withdrawn_at.is_(None))
    return list(
        db.session().execute(statement.where(*wanted).order_by(Visit.received_at.desc(), Visit.id.desc()).limit(LAST))
    )


def _before(month: Period) -> Period:
    year, number = divmod(month.from_on.year * 12 + month.from_on.month - 2, 12)
    return month_of(month.from_on.replace(year=year, month=number + 1))
