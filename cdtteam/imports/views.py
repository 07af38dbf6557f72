"""The desk's pages of imports: putting a file up, looking it over, taking it in, taking it back."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, render_template, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge

from cdtteam.access.models import Actor, Permission, Role
from cdtteam.access.policy import require
from cdtteam.areas.models import Level
from cdtteam.areas.queries import area_map
from cdtteam.core import clock
from cdtteam.core.clock import civil_date
from cdtteam.core.db import db
from cdtteam.core.problems import Problem
from cdtteam.core.text import sort_key
from cdtteam.imports import words
from cdtteam.imports.desk import make_page
from cdtteam.imports.forgetting import forget_old_uploads
from cdtteam.imports.later import NAME, is_long, queue_import, secret
from cdtteam.imports.models import Kind, Upload
from cdtteam.imports.operations import NewUpload, choose_columns, choose_sheet, drop, put_up, take_in, undo
from cdtteam.imports.places import commune_names, villages_of
from cdtteam.imports.queries import upload_with, uploads_seen
from cdtteam.imports.reading import LARGEST, Refused, read_sheets
from cdtteam.jobs.queries import open_job_about
from cdtteam.replica.work import Work
from cdtteam.web.desk import send_to_sign_in
from cdtteam.web.forms import SWEEPS, check_version, form_id_of, lead_to, new_form_id, submit_once
from cdtteam.web.guards import current_actor, requires

blueprint = Blueprint("imports", __name__)
blueprint.register_error_handler(Problem, send_to_sign_in)

_ENVELOPE = 64 * 1024  # what a form weighs beside its file
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Answer = Response | tuple[str, int]


@blueprint.record_once
def _configure(state: Any) -> None:
    """Filters of the templates; and files that nobody took in go with any form of the desk that takes effect."""
    for name in ("kind_words", "kept_words", "never_words", "numbers"):
        state.app.jinja_env.filters[f"import_{name}"] = getattr(words, name)
    state.app.extensions.setdefault(SWEEPS, []).append(forget_old_uploads)


@blueprint.get("/desk/imports")
@requires(Permission.TEAM_MANAGE)
def home_page() -> str:
    """The files that were put up, and the form for another."""
    return _home()


@blueprint.post("/desk/imports")
@requires(Permission.TEAM_MANAGE)
def receive() -> Answer:
    """Takes a file up; what it would do is shown on its own page."""
    request.max_content_length = LARGEST + _ENVELOPE
    try:
        form_id = form_id_of(request.form.get("form_id"))
        kind, commune_id = _kind(request.form.get("kind")), _commune_id()
        file = request.files.get("file")
        if commune_id is None or file is None or not file.filename:
            return _home("commune" if commune_id is None else "missing"), HTTPStatus.UNPROCESSABLE_ENTITY
        # Asked before the file is read, which costs more than asking; the operation asks again.
        require(current_actor(), kind.permission, commune_id, session=db.session(), now=clock.now())
        sheets = read_sheets(file.stream.read(LARGEST + 1))
    except RequestEntityTooLarge:
        return _home("too_large"), HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    except Refused as refused:
        return _home(refused.code), HTTPStatus.UNPROCESSABLE_ENTITY
    new = NewUpload(form_id, kind, commune_id, _user_id(), words.file_name(file.filename), sheets)

    def act() -> str:
        upload = put_up(current_actor(), db.session(), new, now=clock.now(), secret=secret())
        return url_for("imports.upload_page", upload_id=upload.id)

    return lead_to(submit_once(db.session(), form_id, _user_id(), clock.now(), act))


@blueprint.get("/desk/imports/<uuid:upload_id>")
@requires(Permission.TEAM_MANAGE)
def upload_page(upload_id: UUID) -> str:
    """What a file would do, or what became of it."""
    return _page(upload_id)


@blueprint.post("/desk/imports/<uuid:upload_id>/columns")
@requires(Permission.TEAM_MANAGE)
def set_columns(upload_id: UUID) -> Answer:
    """Sets which column holds what."""
    prefix = "column-"
    wanted = {key.removeprefix(prefix): value for key, value in request.form.items() if key.startswith(prefix)}

    def act(actor: Actor, work: Work, upload: Upload) -> None:
        choose_columns(actor, work.session, upload, wanted, now=work.now, secret=secret())

    return _changed(upload_id, act, goes_back=True)


@blueprint.post("/desk/imports/<uuid:upload_id>/sheet")
@requires(Permission.TEAM_MANAGE)
def set_sheet(upload_id: UUID) -> Answer:
    """Looks at another sheet of the file."""

    def act(actor: Actor, work: Work, upload: Upload) -> None:
        choose_sheet(actor, work.session, upload, request.form.get("sheet", ""), now=work.now)

    return _changed(upload_id, act, goes_back=True)


@blueprint.post("/desk/imports/<uuid:upload_id>/apply")
@requires(Permission.TEAM_MANAGE)
def apply(upload_id: UUID) -> Answer:
    """Takes the file in, whole; a long one is for the worker, and leads to the page that shows how far it is."""
    given = request.form.get("leave_out", "0")
    problems = int(given) if given.isascii() and given.isdecimal() and len(given) < 7 else 0

    def act(actor: Actor, work: Work, upload: Upload) -> str | None:
        check_version(upload, request.form.get("version"))
        if upload.is_open(work.now) and is_long(upload):
            place = url_for("imports.upload_page", upload_id=upload_id)
            job = queue_import(actor, work.session, upload, problems=problems, place=place, now=work.now)
            return url_for("jobs.job_page", job_id=job.id)
        take_in(actor, work, upload, problems=problems, secret=secret())
        return None

    return _changed(upload_id, act)


@blueprint.post("/desk/imports/<uuid:upload_id>/undo")
@requires(Permission.TEAM_MANAGE)
def take_back(upload_id: UUID) -> Answer:
    """Takes back what the file made."""
    return _changed(upload_id, undo)


@blueprint.post("/desk/imports/<uuid:upload_id>/drop")
@requires(Permission.TEAM_MANAGE)
def forget(upload_id: UUID) -> Answer:
    """Drops a file that was not taken in."""

    def act(actor: Actor, work: Work, upload: Upload) -> None:
        drop(actor, work.session, upload, now=work.now)

    return _changed(upload_id, act, leads_to=url_for("imports.home_page"))


@blueprint.get("/desk/imports/example/<kind>.xlsx")
@requires(Permission.TEAM_MANAGE)
def example(kind: str) -> Response:
    """A file to begin with."""
    from cdtteam.imports.examples import example_file  # noqa: PLC0415 — only this page writes workbooks

    actor, wanted = current_actor(), _kind(kind)
    villages = villages_of(db.session(), actor.area_id, civil_date(clock.now())).names if actor.area_id else {}
    name = min(villages.values(), key=sort_key, default="Thôn 1")
    answer = Response(example_file(wanted, name), content_type=_XLSX)
    title = "danh-sach-thanh-vien" if wanted is Kind.PEOPLE else "danh-sach-ho"
    answer.headers["Content-Disposition"] = f'attachment; filename="{title}.xlsx"'
    return answer


def _changed(
    upload_id: UUID, act: Callable[[Actor, Work, Upload], str | None], *, leads_to: str = "", goes_back: bool = False
) -> Answer:
    """Does something with an upload, once; what somebody else changed meanwhile is shown on its page.

    `act` may answer where it leads.
    """
    place = url_for("imports.upload_page", upload_id=upload_id)

    def once() -> str:
        work = Work(db.session(), clock.now())
        upload = upload_with(work.session, current_actor(), upload_id, work.now, is_locked=True)
        own_place = act(current_actor(), work, upload)
        work.flush()
        return own_place or leads_to or place

    try:
        leads = submit_once(db.session(), form_id_of(request.form.get("form_id")), _user_id(), clock.now(), once)
    except Problem as problem:
        if problem.code not in ("changed_meanwhile", "invalid_field"):
            raise
        return _page(upload_id, problem.code), problem.status
    if goes_back:  # htmx follows by itself, and puts the page's new state in place of the old
        return Response(status=HTTPStatus.SEE_OTHER, headers={"Location": leads})
    return lead_to(leads)


def _page(upload_id: UUID, error: str = "") -> str:
    now = clock.now()
    upload = upload_with(db.session(), current_actor(), upload_id, now)
    page = make_page(db.session(), upload, now, secret())
    job = open_job_about(db.session(), NAME, upload.id)
    return render_template(
        "imports/upload.html", page=page, upload=upload, error=error, new_form_id=new_form_id, job=job,
        is_own_job=job is not None and job.made_by == current_actor().user_id,
    )  # fmt: skip


def _home(fault: str = "") -> str:
    actor, session, now = current_actor(), db.session(), clock.now()
    uploads = uploads_seen(session, actor, now)
    names = commune_names(session, {upload.commune_id for upload in uploads}, civil_date(now))
    return render_template(
        "imports/home.html", uploads=uploads, communes=names, fault=words.fault_words(fault) if fault else "",
        kinds=[kind for kind in Kind if actor.may(kind.permission)], choices=_communes(), form_id=new_form_id(),
        now=now,
    )  # fmt: skip


def _communes() -> list[tuple[UUID, str]]:
    """The communes from which the reader has to choose; none for a commune's own officer."""
    if current_actor().role not in (Role.PROVINCE, Role.ADMIN):
        return []
    communes = area_map(db.session(), civil_date(clock.now())).of_level(Level.COMMUNE)
    return [(area.id, area.name) for area in sorted(communes, key=lambda area: sort_key(area.name))]


def _commune_id() -> UUID | None:
    actor = current_actor()
    if actor.role not in (Role.PROVINCE, Role.ADMIN):
        return actor.area_id
    chosen = request.form.get("commune", "")
    return next((commune_id for commune_id, _name in _communes() if str(commune_id) == chosen), None)


def _kind(given: str | None) -> Kind:
    if given not in set(Kind):
        raise Problem("not_found" if request.method == "GET" else "malformed")
    return Kind(given)


def _user_id() -> UUID:
    user_id = current_actor().user_id
    assert user_id is not None
    return user_id
