"""Pages of requests: the list by age, one with its answer, passing on, closing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from cdtteam.access.models import Permission, Place
from cdtteam.access.policy import require
from cdtteam.admin.desk import Page, answer_form, commune_at_hand, is_province, todays_map
from cdtteam.admin.form import Field, Form, Values
from cdtteam.answering import words
from cdtteam.answering.queries import MOST, SHOWN, Line, in_turn, is_shown, lines_seen, names_in, phone_of
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.problems import Problem
from cdtteam.replica.work import Work
from cdtteam.requests.models import Request, RequestChange, RequestState
from cdtteam.requests.operations import answer_request, close_request, pass_on_request
from cdtteam.requests.queries import changes_of, numbers_seen
from cdtteam.web.desk import send_to_sign_in
from cdtteam.web.forms import check_version
from cdtteam.web.guards import current_actor, requires

blueprint = Blueprint("answering", __name__)
blueprint.register_error_handler(Problem, send_to_sign_in)

ANSWER = Permission.REQUEST_ANSWER


@blueprint.record_once
def _configure(state: Any) -> None:
    """What the templates ask for."""
    for name in ("topic_name", "state_mark", "deed_words", "age_words"):
        state.app.jinja_env.globals[f"request_{name}"] = getattr(words, name)


@dataclass(frozen=True, slots=True)
class Known:
    """A request with what was done about it, by whom, and what the reader may do."""

    line: Line
    changes: Sequence[RequestChange]
    names: dict[UUID, str]
    can_pass_on: bool
    phone: str | None  # of who asks
    visit_id: UUID | None  # the visit that it is about, where the reader may review visits


@blueprint.get("/desk/requests")
@requires(ANSWER)
def home_page() -> Page:
    """What teams ask of a commune; the province sees all communes unless it asks for one."""
    areas, session, now = todays_map(), db.session(), clock.now()
    commune = commune_at_hand(areas, request.args.get("commune"))
    area, shown = commune or areas.province, request.args.get("show", SHOWN[0])
    if area is None or shown not in SHOWN:
        raise Problem("not_found")
    here = Request.village_id.in_(areas.ground_below(area.id))
    newest = None if shown == "waiting" else MOST
    lines = lines_seen(current_actor(), session, areas, now, here, is_shown(shown, now), newest=newest)
    counts = numbers_seen(current_actor(), session, now, *(here & is_shown(name, now) for name in SHOWN))
    return render_template(
        "answering/home.html", area=area, is_whole=commune is None, is_province=is_province(), shown=shown,
        lines=in_turn(lines, is_province=is_province()) if shown == "waiting" else lines, most=MOST,
        counts=dict(zip(SHOWN, counts, strict=True)),
    )  # fmt: skip


@blueprint.route("/desk/requests/<uuid:request_id>", methods=["GET", "POST"])
@requires(ANSWER)
def request_page(request_id: UUID) -> Page:
    """A request with what was said, and the answer."""

    def build() -> Form:
        asked = _at_hand(request_id)
        field = Field(
            "answer", _("Your answer to the team"), "long", asked.answer or "", is_required=True, longest=1000
        )
        field.help = _("The team reads it on their phones, without a network too.")
        form = _form(asked, words.topic_name(asked.topic), _("Send the answer"), [field])
        form.back, form.about, form.details = url_for("answering.home_page"), _("Requests for help"), _known(asked)
        return form

    def act(work: Work, asked: Request, values: Values) -> None:
        answer_request(current_actor(), work, asked, values.text("answer"))

    return _answer(request_id, build, act, "answering/request.html")


@blueprint.route("/desk/requests/<uuid:request_id>/pass-on", methods=["GET", "POST"])
@requires(ANSWER)
def pass_on_page(request_id: UUID) -> Page:
    """Hands a request to the province."""

    def build() -> Form:
        field = Field("words", _("A word to the province"), "long", longest=1000)
        note = _("The province answers the team. Your commune goes on seeing the request, and may answer as well.")
        return _form(_at_hand(request_id), _("Pass the request on"), _("Pass on to the province"), [field], note)

    def act(work: Work, asked: Request, values: Values) -> None:
        pass_on_request(current_actor(), work, asked, words=values.text("words") or None)

    return _answer(request_id, build, act)


@blueprint.route("/desk/requests/<uuid:request_id>/close", methods=["GET", "POST"])
@requires(ANSWER)
def close_page(request_id: UUID) -> Page:
    """Closes a request."""

    def build() -> Form:
        asked = _at_hand(request_id)
        field = Field("words", _("A last word to the team"), "long", longest=1000)
        note = _("Nothing more is done about it. The team still reads what was asked and answered.")
        return _form(asked, _("Close the request"), _("Close the request"), [field], note)

    def act(work: Work, asked: Request, values: Values) -> None:
        close_request(current_actor(), work, asked, words=values.text("words") or None)

    return _answer(request_id, build, act)


def _answer(
    request_id: UUID, build: Callable[[], Form], do: Callable[[Work, Request, Values], None],
    template: str = "admin/form.html",
) -> Page:  # fmt: skip
    def act(work: Work, values: Values) -> str:
        asked = _at_hand(request_id)
        work.lock([asked.village_id])
        work.session.refresh(asked)
        check_version(asked, values.seen)
        do(work, asked, values)
        return url_for("answering.request_page", request_id=request_id)

    return answer_form(build, act, template)


def _form(asked: Request, title: str, submit: str, fields: list[Field], note: str = "") -> Form:
    back = url_for("answering.request_page", request_id=asked.id)
    return Form(title, words.topic_name(asked.topic), back, submit, fields, str(asked.version), note)


def _at_hand(request_id: UUID) -> Request:
    """A request that the reader may answer."""
    session, now = db.session(), clock.now()
    asked = session.get(Request, request_id, populate_existing=True)
    if asked is None:
        raise Problem("not_found")
    require(current_actor(), ANSWER, Place(asked.village_id, now), session=session, now=now)
    return asked


def _known(asked: Request) -> Known:
    session = db.session()
    [line] = lines_seen(current_actor(), session, todays_map(), clock.now(), Request.id == asked.id)
    changes = changes_of(session, asked.id)
    can_pass_on = asked.state == RequestState.OPEN and not is_province()
    phone = phone_of(session, asked.author_id)
    return Known(line, changes, names_in(session, changes), can_pass_on, phone, _visit_of(asked))


def _visit_of(asked: Request) -> UUID | None:
    if not current_actor().may(Permission.VISIT_REVIEW):
        return None
    try:
        return UUID(str((asked.extra or {}).get("visit_id")))
    except ValueError:
        return None
