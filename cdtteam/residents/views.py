"""The public page of a village's team."""

from hashlib import sha256
from http import HTTPStatus
from typing import cast

from flask import Blueprint, Response, current_app, request
from flask_babel import force_locale

from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.i18n import LOCALES
from cdtteam.core.settings import is_synthetic
from cdtteam.residents.queries import public_village, services_by_pillar
from cdtteam.residents.words import number_shown
from cdtteam.web.guards import public
from cdtteam.web.transactions import snapshot

blueprint = Blueprint("to", __name__)

KEPT = "public, max-age=300"


@blueprint.get("/to/<code>")
@public
def village_page(code: str) -> Response:
    """Who the team of a village is and what it helps with; in Vietnamese unless asked for otherwise by `lang`.

    The same for everybody, so that it may be cached: nothing of it depends on who asks.
    """
    locale = request.args.get("lang", "")
    locale = locale if locale in LOCALES else LOCALES[0]
    with snapshot(db.session()), force_locale(locale):
        now, session = clock.now(), db.session()
        village = public_village(session, code, now)
        # Not by render_template, which would look for who is signed in.
        page = current_app.jinja_env.get_template("residents/page.html").render(
            village=village, pillars=services_by_pillar(session) if village else {}, locale=locale, code=code,
            today=clock.civil_date(now), is_synthetic=is_synthetic(session), number_shown=number_shown,
        )  # fmt: skip
    answer = Response(page, HTTPStatus.OK if village else HTTPStatus.NOT_FOUND)
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Cache-Control"] = KEPT
    answer.set_etag(sha256(page.encode()).hexdigest()[:32])
    return cast(Response, answer.make_conditional(request))
