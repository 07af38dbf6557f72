"""The desk's pages of reorganisations: what was applied, a new one looked over, applied, taken back."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge

from cdtteam.access.models import Actor, Permission
from cdtteam.admin.desk import Page, send_once
from cdtteam.admin.form import Field, Form, read_day
from cdtteam.areas.applying import Basis
from cdtteam.areas.queries import reorganisations
from cdtteam.areas.reading import Table
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.problems import Problem
from cdtteam.core.reasons import SHOWN, Refusal
from cdtteam.imports.reading import LARGEST, Refused, read_sheets
from cdtteam.imports.words import fault_words as unreadable_words
from cdtteam.imports.words import file_name
from cdtteam.reorganisations import operations, words
from cdtteam.reorganisations.desk import make_draft_page, make_record_page
from cdtteam.reorganisations.drafts import codes_to_choose, has_open_villages
from cdtteam.reorganisations.files import table_of
from cdtteam.reorganisations.forgetting import forget_old_drafts
from cdtteam.reorganisations.models import Kind, MapDraft
from cdtteam.reorganisations.queries import draft_with, drafts_waiting, names_of, new_units, reorganisation_with
from cdtteam.replica.work import Work
from cdtteam.web.desk import send_to_sign_in
from cdtteam.web.forms import SWEEPS, form_id_of, lead_to, new_form_id
from cdtteam.web.guards import current_actor, requires

blueprint = Blueprint("reorganisations", __name__)
blueprint.register_error_handler(Problem, send_to_sign_in)

MANAGE = Permission.AREA_MANAGE
_ENVELOPE = 64 * 1024  # what a form weighs beside its file
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CHOICE = "to-"


@blueprint.record_once
def _configure(state: Any) -> None:
    """Filters of the templates; and drafts that nobody applied go with any form of the desk that takes effect."""
    for name in ("kind_words", "list_words", "reason_words", "fault_words", "title_words"):
        state.app.jinja_env.filters[f"map_{name}"] = getattr(words, name)
    state.app.extensions.setdefault(SWEEPS, []).append(forget_old_drafts)


@blueprint.get("/desk/reorganisations")
@requires(MANAGE)
def home_page() -> Page:
    """What was applied, what is looked over, and the form for another."""
    return _home(_new_form())


@blueprint.post("/desk/reorganisations")
@requires(MANAGE)
def receive() -> Page:
    """Puts a file up; what it would change is shown on its own page."""
    request.max_content_length = LARGEST + _ENVELOPE
    form = _new_form()
    try:
        form_id = form_id_of(request.form.get("form_id"))
        form.take(request.form)
        file = request.files.get("file")
        if form.first_wrong or file is None or not file.filename:
            return _home(form, "" if file and file.filename else "missing"), HTTPStatus.UNPROCESSABLE_ENTITY
        kind = Kind(form["kind"].value)
        table = table_of(kind, read_sheets(file.stream.read(LARGEST + 1)))
    except RequestEntityTooLarge:
        return _home(form, "too_large"), HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    except Refused as refused:
        return _home(form, refused.code), HTTPStatus.UNPROCESSABLE_ENTITY
    new = _new_draft(form, form_id, kind, file_name(file.filename), table)

    def act() -> str:
        row = operations.put_up(current_actor(), db.session(), new, now=clock.now())
        return _place(row.id)

    return lead_to(send_once(act))


@blueprint.get("/desk/reorganisations/drafts/<uuid:draft_id>")
@requires(MANAGE)
def draft_page(draft_id: UUID) -> Page:
    """What a change would do, and what it still needs to know."""
    return _draft(draft_id)


@blueprint.post("/desk/reorganisations/drafts/<uuid:draft_id>/decide")
@requires(MANAGE)
def decide(draft_id: UUID) -> Page:
    """Keeps where villages go, or what becomes of teams; the button of a group chooses the same for all of it."""
    commune, _sign, unit = request.form.get("all", "").partition(":")

    def act(actor: Actor, work: Work, row: MapDraft) -> str:
        whole = codes_to_choose(work.session, row, commune) if unit else []
        operations.decide(actor, work.session, row, _choices() | dict.fromkeys(whole, unit))
        # Back to the commune at hand while others wait; a browser would open what is done to lead there.
        return _place(row.id) + (f"#split-{commune}" if whole and has_open_villages(work.session, row) else "")

    return _changed(draft_id, act)


@blueprint.post("/desk/reorganisations/drafts/<uuid:draft_id>/apply")
@requires(MANAGE)
def apply(draft_id: UUID) -> Page:
    """Changes the map as it was looked over; who has chosen otherwise on the page looks once more."""

    def act(actor: Actor, work: Work, row: MapDraft) -> str:
        if request.form.get("version") != str(row.version):
            raise Problem("changed_meanwhile")
        if operations.decide(actor, work.session, row, _choices()):
            return url_for("reorganisations.draft_page", draft_id=row.id, again="yes")
        record = operations.apply_draft(actor, work, row, seen=request.form.get("seen", ""))
        return url_for("reorganisations.record_page", record_id=record.id)

    return _changed(draft_id, act)


@blueprint.post("/desk/reorganisations/drafts/<uuid:draft_id>/drop")
@requires(MANAGE)
def drop(draft_id: UUID) -> Page:
    """Drops what was put up."""

    def act(actor: Actor, work: Work, row: MapDraft) -> str:
        operations.drop(actor, work.session, row)
        return url_for("reorganisations.home_page")

    return _changed(draft_id, act)


@blueprint.get("/desk/reorganisations/<uuid:record_id>")
@requires(MANAGE)
def record_page(record_id: UUID) -> Page:
    """What was applied, with the figures on the maps before and after, and how it is taken back."""
    return _record(record_id)


@blueprint.post("/desk/reorganisations/<uuid:record_id>/undo")
@requires(MANAGE)
def undo(record_id: UUID) -> Page:
    """Puts the map back."""

    def act() -> str:
        work = Work(db.session(), clock.now())
        record = reorganisation_with(work.session, current_actor(), record_id)
        operations.undo(current_actor(), work, record)
        work.flush()
        return url_for("reorganisations.record_page", record_id=record_id)

    if not request.form.get("sure"):
        return _record(record_id, is_unsure=True), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        return lead_to(send_once(act))
    except Refusal as refusal:
        return _record(record_id), refusal.status


@blueprint.get("/desk/reorganisations/list/<kind>.xlsx")
@requires(MANAGE)
def list_to_fill_in(kind: str) -> Response:
    """Today's units with columns for what is to be new."""
    from cdtteam.reorganisations.lists import list_file  # noqa: PLC0415 — only this page writes workbooks

    if kind not in set(Kind):
        raise Problem("not_found")
    answer = Response(list_file(db.session(), Kind(kind), clock.civil_date(clock.now())), content_type=_XLSX)
    title = "danh-sach-thon" if kind == Kind.VILLAGES else "danh-sach-xa"
    answer.headers["Content-Disposition"] = f'attachment; filename="{title}.xlsx"'
    return answer


