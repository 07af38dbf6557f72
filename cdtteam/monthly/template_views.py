"""The desk's pages of templates: what there is, putting one up, and what every placeholder means."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid5

from flask import Response, render_template, request, url_for
from flask_babel import gettext

from cdtteam.access.models import Actor, Permission
from cdtteam.areas.queries import area_in_place_of, last_names
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.problems import Problem
from cdtteam.core.text import clean_text
from cdtteam.monthly.desk import refusal
from cdtteam.monthly.doors import blueprint, file_answer, user_id_of, writer_of
from cdtteam.monthly.models import ReportTemplate
from cdtteam.monthly.operations import add_template, retire_template
from cdtteam.monthly.placeholders import EXAMPLE, FOOT, HEAD, LISTINGS, PERIOD, YEAR, Placeholder
from cdtteam.monthly.press.faults import Place
from cdtteam.monthly.press.grammar import plain
from cdtteam.monthly.press.wire import Kind
from cdtteam.monthly.printing import KINDS, Refused, check_template, shipped
from cdtteam.monthly.queries import template_with, templates_for
from cdtteam.web.forms import form_id_of, lead_to, new_form_id, submit_once
from cdtteam.web.guards import current_actor, requires

LARGEST = 3 * 1024 * 1024  # of the request; the press says what a template may have
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Line:
    """A template as the page lists it."""

    template: ReportTemplate
    owner: str
    may_retire: bool


@dataclass(frozen=True, slots=True)
class Help:
    """A placeholder as the help page tells of it."""

    written: str
    meaning: str
    example: str


@blueprint.get("/desk/reports/templates")
@requires(Permission.REPORT_READ)
def templates_page() -> str:
    """The templates that the reader may use, and the form for another."""
    return _templates_page()


@blueprint.post("/desk/reports/templates")
@requires(Permission.TEMPLATE_MANAGE)
def put_up() -> Response | tuple[str, int]:
    """Takes an uploaded template, if the press can fill it."""
    request.max_content_length = LARGEST
    actor, now = current_actor(), clock.now()
    form_id = form_id_of(request.form.get("form_id"))
    try:
        kind, name, content = _uploaded()
        check_template(kind, content, now)
    except Refused as refused:
        return _templates_page(refusal(refused)), HTTPStatus.UNPROCESSABLE_ENTITY
    area_id = actor.area_id
    if area_id is None:
        raise Problem("forbidden")

    def act() -> str:
        add_template(writer_of(actor), db.session(), area_id, kind, name, content, now)
        return url_for(".templates_page", kept=1)

    # The form with this very file: another file, chosen after going back, is another thing to do.
    form_id = uuid5(form_id, hashlib.sha256(content).hexdigest())
    return lead_to(submit_once(db.session(), form_id, user_id_of(actor), now, act))


@blueprint.post("/desk/reports/templates/<uuid:template_id>/retire")
@requires(Permission.TEMPLATE_MANAGE)
def take_down(template_id: UUID) -> Response:
    """Takes a template down."""
    actor, now = current_actor(), clock.now()

    def act() -> str:
        retire_template(writer_of(actor), db.session(), template_with(actor, db.session(), template_id, now), now)
        return url_for(".templates_page")

    form_id = form_id_of(request.form.get("form_id"))
    return lead_to(submit_once(db.session(), form_id, user_id_of(actor), now, act))


@blueprint.get("/desk/reports/templates/<uuid:template_id>/file")
@requires(Permission.REPORT_READ)
def template_file(template_id: UUID) -> Response:
    """An uploaded template, as it was uploaded."""
    template = template_with(current_actor(), db.session(), template_id, clock.now())
    kind: Kind = "docx" if template.kind == "docx" else "xlsx"
    return file_answer(kind, template.content, f"mau-{template.id}.{kind}", f"{template.name}.{kind}")


@blueprint.get("/desk/reports/templates/shipped.<kind>")
@requires(Permission.REPORT_READ)
def shipped_file(kind: str) -> Response:
    """The template that comes with the application, to begin one's own with."""
    for known in KINDS:
        if kind == known:
            return file_answer(known, shipped(known), f"bao-cao-thang.{known}", f"Mẫu báo cáo CNSCĐ.{known}")
    raise Problem("not_found")


@blueprint.get("/desk/reports/placeholders")
@requires(Permission.REPORT_READ)
def placeholders_page() -> str:
    """Every placeholder with its meaning and an example."""
    groups = (
        (gettext("Head of the document"), _help(HEAD, EXAMPLE)),
        (gettext("Figures of the period"), _help(PERIOD, EXAMPLE)),
        (gettext("The same from the year's beginning"), _help(YEAR, EXAMPLE)),
        (gettext("What the desk types"), _help(FOOT, EXAMPLE)),
    )
    lists = [
        (listing.name, str(listing.meaning), _help(listing.fields, EXAMPLE[listing.name][0], f"{listing.name}."))
        for listing in LISTINGS
    ]
    return render_template("monthly/placeholders.html", groups=groups, lists=lists, samples=SAMPLES)


SAMPLES = {
    "one": "{{ luot }}",
    "row_begin": "{%tr for to in cac_to %}",
    "row": "{{ to.ten }}",
    "row_end": "{%tr endfor %}",
    "cell": "{{ cac_to.ten }}",
    "paragraph_begin": "{%p for doan in kho_khan_doan %}",
    "paragraph": "{{ doan.dong }}",
    "paragraph_end": "{%p endfor %}",
}


def _help(placeholders: Iterable[Placeholder[Any]], example: dict[str, Any], prefix: str = "") -> list[Help]:
    return [Help(f"{{{{ {prefix}{one.name} }}}}", str(one.meaning), _shown(example[one.name])) for one in placeholders]


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(gettext("yes") if value else gettext("no"))
    return str(plain(value))


def _templates_page(error: str | None = None) -> str:
    actor, session, now = current_actor(), db.session(), clock.now()
    templates = templates_for(actor, session, None, now)
    names = last_names(session, {one.area_id for one in templates})
    lines = [Line(one, names.get(one.area_id, ""), _may_retire(actor, one, now)) for one in templates]
    may_add = actor.may(Permission.TEMPLATE_MANAGE)
    return render_template("monthly/templates.html", lines=lines, may_add=may_add, error=error, new_form_id=new_form_id)


def _may_retire(actor: Actor, template: ReportTemplate, now: datetime) -> bool:
    """Whether it is the reader's own, or of a commune that became theirs."""
    own = area_in_place_of(db.session(), template.area_id, clock.civil_date(now))
    return actor.may(Permission.TEMPLATE_MANAGE) and own == actor.area_id


def _uploaded() -> tuple[Kind, str, bytes]:
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Refused("kind", "", Place())
    stem, _, suffix = file.filename.rpartition(".")
    kind: Kind | None = next((known for known in KINDS if suffix.lower() == known), None)
    if kind is None:
        raise Refused("kind", "", Place())
    name = " ".join(clean_text(request.form.get("name", "") or stem, "name").split())[:LONGEST_NAME]
    return kind, name or kind, file.read()
