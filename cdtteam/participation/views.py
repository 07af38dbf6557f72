"""Participation: pages and the API."""

import os
from typing import Any

from flask import Blueprint, Response, current_app, request

from cdtteam.access.models import Permission
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.periods import REPORT_DAY
from cdtteam.participation.figures import participation
from cdtteam.participation.questions import read_question
from cdtteam.participation.wire import participation_json
from cdtteam.web.answers import json_answer
from cdtteam.web.guards import current_actor, requires

blueprint = Blueprint("participation", __name__)


@blueprint.record_once
def _configure(state: Any) -> None:
    """The operator may have report months cut on another day, 2 to 28."""
    given = os.environ.get("CDT_REPORT_DAY", "")
    day = int(given) if given.isascii() and given.isdigit() else REPORT_DAY
    state.app.config.setdefault("CDT_REPORT_DAY", min(28, max(2, day)))


@blueprint.get("/api/v1/participation")
@requires(Permission.PARTICIPATION_READ)
def show_participation() -> Response:
    """The figures of an area and of the areas below it."""
    now = clock.now()
    question = read_question(request.args, now, report_day=current_app.config["CDT_REPORT_DAY"])
    return json_answer(participation_json(participation(current_actor(), db.session(), question, now)))