def _choices() -> dict[str, str]:
    """What was chosen on the page, by the code of a village."""
    given = request.form.items()
    return {name.removeprefix(_CHOICE): value for name, value in given if name.startswith(_CHOICE) and value}


def _changed(draft_id: UUID, act: Callable[[Actor, Work, MapDraft], str]) -> Page:
    """Does something with a draft, once; what changed meanwhile, or cannot be, is shown on its page."""

    def once() -> str:
        work = Work(db.session(), clock.now())
        place = act(current_actor(), work, draft_with(work.session, current_actor(), draft_id, is_locked=True))
        work.flush()
        return place

    try:
        return lead_to(send_once(once))
    except Problem as problem:
        if problem.code not in ("changed_meanwhile", "invalid_file"):
            raise
        page = _draft(draft_id, is_stale=True)
        return (page, problem.status) if isinstance(page, str) else page


def _draft(draft_id: UUID, *, is_stale: bool = False) -> str | Response:
    actor, session = current_actor(), db.session()
    row = draft_with(session, actor, draft_id)
    if row.applied_as:
        return lead_to(url_for("reorganisations.record_page", record_id=row.applied_as))
    page = make_draft_page(actor, session, row, clock.now())
    return render_template(
        "reorganisations/draft.html",
        page=page,
        row=row,
        is_stale=is_stale,
        new_form_id=new_form_id,
        choice=_CHOICE,
        shown=SHOWN,
    )


def _record(record_id: UUID, *, is_unsure: bool = False) -> str:
    session = db.session()
    record = reorganisation_with(session, current_actor(), record_id)
    page = make_record_page(session, record, clock.now())
    names = names_of(session, (record.applied_by, record.undone_by))
    return render_template(
        "reorganisations/record.html", page=page, record=record, names=names, is_unsure=is_unsure,
        form_id=new_form_id(), today=clock.civil_date(clock.now()), units=new_units(session, [record]),
    )  # fmt: skip


def _home(form: Form, fault: str = "") -> str:
    actor, session, now = current_actor(), db.session(), clock.now()
    records, drafts = reorganisations(session), drafts_waiting(session, actor, now)
    names = names_of(session, [record.applied_by for record in records] + [row.made_by for row in drafts])
    return render_template(
        "reorganisations/home.html", form=form, records=records, drafts=drafts, names=names, kinds=list(Kind),
        fault=unreadable_words(fault) if fault else "", today=clock.civil_date(now), units=new_units(session, records),
    )  # fmt: skip


def _new_form() -> Form:
    options = [(str(kind), words.kind_words(kind)) for kind in Kind]
    only = options[0][0] if len(options) == 1 else ""
    fields = [
        Field("kind", _("What changes"), "choice", only, options, is_required=True),
        Field(
            "effective_on", _("Effective day"), "date", is_required=True,
            help=_("The first day of the new map. It may be past or to come."),
        ),
        Field("decision", _("Number and sign of the decision"), longest=120, help=_("For instance: 1664/NQ-UBTVQH15")),
        Field("decided_on", _("Date of the decision"), "date"),
        Field("subject", _("What it is about"), longest=300),
    ]  # fmt: skip
    return Form(_("A new change"), "", url_for("reorganisations.home_page"), _("Look it over"), fields)


def _new_draft(form: Form, form_id: UUID, kind: Kind, file_name: str, table: Table) -> operations.NewDraft:
    decided_on = form["decided_on"].value
    basis = Basis(
        form["decision"].value or None, read_day(decided_on) if decided_on else None, form["subject"].value or None
    )
    return operations.NewDraft(form_id, kind, file_name, table, read_day(form["effective_on"].value), basis)


def _place(draft_id: UUID) -> str:
    return url_for("reorganisations.draft_page", draft_id=draft_id)
