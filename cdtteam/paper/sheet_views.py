"""The month's attendance sheet at the desk: to look at, to print, as Excel; its rates, and days that were forgotten."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from flask import Response, render_template, request
from flask_babel import gettext as _

from cdtteam.admin.desk import Page, answer_form, team_at_hand, todays_map
from cdtteam.admin.form import Field, Form, Values
from cdtteam.areas.ground import told_on
from cdtteam.core.db import db
from cdtteam.core.problems import Problem
from cdtteam.paper.desk import MANAGE, Month, blueprint, month_at_hand
from cdtteam.paper.models import AttendanceRates
from cdtteam.paper.operations import Forgotten, add_forgotten, set_rates
from cdtteam.paper.sheet import Sheet, forgotten_days, rates_of, read_sheet
from cdtteam.paper.taken_over import Proposal, proposed_rates
from cdtteam.paper.words import AGENCY, MOTTO, SHEET, STATE, money, month_name, read_money, sheet_title
from cdtteam.replica.work import Work
from cdtteam.teams.models import Team
from cdtteam.web.guards import current_actor, requires

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/desk/attendance")
@requires(MANAGE)
def sheet_page() -> str:
    """The sheet of a month."""
    month = month_at_hand()
    sheet = _sheet(month)
    return render_template(
        "paper/sheet.html", month=month, sheet=sheet, proposal=_proposal(month, sheet),
        title=sheet_title(month.commune.name, month.period),
        words=SHEET, agency=AGENCY, state=STATE, motto=MOTTO,
        added=_number(request.args.get("added")),
    )  # fmt: skip


@blueprint.get("/desk/attendance/file")
@requires(MANAGE)
def sheet_file() -> Response:
    """The same as Excel."""
    from cdtteam.paper.workbook import attendance_book  # noqa: PLC0415 — only this page writes workbooks

    month = month_at_hand()
    content = attendance_book(_sheet(month), sheet_title(month.commune.name, month.period))
    answer = Response(content, content_type=MIME)
    name = f"cham-cong-{month.commune.code}-{month.period.name}{'-ky' if month.calendar == 'report' else ''}.xlsx"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.route("/desk/attendance/rates", methods=["GET", "POST"])
@requires(MANAGE)
def rates_page() -> Page:
    """What a day is worth this month: for everybody, and for teams that have their own rate."""
    month = month_at_hand()

    def act(work: Work, values: Values) -> str:
        rates = rates_of(work.session, month.commune.id, month.period, month.calendar)
        if str(rates.version if rates else 0) != values.seen:
            raise Problem("changed_meanwhile")
        amounts = {name: _amount(name, values.text(name)) for name in values.given}
        rate = amounts.pop("rate")
        own = {UUID(name): amount for name, amount in amounts.items() if amount is not None}
        rates = rates or AttendanceRates(
            area_id=month.commune.id, period=month.period.name, calendar=month.calendar, version=0
        )
        set_rates(current_actor(), work.session, rates, rate, own, work.now)
        return month.place

    return answer_form(lambda: _rates_form(month), act)


def _rates_form(month: Month) -> Form:
    sheet, areas = _sheet(month), todays_map()
    rates, proposal = sheet.rates, _proposal(month, sheet)
    stands = rates or proposal
    own = stands.team_rates if stands else {}
    fields = [
        Field("rate", _("Rate per day for all teams, in đồng"), value=money(stands.rate if stands else None),
              longest=20, help=_("For instance: 150.000. Leave it empty while nothing is decided.")),
        *(
            Field(str(team.id), told_on(areas, team.name, team.home_village_id), value=money(own.get(str(team.id))),
                  longest=20)
            for team in (one.team for one in sheet.teams)
        ),
    ]  # fmt: skip
    about = f"{month.commune.name} · {month_name(month.period.name)}"
    seen = str(rates.version if rates else 0)
    return Form(_("Rate per day"), about, month.place, _("Save"), fields, seen, _note(proposal))


@blueprint.route("/desk/attendance/<uuid:team_id>/forgotten", methods=["GET", "POST"])
@requires(MANAGE)
def add_forgotten_page(team_id: UUID) -> Page:
    """Whose days with visits stand in no attendance, to be added: each may be left out before."""
    month, team = month_at_hand(), team_at_hand(team_id)

    def act(work: Work, values: Values) -> str:
        missing = forgotten_days(work.session, _sheet(month), team_id)
        chosen = [replace(day, member_ids=_ticked(day, values)) for day in missing]
        added = add_forgotten(current_actor(), work, chosen)
        return f"{month.place}&added={added}#team-{team_id}"

    return answer_form(lambda: _forgotten_form(month, team), act)


def _forgotten_form(month: Month, team: Team) -> Form:
    lines = [line for one in _sheet(month).teams if one.team.id == team.id for line in one.lines]
    fields = [
        Field(_name_of(line.member_id, on), f"{line.name} · {on:%d/%m/%Y}", "tick", "yes")
        for line in lines
        for on in line.forgotten
    ]
    note = _("On these days the team recorded visits of these people, but no attendance. Untick what is not to count.")
    about = f"{told_on(todays_map(), team.name, team.home_village_id)} · {month_name(month.period.name)}"
    form = Form(_("Add forgotten days"), about, month.place, _("Add what is ticked"), fields, note=note)
    form.warning = _("What you add is paid for like other days, and cannot be taken back here.")
    return form


def _ticked(day: Forgotten, values: Values) -> frozenset[UUID]:
    return frozenset(one for one in day.member_ids if values.given.get(_name_of(one, day.on)))


def _name_of(member_id: UUID, on: date) -> str:
    return f"{member_id.hex}-{on}"


def _sheet(month: Month) -> Sheet:
    session = db.session()
    rates = rates_of(session, month.commune.id, month.period, month.calendar)
    return read_sheet(session, month.villages, month.period, rates)


def _proposal(month: Month, sheet: Sheet) -> Proposal | None:
    """What former communes had set, while the commune itself has set nothing."""
    if sheet.rates is not None:
        return None
    which = (month.period, month.calendar)
    return proposed_rates(db.session(), month.commune.id, which, sheet.teams, month.today)


def _note(proposal: Proposal | None) -> str:
    if proposal is None:
        return str(_("A team's own rate is only needed where it differs."))
    nothing = _("no rate")
    rates = ", ".join(f"{name} {money(rate) or nothing}" for name, rate in proposal.sources)
    return str(
        _("Filled in from what was set before the areas changed (%(rates)s). It holds once you save.", rates=rates)
    )


def _amount(name: str, text: str) -> int | None:
    try:
        return read_money(text)
    except ValueError as error:
        raise Problem("invalid_field", field=name) from error


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else None
